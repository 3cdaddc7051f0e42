"""Reads what a playbook asks for out of what the customer wrote."""

import re
from datetime import date
from typing import Any

from kit.playbooks.language import Collect
from kit.playbooks.reading import fields
from kit.playbooks.reading.fields import read_yes_no

__all__ = ["asks", "cancels", "corrected", "read_field", "read_yes_no", "split_question", "volunteered"]


def read_field(field: Collect, message: str, *, today: date) -> Any | None:
    """The value."""
    return fields.read_field(field, message)


def volunteered(field: Collect, message: str, *, today: date, alone: bool) -> Any | None:
    """The value given unasked."""
    return fields.volunteered(field, message)


def corrected(field: Collect, known: Any, message: str, *, today: date) -> Any | None:
    """A new value."""
    value = fields.volunteered(field, message) if re.search("actually|sorry", message) else None
    return None if value == known else value


def cancels(message: str) -> bool:
    """Whether it calls off."""
    return message.lower().strip(" .!") in ("never mind", "forget it", "stop")


def asks(message: str) -> bool:
    """Whether it asks."""
    return message.strip().endswith("?")


def split_question(message: str) -> tuple[str, str]:
    """Statements and questions."""
    parts = re.findall(r"[^.?!]+[.?!]*", message)
    return " ".join(p.strip() for p in parts if "?" not in p), " ".join(p.strip() for p in parts if "?" in p)
