"""What the words around a figure make of it: at least or at most, before or after."""

import re
from typing import Literal

__all__ = ["Bound", "Side", "bound_of", "limit_of", "side_of"]

Bound = Literal["", "least", "most"]
Side = Literal["", "before", "after", "of"]

_LEAST = (
    r"(?:at least|no less than|(?:not|never) less than|no fewer than|no earlier than|not before|a minimum of"
    r"|minimum(?: of)?)"
)
_OVER = r"(?:over|more than|above|exceed(?:s|ing)?|greater than|longer than|older than|heavier than|higher than|beyond)"
_MOST = (
    r"(?:at (?:the )?most|no more than|not more than|no longer than|(?:not|never) exceed(?:s|ing)?|no over|not over"
    r"|a maximum of|maximum(?: of)?|within|as (?:many|much|long) as|limited to|no heavier than|no higher than)"
)
_UNDER = r"(?:under|below|less than|fewer than|lower than|lighter than|younger than|shorter than|cheaper than)"
_LATEST = r"(?:no later than|not later than|at the latest)"
_GAP = r"\s*(?:the (?:age|price|sum|amount) of\s*)?(?:about |around |a (?:total|weight|limit) of )?\S{0,4}$"
_BEFORE = re.compile(
    rf"\b(?:(?P<reach>up to)|(?P<most>{_MOST})|(?P<latest>{_LATEST})|(?P<least>{_LEAST}|{_OVER})|(?P<under>{_UNDER}))"
    rf"{_GAP}",
    re.IGNORECASE,
)
_AFTER_LEAST = re.compile(
    r"\s*(?:[\w°%]+\s){0,2}?(?:or|and) (?:more|over|older|above|higher|up|longer|later|newer)\b"
    r"|\s*(?:[\w°%]+\s){0,2}?at least\b",
    re.IGNORECASE,
)
_AFTER_MOST = re.compile(
    r"\s*(?:[\w°%]+\s){0,2}?(?:or|and) (?:less|fewer|lower|under|below|younger|earlier)\b"
    r"|\s*(?:[\w°%]+\s){0,2}?(?:at most|at the most|maximum|max)\b",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"\b(?:(?P<from>from|since|as of|starting|after)|(?P<to>until|till|through|by|before))\s+$", re.IGNORECASE
)
_SIDE = re.compile(
    r"\s*(?:ago|later)?\s*(?:(?P<before>before|prior to|ahead of|in advance|beforehand|earlier than)"
    r"|(?P<after>after|following|from|once|since|as soon as|when)|(?P<of>of))\b",
    re.IGNORECASE,
)


def bound_of(text: str, start: int, end: int, *, before: bool) -> Bound:
    """Whether the figure from `start` to `end` is a least or a most.

    Args:
        text: the plain text.
        start: where the figure begins.
        end: where it ends.
        before: it says how long before something, so that "no later than" makes it a least.
    """
    match = _BEFORE.search(text, max(0, start - 45), start)
    if match:
        if match["latest"] or match["reach"]:
            return "least" if before else "most"
        return "least" if match["least"] else "most"
    if _AFTER_LEAST.match(text, end):
        return "least"
    if _AFTER_MOST.match(text, end):
        return "least" if before else "most"
    return ""


def limit_of(text: str, start: int) -> Bound:
    """Whether the time or date that begins at `start` is when something begins, or when it ends."""
    match = _LIMIT.search(text, max(0, start - 16), start)
    if not match:
        return ""
    return "least" if match["from"] else "most"


def side_of(text: str, end: int) -> Side:
    """Whether the span of time that ends at `end` lies before or after what is named next."""
    match = _SIDE.match(text, end)
    if not match:
        return ""
    return "before" if match["before"] else "after" if match["after"] else "of"
