"""Masks personal data: what has a form or a check digit, and the same token for the same value in a conversation."""

import re
from collections.abc import Iterator

from kit.safety.pii.addresses import find_addresses
from kit.safety.pii.bank import find_cards, find_codes, find_ibans
from kit.safety.pii.names import find_names
from kit.safety.pii.national import find_ids, find_ssns
from kit.safety.pii.network import find_emails, find_ips
from kit.safety.pii.phones import find_phones
from kit.safety.pii.plain import plain
from kit.safety.pii.spans import Masked, Rules, Span, matches, without_overlaps
from kit.safety.pii.vault import Vault

__all__ = ["mask"]

# Of matches that overlap, what the company wrote down itself wins, then what has a check digit or a fixed form; then
# come phone numbers, addresses and names, which are more or less likely ones.
_WEAK = {"CARD": 1, "IBAN": 1, "EMAIL": 1, "IP": 1, "SSN": 1, "CVV": 1, "ID": 2, "PHONE": 3, "ADDRESS": 4, "NAME": 5}
_RULES = Rules()


def mask(text: str, *, vault: Vault | None = None, rules: Rules = _RULES) -> Masked:
    """Mask personal data.

    Always e-mail addresses, phone numbers, cards (Luhn), IBANs (ISO 7064), IP addresses, US SSNs, ids of some thirty
    countries (mostly checksummed) and street addresses; by `rules` the company's own numbers and people's names.

    Args:
        text: any text.
        vault: the conversation's memory of values, so that one value keeps one token.
        rules: what the workspace adds.

    Raises:
        KitError: names are to be masked, and the extra for it is not installed.
    """
    vault = vault if vault is not None else Vault()
    read = plain(text)
    found = without_overlaps(_find(read.text, rules), _WEAK)
    spans = tuple(Span(span.type, *read.original(span.start, span.end)) for span in found)
    pieces: list[str] = []
    at = 0
    for span in spans:
        pieces += [text[at : span.start], vault.token(span.type, text[span.start : span.end])]
        at = span.end
    return Masked("".join([*pieces, text[at:]]), spans)


def _find(text: str, rules: Rules) -> Iterator[Span]:
    for type, pattern in rules.patterns.items():
        yield from matches(type, re.compile(pattern), text)
    for find in (find_emails, find_ips, find_ssns, find_cards, find_codes, find_ibans, find_ids):
        yield from find(text)
    addresses = tuple(find_addresses(text))
    yield from addresses
    yield from find_phones(text, rules.region, addresses)
    if rules.names:
        yield from find_names(text)
