"""Whether a passage supports a sentence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kit.assistant.grounding.bound import find_misplaced
from kit.assistant.grounding.clauses import clauses
from kit.assistant.grounding.courtesy import claims_nothing
from kit.assistant.grounding.lexicon import is_common
from kit.assistant.grounding.literal import find_address, find_missing
from kit.assistant.grounding.matching import Matches, match
from kit.assistant.grounding.order import find_disorder
from kit.assistant.grounding.plain import plain
from kit.assistant.grounding.reading import LONGEST, read
from kit.assistant.grounding.spacing import find_run
from kit.assistant.grounding.statement import Reading, comparable
from kit.assistant.grounding.swapped import find_swapped
from kit.assistant.grounding.turned import find_turned
from kit.assistant.grounding.wording import Word
from kit.text import squash

if TYPE_CHECKING:
    from kit.assistant.grounding.meaning import Meaning

__all__ = ["Support", "check_sentence"]

# Share of the content words that the passage must hold: of each clause and of whatever is added to it, and of them all.
ENOUGH = 0.5
ENOUGH_ALL = 0.6
_CONDITION = re.compile(r"\W*(?:if|when|unless|without|as long as|provided)\b", re.IGNORECASE)
_ITEM = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+")
_ADDED = re.compile(r"\b(?:and|where|which|who|so that|with|because|as well as|including)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Support:
    """Whether a passage supports a sentence; `score` is the share of its content words found there."""

    supported: bool
    score: float
    reason: str


def check_sentence(
    sentence: str, passage: str, *, headings: Sequence[str] = (), meaning: "Meaning | None" = None
) -> Support:
    """Whether `passage` supports `sentence`.

    The passage is read as statements: clauses, items of lists, cells of tables. Each clause of the sentence is held
    against those that it shares most words with. Addresses, figures, dates and names must stand in the passage, figures
    and names in those very statements, with the same unit, bound and side of an event; and it may not deny, allow,
    demand, limit or order what they do not. Of its other words enough must stand there, or words that say the same.

    Args:
        sentence: one sentence; an item of a list may have its mark.
        passage: any text; Markdown's lists and tables are understood.
        headings: the title and the headings that the passage stands under, which a sentence may lean on.
        meaning: counts words that the passage has only in other words; slower by one pass through an encoder.
    """
    reading = read(passage, tuple(headings))
    text = squash(plain(_ITEM.sub("", sentence, count=1)))
    if address := find_address(sentence, passage):
        return Support(False, 0.0, address)
    if comparable(text) in reading.wholes:
        return Support(True, 1.0, "stands there word for word")
    if run := find_run(sentence, "\n".join((*headings, passage))):
        return Support(False, 0.0, run)
    if len(text) > LONGEST:
        return Support(False, 0.0, "it is too long to be one sentence")
    made = clauses(text, known=reading.names)
    found = [match(clause, reading) for clause in made]
    absent, alike = _absent(text, found, reading, meaning)
    words = [word for clause in made for word in clause.words if not word.is_weak]
    score = 1 - len(absent) / len(words) if words else 1.0
    if fault := find_missing(sentence, made, reading):
        return Support(False, score, fault)
    if nothing := claims_nothing(sentence):
        return Support(True, score, nothing)
    fault = _uncovered(found, absent, alike, score) or _wrong(text, found, reading, alike)
    return Support(not fault, score, fault or f"{score:.0%} of its words stand in the passage")


def _wrong(text: str, found: Sequence[Matches], reading: Reading, alike: frozenset[str]) -> str:
    """What is wrong with what the sentence makes of words that stand in the passage, in plain words."""
    facts = [fact for one in found for fact in one.clause.facts]
    for one in found:
        if fault := find_misplaced(one, reading, facts) or find_turned(one, reading, alike) or find_swapped(one):
            return fault
    return find_disorder(text, reading)


def _absent(
    text: str, found: Sequence[Matches], reading: Reading, meaning: "Meaning | None"
) -> tuple[list[Word], frozenset[str]]:
    """The content words that the passage has in no form, and those that it has in other words."""
    absent = [word for one in found for word in one.missing if not is_common(word.text)]
    near = frozenset(meaning.near(text, absent, reading)) if meaning and absent else frozenset[str]()
    return [word for word in absent if word.text not in near], near


def _uncovered(found: Sequence[Matches], absent: Sequence[Word], alike: frozenset[str], score: float) -> str:
    """What the passage says nothing of: most of a clause, or of what is added to it; empty if there is none."""
    for one in found:
        clause, start = one.clause, 0
        for end in (*(added.start() for added in _ADDED.finditer(clause.text)), len(clause.text)):
            wanted = [word for word in clause.words if start <= word.start < end and not word.is_weak]
            lost = [word.text for word in wanted if word in absent]
            most = len(lost) >= ENOUGH * len(wanted) if start else len(lost) > ENOUGH * len(wanted)
            told = [word for word in clause.words if not word.is_weak]
            alone = one is found[0] and end == len(clause.text) and not clause.facts
            # Where nothing stands there, common words are missed as well.
            bare = len(told) >= 2 and all(word in one.missing and word.text not in alike for word in told)
            nothing = alone and (bare or (bool(lost) and all(word in absent for word in told)))
            if (len(lost) >= 2 and most) or (nothing and not _CONDITION.match(clause.text)):
                return f"the passage says nothing of {', '.join((lost or [word.text for word in told])[:3])}"
            start = end
    # Of two words one is too little, unless a figure stands there that both are about.
    figured = any(one.clause.facts for one in found)
    few = score < ENOUGH_ALL if len(absent) >= 2 or not figured else score < ENOUGH
    return f"only {score:.0%} of its words stand in the passage" if few else ""
