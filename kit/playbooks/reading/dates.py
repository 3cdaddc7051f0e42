"""Dates as customers give them: "2026-03-03", "3/3/26", "Mar 3rd", "the 3rd", "last Friday", "two weeks ago".

dateparser resolves what has a month or counts days; asked for "the 3rd" it gives the first of the month, "the 45th" is
1945 to it, and "may" or "sun" are dates. So it sees only candidates of a known form, and its answer must agree with
what stands in them.
"""

import re
from datetime import date, datetime, timedelta
from typing import Literal

from kit.playbooks.reading.found import Found, free, matches
from kit.playbooks.reading.numbers import from_words

__all__ = ["find_dates"]

Direction = Literal["past", "future"]

_MONTHS = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT = r"mon|tues?|wed|thu(?:rs?)?|fri|sat|sun"
_WEEKDAY = rf"(?P<weekday>{'|'.join(_WEEKDAYS)}|(?:{_SHORT})\b\.?)"
_ORDINALS = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|(?:thir|four|fif|six|seven|eigh"
    r"|nine)teenth|twentieth|twenty[ -](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|thirtieth"
    r"|thirty[ -]first"
)
_YEAR = (
    r"(?:,?\s+(?:of\s+)?(?P<year>(?:19|20)\d\d|['’]\d\d)(?![\w/:-]|[.,]\d)"
    r"|,?\s+(?:of\s+)?(?P<which>last|this|next)\s+year\b)?"
)
_OPEN = r"(?<![\w$€£.,/:+-])"
_CLOSE = r"(?![\w/:]|[.,-]\d|-\w)"

_ISO = re.compile(rf"{_OPEN}(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}})(?:(?:T|\s)[\d:.]+Z?\b)?{_CLOSE}")
_NUMERIC = re.compile(
    rf"{_OPEN}(?P<one>\d{{1,2}})(?P<mark>[/.-])(?P<two>\d{{1,2}})(?:(?P=mark)(?P<year>\d{{4}}|\d{{2}}))?{_CLOSE}"
)
_DAY_MONTH = re.compile(
    rf"(?:\b{_WEEKDAY},?\s+)?(?:\bthe\s+)?{_OPEN}(?P<day>\d{{1,2}}(?:st|nd|rd|th)?|{_ORDINALS})(?:\s+of)?[\s-]+{_MONTHS}"
    rf"(?:-(?P<short>\d{{4}}|\d\d)\b|{_YEAR})",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(
    rf"(?:\b{_WEEKDAY},?\s+)?\b{_MONTHS}[\s,-]*(?:\bthe\s+)?(?P<day>\d{{1,2}}(?:st|nd|rd|th)?|\b(?:{_ORDINALS}))"
    rf"(?![\w:]|[.,/]\d|\s*%){_YEAR}",
    re.IGNORECASE,
)
# "The 3rd time" and "the second one" are no dates: an ordinal ends its clause, or a word follows that names nothing.
_OF_MONTH = re.compile(
    rf"(?:\b{_WEEKDAY},?\s+)?(?:\bthe\s+|{_OPEN})(?P<day>\d{{1,2}}(?:st|nd|rd|th)|(?<=the\s)(?:{_ORDINALS}))\b"
    r"(?:\s+(?:of\s+)?(?P<of>last|this|next)\s+month\b"
    r"|(?=\s*(?:$|[.,;:!?)–—\n]|-\s))"
    r"|(?<=\d(?:st|nd|rd|th))(?=\s+(?:at|around|about|in the|i|it|we|they|was|is|and|or|but|maybe|probably|please|if"
    r"|when|by|because|so|thanks|not|morning|afternoon|evening|works?|would|should|can|from|then|as|instead)\b))",
    re.IGNORECASE,
)
_DAY_WORDS = {
    "yesterday": -1, "last night": -1, "last evening": -1, "today": 0, "tonight": 0, "this morning": 0,
    "this afternoon": 0, "this evening": 0, "earlier today": 0, "tomorrow": 1, "day before yesterday": -2,
    "day after tomorrow": 2,
}  # fmt: skip
_DAY = re.compile(
    rf"\b(?:the\s+)?(?P<word>{'|'.join(sorted(_DAY_WORDS, key=len, reverse=True))})\b(?!['’]s)".replace(" ", r"\s+"),
    re.IGNORECASE,
)
_COUNT = r"(?P<count>\d{1,3}|an?|(?:a\s+)?(?:couple|few)(?:\s+of)?|some|several|many|[a-z]+(?:[\s-](?:one|two|three|four|five|six|seven|eight|nine))?)"
_COUNTED = re.compile(
    rf"\b(?P<in>in\s+)?{_COUNT}\s+(?P<unit>days?|weeks?|months?|fortnights?)(?:['’]?\s+time)?\b"
    r"(?:\s+(?P<way>ago(?:\s+today)?|back|earlier|from\s+(?:now|today)))?",
    re.IGNORECASE,
)
_NAMED_DAY = re.compile(
    rf"\b(?:(?P<week>last|this|next)\s+week,?\s+(?:on\s+)?)?(?:(?P<which>(?:this\s+)?past|last|this\s+coming|coming|this|next|on)\s+)?"
    rf"{_WEEKDAY}(?!['’]?s\b)(?![\w-])(?:,?\s+(?:of\s+)?(?P<week2>last|this|next)\s+week\b)?",
    re.IGNORECASE,
)
# "Black Friday" is a sale, "every Friday" a habit, "two Fridays ago" something else.
_NO_DAY = re.compile(
    r"\b(?:black|good|cyber|ash|palm|easter|shrove|every|each|most|some|any|super|two|three|few|other|(?:week|day|fortnight)s?"
    r"\s+(?:from|before|after|since|on))\s+(?:(?:last|next|this)\s+)?$",
    re.IGNORECASE,
)
_MAY_VERB = re.compile(r"\b(?:i|you|we|they|he|she|it|this|that|there|who|which|or)\s+$", re.IGNORECASE)
# Not on that day but some time before or after it.
_BOUND = re.compile(
    r"\b(?:before|after|until|till|between|(?:later|earlier|sooner) than|(?:week|day|month)s? (?:from|since))\s+(?:the\s+|on\s+)*$",
    re.IGNORECASE,
)


def find_dates(message: str, today: date, *, country: str, way: Direction) -> list[Found]:
    """The dates, as `YYYY-MM-DD`; None for one that there is not, or that may be another.

    Args:
        message: what the customer wrote.
        today: the day on which it was written.
        country: ISO 3166 code; in the United States the month stands first in `01/02`.
        way: where a date without its year, its month or its week points.
    """
    founds: list[Found] = []

    def note(match: re.Match[str], day: date | None, *, plain: bool = False) -> None:
        before = message[max(0, match.start() - 30) : match.start()]
        if _BOUND.search(before):
            day = None
        founds.append(Found(match.start(), match.end(), day.isoformat() if day else None, plain=plain))

    for match in matches(_ISO, message):
        note(match, _day(int(match[1]), int(match[3]), int(match[4])), plain=True)
    for pattern in (_DAY_MONTH, _MONTH_DAY):
        for match in matches(pattern, message):
            verb = match["month"] == "may" and _MAY_VERB.search(
                message[max(0, match.start("month") - 12) : match.start("month")]
            )
            if free(match, founds) and not verb:
                note(match, _month_named(match, today, way), plain=True)
    for match in matches(_NUMERIC, message):
        # Without a year `3.4` is a number and `3-4` a range.
        if free(match, founds) and (match["year"] or match["mark"] == "/"):
            note(match, _numeric(match, today, way, country), plain=bool(match["year"]))
    for match in matches(_OF_MONTH, message):
        if free(match, founds):
            note(match, _of_month(match, today, way))
    for match in matches(_DAY, message):
        if free(match, founds):
            offset = _DAY_WORDS[" ".join(match["word"].lower().split())]
            note(match, today + timedelta(days=offset), plain=offset != 0)
    for match in matches(_COUNTED, message):
        if (match["way"] or match["in"]) and free(match, founds):
            note(match, _counted(match, today), plain=True)
    for match in matches(_NAMED_DAY, message):
        if free(match, founds) and _is_named_day(match, message):
            which = (match["which"] or "").lower()
            note(match, _named_day(match, today, way), plain="last" in which or "past" in which)
    return founds


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _parsed(text: str, base: date, way: Direction, *, order: str = "DMY") -> date | None:
    """What dateparser makes of the text, in English; noon keeps it clear of the change of the day."""
    import dateparser

    found = dateparser.parse(
        text,
        languages=["en"],
        settings={
            "RELATIVE_BASE": datetime(base.year, base.month, base.day, 12),
            "PREFER_DATES_FROM": way,
            "DATE_ORDER": order,
            "TIMEZONE": "UTC",
            "RETURN_AS_TIMEZONE_AWARE": False,
        },
    )
    return found.date() if found else None


def _full_year(text: str, today: date) -> int:
    """`26` is 2026 and `75` 1975: no more than ten years ahead."""
    digits = text.strip("'’")
    if len(digits) == 4:
        return int(digits)
    century = today.year // 100 * 100
    year = century + int(digits)
    return year if year <= today.year + 10 else year - 100


def _month_named(match: re.Match[str], today: date, way: Direction) -> date | None:
    day = _ordinal(match["day"])
    year = match["year"] or match.groupdict().get("short")
    if day is None:
        return None
    text = f"{day} {match['month']}"
    if match["which"]:
        text += f" {today.year + {'last': -1, 'this': 0, 'next': 1}[match['which'].lower()]}"
    elif year:
        text += f" {_full_year(year, today)}"
    return _agreeing(match, _parsed(text, _base(today, way), way), day)


def _agreeing(match: re.Match[str], found: date | None, day: int) -> date | None:
    """The date if it is the day that was named, and the day of the week that was named with it."""
    if found is None or found.day != day:
        return None
    named = match["weekday"]
    return found if not named or found.weekday() == _weekday(named) else None


def _base(today: date, way: Direction) -> date:
    # To dateparser a date in the future is after the base, one in the past may be the base itself.
    return today - timedelta(days=1) if way == "future" else today


def _numeric(match: re.Match[str], today: date, way: Direction, country: str) -> date | None:
    one, two = int(match["one"]), int(match["two"])
    month_first = country in ("US", "")
    month, day = (one, two) if month_first else (two, one)
    if month > 12 and day <= 12:
        month, day = day, month
    if match["year"]:
        return _day(_full_year(match["year"], today), month, day)
    if not _day(2000, month, day):
        return None
    found = _parsed(f"{day}/{month}", _base(today, way), way)
    return found if found and (found.month, found.day) == (month, day) else None


def _of_month(match: re.Match[str], today: date, way: Direction) -> date | None:
    """The day of the month nearest to today, in the direction asked for, that the month has."""
    day = _ordinal(match["day"])
    if day is None or not 1 <= day <= 31:
        return None
    months = today.year * 12 + today.month - 1
    if match["of"]:
        offset = {"last": -1, "this": 0, "next": 1}[match["of"].lower()]
        year, month = divmod(months + offset, 12)
        return _agreeing(match, _day(year, month + 1, day), day)
    step = 1 if way == "future" else -1
    for offset in range(4):
        year, month = divmod(months + step * offset, 12)
        found = _day(year, month + 1, day)
        if found and (found - today).days * step >= 0:
            return _agreeing(match, found, day)
    return None


def _counted(match: re.Match[str], today: date) -> date | None:
    """Days, weeks and months before or after today; None where "a few" leaves open how many."""
    said = match["count"].lower()
    count = int(said) if said.isdigit() else 1 if said in ("a", "an") else from_words(said)
    if count is None or count != int(count):
        return None
    unit, past = match["unit"].lower().rstrip("s"), (match["way"] or "").lower().startswith(("ago", "back", "earlier"))
    if past and match["in"]:  # "in two weeks back"
        return None
    if unit == "fortnight":
        unit, count = "week", count * 2
    return _parsed(f"{int(count)} {unit}s ago" if past else f"in {int(count)} {unit}s", today, "past")


def _is_named_day(match: re.Match[str], message: str) -> bool:
    before = message[max(0, match.start() - 30) : match.start()]
    if _NO_DAY.search(before):
        return False
    if match["weekday"].lower() in _WEEKDAYS:
        return True
    # "Sun" and "sat" are words: they are days only after "last" or "on", or as the whole answer.
    alone = not message[: match.start()].strip(" .,!") and not message[match.end() :].strip(" .,!?")
    return bool(match["which"] or match["week"] or match["week2"]) or alone


def _named_day(match: re.Match[str], today: date, way: Direction) -> date | None:
    """The day of the week; None where people differ on which week is meant.

    "Last Friday" is the latest that is over. "Next Friday", said on a Wednesday, is in two days to some and in nine to
    others; and who says "Friday" on a Friday would have said "today" if that were meant.
    """
    weekday = _weekday(match["weekday"])
    monday = today - timedelta(days=today.weekday())
    in_week = monday + timedelta(days=weekday)
    if week := match["week"] or match["week2"]:
        return None if match["which"] not in (None, "on") else in_week + timedelta(weeks=_WEEKS[week.lower()])
    ahead = (weekday - today.weekday()) % 7
    match " ".join((match["which"] or "").lower().split()):
        case "last" | "past" | "this past":
            return today - timedelta(days=7 - ahead)
        case "this coming" | "coming":
            return today + timedelta(days=ahead or 7)
        case "this":
            return in_week
        case "next":
            return None if in_week > today else in_week + timedelta(weeks=1)
    if ahead == 0:
        return None
    return today + timedelta(days=ahead if way == "future" else ahead - 7)


_WEEKS = {"last": -1, "this": 0, "next": 1}


def _weekday(text: str) -> int:
    return next(number for number, name in enumerate(_WEEKDAYS) if name.startswith(text.lower().rstrip(".")[:3]))


def _ordinal(text: str) -> int | None:
    """The number of `3`, `3rd` or "third"."""
    if text[0].isdigit():
        return int(re.sub(r"\D", "", text))
    from text_to_num import alpha2digit

    digits = re.fullmatch(r"(\d+)(?:st|nd|rd|th)", alpha2digit(text.lower(), "en", threshold=0))
    return int(digits[1]) if digits else None
