"""Checks a sentence against the passage it cites: figures literally, the rest by the words they share."""

import re
from dataclasses import dataclass

from kit.text import content_words, squash

__all__ = ["Support", "check_sentence"]

_FIGURE = re.compile(r"\d+(?:[.,:/-]\d+)*")
_NEGATION = re.compile(r"\b(?:not|never|no|none|cannot|without|\w+n['’]t)\b", re.IGNORECASE)
# Share of a sentence's content words that its passage must hold.
ENOUGH = 0.6


@dataclass(frozen=True)
class Support:
    """Whether a passage supports a sentence; `score` is the share of its content words found there."""

    supported: bool
    score: float
    reason: str


def check_sentence(sentence: str, passage: str) -> Support:
    """Whether `passage` supports `sentence`.

    Every figure of the sentence must stand in the passage, a negation needs a negation near the same words, and
    enough of the content words must be there.
    """
    if squash(sentence).casefold() in squash(passage).casefold():
        return Support(True, 1.0, "stands there word for word")
    wanted = set(content_words(sentence))
    present = set(content_words(passage))
    score = len(wanted & present) / len(wanted) if wanted else 0.0
    figures = set(_FIGURE.findall(passage))
    missing = [figure for figure in _FIGURE.findall(sentence) if figure not in figures]
    if missing:
        return Support(False, score, f"the figure {missing[0]} does not stand in the passage")
    if score < ENOUGH:
        return Support(False, score, f"only {score:.0%} of its words stand in the passage")
    if bool(_NEGATION.search(sentence)) and not _NEGATION.search(passage):
        return Support(False, score, "it negates what the passage does not")
    return Support(True, score, f"{score:.0%} of its words stand in the passage")
