"""What a search gives."""

from dataclasses import dataclass

from kit.knowledge.article import Hit
from kit.knowledge.finding.signals import Signals

__all__ = ["Found"]


@dataclass(frozen=True)
class Found:
    """The hits of a search, best first, one passage for each article.

    Attributes:
        query: what was searched for: the message, or the message with what it leans on.
        hits: one for each article.
        signals: what the search says about itself.
        note: what did not go as it should, in a sentence; empty if nothing.
    """

    query: str
    hits: tuple[Hit, ...]
    signals: Signals
    note: str = ""
