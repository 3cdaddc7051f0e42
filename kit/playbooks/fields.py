"""Reads what a playbook asks for out of what the customer wrote."""

import re
from datetime import date
from typing import Any

from kit.playbooks.schema import Collect
from kit.text import words

__all__ = ["read_field", "read_yes_no", "volunteered"]

_YES = frozenset("yes y yep yeah yup sure ok okay correct right please definitely absolutely affirmative agreed confirm".split())
_NO = frozenset("no n nope nah not don't dont never negative cancel stop isn't wrong incorrect neither without".split())
_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+|<EMAIL_\d+>")
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:[.,]\d{3})*(?:\.\d+)?(?![\w])")
_ISO_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
# "No" opens many sentences that are not a refusal of what was asked, so only a short message counts in full.
_SHORT = 12


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
    """Whether the message agrees; None when it does neither or both."""
    said = words(message)[:_SHORT]
    if said and said[0] in _YES | _NO:
        return said[0] in _YES
    agrees, refuses = bool(_YES & set(said)), bool(_NO & set(said))
    return None if agrees == refuses else agrees


def _choice(field: Collect, message: str) -> str | None:
    said = f" {' '.join(words(message))} "
    found = [choice for choice in field.choices if f" {' '.join(words(choice))} " in said]
    return max(found, key=len) if found else None


def _date(message: str) -> str | None:
    for year, month, day in _ISO_DATE.findall(message):
        try:
            return date(int(year), int(month), int(day)).isoformat()
        except ValueError:
            continue
    return None
