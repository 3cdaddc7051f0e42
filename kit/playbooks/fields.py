"""Reads what a playbook asks for out of what the customer wrote."""

import re
from datetime import date
from typing import Any

from kit.playbooks.schema import Collect
from kit.text import content_words, words

__all__ = ["read_field", "read_yes_no", "volunteered"]

_YES = re.compile(
    r"\b(?:yes|yep|yeah|yup|ya|aye|sure|ok|okay|correct|right|please|definitely|absolutely|agreed|confirm(?:ed)?|fine"
    r"|go ahead|do it|do that|go for it|sounds good|of course|by all means|(?:i|we|they|it) (?:do|did|is|are|am|have|has|was))\b",
    re.IGNORECASE,
)
_NO = re.compile(
    r"\b(?:no|nope|nah|not|don['’]?t|never|negative|cancel|stop|wrong|incorrect|neither|\w+n['’]t)\b", re.IGNORECASE
)
# Words of refusal that refuse nothing.
_IDIOM = re.compile(r"\b(?:no (?:problem|worries|rush|hurry|doubt)|not a problem|why not)\b", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+|<EMAIL_\d+>")
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:[.,]\d{3})*(?:\.\d+)?(?![\w])")
_ISO_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")


def read_field(field: Collect, message: str) -> Any | None:
    """The field's value in a message that answers the question for it, or None when it holds none."""
    if field.pattern:
        found = re.search(field.pattern, message, re.IGNORECASE)
        return found.group().upper() if found else None
    match field.type:
        case "yes_no":
            return read_yes_no(message)
        case "choice":
            return _choice(field, message)
        case "email":
            found = _EMAIL.search(message)
            return found.group() if found else None
        case "number" | "money":
            found = _NUMBER.search(message.replace("$", " "))
            return float(found.group().replace(",", "")) if found else None
        case "date":
            return _date(message)
        case _:
            return message.strip() or None


def volunteered(field: Collect, message: str) -> Any | None:
    """The field's value where the customer gave it without being asked; only where the form leaves no doubt."""
    recognisable = bool(field.pattern) or field.type in ("email", "date")
    return read_field(field, message) if recognisable else None


def read_yes_no(message: str) -> bool | None:
    """Whether the message agrees; None when that is not clear, so that it is asked again."""
    text = _IDIOM.sub(" ", message)
    agrees, refuses = _YES.search(text), _NO.search(text)
    if agrees and refuses:
        # "Yes, it isn't sealed" agrees; "right, don't" could be either.
        at_once = _NO.match(text[agrees.end() :].lstrip(" ,.;:-"))
        return None if agrees.start() < refuses.start() and at_once else agrees.start() < refuses.start()
    return None if agrees is refuses is None else agrees is not None


def _choice(field: Collect, message: str) -> str | None:
    """The choice that is named in full, else the only one that shares a word with the message; not what is refused."""
    said = " ".join(words(message))
    said = re.sub(r"\b(?:not|no) (?:(?:a|an|the|my|any) )?\w+", " ", said)
    named = [choice for choice in field.choices if f" {' '.join(words(choice))} " in f" {said} "]
    if named:
        return max(named, key=len)
    stems = content_words(said)
    alike = [choice for choice in field.choices if _shares_word(content_words(choice), stems)]
    return alike[0] if len(alike) == 1 else None


def _shares_word(wanted: list[str], said: list[str]) -> bool:
    # Five letters in common: "replace it" is the replacement, "changed mind" is "changed my mind".
    return any(one[:5] == other[:5] for one in wanted for other in said if min(len(one), len(other)) >= 4)


def _date(message: str) -> str | None:
    for year, month, day in _ISO_DATE.findall(message):
        try:
            return date(int(year), int(month), int(day)).isoformat()
        except ValueError:
            continue
    return None
