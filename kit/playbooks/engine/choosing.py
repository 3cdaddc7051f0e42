"""Asks a customer to choose between several things, and reads the choice."""

import re
from collections.abc import Sequence

from kit.text import content_words

__all__ = ["numbered", "picked"]

_NUMBER = re.compile(r"\W*(?:(?:number|option|no|nr)\b\W*)?(\d{1,2})\W*", re.IGNORECASE)
_ORDINAL = re.compile(r"\W*(?:the\s+)?(first|second|third|last)(?:\s+(?:one|option|article))?\W*", re.IGNORECASE)
_PLACES = {"first": 0, "second": 1, "third": 2, "last": -1}


def numbered(titles: Sequence[str]) -> str:
    """The titles as a numbered list, a line each."""
    return "\n".join(f"{number}. {title}" for number, title in enumerate(titles, start=1))


def picked(titles: Sequence[str], message: str) -> int | None:
    """The place (from 0) of the title that the message picks by number or by its words; None if by neither."""
    if match := _NUMBER.fullmatch(message):
        number = int(match[1])
        return number - 1 if 1 <= number <= len(titles) else None
    if match := _ORDINAL.fullmatch(message):
        place = _PLACES[match[1].lower()]
        return place % len(titles) if place < len(titles) else None
    said = set(content_words(message))
    meant = [place for place, title in enumerate(titles) if said and said <= set(content_words(title))]
    return meant[0] if len(meant) == 1 else None
