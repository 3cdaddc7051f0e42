"""Masks personal data: checksummed patterns, and the same token for the same value within a conversation."""

import ipaddress
import re
from bisect import bisect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Lock

from kit.text import EMAIL

__all__ = ["Masked", "Span", "Vault", "mask"]

_EMAIL = re.compile(EMAIL)
# Groups of digits, or of letters and digits. A card's expiry date or the next word may follow after a mere space, so
# every run of whole groups is tried.
_CARD = re.compile(r"(?<![\w.])\d+(?:[ .-]\d+)*(?!\w)")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}[A-Z0-9]*(?: [A-Z0-9]+)*\b", re.IGNORECASE)
_IBAN_FORM = re.compile(
    r"[A-Z]{2}[0-9]{2}(?:[A-Z0-9]{11,30}|(?: [A-Z0-9]{4}){2,7} [A-Z0-9]{1,4})", re.IGNORECASE | re.ASCII
)
_GROUP = re.compile(r"[A-Z0-9]+", re.IGNORECASE)
_IP = re.compile(
    r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d)"
    r"|(?<![\w.:])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){1,6}:[0-9A-Fa-f]{1,4}(?!\w|\.\d|:[0-9A-Fa-f:])"
)
_SSN = re.compile(r"(?<![\w-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])")


@dataclass(frozen=True)
class Span:
    """Where personal data stood in the original text (characters, end exclusive)."""

    type: str
    start: int
    end: int


@dataclass(frozen=True)
class Masked:
    """A text with tokens such as `<EMAIL_1>` in place of personal data."""

    text: str
    spans: tuple[Span, ...]


@dataclass
class Vault:
    """Remembers, for one conversation and in memory only, which value stands behind which token."""

    tokens: dict[tuple[str, str], str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock, repr=False, compare=False)

    def token(self, type: str, value: str) -> str:
        """The token for a value of this type; the same value, however spaced, gets the same token."""
        # In an e-mail or IP address every sign counts.
        plain = value if type in ("EMAIL", "IP") else re.sub(r"[\s().-]", "", value)
        key = (type, plain.lower())
        with self._lock:
            number = 1 + sum(known == type for known, _ in self.tokens)
            token = self.tokens.setdefault(key, f"<{type}_{number}>")
            self.values.setdefault(token, value)
        return token

    def restore(self, text: str) -> str:
        """The text with the values back in place of their tokens: only for the customer whose values they are."""
        for token, value in self.values.items():
            text = text.replace(token, value)
        return text


def mask(text: str, *, vault: Vault | None = None, region: str = "US") -> Masked:
    """Mask e-mail addresses, card numbers (Luhn), IBANs (ISO 7064 checksum), IP addresses, US SSNs and phone numbers.

    Args:
        text: any text.
        vault: the conversation's memory of values, so that one value keeps one token.
        region: where phone numbers without a country code belong (ISO 3166 code).
    """
    vault = vault if vault is not None else Vault()
    # Of matches that overlap, what has a checksum or a fixed form wins over what may be a phone number, then the first
    # and the longest.
    spans: list[Span] = []
    for span in sorted(_find(text, region), key=lambda s: (s.type == "PHONE", s.start, -s.end)):
        place = bisect(spans, span.start, key=lambda s: s.start)
        clear_before = place == 0 or spans[place - 1].end <= span.start
        if clear_before and (place == len(spans) or span.end <= spans[place].start):
            spans.insert(place, span)
    pieces: list[str] = []
    at = 0
    for span in spans:
        pieces += [text[at : span.start], vault.token(span.type, text[span.start : span.end])]
        at = span.end
    return Masked("".join([*pieces, text[at:]]), tuple(spans))


def _find(text: str, region: str) -> Iterator[Span]:
    for type, pattern, valid in (
        ("EMAIL", _EMAIL, lambda value: True),
        ("IP", _IP, _ip),
        ("SSN", _SSN, lambda value: True),
    ):
        for match in pattern.finditer(text):
            if valid(match.group()):
                yield Span(type, match.start(), match.end())
    yield from _grouped("CARD", _CARD, _luhn, range(13, 20), text)
    yield from _grouped("IBAN", _IBAN, _iban, range(15, 35), text)
    if sum(char.isdigit() for char in text) >= 7:
        import phonenumbers

        for found in phonenumbers.PhoneNumberMatcher(text, region):
            yield Span("PHONE", found.start, found.end)


def _grouped(
    type: str, pattern: re.Pattern[str], valid: Callable[[str], bool], lengths: range, text: str
) -> Iterator[Span]:
    """The runs of whole groups, the longest first, that have one of the lengths and the right checksum."""
    for match in pattern.finditer(text):
        groups = [found.span() for found in _GROUP.finditer(text, *match.span())]
        first = 0
        while first < len(groups):
            taken, length = 0, 0
            for last in range(first, len(groups)):
                length += groups[last][1] - groups[last][0]
                if length >= lengths.stop:
                    break
                if length in lengths and valid(text[groups[first][0] : groups[last][1]]):
                    taken = last + 1
            if taken:
                yield Span(type, groups[first][0], groups[taken - 1][1])
            first = taken or first + 1


def _luhn(value: str) -> bool:
    if any(len(group) < 3 for group in _GROUP.findall(value)):
        return False  # a list of small numbers
    digits = [int(char) for char in reversed(value) if char.isdigit()]
    return sum(digits[::2]) % 10 == -sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2]) % 10


def _iban(value: str) -> bool:
    if not _IBAN_FORM.fullmatch(value):
        return False
    compact = value.replace(" ", "")
    return int("".join(str(int(char, 36)) for char in compact[4:] + compact[:4])) % 97 == 1


def _ip(value: str) -> bool:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    # A lone `::` is punctuation.
    return any(char.isdigit() for char in value)
