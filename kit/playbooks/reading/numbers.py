"""Numbers, in digits and in words."""

import math
import re
from decimal import Decimal

from kit.playbooks.reading.found import Found, matches

__all__ = ["DIGITS", "WORDS", "find_numbers", "from_digits", "from_words", "plain_number"]

# A part of a word, of an order number, of a date or of a time of day is no number.
DIGITS = r"\d+(?:[.,]\d+)*(?:\s?k\b)?"
_SMALL = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    "|(?:twen|thir|for|fif|six|seven|eigh|nine)ty"
)
_LARGE = "hundred|thousand|million"
# Nobody writes a number of more words; without going back, so that a long row of them takes no time.
WORDS = (
    rf"(?:(?:a\s+)?half\s+a\s+dozen|(?:a|{_SMALL})\s+dozen|(?:an?\s+(?:{_LARGE})|{_SMALL})\b"
    rf"(?:[\s-]{{1,3}}(?:and\s+)?(?:{_SMALL}|{_LARGE}|point)\b){{0,12}}+)"
)
_DIGITS = re.compile(rf"(?<![\w.,/:<-])-?{DIGITS}(?![\w]|[.,/:-]\d|-\w)(?P<half>\s+and\s+a\s+half\b)?", re.IGNORECASE)
_WORDS = re.compile(
    rf"(?<![\w'’-])(?P<minus>(?:minus|negative)\s+)?(?P<words>{WORDS})(?![\w'’]|-\w)(?P<half>\s+and\s+a\s+half\b)?",
    re.IGNORECASE,
)
# "The second one", "no one", "one day" count nothing; "just the one" does.
_COUNTED = re.compile(
    r"(?:^|[^\w\s]|\b(?:just|only|about|is|are|was|have|had|has|got|want|need|ordered|bought|of|for|with|than|it['’]s"
    r"|i['’]d say))\s*(?:the\s+)?$",
    re.IGNORECASE,
)
# Numbers that belong to something else.
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
_OTHERS = re.compile(
    r"\b\d{4}-\d{1,2}-\d{1,2}(?:T[\d:]+)?|\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b"
    rf"|\b{_MONTH}\.?\s+\d{{1,2}}(?:,?\s+(?:19|20)\d\d)?\b(?![.,]\d)"
    rf"|\b\d{{1,2}}\s+(?:of\s+)?{_MONTH}\b(?:,?\s+(?:19|20)\d\d)?\b"
    r"|\+\d[\d\s().-]{7,16}\d|\(?\b\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}\b",
    re.IGNORECASE,
)


def find_numbers(message: str) -> list[Found]:
    """The numbers of a message; None for what may be one but means different things in different countries."""
    text = _OTHERS.sub(lambda match: "_" * len(match.group()), message)
    founds = []
    for match in matches(_DIGITS, text):
        half = match.group("half") or ""
        value = from_digits(match.group().removesuffix(half))
        founds.append(Found(match.start(), match.end(), plain_number(value, half)))
    ones = []
    for match in matches(_WORDS, text):
        value = from_words(match.group("words"))
        if match.group("minus") and value is not None:
            value = -value
        found = Found(match.start(), match.end(), plain_number(value, match.group("half") or ""))
        if match.group("words").lower() != "one":
            founds.append(found)
        elif _COUNTED.search(message[max(0, match.start() - 30) : match.start()]):
            ones.append(found)
    # Next to another number "one" is a mere word: "I have one question: is it for 3 rooms?"
    return founds or ones


def from_digits(text: str, *, locale: str = "en_US") -> Decimal | None:
    """The number that the digits make in a country; None if its people would not write it so.

    Strict: `1,23` has no meaning in the United States, and `1.234.567` none either.
    """
    from babel.numbers import NumberFormatError, parse_decimal

    thousands = text.lower().endswith("k")
    negative = text.startswith("-")
    bare = text.strip().removeprefix("-").rstrip("kK").strip()
    if not bare.isascii() or len(bare) > 24:
        return None
    try:
        value = parse_decimal(bare, locale=locale, strict=True)
    except NumberFormatError:
        return None
    return (-value if negative else value) * (1000 if thousands else 1)


def from_words(text: str) -> Decimal | None:
    """The number that the words make: "two hundred and ten"; None for two numbers in a row: "forty-nine ninety"."""
    from text_to_num import alpha2digit

    said = " ".join(text.lower().split())
    if said.endswith("dozen"):
        count = said.removesuffix("dozen").strip()
        if count in ("half a", "a half a"):
            return Decimal(6)
        many = Decimal(1) if count == "a" else from_words(count)
        return None if many is None else many * 12
    said = re.sub(r"^an? ", "one ", said)
    digits = alpha2digit(said, "en", threshold=0)
    return Decimal(digits) if re.fullmatch(r"\d{1,15}(?:\.\d+)?", digits) else None


def plain_number(value: Decimal | None, half: str = "") -> int | float | None:
    """As JSON has it: whole numbers without a decimal point."""
    if value is None:
        return None
    number = float(value) + (0.5 if half else 0)
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() else number
