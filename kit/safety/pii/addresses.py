"""Postal addresses, as far as a pattern can see them: a number beside a word that names a kind of street."""

import re
from collections.abc import Iterator

from kit.safety.pii.spans import Span

__all__ = ["find_addresses"]

# Every repeat is bounded, and nothing starts within a word, so that the time goes with the text's length.
_WORD = r"[A-ZÀ-ÞŁŚŻŽŠČĐ0-9][\w'’.-]{0,30}"
_ENGLISH = (
    r"(?:street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|dr|court|ct|place|pl|square|sq|terrace|ter|way"
    r"|parkway|pkwy|highway|hwy|circle|cir|trail|trl|crescent|close|grove|gardens|mews|row|hill|crossroad|alley|plaza"
    r"|turnpike|loop|ridge|walk)"
)
_UNIT = r"(?:[,\s]+(?:apt|apartment|suite|ste|unit|flat|floor|fl|bldg|building|room|rm|#)\.?\s*#?\s*[\w-]{1,6})"
# What may follow a street: the unit, then the town with a code for it, on the same line or the next ones.
_STATE = r"[A-Z]{2}\s+\d{5}(?:-\d{4})?"
_UK = r"[A-Z]{1,2}\d[A-Z\d]?\s+\d[A-Z]{2}"
_TOWN = rf"(?:[,\s]+{_WORD}(?:[ -]{_WORD}){{0,3}},?\s+(?:{_STATE}|{_UK}|[A-Z]{{2}}\s+\d[A-Z]\d\s?\d[A-Z]\d))"
_CODE_TOWN = rf"(?:\s*,\s*(?:[A-Z]{{1,2}}-)?\d{{4,5}}\s+{_WORD}(?:[ -]{_WORD}){{0,2}})"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        # 1200 N Main St, Apt. 4, Burlington, VT 05401
        rf"(?<![\w’'.-])\d{{1,6}}(?:-\d{{1,4}}|[A-Za-z])?\s+(?:[NSEW]\.?\s+)?(?:{_WORD}\s+){{1,4}}(?i:{_ENGLISH})\b\.?"
        rf"(?i:{_UNIT}){{0,2}}(?:{_TOWN}|{_CODE_TOWN})?",
        # PO Box 12, PSC 0413, Box 8144, APO AA 42323
        r"\b(?i:p\.? ?o\.? ?box|psc \d+,? box|unit \d+ box|cmr \d+,? box|postfach|apartado|casella postale)\s+\d+"
        rf"(?:[,\s]+(?:[AFD]PO\s+A[AEP]\s+\d{{5}})|{_TOWN})?",
        # USNS Name, FPO AP 93757
        r"\b[AFD]PO\s+A[AEP]\s+\d{5}\b",
        # 12 rue de la Paix, 75002 Paris
        rf"(?<![\w’'.-])\d{{1,4}}(?:\s?(?:bis|ter|[a-d]))?,?\s+(?i:rue|avenue|boulevard|bd|place|chemin|impasse|all[ée]e|quai|route)"
        rf"\s+(?:(?:de|du|des|de la|d['’]|l['’])\s*)*{_WORD}(?:[ -]{_WORD}){{0,3}}{_CODE_TOWN}?",
        # Via Roma 12, Calle Mayor 5, Rua do Sol 14, ul. Długa 5, Avenida X, 12
        rf"\b(?i:via|viale|piazza|corso|vicolo|calle|c/|avda\.?|avenida|plaza|paseo|carrera|rua|travessa|pra[çc]a|largo"
        rf"|ul\.|ulica|aleja|al\.|strada|str\.|rruga|cesta|ulice)\s+(?:(?:de|del|della|dei|do|da|dos|das|la|el|las|los|san)\s+)*"
        rf"{_WORD}(?:\s+(?:(?:de|del|da|do|di)\s+)?{_WORD}){{0,3}},?\s+(?:n[.º°]?\s*)?\d{{1,5}}[A-Za-z]?\b{_CODE_TOWN}?",
        # Lindenstraße 12, Kiannonkatu 98, Skogstien 106, Søndergade 52, Keizersgracht 10
        r"(?<![\w’'.-])[A-ZÀ-Þ][\w’'-]{0,30}(?:stra(?:ß|ss)e|str\.|weg|gasse|platz|allee|ring|damm|ufer|straat|laan|gracht|plein|kade|dijk"
        r"|gatan|gata|v[äæ]gen|vegen|veien|vej|gade|all[eé]|stien|stigen|bakken|haugen|katu|tie|kuja|polku|utca|braut"
        r"|v[æa]nget|marken|krogen|hove)\s+\d{1,4}\s?[a-zA-Z]?\b"
        rf"(?i:{_UNIT})?{_CODE_TOWN}?",
        rf"(?<![\w’'.-])(?:{_WORD}\s+){{1,3}}(?i:stra(?:ß|ss)e|gasse|platz|allee|utca|u\.|[uú]t|t[eé]r|rkp\.|k[oö]z|ulica|sokak|caddesi)"
        r"\s+\d{1,4}\.?(?:\s?[a-zA-Z]\b)?",
    )
)


def find_addresses(text: str) -> Iterator[Span]:
    """Street addresses of English-speaking and some European countries, post boxes and military addresses."""
    if not any(char.isdigit() for char in text):
        return
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield Span("ADDRESS", match.start(), match.end())
