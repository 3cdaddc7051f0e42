"""Whether what is known is what a test says, and how a value is shown."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from kit.text import squash

__all__ = ["same", "shown"]


def same(expected: Any, found: Any) -> bool:
    """Whether two values are the same to a person: 20 is 20.0, a date is its text, and spaces do not matter."""
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    if isinstance(expected, date) or isinstance(found, date):
        return str(expected) == str(found)
    if isinstance(expected, str) and isinstance(found, str):
        return squash(expected) == squash(found)
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        return expected.keys() == found.keys() and all(same(value, found[key]) for key, value in expected.items())
    if isinstance(expected, list | tuple) and isinstance(found, list | tuple):
        return len(expected) == len(found) and all(same(*pair) for pair in zip(expected, found, strict=True))
    return bool(expected == found)


def shown(value: Any) -> str:
    """A value as it would be written in a playbook."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return f"“{value}”" if isinstance(value, str) else str(value)
