"""Reads what a playbook asks for out of what the customer wrote."""

import re
from datetime import date

from kit.playbooks.language import Collect
from kit.playbooks.reading.choices import like_choice
from kit.playbooks.reading.finding import find
from kit.playbooks.reading.found import Value, settle
from kit.playbooks.reading.questions import asks, split_question
from kit.playbooks.reading.yes_no import read_yes_no

__all__ = ["read_field", "volunteered"]

# Amounts, days and phone numbers tell nothing of which field they are for; an order number or an address does.
_NEEDS_ALONE = ("money", "date", "phone")
_WISH = re.compile(
    r"\W*(?:(?:and|so|then|ok(?:ay)?|well|hm+)\W+)*"
    r"(?:(?:can|could|may) (?:i|we) (?:please |just )?(?:have|get|take|choose|go (?:with|for))"
    r"|(?:can|could|would|will) you (?:please |just )?(?:send|give|do|make it)|(?:how|what) about)\b(?! to\b)",
    re.IGNORECASE,
)


def read_field(field: Collect, message: str, *, today: date) -> Value | None:
    """The field's value in a message that answers the question for it; None when it holds none, or several.

    Text as it stands; `pattern` in capitals; numbers and money (two digits) as numbers; dates as `YYYY-MM-DD`; phone
    numbers as E.164; e-mail addresses with the domain in lower case, or the token that masking left; yes or no as bool.
    """
    if field.pattern:
        return settle(find(field, message, today=today), message)
    match field.type:
        case "yes_no":
            return read_yes_no(message)
        case "text":
            return message.strip() or None
        case "choice":
            return _choice(field, message, today)
        case _:
            return settle(find(field, message, today=today), message)


def volunteered(field: Collect, message: str, *, today: date, alone: bool) -> Value | None:
    """The field's value where the customer gave it without being asked; only where the form leaves no doubt.

    Args:
        field: what is to be collected later.
        message: what the customer wrote.
        today: the day on which it was written.
        alone: whether the playbook has no other field of the type, which an amount, a day or a phone number may be for.
    """
    if field.type in _NEEDS_ALONE and not field.pattern and not alone:
        return None
    if field.type == "choice" and not field.pattern:
        message = split_question(message)[0]
    founds = find(field, message, today=today)
    if not all(found.plain for found in founds):
        return None
    value = settle(founds, message)
    if field.type == "date" and isinstance(value, str) and not _lies(value, field.past, today):
        return None
    return value


def _lies(value: str, way: str, today: date) -> bool:
    """Whether a date lies where the field's dates do: "it comes tomorrow" says nothing of when it was bought."""
    return value >= today.isoformat() if way == "future" else value <= today.isoformat()


def _choice(field: Collect, message: str, today: date) -> Value | None:
    said, asked = split_question(message)
    # "Can I have the refund?" chooses; "how long does the refund take?" does not, unless questions are what is chosen.
    if not said and (_WISH.match(asked) or any(asks(choice) for choice in field.choices)):
        said = asked
    founds = find(field, said, today=today)
    named = any(not found.refused for found in founds)
    return settle(founds, said) if named else like_choice(field, said)
