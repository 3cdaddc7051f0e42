"""Finds a field's values in a message, by the field's type or pattern."""

from datetime import date

from kit.playbooks.language import Collect, compiled
from kit.playbooks.reading.choices import find_choices
from kit.playbooks.reading.contact import find_emails, find_phones
from kit.playbooks.reading.dates import find_dates
from kit.playbooks.reading.found import Found, matches
from kit.playbooks.reading.money import find_money
from kit.playbooks.reading.numbers import find_numbers

__all__ = ["find"]


def find(field: Collect, message: str, *, today: date) -> list[Found]:
    """All that may be the field's value, in no order; nothing for a text, which has no form, and for yes or no."""
    if field.pattern:
        return _matching(field, message, today)
    return _of_type(field, message, today)


def _of_type(field: Collect, message: str, today: date) -> list[Found]:
    match field.type:
        case "number":
            return find_numbers(message)
        case "money":
            return find_money(message, field.currency)
        case "date":
            return find_dates(message, today, country=field.country, way=field.past)
        case "email":
            return find_emails(message)
        case "phone":
            return find_phones(message, field.country)
        case "choice":
            return find_choices(field, message)
        case _:
            return []


def _matching(field: Collect, message: str, today: date) -> list[Found]:
    """What matches the pattern and is no part of a longer number or word: `BL-1042339` is no `BL-` with six digits.

    It is a text in capitals, or, in a field of another type that has a form, what that type makes of it.
    """
    founds = []
    for match in matches(compiled(field.pattern), message):
        text, around = (
            match.group(),
            message[match.start() - 1 : match.start()] + message[match.end() : match.end() + 1],
        )
        if not text or any(char.isalnum() for char in around):
            continue
        values = _of_type(field, text, today)
        value = values[0].value if len(values) == 1 else text.upper()
        founds.append(Found(match.start(), match.end(), value, plain=True))
    return founds
