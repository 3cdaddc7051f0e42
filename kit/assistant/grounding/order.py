"""Steps in another order than the passage has them."""

import re
from itertools import pairwise

from kit.assistant.grounding.clauses import clauses
from kit.assistant.grounding.matching import match
from kit.assistant.grounding.statement import Reading

__all__ = ["find_disorder"]

_SEQUENCE = re.compile(r"\b(?:then|finally|next(?! to\b))\b", re.IGNORECASE)
_TURNS = re.compile(r"\b(?:before|after|once|until)\b", re.IGNORECASE)
_LATER = re.compile(
    r",?\s+(?:and\s+)?(?:then|after that|afterwards|next(?! to\b))\s+|,\s+(?:then|next(?! to\b))\s+", re.IGNORECASE
)
_BEFORE = re.compile(r"\s+(?:before|prior to)\s+", re.IGNORECASE)
_AFTER = re.compile(r"\s+(?:after|once)\s+(?=[a-z]+ )(?!an?\b|every\b)", re.IGNORECASE)
_AHEAD = re.compile(r"^(?P<word>after|once|before)\s+(?P<one>[^,]{5,}),\s+(?P<other>.{5,})$", re.IGNORECASE)


def find_disorder(sentence: str, reading: Reading) -> str:
    """What is wrong in plain words; empty if nothing is."""
    for first, second in _pairs(sentence):
        one, other = _place(first, reading), _place(second, reading)
        if one is not None and other is not None and one > other:
            return "its steps stand in another order in the passage"
    return ""


def _pairs(sentence: str) -> list[tuple[str, str]]:
    """Parts of the sentence of which it says that the first comes before the second."""
    if match := _AHEAD.match(sentence):
        pair = (match["one"], match["other"])
        return [pair[::-1] if match["word"].lower() == "before" else pair]
    for pattern, turned in ((_LATER, False), (_BEFORE, False), (_AFTER, True)):
        parts = pattern.split(sentence)
        if len(parts) >= 2:
            pairs = list(pairwise(parts))
            return [pair[::-1] for pair in pairs] if turned else pairs
    return []


def _place(part: str, reading: Reading) -> float | None:
    """Where among the passage's steps the part stands; None if it is not about one of them."""
    made = clauses(part, known=reading.names)
    if not made:
        return None
    found = match(made[-1], reading)
    best = found.near(lambda statement: statement.row is None)
    if not best or len(found.missing) > len(made[-1].words) / 2:
        return None
    number = next(number for number, statement in enumerate(reading.statements) if statement.whole == best[0].whole)
    if best[0].step is not None:
        return float(number)
    starts = sorted(word.start for word in best[0].words for mine in made[-1].words if mine.keys & word.keys)
    if len(starts) < 2 or not _SEQUENCE.search(best[0].whole) or _TURNS.search(best[0].whole):
        return None
    return number + (best[0].offset + starts[0]) / 10_000
