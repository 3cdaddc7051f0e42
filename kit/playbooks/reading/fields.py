"""Reads what a playbook asks for out of what the customer wrote."""

import math
import re
from datetime import date
from typing import Any

from kit.playbooks.language import Collect
from kit.text import EMAIL, content_words, words

__all__ = ["read_field", "read_yes_no", "volunteered"]

# "Yes" agrees wherever it stands. Other words of agreement count only as a clause of their own: "please" agrees,
# "please hurry up" says nothing, and "before you go ahead, tell me the fee" is no consent to anything.
_END = r"(?=\s*(?:$|[,.!;:)\n]|(?:please|thanks|thank you|then|thing|by me|with me)\b))"
_YES = re.compile(
    r"\b(?:yes|yep|yeah|yup|aye)\b|^\W*y\W*$|👍"
    r"|(?:^|[,.!;]|\b(?:please|just|then|ok|okay|and|you (?:can|may|could)|let['’]?s))\s*"
    rf"(?:go ahead|do it|do that|go for it|please do){_END}"
    r"|(?:^|[,.!;]|\b(?:that|it)(?:['’]?s| is)|\b(?:looks|sounds|all|i|we))\s*\b(?:ya|sure|ok|okay|correct|right|please"
    rf"|definitely|absolutely|certainly|agreed?|confirm(?:ed)?|fine|good|alright|of course|by all means)\b{_END}"
    r"|\b(?:i|we|they|it|that) (?:do|did|does|is|are|am|have|has|was|were|can)(?=\s*(?:$|[,.!;)\n]))"
    r"|\b(?:i|we) (?:still |do )?have (?:it|one|them|both|that|those)\b",
    re.IGNORECASE,
)
_NO = re.compile(
    r"\b(?:(?:absolutely|definitely|certainly|of course|please) (?:not|no|don['’]?t)\b|no|nope|nah|not|don['’]?t|never"
    r"|cannot|negative|stop|wait|wrong|incorrect|neither|forget it|leave it|hold on|hang on|\w+n['’]t)\b|^\W*n\W*$|👎",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"\W*(?:yes|yep|yeah|nope|no(?! idea))\b", re.IGNORECASE)
_SURELY_YES = re.compile(r"\b(?:yes|yep|yeah|yup)\b", re.IGNORECASE)
_UNSURE = re.compile(
    r"\b(?:not (?:\w+ )?(?:sure|certain)|unsure|no idea|dunno|idk|maybe|perhaps|(?:can['’]?t|cannot) (?:tell|say)"
    r"|(?:don['’]?t|do not|didn['’]?t|did not) (?:\w+ )?(?:know|remember|understand))\b",
    re.IGNORECASE,
)
# Words of refusal that refuse nothing.
_IDIOM = re.compile(r"\b(?:no (?:problem|worries|rush|hurry|doubt)|not a problem|why not\??)", re.IGNORECASE)
# What a customer says it is not, up to the end of the clause.
_REFUSED = re.compile(
    r"\b(?:not|no|never|without|instead of|rather than|(?:do|does|did|is|was|wo|ca)nt|\w+n['’]t)\b[^,.;:!?\n]*?"
    r"(?=[,.;:!?\n]|\b(?:but|just|only|because|i|it|we|they|please)\b|$)",
    re.IGNORECASE,
)
_EMAIL = re.compile(rf"{EMAIL}|<EMAIL_\d+>")
# `1.234,50` and `12,5` mean different numbers in different countries, so they are not read at all.
_NUMBER = re.compile(r"(?<![\w.,-])-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?!\w|[.,]\d)")
_ISO_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")


def read_field(field: Collect, message: str) -> Any | None:
    """The field's value in a message that answers the question for it, or None when it holds none."""
    if field.pattern:
        return _matching(field.pattern, message)
    match field.type:
        case "yes_no":
            return read_yes_no(message)
        case "choice":
            return _choice(field, message)
        case "email":
            found = _EMAIL.search(message)
            return found.group() if found else None
        case "number" | "money":
            return _number(message)
        case "date":
            return _date(message)
        case _:
            return message.strip() or None


def volunteered(field: Collect, message: str) -> Any | None:
    """The field's value where the customer gave it without being asked; only where the form leaves no doubt."""
    recognisable = bool(field.pattern) or field.type in ("email", "date")
    return read_field(field, message) if recognisable else None


def read_yes_no(message: str) -> bool | None:
    """Whether the message agrees; None when that is not clear, so that it is asked again.

    Something may be done on the strength of a yes, so a question, a doubt or a word in passing is none.
    """
    text = _IDIOM.sub(" ", message)
    if "?" in text or (_UNSURE.search(text) and not _PLAIN.match(text)):
        return None
    agrees, refuses = _YES.search(text), _NO.search(text)
    if agrees and refuses:
        if refuses.start() <= agrees.start():
            return None if _SURELY_YES.search(text, refuses.end()) else False
        # "Yes, it isn't sealed" agrees; "right, don't" could be either.
        at_once = _NO.match(re.sub(r"^[\s,.;:!-]*(?:(?:and|or|but)\s+)?", "", text[agrees.end() :]))
        return None if at_once else True
    return None if agrees is refuses is None else agrees is not None


def _matching(pattern: str, message: str) -> str | None:
    """The first match that is not a part of a longer number or word: `BL-1042339` is no `BL-` with six digits."""
    for found in re.finditer(pattern, message, re.IGNORECASE):
        around = message[: found.start()][-1:] + message[found.end() :][:1]
        if found.group() and not any(char.isalnum() for char in around):
            return found.group().upper()
    return None


def _number(message: str) -> float | None:
    found = _NUMBER.search(message.replace("$", " "))
    value = float(found.group().replace(",", "")) if found else math.inf
    return value if math.isfinite(value) else None


def _choice(field: Collect, message: str) -> str | None:
    """The only choice that is named in full, else the only one that shares a word with the message."""
    said = " ".join(words(_REFUSED.sub(" , ", message)))
    named = [choice for choice in field.choices if f" {' '.join(words(choice))} " in f" {said} "]
    # "by itself at home" names "by itself" too; the longer one is meant.
    named = [one for one in named if not any(one != other and one in other for other in named)]
    if named:
        return named[0] if len(named) == 1 else None
    stems = content_words(said)
    alike = [choice for choice in field.choices if _shares_word(content_words(choice), stems)]
    return alike[0] if len(alike) == 1 else None


def _shares_word(wanted: list[str], said: list[str]) -> bool:
    # Five letters in common: "replace it" is the replacement, "changed mind" is "changed my mind".
    alike = (one[:5] == other[:5] and min(len(one), len(other)) >= 4 for one in wanted for other in said)
    return any(alike) or not set(wanted).isdisjoint(said)


def _date(message: str) -> str | None:
    for year, month, day in _ISO_DATE.findall(message):
        try:
            return date(int(year), int(month), int(day)).isoformat()
        except ValueError:
            continue
    return None
