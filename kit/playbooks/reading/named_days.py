"""Which day "Friday", "last Friday" and "the 3rd" are: those that dateparser gets wrong or guesses at."""

import re
from datetime import date, timedelta
from typing import Literal

from kit.playbooks.reading.date_forms import NOT_A_DAY, WEEKDAYS

__all__ = ["Way", "day_of_month", "day_of_week", "is_named_day", "ordinal", "weekday_number"]

Way = Literal["past", "future"]
_NEXT = {"last": -1, "this": 0, "next": 1}


def day_of_month(text: str, of: str | None, today: date, way: Way) -> date | None:
    """The day nearest to today, in the direction asked for, of a month that has it; or of last, this or next month."""
    day = ordinal(text)
    months = today.year * 12 + today.month - 1
    if of:
        return _in_month(months + _NEXT[of.lower()], day)
    step = 1 if way == "future" else -1
    # Of three months in a row one has 31 days.
    days = (_in_month(months + step * number, day) for number in range(4))
    return next((found for found in days if found and (found - today).days * step >= 0), None)


def _in_month(months: int, day: int) -> date | None:
    try:
        return date(months // 12, months % 12 + 1, day)
    except ValueError:
        return None


def is_named_day(match: re.Match[str], message: str) -> bool:
    """Whether the words are a day of the week: "Black Friday" is none, and "sun" and "sat" are words of their own."""
    if NOT_A_DAY.search(message[max(0, match.start() - 30) : match.start()]):
        return False
    if match["weekday"].lower() in WEEKDAYS or match["which"] or match["before"] or match["after"]:
        return True
    return not (message[: match.start()] + message[match.end() :]).strip(" .,!?\n")


def day_of_week(match: re.Match[str], today: date, way: Way) -> date | None:
    """The day; None where people differ on which week is meant.

    "Last Friday" is the latest that is over. "Next Friday", said on a Wednesday, is in two days to some and in nine to
    others; and who says "Friday" on a Friday would have said "today" if that were meant.
    """
    monday = today - timedelta(days=today.weekday())
    in_week = monday + timedelta(days=weekday_number(match["weekday"]))
    which = " ".join((match["which"] or "").lower().split())
    if week := match["before"] or match["after"]:
        return in_week + timedelta(weeks=_NEXT[week.lower()]) if which in ("", "on") else None
    ahead = (in_week - today).days % 7
    match which:
        case "last" | "past" | "this past":
            return today - timedelta(days=7 - ahead)
        case "coming" | "this coming":
            return today + timedelta(days=ahead or 7)
        case "this":
            return in_week
        case "next":
            return None if in_week > today else in_week + timedelta(weeks=1)
    return today + timedelta(days=ahead if way == "future" else ahead - 7) if ahead else None


def weekday_number(text: str) -> int:
    """0 for Monday; abbreviations count too."""
    return next(number for number, name in enumerate(WEEKDAYS) if name.startswith(text.lower().rstrip(".")[:3]))


def ordinal(text: str) -> int:
    """The number of `3`, `3rd` or "third"; 0 for what is none."""
    from text_to_num import alpha2digit

    digits = re.match(r"\d+", text) or re.match(r"\d+(?=st|nd|rd|th)", alpha2digit(text.lower(), "en", threshold=0))
    return int(digits.group()) if digits else 0
