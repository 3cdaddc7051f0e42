"""Masks personal data: checksummed patterns, and the same token for the same value within a conversation."""

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = ["Masked", "Span", "Vault", "mask"]

_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+", re.UNICODE)
_CARD = re.compile(r"(?<![\w.])\d(?:[ -]?\d){12,18}(?![\w])")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{2,4}){3,8}\b")
_IP = re.compile(r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})(?![\w:]|\.\d)")
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

    def token(self, type: str, value: str) -> str:
        """The token for a value of this type; the same value, however spaced, gets the same token."""
        key = (type, re.sub(r"[\s-]", "", value).lower())
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
    pieces: list[str] = []
    spans: list[Span] = []
    at = 0
    # The longest match of those that overlap wins: a card number is not also a phone number.
    for span in sorted(_find(text, region), key=lambda s: (s.start, -s.end)):
        if span.start < at:
            continue
        pieces += [text[at : span.start], vault.token(span.type, text[span.start : span.end])]
        spans.append(span)
        at = span.end
    return Masked("".join([*pieces, text[at:]]), tuple(spans))


def _find(text: str, region: str) -> Iterator[Span]:
    for type, pattern, valid in (
        ("EMAIL", _EMAIL, lambda value: True),
        ("CARD", _CARD, _luhn),
        ("IBAN", _IBAN, _iban),
        ("IP", _IP, _ip),
        ("SSN", _SSN, lambda value: True),
    ):
        for match in pattern.finditer(text):
            if valid(match.group()):
                yield Span(type, match.start(), match.end())
    if sum(char.isdigit() for char in text) >= 7:
        import phonenumbers

        for found in phonenumbers.PhoneNumberMatcher(text, region):
            yield Span("PHONE", found.start, found.end)


def _luhn(value: str) -> bool:
    digits = [int(char) for char in reversed(value) if char.isdigit()]
    return sum(digits[::2]) % 10 == -sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2]) % 10


def _iban(value: str) -> bool:
    compact = value.replace(" ", "")
    return 15 <= len(compact) <= 34 and int("".join(str(int(char, 36)) for char in compact[4:] + compact[:4])) % 97 == 1


def _ip(value: str) -> bool:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return value.count(":") != 2 or "::" in value
