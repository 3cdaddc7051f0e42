"""Finds the passages that answer a question: candidates from every ranker, scored exactly, fused, explained."""

from kit.knowledge.finding.search import search
from kit.knowledge.finding.types import Found, Signals

__all__ = ["Found", "Signals", "search"]
