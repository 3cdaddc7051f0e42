"""Checks a sentence against the passage it cites: figures literally, the rest by the words they share."""

import re
from dataclasses import dataclass

from kit.text import content_words, sentences, squash, words

__all__ = ["Support", "check_sentence"]

_FIGURE = re.compile(r"\d+(?:[.,:/-]\d+)*")
_NUMBERS = {
    word: figure
    for figure, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
} | {"fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90, "hundred": 100}
_NEGATION = re.compile(r"\b(?:not|never|no|none|nor|neither|nothing|cannot|without|\w+n['’]t)\b", re.IGNORECASE)
# Links, pictures, tags and e-mail addresses: what can lead a customer, or what they wrote, somewhere else.
_ADDRESS = re.compile(
    r"\]\([^)]*\)?|<[a-z/!][^>]*>?|(?:https?:|www\.)[^\s)\]>]+|(?<![\w.+%-])[\w.+%-]+@[\w.-]+", re.IGNORECASE
)
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

    Every figure and every address of the sentence must stand in the passage, enough of the content words must be
    there, and it must negate where the passage's sentences with the same words do, and nowhere else.
    """
    whole = squash(sentence).casefold() in squash(passage).casefold()
    wanted = set(content_words(sentence))
    score = len(wanted & set(content_words(passage))) / len(wanted) if wanted else 0.0
    if missing := _missing(sentence, passage):
        return Support(False, score, f"{missing} does not stand in the passage")
    if score < ENOUGH and not whole:
        return Support(False, score, f"only {score:.0%} of its words stand in the passage")
    negates = bool(_NEGATION.search(sentence))
    if wanted and negates not in _polarities(wanted, passage):
        return Support(False, score, "it negates what the passage does not" if negates else "the passage negates it")
    return Support(True, 1.0, "stands there word for word") if whole else Support(True, score, _share(score))


def _share(score: float) -> str:
    return f"{score:.0%} of its words stand in the passage"


def _missing(sentence: str, passage: str) -> str | None:
    """The first figure or address that the passage does not have."""
    for address in _ADDRESS.findall(sentence):
        if address.rstrip(".,") not in passage:
            return f"the address {address}"
    figures = set(_FIGURE.findall(passage)) | {str(_NUMBERS[word]) for word in words(passage) if word in _NUMBERS}
    for figure in _FIGURE.findall(sentence):
        if figure not in figures:
            return f"the figure {figure}"
    for word in words(sentence):
        # "One" is seldom a figure.
        if word in _NUMBERS and word != "one" and str(_NUMBERS[word]) not in figures:
            return f"the figure {word}"
    return None


def _polarities(wanted: set[str], passage: str) -> set[bool]:
    """Whether those of the passage's sentences that share most words with a sentence negate; both if some do."""
    parts = [(len(wanted & set(content_words(part))), bool(_NEGATION.search(part))) for part in sentences(passage)]
    most = max((shared for shared, _ in parts), default=0)
    return {negates for shared, negates in parts if shared == most}
