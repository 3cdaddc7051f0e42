"""Dates as customers give them: "2026-03-03", "3/3/26", "Mar 3rd", "the 3rd", "last Friday", "two weeks ago".

dateparser resolves what has a month or counts days. Asked for "the 3rd" it gives the first of the month, "the 45th" is
1945 to it, and "may" and "sun" are dates: so it sees only candidates of a known form, and what it answers must agree
with what stands in them.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from threading import Lock

from kit.playbooks.reading import date_forms as forms
from kit.playbooks.reading.found import MOST, Found, free, matches
from kit.playbooks.reading.named_days import Way, day_of_month, day_of_week, is_named_day, ordinal, weekday_number
from kit.playbooks.reading.numbers import from_words

__all__ = ["find_dates"]

_Match = re.Match[str]
_ONE_AT_A_TIME = Lock()
_YEARS = {"last": -1, "this": 0, "next": 1}


def find_dates(message: str, today: date, *, country: str, way: Way) -> list[Found]:
    """The dates, as `YYYY-MM-DD`; None for one that there is not, or that may be another.

    Args:
        message: what the customer wrote.
        today: the day on which it was written.
        country: ISO 3166 code; in the United States the month stands first in `01/02`.
        way: where a date without its year, its month or its week points.
    """
    founds: list[Found] = []
    for match, day, plain in _read(message, today, country, way, founds):
        before, after = message[max(0, match.start() - 30) : match.start()], message[match.end() : match.end() + 30]
        bound = forms.BOUND.search(before) or forms.BOUND_AFTER.match(after)
        value = day.isoformat() if day and not bound else None
        founds.append(Found(match.start(), match.end(), value, plain=plain))
        if len(founds) > MOST:
            break
    return founds


def _read(
    message: str, today: date, country: str, way: Way, founds: list[Found]
) -> Iterator[tuple[_Match, date | None, bool]]:
    """Each match, its day, and whether its form is plain; the fullest forms first, and none over what was found."""
    small = message.lower()

    def left(pattern: re.Pattern[str]) -> Iterator[_Match]:
        if not any(hint in small for hint in forms.HINTS.get(pattern, ("/", "-", "."))):
            return iter(())
        return (match for match in matches(pattern, message) if free(match, founds))

    for match in left(forms.ISO):
        yield match, _day(int(match["year"]), int(match["month"]), int(match["day"])), True
    for pattern in (forms.DAY_MONTH, forms.MONTH_DAY):
        for match in left(pattern):
            before = message[max(0, match.start("month") - 12) : match.start("month")]
            if match["month"] != "may" or not forms.MAY_VERB.search(before):
                yield match, _with_month(match, today, way), True
    for match in left(forms.NUMERIC):
        # Without a year `3.4` is a number and `3-4` a range.
        if match["year"] or match["mark"] == "/":
            yield match, _numeric(match, today, way, country), bool(match["year"])
    for match in left(forms.OF_MONTH):
        yield match, _agreeing(match, day_of_month(match["day"], match["of"], today, way)), False
    for match in left(forms.COUNTED):
        if match["way"] or match["in"]:
            yield match, _counted(match, today), True
    for match in left(forms.RELATIVE):
        days = forms.DAY_WORDS[" ".join(match["word"].lower().split())]
        # "I want it today" says nothing of when it was bought.
        yield match, today + timedelta(days=days), days != 0
    for match in left(forms.NAMED_DAY):
        if is_named_day(match, message):
            yield match, day_of_week(match, today, way), (match["which"] or "").lower().endswith(("last", "past"))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


@lru_cache(maxsize=512)
def _parsed(text: str, base: date, way: Way) -> date | None:
    """What dateparser makes of the text, in English; noon keeps it clear of the change of the day."""
    import dateparser

    settings = {
        "RELATIVE_BASE": datetime(base.year, base.month, base.day, 12),
        "PREFER_DATES_FROM": way,
        "DATE_ORDER": "DMY",
        "TIMEZONE": "UTC",
        "RETURN_AS_TIMEZONE_AWARE": False,
    }
    # It keeps state between calls that threads get in each other's way with (scrapinghub/dateparser issue 441).
    with _ONE_AT_A_TIME:
        found = dateparser.parse(text, languages=["en"], settings=settings)
    return found.date() if found else None


def _without_year(text: str, today: date, way: Way) -> date | None:
    # To dateparser a date in the future is after the base, while one in the past may be the base itself.
    return _parsed(text, today - timedelta(days=1) if way == "future" else today, way)


def _full_year(text: str, today: date) -> int:
    """`26` is 2026 and `75` 1975: no more than ten years ahead. dateparser has 1926 for a day not over yet."""
    digits = text.strip("'’")
    if len(digits) == 4:
        return int(digits)
    year = today.year // 100 * 100 + int(digits)
    return year if year <= today.year + 10 else year - 100


def _with_month(match: _Match, today: date, way: Way) -> date | None:
    day, year = ordinal(match["day"]), match["year"] or match.groupdict().get("short")
    text = f"{day} {match['month']}"
    if match["which"]:
        text += f" {today.year + _YEARS[match['which'].lower()]}"
    elif year:
        text += f" {_full_year(year, today)}"
    found = _without_year(text, today, way)
    return _agreeing(match, found) if found and found.day == day else None


def _agreeing(match: _Match, found: date | None) -> date | None:
    """The date if it is the day of the week that was named with it."""
    named = match["weekday"]
    return found if found and (not named or found.weekday() == weekday_number(named)) else None


def _numeric(match: _Match, today: date, way: Way, country: str) -> date | None:
    month, day = int(match["one"]), int(match["two"])
    # The country settles the order where the numbers do not.
    if (country != "US" and day <= 12) or month > 12:
        month, day = day, month
    if match["year"]:
        return _day(_full_year(match["year"], today), month, day)
    # 2000 had a 29 February.
    if not _day(2000, month, day):
        return None
    found = _without_year(f"{day}/{month}", today, way)
    return found if found and (found.month, found.day) == (month, day) else None


def _counted(match: _Match, today: date) -> date | None:
    """Days, weeks or months before or after today."""
    said = match["count"].lower()
    count = int(said) if said.isdigit() else 1 if said in ("a", "an") else from_words(said)
    ago = (match["way"] or "").lower().startswith(("ago", "back", "earlier"))
    if count is None or count != int(count) or (ago and match["in"]):
        return None
    unit = match["unit"].lower().rstrip("s")
    if unit == "fortnight":
        unit, count = "week", count * 2
    return _parsed(f"{int(count)} {unit}s ago" if ago else f"in {int(count)} {unit}s", today, "past")
