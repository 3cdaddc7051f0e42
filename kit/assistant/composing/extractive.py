"""The extractive composer: answers with what the passages themselves say."""

from collections.abc import Iterator

from kit.assistant.compose import ComposeFailure, Evidence, Piece
from kit.assistant.composing.choosing import ENOUGH, choose
from kit.assistant.composing.likeness import Likeness
from kit.assistant.composing.units import Unit, units
from kit.assistant.composing.weighing import weigh
from kit.assistant.composing.wording import worded
from kit.knowledge import Build
from kit.models import Embedder

__all__ = ["ExtractiveComposer"]


class ExtractiveComposer:
    """Answers with the parts that answer best, and what belongs to them.

    Args:
        embedder: makes the vectors of questions, and of passages that are not in the index.
        build: the index, whose vectors need not be made again.
    """

    name = "extractive"

    def __init__(self, embedder: Embedder, build: Build | None = None) -> None:
        self._likeness = Likeness(embedder, build)

    def compose(self, evidence: Evidence) -> Iterator[Piece]:
        """The answer: what is nearest to the question first, a procedure whole, with the limits that apply.

        Raises:
            ComposeFailure: the passages hold no text.
        """
        found = [unit for passage in dict.fromkeys(evidence.passages) for unit in units(passage)]
        found = [unit for unit in found if not unit.aside] or found
        if not found:
            raise ComposeFailure("the passages hold no sentence")
        yield from worded(self._chosen(evidence, found))

    def _chosen(self, evidence: Evidence, found: list[Unit]) -> list[Unit]:
        scores = weigh(evidence, evidence.question, found, self._likeness)
        return [found[place] for place in choose(found, scores, enough=ENOUGH)]
