"""What masking finds and gives back, and what it is told to look for."""

import re
from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kit.settings import Safety

__all__ = ["Masked", "Rules", "Span", "near", "without_overlaps"]

# How far before a number the word may stand that says what it is ("my card number is …").
_BEFORE = 40


@dataclass(frozen=True)
class Span:
    """Where personal data stood in the original text (characters, end exclusive)."""

    type: str
    start: int
    end: int


@dataclass(frozen=True)
class Masked:
    """A text with tokens such as `<EMAIL_1>` in place of personal data."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Rules:
    """What a workspace adds to what is always masked.

    Attributes:
        region: where phone numbers without a country code belong (ISO 3166 code).
        patterns: regular expressions of the company's own numbers, by the type of their tokens (`ORDER`).
        names: whether the names of people are masked too, which needs the extra `presidio`.
    """

    region: str = "US"
    patterns: Mapping[str, str] = field(default_factory=dict)
    names: bool = False

    @classmethod
    def of(cls, settings: Safety) -> "Rules":
        """What `[safety]` of a workspace says."""
        return cls(settings.region, settings.patterns, settings.names)


def without_overlaps(spans: Iterable[Span], weakest: Mapping[str, int]) -> tuple[Span, ...]:
    """The spans in order, none of which overlap: the surer type wins, then the first, then the longest.

    Args:
        spans: in any order.
        weakest: how easily a type gives way; types that are not named do not.
    """
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (weakest.get(s.type, 0), s.start, -s.end)):
        place = bisect(kept, span.start, key=lambda s: s.start)
        clear_before = place == 0 or kept[place - 1].end <= span.start
        if clear_before and (place == len(kept) or span.end <= kept[place].start):
            kept.insert(place, span)
    return tuple(kept)


def near(words: re.Pattern[str], text: str, start: int) -> bool:
    """Whether one of the words stands shortly before a place, in the same or the last line but one."""
    return words.search(text, max(0, start - _BEFORE), start) is not None


def matches(type: str, pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    """A span for each match."""
    return (Span(type, match.start(), match.end()) for match in pattern.finditer(text) if match.end() > match.start())
