"""What two texts state differently about the same thing: figures, addresses, and whether something is so or not."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kit.knowledge.health.overlap import tokens
from kit.text import EMAIL, sentences, squash, stem

__all__ = ["Statement", "differences", "statements", "values_apart"]

_NUMERALS = {
    word: str(number)
    for number, word in enumerate("two three four five six seven eight nine ten eleven twelve".split(), start=2)
} | {word: str(10 * number) for number, word in enumerate("twenty thirty forty fifty sixty".split(), start=2)}
_NUMERALS["fourteen"] = "14"
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
# A figure with what it counts: "30 days", "$4.95", "12 March 2025", "+44 20 7946 0000"; or a name that has digits.
_NAME = r"\b[A-Za-z]{1,6}-?\d[A-Za-z\d]*(?:[.-][A-Za-z\d]+)*"
_FIGURE = (
    r"(?:\+|[$€£¥₹]\s?)?\d+(?:[ .,:/–-]\d+)*(?:[A-Za-z]{1,3}\b)?(?:\s?[%°€£][CF]?)?"
    r"(?:\s+[^\W\d_]+)?(?:\s+\d{4}\b)?"
)
_ADDRESS = re.compile(rf"{EMAIL}|https?://[^\s)>\]\"']+")
_FACT = re.compile(rf"(?P<address>{_ADDRESS.pattern})|(?P<name>{_NAME})|(?P<figure>{_FIGURE})")
_AMOUNT = re.compile(r"(?P<value>\d+(?:[ .,:/–-]\d+)*)\s*(?P<unit>[^\W\d_]*)")
_NUMERAL = re.compile(rf"\b(?:{'|'.join(_NUMERALS)})\b", re.IGNORECASE)
# The full stops, question and exclamation marks of scripts that put no space after them.
_STOP = re.compile("(?<=[\u3002\uff01\uff1f])")
_MARK = re.compile(r"^(?:\s*(?:\d+[.)]|[-*•>#]+)\s+)+")
_UNITS = frozenset(
    stem(word)
    for word in """second seconds minute minutes hour hours day days week weeks month months year years night nights
    percent usd eur gbp chf dollar dollars euro euros pound pounds cent cents kb mb gb tb kg g km m cm mm inch inches
    tag tage tagen stunde stunden woche wochen monat monate jahr jahre jour jours heure heures semaine semaines mois an
    ans día días hora horas semana semanas mes meses año años""".split()
)
_NO = frozenset(
    """no not never cannot without neither nor nicht kein keine keinen keiner nie ohne pas jamais sans aucun aucune
    nunca sin jamás non mai senza 不 没 沒 無 无 未 ん""".split()
)
_ALIKE = 0.6
_MOST = 80


@dataclass(frozen=True)
class Statement:
    """A sentence: its facts as written, by what they amount to; its other words; whether it denies."""

    facts: dict[str, str]
    words: frozenset[str]
    denies: bool
    text: str


def statements(text: str) -> list[Statement]:
    """The sentences of an article as statements."""
    return [_statement(part) for sentence in sentences(text) for part in _STOP.split(sentence) if part.strip(" |-:*#")]


def differences(left: Sequence[Statement], right: Sequence[Statement]) -> list[tuple[str, str]]:
    """What two texts say differently in sentences that are alike but for that; what only one says is no difference."""
    same = {one.text for one in left} & {one.text for one in right}
    lefts = [one for one in left if one.text not in same][:_MOST]
    rights = [one for one in right if one.text not in same][:_MOST]
    # The most alike first, and each sentence once: of the rows of a table each meets its own.
    pairs = sorted(
        (-likeness, row, column)
        for row, one in enumerate(lefts)
        for column, other in enumerate(rights)
        if (likeness := _likeness(one, other)) >= _ALIKE
    )
    rows, columns, found = set[int](), set[int](), list[tuple[int, tuple[str, str]]]()
    for _, row, column in pairs:
        if row not in rows and column not in columns:
            rows.add(row)
            columns.add(column)
            found += [(row, pair) for pair in _apart(lefts[row], rights[column])]
    return list(dict.fromkeys(pair for _, pair in sorted(found)))


def values_apart(left: Iterable[Statement], right: Iterable[Statement]) -> list[tuple[str, str]]:
    """Units in which both texts give amounts, but none that the other gives too: "30 days" and "14 days"."""
    mine, others = _by_unit(left), _by_unit(right)
    return [
        (next(iter(mine[unit].values())), next(iter(others[unit].values())))
        for unit in mine
        if unit in others and not mine[unit].keys() & others[unit].keys()
    ]


def _statement(sentence: str) -> Statement:
    text = _MARK.sub("", squash(sentence))
    numbered = _NUMERAL.sub(lambda match: _NUMERALS[match.group().lower()], text)
    facts = dict(_facts(numbered))
    found = tokens(_FACT.sub(_without, numbered))
    denials = sum(word in _NO or word.endswith("n't") for word in found)
    carrying = frozenset(word for word in found if word not in _NO and word not in ("can", "can't", "do", "don't"))
    return Statement(facts, carrying, denials % 2 == 1, text)


def _without(fact: re.Match[str]) -> str:
    """A sentence's words without the fact: of a figure the word it counts stays."""
    return "" if fact["address"] else re.sub(r"\S*\d\S*", " ", fact.group())


def _facts(sentence: str) -> Iterator[tuple[str, str]]:
    for fact in _FACT.finditer(sentence):
        shown = squash(fact.group())
        if fact["address"]:
            yield shown.rstrip(".,;/").lower(), shown.rstrip(".,;")
            continue
        if fact["name"]:
            yield shown.lower(), shown
            continue
        value, unit = _amount(shown)
        yield f"{value} {unit}".strip(), shown


def _amount(shown: str) -> tuple[str, str]:
    """The value and unit of a figure, so that "$20", "20 USD" and "20.00 USD" are the same."""
    money = {"$": "usd", "€": "eur", "£": "gbp", "¥": "jpy", "₹": "inr", "%": "percent"}
    sign = next((name for mark, name in money.items() if mark in shown), "")
    found = _AMOUNT.search(shown)
    assert found is not None, shown  # a figure has a digit
    unit = found["unit"].lower()
    value = shown[: found.start()].strip(" $€£¥₹").lower() + re.sub(r"(?<=\d)[ ,](?=\d{3}\b)", "", found["value"])
    value = re.sub(r"(?<=\d)\.0+$", "", value)
    if re.search(r"[^\W\d_]\s+\d{4}$", shown) or unit[:3] in _MONTHS.split():
        return shown.lower(), ""
    return value, sign or (stem(unit) if stem(unit) in _UNITS else "")


def _likeness(one: Statement, other: Statement) -> float:
    either = len(one.words | other.words)
    return len(one.words & other.words) / either if either else 0.0


def _apart(one: Statement, other: Statement) -> list[tuple[str, str]]:
    mine = [shown for value, shown in one.facts.items() if value not in other.facts]
    others = [shown for value, shown in other.facts.items() if value not in one.facts]
    if mine and others:
        return _matched(mine, others)
    # That something is not so counts only where the sentences are the same but for that.
    if one.denies != other.denies and not mine and not others and _likeness(one, other) >= 0.8:
        return [(_short(one.text), _short(other.text))]
    return []


def _matched(mine: list[str], others: list[str]) -> list[tuple[str, str]]:
    """Each figure with the one that stands in its place, and each address with its own."""
    found: list[tuple[str, str]] = []
    for address in (False, True):
        lefts, rights = ([fact for fact in side if bool(_ADDRESS.match(fact)) is address] for side in (mine, others))
        found += zip(lefts, rights, strict=False)
    return found


def _short(text: str) -> str:
    return text if len(text) <= 90 else text[:89].rstrip() + "…"


def _by_unit(found: Iterable[Statement]) -> dict[str, dict[str, str]]:
    units: dict[str, dict[str, str]] = {}
    for statement in found:
        for fact, shown in statement.facts.items():
            _, _, unit = fact.rpartition(" ")
            if unit in _UNITS or unit in ("usd", "eur", "gbp", "jpy", "inr", "percent"):
                units.setdefault(unit, {})[fact] = shown
    return units
