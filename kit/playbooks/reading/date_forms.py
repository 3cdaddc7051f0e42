"""The forms in which customers write dates; what stands in them is for `kit.playbooks.reading.dates` to resolve."""

import re

from kit.playbooks.reading.numbers import WORDS

__all__ = [
    "BOUND", "BOUND_AFTER", "COUNTED", "DAY_MONTH", "DAY_WORDS", "HINTS", "ISO", "MAY_VERB", "MONTH_DAY", "NAMED_DAY",
    "NOT_A_DAY", "NUMERIC", "OF_MONTH", "RELATIVE", "WEEKDAYS",
]  # fmt: skip

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = rf"(?P<weekday>{'|'.join(WEEKDAYS)}|(?:mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)\b\.?)"
_ORDINAL = (
    "(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
    "|(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth|thirtieth|thirty[ -]first"
    "|twenty[ -](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth))"
)
_YEAR = (
    r"(?:,?\s+(?:of\s+)?(?P<year>(?:19|20)\d\d|['’]\d\d)(?![\w/:-]|[.,]\d)"
    r"|,?\s+(?:of\s+)?(?P<which>last|this|next)\s+year\b)?"
)
# Not within an order number, a price, a phone number or a longer number.
_OPEN = r"(?<![\w$€£.,/:+-])"
_CLOSE = r"(?![\w/:]|[.,-]\d|-\w)"

ISO = re.compile(
    rf"{_OPEN}(?P<year>\d{{4}})(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})"
    rf"(?:(?:T|\s)[\d:.]+Z?\b)?{_CLOSE}"
)
NUMERIC = re.compile(
    rf"{_OPEN}(?P<one>\d{{1,2}})(?P<mark>[/.-])(?P<two>\d{{1,2}})(?:(?P=mark)(?P<year>\d{{4}}|\d{{2}}))?{_CLOSE}"
)
DAY_MONTH = re.compile(
    rf"(?:\b{_WEEKDAY},?\s+)?(?:\bthe\s+)?{_OPEN}(?P<day>\d{{1,2}}(?:st|nd|rd|th)?|{_ORDINAL})(?:\s+of)?[\s-]+{_MONTH}"
    rf"(?:-(?P<short>\d{{4}}|\d\d)\b|{_YEAR})",
    re.IGNORECASE,
)
MONTH_DAY = re.compile(
    rf"(?:\b{_WEEKDAY},?\s+)?\b{_MONTH}[\s,-]*(?:\bthe\s+)?(?P<day>\d{{1,2}}(?:st|nd|rd|th)?|\b{_ORDINAL})"
    rf"(?![\w:]|[.,/]\d|\s*%){_YEAR}",
    re.IGNORECASE,
)
# "I may 3 times have called."
MAY_VERB = re.compile(r"\b(?:i|you|we|they|he|she|it|this|that|there|who|which)\s+$", re.IGNORECASE)
# "The 3rd time" and "the second one" are no dates: an ordinal ends its clause, or a word follows that names nothing.
_GOES_ON = (
    "at|around|about|in the|i|it|we|they|was|is|and|or|but|maybe|probably|please|if|when|by|because|so|thanks|not"
    "|morning|afternoon|evening|works?|would|should|can|from|then|as|instead"
)
OF_MONTH = re.compile(
    rf"(?:\b{_WEEKDAY},?\s+)?(?:\bthe\s+|{_OPEN})(?P<day>\d{{1,2}}(?:st|nd|rd|th)|(?<=the\s){_ORDINAL})\b"
    r"(?:\s+(?:of\s+)?(?P<of>last|this|next)\s+month\b|(?=\s*(?:$|[.,;:!?)–—\n]|-\s))"
    rf"|(?<=\d(?:st|nd|rd|th))(?=\s+(?:{_GOES_ON})\b))",
    re.IGNORECASE,
)
# Words for a day, and how many days it is from today.
DAY_WORDS = {
    "yesterday": -1, "last night": -1, "last evening": -1, "today": 0, "tonight": 0, "this morning": 0,
    "this afternoon": 0, "this evening": 0, "earlier today": 0, "tomorrow": 1, "day before yesterday": -2,
    "day after tomorrow": 2,
}  # fmt: skip
RELATIVE = re.compile(
    rf"\b(?:the\s+)?(?P<word>{'|'.join(sorted(DAY_WORDS, key=len, reverse=True))})\b(?!['’]s)".replace(" ", r"\s+"),
    re.IGNORECASE,
)
# "Two weeks ago", "in 3 days"; "a few days ago" leaves open how many.
COUNTED = re.compile(
    rf"\b(?P<in>in\s+)?(?P<count>\d{{1,3}}|an?|{WORDS})\s+(?P<unit>days?|weeks?|months?|fortnights?)(?:['’]?\s+time)?\b"
    r"(?:\s+(?P<way>ago(?:\s+today)?|back|earlier|from\s+(?:now|today)))?",
    re.IGNORECASE,
)
NAMED_DAY = re.compile(
    r"\b(?:(?P<before>last|this|next)\s+week,?\s+(?:on\s+)?)?"
    rf"(?:(?P<which>(?:this\s+)?past|last|this\s+coming|coming|this|next|on)\s+)?{_WEEKDAY}(?!['’]?s\b)(?![\w-])"
    r"(?:,?\s+(?:of\s+)?(?P<after>last|this|next)\s+week\b)?",
    re.IGNORECASE,
)
# "Black Friday" is a sale, "every Friday" a habit, "two Fridays ago" and "a week from Friday" are other days.
NOT_A_DAY = re.compile(
    r"\b(?:black|good|cyber|ash|palm|easter|shrove|super|every|each|most|some|any|two|three|few|other"
    r"|(?:week|day|fortnight)s?\s+(?:from|before|after|since|on))\s+(?:(?:last|next|this)\s+)?$",
    re.IGNORECASE,
)
# What a message holds, in small letters, where it holds such a date at all: looking for it is a hundred times faster.
_MONTHS = tuple("jan feb mar apr may jun jul aug sep oct nov dec".split())
HINTS = {
    DAY_MONTH: _MONTHS,
    MONTH_DAY: _MONTHS,
    OF_MONTH: ("st", "nd", "rd", "th"),
    RELATIVE: ("yesterday", "tomorrow", "today", "night", "evening", "morning", "afternoon"),
    COUNTED: ("day", "week", "month", "fortnight"),
    NAMED_DAY: tuple("mon tue wed thu fri sat sun".split()),
}
# Not on that day but some time before or after it.
BOUND = re.compile(
    r"\b(?:before|after|until|till|between|(?:later|earlier|sooner) than|(?:week|day|month)s? (?:from|since))\s+"
    r"(?:the\s+|on\s+)*$",
    re.IGNORECASE,
)
BOUND_AFTER = re.compile(
    r",?\s+(?:or|and)\s+(?:later|after|before|earlier|so)\b|\s+(?:at the (?:earliest|latest)|onwards?)\b", re.IGNORECASE
)
