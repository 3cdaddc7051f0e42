"""What Python functions like to return, as plain data."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from enum import Enum
from typing import Any

from pydantic import BaseModel

from kit.playbooks.tools.results import MAX_LEVELS

__all__ = ["plain"]


def plain(value: Any, level: int = 1) -> Any:
    """Models, dataclasses, dates, decimals, enums and sets as what JSON has; all else stays, to be refused later."""
    if level > MAX_LEVELS + 1:
        return value
    if isinstance(value, BaseModel):
        value = value.model_dump()
    elif is_dataclass(value) and not isinstance(value, type):
        value = {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: plain(inner, level + 1) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner, level + 1) for inner in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(inner, level + 1) for inner in value), key=str)
    if isinstance(value, Enum):
        return plain(value.value, level + 1)
    if isinstance(value, Decimal):
        return int(value) if value.is_finite() and value == value.to_integral_value() else float(value)
    if isinstance(value, date | time):
        return value.isoformat()
    return value
