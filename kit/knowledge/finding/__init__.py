"""Finds the passages that answer a question: candidates from every ranker, scored exactly, fused, explained."""

from kit.knowledge.finding.explain import Explanation, explain
from kit.knowledge.finding.query import questions, standalone
from kit.knowledge.finding.rerank import reranked
from kit.knowledge.finding.search import search
from kit.knowledge.finding.signals import Signals
from kit.knowledge.finding.told import sentence_vectors
from kit.knowledge.finding.types import Found

__all__ = [
    "Explanation",
    "Found",
    "Signals",
    "explain",
    "questions",
    "reranked",
    "search",
    "sentence_vectors",
    "standalone",
]
