"""Dates as they are written to customers: 1 February 2026, Feb 1, April to June 2024, 2026-02-01."""

import calendar
import re
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["Day", "find_dates", "holds"]


class Day(NamedTuple):
    """A date, or as much of one as is said; 0 stands for what is not."""

    year: int
    month: int
    day: int


_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_NAME = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATE = re.compile(
    rf"""
    \b(?P<iso>\d{{4}})-(?P<isomonth>\d\d)-(?P<isoday>\d\d)\b
  | \b(?P<day1>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month1>{_NAME})\b\.?(?:,?\s+(?P<year1>(?:19|20)\d\d)\b)?
  | \b(?P<month2>{_NAME})\b\.?\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?![.:]?\d)(?:,?\s+(?P<year2>(?:19|20)\d\d)\b)?
  | \b(?P<month3>{_NAME})\b\.?,?\s+(?P<year3>(?:19|20)\d\d)\b
  | (?<![\w$€£.,-])(?P<year4>(?:19|20)\d\d)\b(?![.,:]\d|[\s-]?(?:%|[a-z°]))
  | (?<![\w$€£.,-])(?P<year5>(?:19|20)\d\d)\b(?=\s+(?:to|and|until|or|on|in|at|is|was|with|we|by)\b)
  | \b(?P<month6>{_NAME})\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
# "May" and "March" are words too, and short forms need a day or a year.
_WORDS = frozenset(("may", "march", *(name.lower() for name in calendar.month_abbr if name), "sept"))
_PLACED = re.compile(
    r"\b(?:in|since|until|by|from|of|to|and|through|till|every|each|early|late|mid|during)[\s-]$", re.I
)


def find_dates(text: str) -> Iterator[tuple[Day, int, int]]:
    """The dates of a text, each with its start and its end."""
    for match in _DATE.finditer(text):
        if (match["month1"] or "") in ("may", "march"):
            continue  # "nobody under 18 may"
        if match["month6"]:
            if not match["month6"][0].isupper():
                continue
            placed = _PLACED.search(text, max(0, match.start() - 10), match.start())
            if match["month6"].lower() in _WORDS and not placed:
                continue
        year = match["iso"] or match["year1"] or match["year2"] or match["year3"] or match["year4"] or match["year5"]
        name = match["month1"] or match["month2"] or match["month3"] or match["month6"]
        month = _MONTHS[name.lower()] if name else int(match["isomonth"] or 0)
        day = match["isoday"] or match["day1"] or match["day2"]
        yield Day(int(year or 0), month, int(day or 0)), match.start(), match.end()


def holds(whole: Day, part: Day) -> bool:
    """Whether the date `whole` says all that `part` does."""
    return all(not said or said == there for said, there in zip(part, whole, strict=True))
