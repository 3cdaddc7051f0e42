"""What must stand in a passage literally: figures with their units, times of day, codes, dates, addresses."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from kit.assistant.grounding.bounds import Bound, Side, bound_of, limit_of, side_of
from kit.assistant.grounding.dates import Day, find_dates, holds
from kit.assistant.grounding.units import COINS, FACT, MEASURES, NUMBER, SHORT, TIME

__all__ = ["Fact", "find_facts"]

Kind = Literal["money", "percent", "time", "clock", "measure", "code", "date", "number"]

_RATE = re.compile(
    r"\s*(?:[\w-]+\s+){0,2}?(?:an?|per|each|every|/)\s*(second|minute|hour|day|week|month|quarter|year)\b",
    re.IGNORECASE,
)
_ONCE = re.compile(r"\s*,?\s*(?:once(?! (?:you|we|the|your|it|per|a|every))|one-off|one-time)\b", re.IGNORECASE)
_RATES = {"monthly": "month", "yearly": "year", "annually": "year", "annual": "year", "weekly": "week", "daily": "day"}
_ADJECTIVE = re.compile(r"\b(" + "|".join(_RATES) + r")\b", re.IGNORECASE)
# "Over 24 hours" is during them more often than longer than they last.
_DURING = re.compile(r"\bover\s$", re.IGNORECASE)
_SPAN = re.compile(r"\s*(?:-|to|until|and)\s*", re.IGNORECASE)
_JOINED = re.compile(r"\s*(?:-|to|or|and|,|/|x|×|and from|until|up to|,\s*(?:and|or))\s*", re.IGNORECASE)
_NOUN = re.compile(
    r"[\s-]+(?!(?:in|for|at|on|to|and|or|of|if|within|when|instead|with|from|by|while|per)\b)[a-z]", re.IGNORECASE
)


@dataclass(frozen=True)
class Fact:
    """One of them: `said` as it is written, from `start` to `end` of the plain text.

    `span` are the two ends of the range that it is an end of.
    """

    kind: Kind
    value: float | str | Day
    unit: str
    said: str
    start: int
    end: int
    rate: str = ""
    bound: Bound = ""
    side: Side = ""
    span: tuple[float | str | Day, float | str | Day] | None = None

    def stands(self, other: "Fact") -> bool:
        """Whether the other fact, of a passage, says this one, whatever it is of."""
        if self.span and other.span and self.kind == "date" and self.span != other.span:
            return False
        if self.kind == "date" or other.kind == "date":
            return isinstance(self.value, Day) and isinstance(other.value, Day) and holds(other.value, self.value)
        if self.span and other.span and self.span != other.span:
            return False
        if self.value != other.value or (self.rate and other.rate and self.rate != other.rate):
            return False
        bare = self.kind == "number" or other.kind == "number"
        # A time of day whose half is not said: "2 and 4 am".
        return (self.kind == other.kind and self.unit == other.unit) or (bare and "code" not in (self.kind, other.kind))


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
    read = (_read(match) for match in FACT.finditer(bare))
    found = _with_units([fact for fact in read if fact is not None], bare)
    rates = {_RATES[match.lower()] for match in _ADJECTIVE.findall(text)}
    if sum(fact.kind == "money" for fact in found) > 1:
        rates = set()  # which of them it is of cannot be told
    placed = sorted((_placed(fact, text, rates) for fact in found + dates), key=lambda fact: fact.start)
    for place, (one, other) in enumerate(pairwise(placed)):
        if one.kind == other.kind != "code" and one.end <= other.start and _SPAN.fullmatch(text[one.end : other.start]):
            span = (one.value, other.value)
            placed[place], placed[place + 1] = replace(one, span=span), replace(other, span=span)
    return placed


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
        return Fact("money", value, COINS[coin if len(coin) < 2 else coin.rstrip("s")], said, start, end)
    if match["percent"]:
        return Fact("percent", _value(match["share"]), "%", said, start, end)
    if match["nth"]:
        return Fact("number", _value(match["rank"]), "th", said, start, end) if match["rank"] != "1" else None
    value = -_value(match["value"]) if match["minus"] else _value(match["value"])
    if match["time"]:
        name = match["time"].lower()
        business = bool(match["business"]) or name.startswith(("business", "working"))
        name = name.split()[-1] if name not in SHORT else name
        name = SHORT.get(name.rstrip("s") or "s", name.rstrip("s"))
        unit, size = TIME[name]
        return Fact("time", value * size, f"business {unit}" if business else unit, said, start, end)
    if match["measure"]:
        name = match["measure"].lower().replace("° ", "°")
        return Fact("measure", value, MEASURES.get(name) or MEASURES[name.rstrip("s")], said, start, end)
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
        lacks_unit = one.kind == "number" and not one.unit and after.kind not in ("number", "code", "date")
        if lacks_unit and one.end < after.start and _JOINED.fullmatch(text[one.end : after.start]):
            whole[place] = _like(one, after)
    for place in range(1, len(whole)):
        one, before = whole[place], whole[place - 1]
        if one.kind == "number" and not one.unit and before.kind in ("time", "money", "measure", "percent"):
            between = text[before.end : one.start]
            if (
                not _NOUN.match(text, one.end)
                and re.search(r"(?:\b(?:and|or|to)\s+|^\s*-\s*)$", between)
                and not re.search(r"[.;|]\s", between)
            ):
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
    figure = re.match(rf"-?({NUMBER})", fact.said)
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
    if fact.kind in ("clock", "date") and (limit := limit_of(text, fact.start)):
        return replace(fact, bound=limit)
    if fact.kind == "time" and _DURING.search(text, max(0, fact.start - 6), fact.start):
        return replace(fact, rate=rate, side=side)
    return replace(fact, rate=rate, side=side, bound=bound_of(text, fact.start, fact.end, before=side == "before"))
