"""Amounts of money: a number with the sign, the code or the word of a currency, or a bare number."""

import re
from collections.abc import Set as AbstractSet
from decimal import ROUND_HALF_UP, Decimal

from kit.playbooks.reading.found import Found, free, matches
from kit.playbooks.reading.numbers import DIGITS, WORDS, find_numbers, from_digits, from_words, plain_number

__all__ = ["find_money"]

_Codes = AbstractSet[str]

_DOLLARS: _Codes = frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD"})
_KRONER: _Codes = frozenset({"SEK", "NOK", "DKK"})
# Signs and words of a currency, and the ISO 4217 codes that each may stand for.
_SIGNS: dict[str, _Codes] = {
    "us$": {"USD"}, "a$": {"AUD"}, "au$": {"AUD"}, "c$": {"CAD"}, "ca$": {"CAD"}, "nz$": {"NZD"}, "s$": {"SGD"},
    "hk$": {"HKD"}, "$": _DOLLARS, "€": {"EUR"}, "£": {"GBP"}, "¥": {"JPY", "CNY"}, "₹": {"INR"}, "zł": {"PLN"},
}  # fmt: skip
_WORDS: dict[str, _Codes] = {
    "dollar": _DOLLARS, "dollars": _DOLLARS, "buck": _DOLLARS, "bucks": _DOLLARS, "euro": {"EUR"}, "euros": {"EUR"},
    "pound": {"GBP"}, "pounds": {"GBP"}, "quid": {"GBP"}, "sterling": {"GBP"}, "franc": {"CHF"}, "francs": {"CHF"},
    "yen": {"JPY"}, "yuan": {"CNY"}, "rupee": {"INR"}, "rupees": {"INR"}, "kr": _KRONER, "kronor": {"SEK"},
    "kroner": {"NOK", "DKK"}, "zloty": {"PLN"}, "peso": {"MXN"}, "pesos": {"MXN"}, "real": {"BRL"}, "reais": {"BRL"},
    "rand": {"ZAR"}, "won": {"KRW"},
}  # fmt: skip
# _Codes that are no English words: a message in capitals may hold "TRY 20" or "ALL 30".
_CODES = "USD|EUR|GBP|CAD|AUD|NZD|CHF|JPY|CNY|INR|SEK|NOK|DKK|PLN|CZK|HUF|SGD|HKD|MXN|BRL|ZAR|KRW|ILS|AED|THB"
_CENTS: dict[str, _Codes] = {
    "cent": _DOLLARS | {"EUR"},
    "cents": _DOLLARS | {"EUR"},
    "¢": _DOLLARS,
    "pence": {"GBP"},
    "penny": {"GBP"},
}
# Where the decimal sign is a comma.
_COMMA = {
    "EUR": "de_DE",
    "PLN": "de_DE",
    "SEK": "de_DE",
    "NOK": "de_DE",
    "DKK": "de_DE",
    "CZK": "de_DE",
    "BRL": "de_DE",
}

_SIGN = "|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True))
_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
_NUMBER = rf"(?:{DIGITS}|{WORDS})"
_CENT = rf"(?P<cents>{_NUMBER})\s*(?P<cent>cents?\b|¢|pence\b|penny\b)"
_AMOUNT = re.compile(
    rf"(?<![\w.,-])(?P<minus>-)?(?:(?P<before>{_SIGN}|\b(?:{_CODES})(?=[\s\d]))\s*-?(?P<first>{DIGITS})"
    rf"(?:\s*(?P<again>(?:{_CODES}|{_WORD})\b))?"
    rf"|(?P<second>{_NUMBER})(?:\s*(?P<sign>{_SIGN})|[\s-]*(?:us\s+|american\s+|canadian\s+|australian\s+)?"
    rf"(?P<after>(?:{_WORD}|{_CODES})\b)))"
    rf"(?:\s*(?:and|,)?\s*{_CENT})?(?![\d]|[.,]\d)",
    re.IGNORECASE,
)
_NAMED = re.compile(rf"{_SIGN}|¢|\b(?:{_WORD}|{_CODES}|cents?|pence|penny)\b", re.IGNORECASE)
_CENT_WORD = re.compile(r"cent|¢|pen", re.IGNORECASE)
_CENTS_ALONE = re.compile(rf"(?<![\w.,$€£-]){_CENT}", re.IGNORECASE)


def find_money(message: str, currency: str) -> list[Found]:
    """The amounts, rounded to two digits; None for one in another currency than the field's, or that is not certain.

    Bare numbers count only where no amount is named as one: of "2 sensors for $40" the amount is 40.
    """
    founds: list[Found] = []
    if not _NAMED.search(message):
        return _bare(message, currency)
    for match in matches(_AMOUNT, message):
        named = _currencies(match)
        fits = not currency or currency in named
        value = _amount(match.group("first") or match.group("second"), named if not currency else {currency})
        if value is not None and match.group("cents"):
            cents = _amount(match.group("cents"), set())
            value = value + cents / 100 if cents is not None and cents < 100 else None
        if value is not None and match.group("minus"):
            value = -value
        founds.append(Found(match.start(), match.end(), _rounded(value) if fits else None, plain=True))
    for match in matches(_CENTS_ALONE, message) if _CENT_WORD.search(message) else ():
        if free(match, founds):
            cents = _amount(match.group("cents"), set())
            fits = not currency or currency in _CENTS[match.group("cent").lower()]
            value = cents / 100 if cents is not None and fits else None
            founds.append(Found(match.start(), match.end(), _rounded(value), plain=True))
    return founds or _bare(message, currency)


def _bare(message: str, currency: str) -> list[Found]:
    if currency not in _COMMA:
        return [Found(one.start, one.end, _rounded_number(one.value)) for one in find_numbers(message)]
    founds = []
    for one in find_numbers(message):
        text = message[one.start : one.end]
        value = _amount(text, {currency}) if text[:1].isdigit() else None
        founds.append(Found(one.start, one.end, _rounded_number(one.value) if value is None else _rounded(value)))
    return founds


def _currencies(match: re.Match[str]) -> _Codes:
    """The codes that what was written may stand for; of "$75 CAD" only what fits both."""
    named: _Codes | None = None
    for part in ("before", "sign", "again", "after"):
        if text := match.group(part):
            may_be = _SIGNS.get(text.lower()) or _WORDS.get(text.lower()) or {text.upper()}
            named = may_be if named is None else named & may_be
    return named or frozenset()


def _amount(text: str, currencies: _Codes) -> Decimal | None:
    """The number, by the customs of the currency; None where two customs give two amounts."""
    if not text[:1].isdigit():
        return from_words(text)
    customs = {_COMMA.get(code, "en_US") for code in currencies} | {"en_US"}
    # No amount has three digits behind its decimal sign, so that `1.234` is twelve hundred euros.
    read = {from_digits(text, locale=locale) for locale in customs}
    if len(customs) > 1:
        read = {value for value in read if value is None or -int(value.as_tuple().exponent) < 3}
    read.discard(None)
    return read.pop() if len(read) == 1 else None


def _rounded(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return plain_number(value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)) if abs(value) < 10**15 else None


def _rounded_number(value: object) -> int | float | None:
    return _rounded(Decimal(str(value))) if isinstance(value, int | float) else None
