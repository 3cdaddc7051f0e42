"""The types that tools return, in the playbook's words: of values, of Python's annotations, and their names."""

import enum
import math
import re
import types
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

from pydantic import BaseModel

from kit.playbooks.tools.tools import Kind

__all__ = ["NAME", "common_kind", "fits", "kind_of", "kinds_of_annotation", "kinds_of_records", "name_of"]

NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_WORD_BORDER = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def name_of(word: str) -> str | None:
    """A name as playbooks write it: `orderID` and `order-id` are `order_id`; None for what cannot be one."""
    name = re.sub(r"[^A-Za-z0-9]+", "_", _WORD_BORDER.sub("_", word)).strip("_").lower()
    return name if NAME.fullmatch(name) else None


def kind_of(value: Any) -> Kind | None:
    """The type of a plain value; None for null, which any type allows."""
    match value:
        case None:
            return None
        case bool():
            return "yes_no"
        case int() | float():
            return "number"
        case str():
            return "date" if _is_date(value) else "text"
        case list() | tuple():
            return "list"
    return "any"


def fits(value: Any, kind: Kind) -> bool:
    """Whether a plain value is of the type; null always is."""
    if value is None or kind == "any":
        return True
    if kind in ("number", "money"):
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if kind == "date":
        return isinstance(value, str) and _is_date(value)
    return isinstance(value, {"text": str, "yes_no": bool, "list": list}[kind])


def common_kind(kinds: Iterable[Kind | None]) -> Kind:
    """The one type that holds all of these."""
    found: set[Kind] = {kind for kind in kinds if kind}
    if found == {"date", "text"}:
        return "text"
    if found == {"money", "number"}:
        return "number"
    return found.pop() if len(found) == 1 else "any"


def kinds_of_records(records: Collection[Mapping[str, Any]]) -> dict[str, Kind]:
    """What any of these records has: a lookup that finds nothing has fewer keys, and a playbook asks for that first."""
    keys = dict.fromkeys(key for record in records for key in record)
    return {key: common_kind(kind_of(record.get(key)) for record in records) for key in keys}


def kinds_of_annotation(annotation: Any) -> dict[str, Kind] | None:
    """The keys and types of a TypedDict, dataclass or Pydantic model; None for any other annotation.

    Raises:
        NameError: it refers to what is not there.
    """
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if is_typeddict(annotation):
        return {name: _kind(hint) for name, hint in get_type_hints(annotation).items()}
    if isinstance(annotation, type) and is_dataclass(annotation):
        hints = get_type_hints(annotation)
        return {field.name: _kind(hints[field.name]) for field in fields(annotation)}
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {name: _kind(field.annotation) for name, field in annotation.model_fields.items()}
    return None


def _kind(annotation: Any) -> Kind:
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _kind(inner[0])
    if origin in (Union, types.UnionType):
        return common_kind(_kind(part) for part in inner if part is not type(None))
    if origin is Literal:
        return common_kind("text" if isinstance(value, str) else kind_of(value) for value in inner)
    kind = origin or annotation
    if not isinstance(kind, type):
        return "any"
    if issubclass(kind, enum.Enum):
        return common_kind("text" if isinstance(one.value, str) else kind_of(one.value) for one in kind)
    known: tuple[tuple[type | tuple[type, ...], Kind], ...] = (
        (bool, "yes_no"),
        ((int, float, Decimal), "number"),
        (str, "text"),
        (date, "date"),
        ((list, tuple, set, frozenset), "list"),
    )
    return next((name for types_, name in known if issubclass(kind, types_)), "any")


def _is_date(text: str) -> bool:
    """Whether this is a date, or a date with a time, as ISO 8601 writes it: 2026-02-28, 2026-02-28T09:30:00Z."""
    if not re.match(r"\d{4}-\d\d-\d\d(?:$|[T ]\d\d:\d\d)", text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
