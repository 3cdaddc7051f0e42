"""A text as the check reads it: without markup, with plain signs, short forms written out, numbers in digits."""

import re

__all__ = ["plain"]

_MARKUP = re.compile(r"!?\[([^\]\[]{0,500})\]\([^)]{0,500}\)|[*`]+")
_SIGNS = str.maketrans({"’": "'", "‘": "'", "−": "-", "–": "-", "—": "-", "\u00a0": " ", "\u202f": " "})
_NOT = re.compile(r"\b(ca|wo|sha)n't\b|n't\b", re.IGNORECASE)
_FULL = {"ca": "can not", "wo": "will not", "sha": "shall not"}
# "One" is seldom a figure, unless it counts a unit or is a part of a longer number.
_ONE = re.compile(
    r"(?<!-)\bone\b(?!-|\s+(?:second|minute|hour|day|week|month|year|hundred|thousand|million|degree|inch|foot|metre|meter|mile)s?\b)",
    re.I,
)
_GRATIS = re.compile(
    r"\b(?:at|for|without|with)\s+(?:no|any)?\s*(?:extra |additional |further )?(?:cost|charge)s?\b(?! of)"
    r"|\bcosts?\s+(?:you\s+|him\s+|them\s+)?nothing\b|\bfree of charge\b|\bfor nothing\b",
    re.IGNORECASE,
)
_HYPHENED = re.compile(
    r"(?<=[a-z])-(?=(?:second|minute|hour|day|week|month|year|digit|mile|page|person|pack|volt|degree|stage|inch|foot|metre|meter)s?\b)",
    re.I,
)
_A_UNIT = re.compile(
    r"\b(within|after|in|for|than|least|about|another) an? (second(?=\W*$|[.,;])|minute|hour|day|week|month|year)\b",
    re.IGNORECASE,
)
_AT_ONCE = re.compile(r"\bat once\b|\b(?:right|straight) away\b", re.IGNORECASE)
# "Business two bags": a number that is written out is no part of a name.
_NO_NAME = re.compile(
    r"(?<=\w)\s+(?=(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fif|twenty|thirty|forty|fifty)\w*\b)",
    re.I,
)
# Two words that say what one does, and short forms that say nothing.
_PHRASES = (
    (
        re.compile(
            r"\b(?:go|goes|carry|carries|keep|keeps|run|runs) on\b"
            r"(?=\W|$| \w+ing\b| (?:as|until|after|for|even|when|while|if)\b)",
            re.IGNORECASE,
        ),
        "continues",
    ),
    (re.compile(r"\bruns? out\b(?! of)", re.IGNORECASE), "expires"),
    (re.compile(r"\b(is|are) over\b(?! \d)", re.IGNORECASE), r"\1 ended"),
    (re.compile(r"\btakes? a break\b", re.IGNORECASE), "pauses"),
    (re.compile(r"\b(you|we|they|I|it|he|she)'(?:ll|d|re|ve)\b", re.IGNORECASE), r"\1"),
)
_PARTS = (
    (re.compile(r"\bthree[ -]quarters of an hour\b", re.I), "45 minutes"),
    (re.compile(r"\b(?:a )?quarter of an hour\b", re.I), "15 minutes"),
    (re.compile(r"\b(?:an )?hour and a half\b|\bone and a half hours\b", re.I), "90 minutes"),
    (re.compile(r"\bhalf[ -](?:an )?hour\b|\bhalf of an hour\b", re.I), "30 minutes"),
    (re.compile(r"\bhalf a minute\b", re.I), "30 seconds"),
    (re.compile(r"\bhalf a year\b", re.I), "6 months"),
    (re.compile(r"\bhalf a degree\b", re.I), "0.5 degrees"),
    (re.compile(r"\b(?:a |one )?fortnight\b", re.I), "2 weeks"),
)
_ANEW = re.compile(r"\bstart(s|ed|ing)? ((?:\w+ ){0,2}?)(?:anew|again|over|afresh)\b", re.IGNORECASE)
# "We do not ship anywhere but the US": two negations that say "only".
_NOT_BUT = re.compile(
    r"\b(?:do(?:es)? |did )?not (\w+(?: \w+){0,3}?) (?:anywhere|anyone|anybody|anything)(?: else)?"
    r" (?:but|except|than|other than)\b",
    re.IGNORECASE,
)
_KEPT_FROM = re.compile(
    r"\b(?:(?:do(?:es)?|did|will|can) )?not (?:keep|stop|prevent|hinder) ([^,;.]{3,60}?) from (?=\w+ing\b)",
    re.IGNORECASE,
)
_NO_PART = re.compile(r"\bplays? no (?:part|role) in\b", re.IGNORECASE)
_INCHES = re.compile(r"(?<=[×x/] \d|[×x/]\d\d|.[×x/]\d) in\b(?! (?:the|a|an|your|our)\b)", re.IGNORECASE)
_AGED = re.compile(r"(?<=\d) years (?:old|of age)\b", re.IGNORECASE)
_TWICE = re.compile(r"\btwice\b", re.IGNORECASE)
_NO_LONGER = re.compile(r"\bno longer\b(?! than)|\bnot(?= [\w\s]{0,30}\bany ?(?:more|longer)\b)", re.IGNORECASE)
_SECOND = re.compile(r"(?<=\d)([\s-])second\b", re.IGNORECASE)


def plain(text: str) -> str:
    """The text without markup, with plain signs, short forms written out, and numbers in digits."""
    from text_to_num import alpha2digit

    text = _MARKUP.sub(lambda match: match[1] or "", text).translate(_SIGNS)
    text = _NOT.sub(lambda match: _FULL.get((match[1] or "").lower(), " not"), text).replace("cannot", "can not")
    text = _HYPHENED.sub(" ", text)
    text = _GRATIS.sub("free", text)
    text = _NO_LONGER.sub("not", text)
    text = _A_UNIT.sub(r"\1 1 \2", text)
    text = _AT_ONCE.sub("immediately", text)
    text = _INCHES.sub(" inches", text)
    text = _AGED.sub("", text)
    text = _NO_PART.sub("do not count in", _KEPT_FROM.sub(r"\1 ", text))
    text = _NOT_BUT.sub(r"\1 only", text)
    text = _ANEW.sub(r"restart\1 \2", text)
    for pattern, word in _PHRASES:
        text = pattern.sub(word, text)
    for pattern, figure in _PARTS:
        text = pattern.sub(figure, text)
    text = _TWICE.sub("2 times", text)
    text = re.sub(r"\b(half a|an?)\s+dozen\b", lambda match: "6" if match[1][0] in "hH" else "12", text, flags=re.I)
    text = _SECOND.sub(r"\1seconds", text)
    if not re.search("[a-z]", text, re.IGNORECASE):
        return text
    text = _NO_NAME.sub(" \u200b", text)
    # A joiner within "one" keeps it a word.
    marked = _ONE.sub(lambda one: f"{one[0][0]}\u200c{one[0][1:]}", text)
    return str(alpha2digit(marked, "en", threshold=0)).replace("\u200c", "")
