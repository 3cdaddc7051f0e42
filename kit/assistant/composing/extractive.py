"""The extractive composer: answers with what the passages themselves say."""

from collections.abc import Iterator

from kit.assistant.compose import ComposeFailure, Evidence, Piece
from kit.assistant.composing.choosing import ENOUGH, ENOUGH_HOW, choose
from kit.assistant.composing.expecting import expected
from kit.assistant.composing.likeness import Likeness
from kit.assistant.composing.units import Unit, units
from kit.assistant.composing.weighing import EXPECTED, asks_how, weigh
from kit.assistant.composing.wording import worded
from kit.knowledge import Build, questions
from kit.models import Embedder

__all__ = ["ExtractiveComposer"]

# A question of several goes without an answer of its own where the best is so much worse than that to another.
SECOND = 0.4


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
        chosen = self._chosen(evidence, found)
        if not chosen:
            raise ComposeFailure("the passages hold nothing that can be said on its own")
        yield from worded(chosen)

    def _chosen(self, evidence: Evidence, found: list[Unit]) -> list[Unit]:
        """What to say to the message; if it asks several questions, something to each."""
        asked = questions(evidence.question)
        whole = weigh(evidence, evidence.question, found, self._likeness, several=len(asked) > 1)
        enough = [ENOUGH_HOW if asks_how(question) else ENOUGH for question in asked]
        if len(asked) == 1:
            return [found[place] for place in choose(found, whole, enough=1 if evidence.brief else enough[0])]
        # Half of it is the message's own weight, since a question often leans on what was said before it.
        scores = [(whole + weigh(evidence, question, found, self._likeness, several=True)) / 2 for question in asked]
        # What shows the kind of thing that is asked for has an advance that the parts for another question lack.
        behind = SECOND + EXPECTED / 2 * any(expected(question) for question in asked)
        chosen: list[int] = []
        for one, words in zip(scores, enough, strict=True):
            least = max(float(other.max()) for other in scores) - behind
            chosen += choose(found, one, enough=words // len(asked), but=chosen, least=least)
        return [found[place] for place in chosen]
