"""The composer that needs no model: chooses and trims what the passages themselves say."""

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from kit.assistant.compose import ComposeFailure, Evidence, Piece, cite
from kit.assistant.units import Unit, procedure, units
from kit.models import Embedder
from kit.text import content_words

__all__ = ["ExtractiveComposer"]

# A question about how to do something, or about something that does not work, is answered by a procedure.
_HOW = re.compile(
    r"\bhow (?:do|can|to|should|would)\b|\bsteps?\b|\bset ?up\b|\binstall|\breset|\bfix\b|\bconnect|\bpair"
    r"|\b(?:won.?t|doesn.?t|not|isn.?t|can.?t|cannot|keeps?|stopped|stuck|error|problem|trouble)\b",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"\b(?:except|unless|only|however|but not|does not|do not|cannot|must|before|at most|up to)\b", re.I
)

# A sentence that begins so leans on the one before it.
_LEANS = re.compile(
    r"(?:then|it|its|they|their|them|that|this|these|those|he|she|only|between|otherwise|instead|so|also|both"
    r"|if so|if not)\b",
    re.IGNORECASE,
)

# What a unit's share of the question's words counts beside its cosine with the question.
WORDS = 0.35
# A procedure is preferred to a sentence when the question asks how and the procedure is at most this much less alike.
PROCEDURE_BONUS = 0.18
# Further sentences of the same section are added while they are at least this close to the best one …
CLOSE = 0.75
# … and the answer has fewer words than this.
MAX_WORDS = 90


class ExtractiveComposer:
    """Answers with the unit that is most like the question, and what belongs to it."""

    name = "extractive"

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def compose(self, evidence: Evidence) -> Iterator[Piece]:
        """The answer: a procedure whole with its lead, or the best sentences and the limits beside them.

        Raises:
            ComposeFailure: the passages hold no text.
        """
        found = [unit for passage in evidence.passages for unit in units(passage)]
        found = [unit for unit in found if unit.passage.article_id == evidence.first.article_id] or found
        if not found:
            raise ComposeFailure("the passages hold no sentence")
        scores = self._scores(evidence, found)
        best = self._best(evidence, found, scores)
        chosen = self._procedure(found, best) if found[best].kind == "steps" else self._sentences(found, scores, best)
        before: Unit | None = None
        for unit in chosen:
            flows = before is not None and before.block == unit.block and unit.kind == before.kind == "sentence"
            gap = "" if before is None else " " if flows and unit.passage == before.passage else "\n\n"
            yield Piece(gap + unit.text, (cite(unit.passage, unit.quote),))
            before = unit

    def _scores(self, evidence: Evidence, found: list[Unit]) -> NDArray[np.float32]:
        """How well each unit answers: likeness of meaning, and the share of the question's words that it holds."""
        texts = [f"{unit.heading}: {unit.text}" if unit.heading else unit.text for unit in found]
        vectors = self._embedder.encode([*texts, evidence.question])
        likeness = vectors[:-1] @ vectors[-1]
        wanted = set(content_words(evidence.question))
        shares = [len(wanted & set(content_words(text))) / len(wanted) if wanted else 0.0 for text in texts]
        first = [0.05 if unit.passage == evidence.first else 0.0 for unit in found]
        return np.asarray(likeness + WORDS * np.array(shares) + np.array(first), dtype=np.float32)

    @staticmethod
    def _best(evidence: Evidence, found: list[Unit], scores: NDArray[np.float32]) -> int:
        best = int(np.argmax(scores))
        if _HOW.search(evidence.question):
            steps = [index for index, unit in enumerate(found) if unit.kind == "steps"]
            if steps:
                likely = max(steps, key=lambda index: scores[index])
                if scores[likely] + PROCEDURE_BONUS >= scores[best]:
                    return likely
        return best

    @staticmethod
    def _procedure(found: list[Unit], best: int) -> list[Unit]:
        """The whole procedure with the sentence that leads to it and the notes that follow it."""
        places = procedure(found, best)
        first, last = places[0], places[-1]
        chosen = [found[place] for place in places]
        if first > 0 and found[first - 1].passage == found[first].passage and found[first - 1].kind == "sentence":
            chosen.insert(0, found[first - 1])
        for unit in found[last + 1 :]:
            if unit.passage != found[last].passage or unit.kind != "note":
                break
            chosen.append(unit)
        return chosen

    @staticmethod
    def _sentences(found: list[Unit], scores: NDArray[np.float32], best: int) -> list[Unit]:
        """The best unit, what is nearly as good, and the limits that stand in the same block."""
        top = found[best]
        chosen = {best}
        length = len(top.text.split())
        for index in sorted(range(len(found)), key=lambda index: -scores[index]):
            unit = found[index]
            beside = unit.passage == top.passage and unit.block == top.block and abs(index - best) <= 2
            fits = length + len(unit.text.split()) <= MAX_WORDS
            wanted = scores[index] >= CLOSE * scores[best] or (beside and bool(_LIMIT.search(unit.text)))
            if index in chosen or not fits or not wanted or unit.kind == "steps":
                continue
            chosen.add(index)
            length += len(unit.text.split())
        return [found[index] for index in sorted(chosen | _leaned_on(found, chosen))]


def _leaned_on(found: list[Unit], chosen: set[int]) -> set[int]:
    """The sentences that those chosen lean on, within their block."""
    needed: set[int] = set()
    for index in chosen:
        at = index
        while at > 0 and found[at].kind == "sentence" and _LEANS.match(found[at].text):
            before = found[at - 1]
            if before.kind != "sentence" or (before.passage, before.block) != (found[at].passage, found[at].block):
                break
            at -= 1
            needed.add(at)
    return needed
