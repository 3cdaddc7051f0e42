"""Phone numbers of all countries: by what `phonenumbers` knows, by how they are written, by the words beside them."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from kit.safety.pii.spans import Span

__all__ = ["find_phones"]

# Where a number without country code may belong besides the workspace's own region, when it is grouped as there.
_REGIONS = "US GB DE FR ES IT NL BE CH AT SE NO DK FI PL PT IE CZ GR IN AU NZ ZA BR MX AR JP KR IL TR SG".split()

# Groups of figures, with what may stand between them in a phone number, and an extension.
_CANDIDATE = re.compile(
    r"(?<![\w$€£¥#@])(?<!\d[.,/:-])(?<![A-Za-z][-/.])(?:\+ ?|\()?\d[\d()]*(?:(?:[ ./]|-| - |\) ?| ?\()\(?\d[\d)]*)*"
    r"(?P<extension>(?: ?(?:x|ext\.?|extension|#) ?\d{1,6})?)(?![\w@])",
    re.IGNORECASE,
)
# What says that a number is one to call, before it or right after it. Of the words before it the nearest one counts.
_PHONE_WORDS = (
    r"(?:tele)?phones?|telephone|tel|t[eé]l[eé]phone|telefon\w*|t[eé]l|tel[eé]fono|telefone|telefoon|puh(?:elin)?|tlf"
    r"|mob(?:ile|il|iel)?|m[oó]vil|cell(?:ular|phone)?|celular|handy\w*|portable|landline|fax\w*"
    r"|(?:desk|office|direct|ring|dial|signal)(?=[\s:.=-]{0,4}\Z)|call(?:ed|ing|s)?(?: \w+){0,3}|text(?: \w+)?|sms"
    r"|whats ?app|viber|telegram|voicemail|hotline|reach(?:ed)?|contact(?: \w+)?|answering|messages|ruf\w*|appel\w*"
    r"|ll[aá]m\w*"
)
_OTHER_WORDS = (
    r"cards?|credit|iban|account|acct|ssn|social security|licen[cs]e|passport|order|invoice|ticket|case|reference|ref"
    r"|tracking|parcel|serial|sku|model|version|policy|zip|postcode|postal|box|vat|tax|id|pin|imei|no\.? of|isbn"
    r"|barcode|ean|upc|batch|lot|part|error|code|since|year|date|room|apt|suite|unit"
)
_BEFORE = re.compile(
    rf"(?P<phone>\b(?:{_PHONE_WORDS})\b|☎|📞|\bnumber'?s? (?:is|at|to)\b)|(?P<other>\b(?:{_OTHER_WORDS})\b)",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"[\s(,-]{0,3}(?:office|mobile|mob|cell|fax|home|work|desk|phone|tel|direct|main|landline|voice)\b", re.IGNORECASE
)
_REACH = 48
# How numbers are written in North America, and with a trunk prefix elsewhere.
_SHAPED = re.compile(
    r"(?:\+?1[ .-]?)?(?:\([2-9]\d\d\) ?|[2-9]\d\d[.-]|[2-9]\d\d )[2-9]\d\d[ .-]\d{4}"
    r"|(?:00|\+)[1-9]\d{0,2}[ ./()-]{1,3}(?=(?:\D*\d){6,12}$)[\d ./()-]+"
    r"|\(?0[1-9]\d{1,4}\)?[ /-](?=(?:\D*\d){6,9}$)\d{2,}(?:[ /-]\d{2,})*"
)
_DATE = re.compile(
    r"(?:19|20)\d\d([-./ ])\d{1,2}\1\d{1,2}(?: \d{1,2})?|\d{1,2}([-./ ])\d{1,2}\2(?:19|20)\d\d(?: \d{1,2})?"
    r"|(?:19|20)\d\d ?[-/–] ?(?:19|20)\d\d"
)
_MONEY = re.compile(r"\d{1,3}(?:[., ]\d{3})+[.,]\d\d|\d{1,3}(?: \d{3})+|\d+\.\d+")
_UNIT_AFTER = re.compile(r"[ -]?(?:[$€£¥%°]|(?:usd|eur|gbp|chf|dollars?|euros?|pounds?|kwh|kg|km|mb|gb|ms|hz)\b)", re.I)
# Asking thirty regions takes milliseconds; a text with more numbers than this is a list, and any of its numbers that
# may be one is taken for a phone number.
_MOST_ASKED = 60


def find_phones(text: str, region: str, addresses: Sequence[Span] = ()) -> Iterator[Span]:
    """Numbers with a country code, numbers valid in the region, and those that form or words give away elsewhere.

    What belongs to one of the `addresses` counts only with a word that says so: house numbers and postal codes side by
    side look like a number of some country.
    """
    if sum(char.isdigit() for char in text) < 7:
        return
    import phonenumbers

    for found in phonenumbers.PhoneNumberMatcher(text, region):
        if not _is_named_otherwise(text, found.start):
            yield Span("PHONE", found.start, found.end)
    asked = 0
    for match in _CANDIDATE.finditer(text):
        start, end = match.start(), match.end()
        while text[end - 1] in "(" or (text[end - 1] == ")" and "(" not in text[start:end]):
            end -= 1
        if text[start] == "(" and ")" not in text[start:end]:
            start += 1
        number = text[start : end - len(match["extension"])] if end == match.end() else text[start:end]
        digits = sum(char.isdigit() for char in number)
        if not 6 <= digits <= 15 or _DATE.fullmatch(number) or _UNIT_AFTER.match(text, end):
            continue
        asked += 1
        called = _is_called_a_phone(text, start, end)
        if called is None and any(place.start < end and start < place.end for place in addresses):
            called = False
        elif called is None:
            called = bool(_SHAPED.fullmatch(number)) or (asked > _MOST_ASKED or _is_valid_somewhere(number, digits))
        elif called and _MONEY.fullmatch(number) and digits < 7:
            called = False
        if called:
            yield Span("PHONE", start, end)


def _is_called_a_phone(text: str, start: int, end: int) -> bool | None:
    """What the words beside a number say of it; None where they say nothing."""
    if _AFTER.match(text, end):
        return True
    found = list(_BEFORE.finditer(text, max(0, start - _REACH), start))
    nearest = found[-1] if found else None
    if nearest is None:
        return None
    between = text[nearest.end() : start]
    # Another number in between is what the word belongs to, unless they are a list.
    if sum(char.isdigit() for char in between) > 3 or "\n\n" in between:
        return None
    return nearest["phone"] is not None


def _is_named_otherwise(text: str, start: int) -> bool:
    """Whether the word right before says that this is another kind of number ("order 415 555 0142")."""
    return _is_called_a_phone(text, start, start) is False


@lru_cache(1024)
def _is_valid_somewhere(number: str, digits: int) -> bool:
    """Whether a grouped number is one that some region assigns, written as it is written there."""
    import phonenumbers

    # Eight figures in two groups are a number in Singapore, and much else anywhere.
    if not 9 <= digits <= 13 or number.isdecimal() or _MONEY.fullmatch(number):
        return False
    strict = phonenumbers.Leniency.STRICT_GROUPING
    return any(phonenumbers.PhoneNumberMatcher(number, region, strict).has_next() for region in _REGIONS)
