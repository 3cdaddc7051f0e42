"""A new value for a field that is known already, where the message puts it right."""

import re
from datetime import date

from kit.playbooks.language import Collect
from kit.playbooks.reading.finding import find
from kit.playbooks.reading.found import Found, Value, negated, settle
from kit.playbooks.reading.questions import split_question
from kit.playbooks.reading.yes_no import read_yes_no
from kit.text import content_words, words

__all__ = ["corrected"]

_CUES = (
    r"\bactually\b|\bin fact\b|\binstead\b|\bcorrection\b|\bmistaken\b|\bby mistake\b|\brather than\b",
    r"\bsorry\b(?!,? (?:for|about|to|but|i (?:can|do|did|have|was|am)))",
    r"\bi (?:mean|meant)\b|\bmeant to\b|\bmy (?:mistake|bad)\b|\b(?:oops|whoops)\b|\bscratch that\b",
    r"\b(?:typo|mistyped|misread|misspoke|mixed up|wrong|incorrect)\b",
    r"\bshould (?:be|have been|read|say)\b|\bmake (?:it|that)\b|\bchange (?:it|that) to\b|\b(?:to|let me) correct\b",
    r"\bno,? wait\b|\bwait,? no\b|\bno,? (?:it|that)(?:['’]?s| is| was)\b|\bon second thoughts?\b|\bchanged my mind\b",
)
_CUE = re.compile("|".join(_CUES), re.IGNORECASE)
# What comes on top does not take the place of what was said before.
_MORE = re.compile(r"\b(?:also|another|as well|too|additional|besides|on top|plus|both)\b", re.IGNORECASE)
_YES_NO = re.compile(r"\b(?:yes|yep|yeah|no|nope)\b", re.IGNORECASE)
# These refuse nothing of what was asked.
_NO_ANSWER = re.compile(r"\b(?:wrong|no,? wait|wait,? no|wait)\b", re.IGNORECASE)
# In a message of more words a number or a bare day may be about anything.
_FEW = 9


def corrected(field: Collect, known: Value, message: str, *, today: date) -> Value | None:
    """The value that the message gives in place of the known one; None where it does not say so.

    It needs a word of correction ("actually", "sorry, I meant", "BL-104233 was wrong") or "this, not that", and is
    never the known value. A text without a pattern cannot be put right this way, as nothing marks where it begins.

    "Sorry, I meant no" puts nothing right, as it fits every yes or no that is known; "sorry, no, it was not opened"
    does, of a field that asks whether it was opened.
    """
    said = split_question(message)[0]
    if field.type == "yes_no" and not field.pattern:
        return _answer(field, bool(known), said)
    founds = find(field, said, today=today)
    new = [found for found in founds if found.value != known]
    around = _without(said, founds)
    if not new or _MORE.search(around):
        return None
    refused = any(negated(found, said) for found in founds)
    if not refused and not _CUE.search(around):
        return None
    if not refused and len(new) == len(founds) and not _certain(said, new):
        return None
    value = settle(new, said)
    return None if value == known else value


def _without(message: str, founds: list[Found]) -> str:
    """The message without the values: "wrong item" may be one."""
    for found in founds:
        message = message[: found.start] + " " * (found.end - found.start) + message[found.end :]
    return message


def _certain(message: str, founds: list[Found]) -> bool:
    return all(found.plain for found in founds) or len(words(message)) <= _FEW


def _answer(field: Collect, known: bool, message: str) -> bool | None:
    """A yes for a no, or the other way round; only where the message says yes or no and names what was asked for."""
    said = _NO_ANSWER.sub(" ", message)
    about = set(content_words(field.ask)) | set(content_words(field.name.replace("_", " ")))
    if not _CUE.search(message) or not _YES_NO.search(said) or about.isdisjoint(content_words(said)):
        return None
    answer = read_yes_no(said)
    return answer if answer is not known else None
