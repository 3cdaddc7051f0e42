"""Dates in conditions: a date, or the text of one as in 2026-11-30."""

from datetime import date, timedelta
from typing import Any

__all__ = ["day", "days_between", "minus", "plus", "weekday"]

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def day(value: Any) -> date | None:
    """The value as a date; None if it is none."""
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or len(value) < 10 or not value.isascii():
        return None
    try:
        # Systems also give the time of day: 2026-11-30T09:12:00Z.
        return date.fromisoformat(value[:10]) if value[10:11] in ("", "T", " ") else None
    except ValueError:
        return None


def days_between(first: Any, last: Any) -> int:
    """The days from one date to another; negative if the first is the later one.

    Raises:
        TypeError: one of them is no date.
    """
    return (_certain(last) - _certain(first)).days


def weekday(value: Any) -> str:
    """The day of the week, such as Monday.

    Raises:
        TypeError: it is no date.
    """
    return _WEEKDAYS[_certain(value).weekday()]


def plus(left: Any, right: Any) -> Any:
    """The sum of two numbers, or the date so many days later."""
    if isinstance(left, int | float) and isinstance(right, int | float):
        return left + right
    if day(left) is None:
        left, right = right, left
    return _certain(left) + timedelta(days=right)


def minus(left: Any, right: Any) -> Any:
    """The difference of two numbers, the days between two dates, or the date so many days earlier."""
    if isinstance(left, int | float) and isinstance(right, int | float):
        return left - right
    if day(right) is not None:
        return days_between(right, left)
    return _certain(left) - timedelta(days=right)


def _certain(value: Any) -> date:
    found = day(value)
    if found is None:
        raise TypeError(f"`{value}` is no date")
    return found
