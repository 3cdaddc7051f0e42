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

_CUE = re.compile(
    r"\bactually\b|\bsorry\b(?!,? (?:for|about|to|but|i (?:can|do|did|have|was|am)))|\bi (?:mean|meant)\b|\bmeant to\b|\bcorrection\b"
    r"|\b(?:my (?:mistake|bad)|by mistake|mistaken|typo|mistyped|misread|misspoke|mixed up|oops|whoops|wrong|incorrect)\b"
    r"|\bshould (?:be|have been|read|say)\b|\binstead\b|\bmake (?:it|that)\b|\bchange (?:it|that) to\b|\bscratch that\b|\bno,? wait\b|\bwait,? no\b"
    r"|\brather than\b|\bon second thoughts?\b|\bchanged my mind\b|\bno,? (?:it|that)(?:['’]?s| is| was)\b|\blet me correct\b|\bi was wrong\b"
    r"|\bin fact\b|\bto correct\b|\b(?:use|take) (?:this|the other)\b",
    re.IGNORECASE,
)
# What comes on top does not take the place of what was said before.
_MORE = re.compile(r"\b(?:also|another|as well|too|second order|additional|besides|on top|plus|both)\b", re.IGNORECASE)
_PLAINLY = re.compile(
    r"(?:i (?:meant?|should have said)(?: to say)?|(?:it|that|my answer|the answer) should (?:be|have been)(?: an?)?"
    r"|make (?:it|that)(?: an?)?|correction) (?P<word>yes|no)"
)
# A number or a bare day in a long message may be about anything.
_FEW = 9


def corrected(field: Collect, known: Value, message: str, *, today: date) -> Value | None:
    """The value that the message gives in place of the known one; None where it does not say so.

    It needs a word of correction ("actually", "sorry, I meant", "BL-104233 was wrong") or "this, not that", and is
    never the known value. A text without a pattern cannot be put right this way, as nothing marks where it begins.

    Where several fields of one type are known, "sorry, I meant no" fits each: the caller says which was asked last.
    """
    if field.type == "text" and not field.pattern:
        return None
    said = split_question(message)[0]
    if field.type == "yes_no" and not field.pattern:
        return _answer(field, bool(known), said)
    founds = find(field, said, today=today)
    new = [found for found in founds if found.value != known]
    refused = [found for found in founds if negated(found, said)]
    if not new or _MORE.search(_without(said, founds)):
        return None
    cue = bool(refused) or bool(_CUE.search(_without(said, founds)))
    repeated = len(new) < len(founds)
    if not cue or (not repeated and not refused and not _certain(said, new)):
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
    """A yes for a no, or the other way round; only where the message names what the field is about, or says so."""
    if not _CUE.search(message):
        return None
    spoken = " ".join(
        words(_CUE.sub(lambda cue: cue.group() if "should" in cue.group().lower() else cue.group(), message))
    )
    plainly = _PLAINLY.fullmatch(re.sub(r"^(?:(?:sorry|oh|oops|actually|no wait|wait|my mistake)\s+)+", "", spoken))
    if plainly:
        answer: bool | None = plainly["word"] == "yes"
    else:
        about = set(content_words(field.ask)) | set(content_words(field.name.replace("_", " ")))
        if about.isdisjoint(content_words(message)):
            return None
        answer = read_yes_no(
            re.sub(r"\b(?:sorry|wrong|no,? wait|wait,? no|not wait)\b", " ", message, flags=re.IGNORECASE)
        )
    return answer if answer is not None and answer is not known else None
