"""Card numbers and IBANs, by their checksums."""

import re
from collections.abc import Callable, Iterator

from kit.safety.pii.spans import Span, near

__all__ = ["find_cards", "find_codes", "find_ibans"]

# Groups of digits, or of letters and digits. A card's expiry date or the next word may follow after a mere space, so
# every run of whole groups is tried.
_CARD = re.compile(r"(?<![\w.])\d+(?:[ .-]\d+)*(?!\w)")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}[A-Z0-9]*(?:[ -][A-Z0-9]+)*\b", re.IGNORECASE)
_IBAN_FORM = re.compile(
    r"[A-Z]{2}[0-9]{2}(?:[A-Z0-9]{11,30}|(?:[ -][A-Z0-9]{4}){2,7}(?:[ -][A-Z0-9]{1,4})?)", re.IGNORECASE | re.ASCII
)
_GROUP = re.compile(r"[A-Z0-9]+", re.IGNORECASE)
# How the issuers' numbers begin, and how long they are (ISO/IEC 7812; each issuer's published ranges).
_ISSUERS = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})"  # Visa
    r"|(?:5[1-5]|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12,14}"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|(?:6011|64[4-9]|65)\d{10,15}|62\d{14,17}|8[12]\d{14}"  # Discover, UnionPay, RuPay
    r"|3(?:0[0-5]|095|6|[89])\d{11,16}"  # Diners
    r"|(?:1800|2131)\d{11}|35(?:2[89]|[3-8]\d)\d{12,15}"  # JCB
    r"|(?:5[0678]|6)\d{10,17}|220[0-4]\d{12,15}|9792\d{12}"  # Maestro, Mir, Troy
)
_CARD_WORDS = re.compile(
    r"\b(?:(?:credit|debit|bank)?cards?|cc|visa|master ?card|amex|american express|maestro|discover|diners|jcb"
    r"|pan|(?:kredit|bank|giro)?karten?|carte|tarjeta|cart[aã]o|carta|kaart|kort)\b",
    re.IGNORECASE,
)
_CODE = re.compile(r"\b(?:cvv2?|cvc2?|csc)\b\W{0,3}(?:(?:code|number|is|no)\W{1,3}){0,2}(\d{3,4})(?!\w)", re.IGNORECASE)


def find_cards(text: str) -> Iterator[Span]:
    """Numbers that pass Luhn's check and begin as an issuer's do, or that the text calls a card's."""

    def valid(value: str, start: int) -> bool:
        digits = re.sub(r"\D", "", value)
        return _luhn(digits) and bool(_ISSUERS.fullmatch(digits) or near(_CARD_WORDS, text, start))

    # Groups of one or two figures are a list of small numbers.
    return _grouped("CARD", _CARD, valid, range(12, 20), text, least=3)


def find_codes(text: str) -> Iterator[Span]:
    """The three or four digits that the text calls a card's verification code."""
    for match in _CODE.finditer(text):
        yield Span("CVV", *match.span(1))


def find_ibans(text: str) -> Iterator[Span]:
    """Account numbers with the right check digits (ISO 13616, ISO 7064 mod 97-10)."""
    return _grouped("IBAN", _IBAN, lambda value, _: _iban(value), range(15, 35), text)


def _grouped(
    type: str, pattern: re.Pattern[str], valid: Callable[[str, int], bool], lengths: range, text: str, *, least: int = 1
) -> Iterator[Span]:
    """The longest runs of whole groups, each of `least` signs or more, with one of the lengths and a right checksum."""
    for match in pattern.finditer(text):
        groups = [found.span() for found in _GROUP.finditer(text, *match.span())]
        first = 0
        while first < len(groups):
            taken, length = 0, 0
            for last in range(first, len(groups)):
                length += groups[last][1] - groups[last][0]
                if length >= lengths.stop or groups[last][1] - groups[last][0] < least:
                    break
                if length in lengths and valid(text[groups[first][0] : groups[last][1]], groups[first][0]):
                    taken = last + 1
            if taken:
                yield Span(type, groups[first][0], groups[taken - 1][1])
            first = taken or first + 1


def _luhn(digits: str) -> bool:
    if len(set(digits)) == 1:
        return False  # 0000 0000 0000 0000 passes the check
    figures = [int(char) for char in reversed(digits)]
    return sum(figures[::2]) % 10 == -sum(sum(divmod(2 * figure, 10)) for figure in figures[1::2]) % 10


def _iban(value: str) -> bool:
    if not _IBAN_FORM.fullmatch(value):
        return False
    compact = re.sub(r"[ -]", "", value)
    return int("".join(str(int(char, 36)) for char in compact[4:] + compact[:4])) % 97 == 1
