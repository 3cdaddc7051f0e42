"""What every composer gets and gives. There are two: extractive (no model) and chat."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from kit.assistant.types import Citation, Turn
from kit.knowledge import Passage

__all__ = ["ComposeFailure", "Composer", "Evidence", "Piece", "cite"]


class ComposeFailure(Exception):
    """The composer could not answer; the message is safe to log."""


@dataclass(frozen=True)
class Evidence:
    """What an answer may be made from.

    Attributes:
        question: what the customer wants to know, as searched for.
        passages: those that may be cited: the first article's in order, then the best of the next articles.
        first: the best passage.
        history: the turns before this one.
        guidance: how a playbook wants it said; empty without one.
        brief: whether the part that answers best is enough, since the rest was said before.
    """

    question: str
    passages: Sequence[Passage]
    first: Passage
    history: Sequence[Turn] = ()
    guidance: str = ""
    brief: bool = False


@dataclass(frozen=True)
class Piece:
    """Some sentences of the answer with what supports them. Pieces are joined as they are."""

    text: str
    citations: tuple[Citation, ...] = ()


class Composer(Protocol):
    """Turns evidence into an answer, piece by piece."""

    name: str

    def compose(self, evidence: Evidence) -> Iterator[Piece]:
        """The answer's pieces, in order; none when the evidence does not hold one.

        Raises:
            ComposeFailure: no answer could be made; pieces given before stand.
        """
        ...


def cite(passage: Passage, quote: str) -> Citation:
    """A citation of the words `quote` in the passage."""
    return Citation(
        article_id=passage.article_id,
        passage_id=passage.passage_id,
        quote=quote,
        title=passage.title,
        url=passage.url,
    )
