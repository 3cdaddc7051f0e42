"""What kind of thing a question asks for: a time, a price, a number. An answer that holds none is seldom one.

After the answer types of question classification (Li and Roth, 2002), of which only those are told that a pattern can
find in a sentence.
"""

import re
from typing import Final

__all__ = ["expected", "tells_of_before"]

_NUMBER = r"(?:\d[\d,.]*|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|half an?|a few)"
_DURATION = re.compile(
    rf"{_NUMBER}(?:\s*(?:[–-]|to|or)\s*{_NUMBER})?[\s-]*(?:more |full |business |working |calendar )*"
    r"(?:seconds?|minutes?|min|hours?|hrs?|h|days?|nights?|weeks?|months?|years?)\b"
    r"|\b(?:immediately|at once|right away|straight away|forever|lifetime|overnight|instantly)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"[$€£¥]\s?\d|\d\s?(?:%|dollars?|euros?|cents?|usd|eur)\b|\bfree\b|\bno (?:extra )?(?:charge|cost|fee)", re.I
)
_COUNT = re.compile(
    r"\b\d[\d,.]*\b|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|unlimited|no limit)\b", re.IGNORECASE
)
_WHEN = re.compile(
    r"\b\d{1,2}(?::\d\d)?\s?(?:am|pm|a\.m\.|p\.m\.)|\b\d{1,2}:\d\d\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b"
    r"|\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b|\b(?:19|20)\d\d\b"
    r"|\b(?:after|before|within|until|once|as soon as|when|while|every|daily)\b",
    re.IGNORECASE,
)

# The first that fits a question says what it asks for.
_ASKS: Final = (
    (
        re.compile(
            r"\bhow (?:long|soon|fast|quickly|often)\b(?! (?:is|are) the (?:cable|cord|wire))"
            r"|\bhow many (?:more )?(?:(?:business|working) )?(?:seconds|minutes|hours|days|weeks|months|years)\b"
            r"|\bwhen (?:will|does|do|would|can|should) (?:\w+ ){1,6}"
            r"(?:arrive|come|get here|ship|be delivered|be back)\b",
            re.IGNORECASE,
        ),
        _DURATION,
    ),
    (
        re.compile(
            r"\bhow much (?:is|are|does|do|did|will|would|for|more|money)\b|\bcosts?\b|\bprices?\b|\bpric(?:ing|ey)\b"
            r"|\bfees?\b|\bcharged? for\b|\bhow expensive\b",
            re.IGNORECASE,
        ),
        _MONEY,
    ),
    (re.compile(r"\bhow many\b|\bmaximum number\b|\bhow (?:big|large|far|high|hot|cold|old)\b", re.IGNORECASE), _COUNT),
    (re.compile(r"\b(?:what time|until when|till when|since when|opening hours|what day)\b", re.IGNORECASE), _WHEN),
)


def expected(question: str) -> re.Pattern[str] | None:
    """What an answer to the question must show to be one; None where no pattern tells.

    A long message mentions times and prices in passing, and one that asks two things asks for two kinds, so only a
    short one that asks one thing is taken at its word.
    """
    if len(question.split()) > _SHORT or _TWO.search(question):
        return None
    return next((answer for asks, answer in _ASKS if asks.search(question)), None)


_SHORT: Final = 25
_TWO: Final = re.compile(
    r"\b(?:and|or|also)\s+(?:how|what|when|where|why|who|which|can|do|does|is|are)\b", re.IGNORECASE
)
_BEFORE: Final = re.compile(
    r"\b(?:went (?:up|down|from)|used to (?:be|cost)|formerly|previously|until (?:19|20)\d\d|before (?:19|20)\d\d|"
    r"(?:rose|fell|increased|dropped) (?:from|to|in|on))\b",
    re.IGNORECASE,
)
_ASKS_BEFORE: Final = re.compile(
    r"\b(?:was|were|did|used to|before|change[sd]?|increase[sd]?|went|last year)\b", re.IGNORECASE
)


def tells_of_before(question: str, text: str) -> bool:
    """Whether a text tells what a price was or how it changed, and the question asks what it is."""
    asks_now = expected(question) is _MONEY and _ASKS_BEFORE.search(question) is None
    return asks_now and _BEFORE.search(text) is not None
