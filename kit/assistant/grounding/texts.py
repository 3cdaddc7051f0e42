"""A text from anywhere, sentence by sentence, against the passages that it is said to come from."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kit.assistant.grounding.check import Support, check_sentence
from kit.text import sentences, squash

if TYPE_CHECKING:
    from kit.assistant.grounding.meaning import Meaning

__all__ = ["Checked", "Source", "check_text"]

_MARK = re.compile(r"\s*\[\d+(?:\s*,\s*\d+)*\]")
# Two claims in one sentence, which may come from two passages.
_TWO = re.compile(r"(?:;|,\s+(?:and|but|while|whereas))\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """A passage with the title and the headings that it stands under."""

    text: str
    headings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Checked:
    """A sentence, and the place of the passage that supports it or, if none does, of the nearest; None without any."""

    text: str
    supported: bool
    passage: int | None
    score: float
    reason: str


def check_text(text: str, passages: Sequence[str | Source], *, meaning: "Meaning | None" = None) -> list[Checked]:
    """Check each sentence of a text.

    Args:
        text: may have marks such as [2], which are passed over: every sentence is held against every passage.
        passages: what it should be supported by; a text alone has no headings.
        meaning: see `check_sentence`.
    """
    sources = [Source(passage) if isinstance(passage, str) else passage for passage in passages]
    return [_checked(sentence, sources, meaning) for sentence in sentences(text)]


def _checked(sentence: str, passages: Sequence[Source], meaning: "Meaning | None") -> Checked:
    bare = _MARK.sub("", sentence)
    place, best = _best(bare, passages, meaning)
    if not best.supported and len(passages) > 1 and len(parts := _TWO.split(bare)) > 1:
        found = [_best(part, passages, meaning) for part in parts]
        if all(support.supported for _, support in found):
            score = min(support.score for _, support in found)
            return Checked(sentence, True, found[0][0], score, "its parts stand in several passages")
    return Checked(sentence, best.supported, place, round(best.score, 3), best.reason)


def _best(sentence: str, passages: Sequence[Source], meaning: "Meaning | None") -> tuple[int | None, Support]:
    """The passage that supports the sentence best, else the one that holds most of its words."""
    if not passages:
        support = check_sentence(sentence, "", meaning=meaning)
        reason = support.reason if support.supported else "there is no passage"
        return None, Support(support.supported, support.score, reason)
    best: tuple[int, Support] | None = None
    # What stands in a passage as it is, like most that the extractive composer says, is not held against the others.
    said = squash(sentence).rstrip(".").casefold()
    for place in sorted(range(len(passages)), key=lambda place: said not in squash(passages[place].text).casefold()):
        passage = passages[place]
        support = check_sentence(sentence, passage.text, headings=passage.headings, meaning=meaning)
        if best is None or (support.supported, support.score) > (best[1].supported, best[1].score):
            best = place, support
        if support.supported and support.score == 1:
            break
    assert best is not None  # there are passages
    return best
