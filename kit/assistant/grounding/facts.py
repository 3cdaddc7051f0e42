"""What must stand in a passage literally: figures with their units, times of day, codes, dates, addresses."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from kit.assistant.grounding.bounds import Bound, Side, bound_of, side_of
from kit.assistant.grounding.dates import Day, find_dates, holds

__all__ = ["Fact", "find_facts", "plain"]

Kind = Literal["money", "percent", "time", "clock", "measure", "code", "date", "number"]

_MARKUP = re.compile(r"!?\[([^\]\[]{0,500})\]\([^)]{0,500}\)|[*`]+")
_SIGNS = str.maketrans({"’": "'", "‘": "'", "−": "-", "–": "-", "—": "-", "\u00a0": " ", "\u202f": " "})
_NOT = re.compile(r"\b(ca|wo|sha)n't\b|n't\b", re.IGNORECASE)
_FULL = {"ca": "can not", "wo": "will not", "sha": "shall not"}
# "One" is seldom a figure, unless it counts a unit or is a part of a longer number.
_ONE = re.compile(r"(?<!-)\bone\b(?!-|\s+(?:second|minute|hour|day|week|month|year|hundred|thousand|million)s?\b)", re.I)
_GRATIS = re.compile(
    r"\b(?:at|for|without|with)\s+(?:no|any)?\s*(?:extra |additional |further )?(?:cost|charge)s?\b(?! of)"
    r"|\bcosts?\s+(?:you\s+|him\s+|them\s+)?nothing\b|\bfree of charge\b|\bfor nothing\b",
    re.IGNORECASE,
)
_TWICE = re.compile(r"\btwice\b", re.IGNORECASE)
_NO_LONGER = re.compile(r"\bno longer\b(?! than)|\bnot (?=[\w\s]{0,30}\bany ?(?:more|longer)\b)", re.IGNORECASE)
_SECOND = re.compile(r"(?<=\d)([\s-])second\b", re.IGNORECASE)

# Unit as written → its kind, its name, and how many of that name one of it is.
_TIME = {"second": ("s", 1), "minute": ("s", 60), "hour": ("s", 3600), "day": ("s", 86400), "week": ("s", 604800)}
_TIME |= {"month": ("month", 1), "quarter": ("month", 3), "year": ("month", 12)}
_SHORT = {"sec": "second", "s": "second", "min": "minute", "hr": "hour", "h": "hour", "wk": "week", "yr": "year"}
_MEASURES = {
    "°f": "°F", "f": "°F", "fahrenheit": "°F", "degrees fahrenheit": "°F", "°c": "°C", "c": "°C", "celsius": "°C",
    "degrees celsius": "°C", "m": "m", "meter": "m", "metre": "m", "km": "km", "kilometer": "km", "kilometre": "km",
    "cm": "cm", "centimeter": "cm", "mm": "mm", "ft": "ft", "feet": "ft", "foot": "ft", "in.": "in", "inch": "in",
    "inche": "in", "mile": "mile", "mi": "mile", "kg": "kg", "kilo": "kg", "kilogram": "kg", "g": "g", "gram": "g",
    "mg": "mg", "lb": "lb", "oz": "oz", "ounce": "oz", "l": "l", "liter": "l", "litre": "l", "ml": "ml", "kb": "KB",
    "mb": "MB", "gb": "GB", "gigabyte": "GB", "megabyte": "MB", "tb": "TB", "terabyte": "TB", "hz": "Hz", "mhz": "MHz",
    "ghz": "GHz", "v": "V", "volt": "V", "w": "W", "watt": "W", "kw": "kW", "kwh": "kWh", "amp": "A", "ma": "mA",
    "mah": "mAh", "dbm": "dBm", "mbps": "Mbps", "mbit/s": "Mbps", "px": "px", "pixel": "px",
}  # fmt: skip
_COINS = {
    "$": "$", "us$": "$", "usd": "$", "dollar": "$", "€": "€", "eur": "€", "euro": "€", "£": "£", "gbp": "£",
    "pound": "£", "¥": "¥", "jpy": "¥", "yen": "¥", "cad": "CA$", "chf": "CHF", "cent": "cent", "aud": "A$",
}  # fmt: skip
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_WORDS = "|".join(re.escape(unit) for unit in sorted(_MEASURES, key=len, reverse=True) if len(unit) > 1 or unit in "mgl")
_FACT = re.compile(
    rf"""
    (?P<phone>(?<![\w.])\+?\d{{1,5}}(?:[-\s()]{{1,3}}\d{{2,5}}){{2,6}}(?![\w-]))
  | (?P<always>\b24/7\b|\bround the clock\b|\baround the clock\b|\bday (?:and|or) night\b)
  | (?P<version>(?<![\w.])\d+(?:\.\d+){{2,}}(?!\w))
  | (?P<clock>(?<![\w.:])(?:(?P<hour>\d{{1,2}})(?:[:.](?P<minutes>\d\d))?\s*(?P<half>[ap])\.?\s?m\b\.?
      |(?P<hour24>\d{{1,2}}):(?P<minutes24>\d\d)\b)|\b(?:noon|midnight)\b)
  | (?P<code>(?<![\w-])(?!(?:USD|EUR|GBP|US)\s?\d)(?:[A-Z]+-?\d[\w-]*\w|[A-Z]+-?\d|\d+[a-z]*[A-Z]{{1,3}}\d\w*)(?!\w))
  | (?P<money>(?P<coin>(?:US)?[$€£¥]|\b(?:USD|EUR|GBP|CAD|CHF|AUD)\b)\s?(?P<sum>{_NUMBER})(?P<thousand>k\b)?
      |(?<![\w.,])(?P<sum2>{_NUMBER})\s?(?P<coin2>[$€£]|(?:USD|EUR|GBP|CAD|CHF|AUD|dollars?|euros?|pounds?|cents?)\b))
  | (?P<percent>(?<![\w.,])(?P<share>{_NUMBER})\s?(?:%|per\s?cent\b|percent\b))
  | (?P<nth>(?<![\w.,])(?P<rank>\d+)(?:st|nd|rd|th)\b)
  | (?P<number>(?<![\w.,])(?P<minus>-(?=\d))?(?P<value>{_NUMBER})
      (?:[\s-]?(?:(?P<business>(?:business|working|bank)[\s-])?
      (?P<time>seconds?|sec|s|minutes?|mins?|hours?|hrs?|h|(?:business|working)?\s?days?|weeks?|months?|quarters?|years?|yrs?)
      |(?P<measure>(?:°\s?[CF])|(?:{_WORDS})s?))(?![\w]))?)(?![\w]*\d)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_RATE = re.compile(
    r"\s*(?:[\w-]+\s+){0,2}?(?:an?|per|each|every|/)\s*(second|minute|hour|day|week|month|quarter|year)\b", re.IGNORECASE
)
_ONCE = re.compile(r"\s*,?\s*(?:once(?! (?:you|we|the|your|it|per|a|every))|one-off|one-time)\b", re.IGNORECASE)
_RATES = {"monthly": "month", "yearly": "year", "annually": "year", "annual": "year", "weekly": "week", "daily": "day"}
_ADJECTIVE = re.compile(r"\b(" + "|".join(_RATES) + r")\b", re.IGNORECASE)
_JOINED = re.compile(r"\s*(?:-|to|or|and|,|/|x|×|and from|until|up to|,\s*(?:and|or))\s*", re.IGNORECASE)
_NOUN = re.compile(r"[\s-]+(?!in\b|for\b|at\b|on\b|to\b|and\b|or\b|of\b|if\b|within\b|when\b|instead\b)[a-z]", re.IGNORECASE)


@dataclass(frozen=True)
class Fact:
    """One of them: `said` as it is written, from `start` to `end` of the plain text."""

    kind: Kind
    value: float | str | Day
    unit: str
    said: str
    start: int
    end: int
    rate: str = ""
    bound: Bound = ""
    side: Side = ""

    def stands(self, other: "Fact") -> bool:
        """Whether the other fact, of a passage, says this one, whatever it is of."""
        if self.kind == "date" or other.kind == "date":
            return isinstance(self.value, Day) and isinstance(other.value, Day) and holds(other.value, self.value)
        if self.value != other.value or (self.rate and other.rate and self.rate != other.rate):
            return False
        bare = self.kind == "number" or other.kind == "number"
        # A time of day whose half is not said: "2 and 4 am".
        return (self.kind == other.kind and self.unit == other.unit) or (bare and "code" not in (self.kind, other.kind))


def plain(text: str) -> str:
    """The text without markup, with plain signs, short forms written out, and numbers in digits."""
    from text_to_num import alpha2digit

    text = _MARKUP.sub(lambda match: match[1] or "", text).translate(_SIGNS)
    text = _NOT.sub(lambda match: _FULL.get((match[1] or "").lower(), " not"), text).replace("cannot", "can not")
    text = _GRATIS.sub("free", text)
    text = _NO_LONGER.sub("not", text)
    text = _TWICE.sub("2 times", text)
    text = re.sub(r"\b(half a|an?)\s+dozen\b", lambda match: "6" if match[1][0] in "hH" else "12", text, flags=re.I)
    text = _SECOND.sub(r"\1seconds", text)
    if not re.search("[a-z]", text, re.IGNORECASE):
        return text
    return str(alpha2digit(_ONE.sub(lambda one: f"{one[0][0]}\u200c{one[0][1:]}", text), "en", threshold=0)).replace("\u200c", "")


def find_facts(text: str, *, but: Sequence[tuple[int, int]] = ()) -> list[Fact]:
    """The facts of a plain text, in their order; a bare figure has the unit of the figure that it is joined to.

    Args:
        text: the text.
        but: spans that hold none, such as the name "Dial 1".
    """
    dates = [Fact("date", day, "", text[start:end].rstrip("."), start, end) for day, start, end in find_dates(text)]
    hidden = list(text)
    for fact in dates:
        hidden[fact.start : fact.end] = " " * (fact.end - fact.start)
    for start, end in but:
        hidden[start:end] = "_" * (end - start)
    bare = "".join(hidden)
    found = [fact for match in _FACT.finditer(bare) if (fact := _read(match)) is not None]
    found = _with_units(found, bare)
    rates = {_RATES[match.lower()] for match in _ADJECTIVE.findall(text)}
    return sorted((_placed(fact, text, rates) for fact in found + dates), key=lambda fact: fact.start)


def _read(match: re.Match[str]) -> Fact | None:
    start, said = match.start(), match.group()
    end = match.end()
    if match["phone"]:
        return Fact("code", re.sub(r"\D", "", said), "", said, start, end)
    if match["always"]:
        return Fact("code", "always", "", said, start, end)
    if match["version"] or match["code"]:
        return Fact("code", said.lower(), "", said, start, end)
    if match["clock"]:
        return Fact("clock", _minutes(match), "", said, start, end)
    if match["money"]:
        coin = (match["coin"] or match["coin2"]).lower()
        value = _value(match["sum"] or match["sum2"]) * (1000 if match["thousand"] else 1)
        return Fact("money", value, _COINS[coin if len(coin) < 2 else coin.rstrip("s")], said, start, end)
    if match["percent"]:
        return Fact("percent", _value(match["share"]), "%", said, start, end)
    if match["nth"]:
        return Fact("number", _value(match["rank"]), "", said, start, end) if match["rank"] != "1" else None
    value = -_value(match["value"]) if match["minus"] else _value(match["value"])
    if match["time"]:
        name = match["time"].lower()
        business = bool(match["business"]) or name.startswith(("business", "working"))
        name = name.split()[-1] if name not in _SHORT else name
        name = _SHORT.get(name.rstrip("s") or "s", name.rstrip("s"))
        unit, size = _TIME[name]
        return Fact("time", value * size, f"business {unit}" if business else unit, said, start, end)
    if match["measure"]:
        name = match["measure"].lower().replace("° ", "°")
        return Fact("measure", value, _MEASURES.get(name) or _MEASURES[name.rstrip("s")], said, start, end)
    return Fact("number", value, "", said, start, end)


def _value(text: str) -> float:
    return float(text.replace(",", ""))


def _minutes(match: re.Match[str]) -> float:
    if match["hour24"]:
        return float(int(match["hour24"]) * 60 + int(match["minutes24"]))
    if not match["hour"]:
        return 720.0 if match.group().lower() == "noon" else 0.0
    afternoon = 720 if match["half"].lower() == "p" else 0
    return float(int(match["hour"]) % 12 * 60 + int(match["minutes"] or 0) + afternoon)


def _with_units(found: list[Fact], text: str) -> list[Fact]:
    """Bare figures with the unit of what follows or, where no noun is theirs, of what stands before."""
    whole = list(found)
    for place in range(len(whole) - 2, -1, -1):
        one, after = whole[place], whole[place + 1]
        if one.kind == "number" and after.kind not in ("number", "code", "date") and one.end < after.start:
            if _JOINED.fullmatch(text[one.end : after.start]):
                whole[place] = _like(one, after)
    for place in range(1, len(whole)):
        one, before = whole[place], whole[place - 1]
        if one.kind == "number" and before.kind in ("time", "money", "measure", "percent"):
            between = text[before.end : one.start]
            if not _NOUN.match(text, one.end) and re.search(r"\b(?:and|or|to)\b|^\s*-", between) and not re.search(r"[.;|]\s", between):
                whole[place] = _like(one, before)
    return whole


def _like(one: Fact, other: Fact) -> Fact:
    value = float(one.value)  # type: ignore[arg-type]
    if other.kind == "clock":
        value = value % 12 * 60 + (720 if float(other.value) >= 720 and value != 12 else 0)  # type: ignore[arg-type]
    elif other.kind == "time":
        value *= _size(other)
    return replace(one, kind=other.kind, value=value, unit=other.unit)


def _size(fact: Fact) -> float:
    """How many seconds or months the fact's own unit has."""
    figure = re.match(rf"-?({_NUMBER})", fact.said)
    return float(fact.value) / _value(figure[1]) if figure and _value(figure[1]) else 1.0  # type: ignore[arg-type]


def _placed(fact: Fact, text: str, rates: set[str]) -> Fact:
    """The fact with what the words around it make of it."""
    rate = ""
    if fact.kind in ("money", "number", "percent", "measure") and (match := _RATE.match(text, fact.end)):
        rate = match[1].lower()
    elif fact.kind == "money" and _ONCE.match(text, fact.end):
        rate = "once"
    elif fact.kind == "money" and len(rates) == 1:
        (rate,) = rates
    side = side_of(text, fact.end)
    return replace(fact, rate=rate, side=side, bound=bound_of(text, fact.start, fact.end, before=side == "before"))
