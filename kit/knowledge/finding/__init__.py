"""Finds the passages that answer a question: candidates from every ranker, scored exactly, fused, explained."""

from kit.knowledge.finding.explain import Explanation, explain
from kit.knowledge.finding.query import standalone
from kit.knowledge.finding.rerank import reranked
from kit.knowledge.finding.search import search
from kit.knowledge.finding.types import Found, Signals

__all__ = ["Explanation", "Found", "Signals", "explain", "reranked", "search", "standalone"]
