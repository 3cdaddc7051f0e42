"""Whether a passage supports a sentence."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kit.assistant.grounding.bound import find_misplaced
from kit.assistant.grounding.literal import find_missing
from kit.assistant.grounding.matching import Matches, match
from kit.assistant.grounding.order import find_disorder
from kit.assistant.grounding.facts import plain
from kit.assistant.grounding.statements import Statement, clauses, read
from kit.assistant.grounding.swapped import find_swapped
from kit.assistant.grounding.turned import find_turned
from kit.text import squash

if TYPE_CHECKING:
    from kit.models import Embedder

__all__ = ["Support", "check_sentence"]

# Share of a clause's content words that the passage must hold, and of the whole sentence's.
ENOUGH = 0.5
ENOUGH_ALL = 0.6
_JOINT = re.compile(r"\b(?:and|where|which|who|so that|with|because|as well as|including)\b", re.IGNORECASE)
_STEP = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+")


@dataclass(frozen=True)
class Support:
    """Whether a passage supports a sentence; `score` is the share of its content words found there."""

    supported: bool
    score: float
    reason: str


def check_sentence(sentence: str, passage: str, *, embedder: "Embedder | None" = None) -> Support:
    """Whether `passage` supports `sentence`."""
    text = plain(_STEP.sub("", sentence, count=1))
    reading = read(passage)
    made = clauses(squash(text), known=reading.names)
    found = [match(clause, reading) for clause in made]
    words = [word for clause in made for word in clause.words if not word.is_weak]
    missing = [word for one in found for word in one.missing if not word.is_weak]
    score = 1 - len(missing) / len(words) if words else 1.0
    if fault := find_missing(sentence, made, reading, passage):
        return Support(False, score, fault)
    if squash(text).casefold().rstrip(".") in squash(reading.text).casefold():
        return Support(True, 1.0, "stands there word for word")
    if sentence.rstrip().endswith("?"):
        return Support(True, score, "asks, and claims nothing")
    if fault := _uncovered(found, score):
        return Support(False, score, fault)
    facts = [fact for clause in made for fact in clause.facts]
    for one in found:
        if fault := find_misplaced(one, reading, facts) or find_turned(one, reading) or find_swapped(one):
            return Support(False, score, fault)
    if fault := find_disorder(text, reading):
        return Support(False, score, fault)
    return Support(True, score, f"{score:.0%} of its words stand in the passage")


def _uncovered(found: list[Matches], score: float) -> str:
    """What the passage says nothing of: most of a clause, or of what is added to it."""
    for one in found:
        clause, start = one.clause, 0
        ends = [match.start() for match in _JOINT.finditer(clause.text)] + [len(clause.text)]
        for end in ends:
            wanted = [word for word in clause.words if start <= word.start < end and not word.is_weak]
            missing = [word.text for word in wanted if word in one.missing]
            if len(missing) >= 2 and len(missing) > (1 - ENOUGH) * len(wanted) - (0.01 if start else 0):
                return f"the passage says nothing of {', '.join(missing[:3])}"
            start = end
    if score < ENOUGH_ALL:
        return f"only {score:.0%} of its words stand in the passage"
    return ""
