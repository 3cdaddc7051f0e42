"""Turns a tool's arguments into an HTTP request."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from kit.playbooks.tools.openapi.operation import Operation, Place
from kit.playbooks.tools.openapi.shapes import type_of
from kit.playbooks.tools.tools import ToolFailure

__all__ = ["DECIMAL", "Request", "build_request"]

# Digits that neither a float nor a person could read differently.
DECIMAL = re.compile(r"-?\d{1,15}(\.\d{1,9})?", re.ASCII)
_YES_NO = {"true": True, "yes": True, "false": False, "no": False}


@dataclass(frozen=True)
class Request:
    """What is sent. `body` is None where there is none."""

    method: str
    url: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = ()  # type: ignore[assignment]  # read by dict()
    body: Mapping[str, Any] | None = None


def build_request(operation: Operation, server: str, args: Mapping[str, Any]) -> Request:
    """The request of an operation with these arguments; those that are null are left out.

    Raises:
        ToolFailure: an argument is missing, unknown, or does not fit its description; named without its value.
    """
    given = {name: value for name, value in args.items() if value is not None}
    if unknown := sorted(given.keys() - operation.places.keys()):
        raise ToolFailure(f"it takes no argument {', '.join(unknown)}")
    if missing := [name for name, required in operation.parameters.items() if required and name not in given]:
        raise ToolFailure(f"the argument {', '.join(missing)} is missing")
    path, query, body = operation.path, [], {}
    headers: dict[str, str] = {}
    for name, value in given.items():
        for place in operation.places[name]:
            fitting = _fitting(name, value, place)
            if place.kind == "body":
                body[place.name] = fitting
            elif place.kind == "path":
                path = path.replace(f"{{{place.name}}}", _segment(name, fitting))
            elif place.kind == "query" and isinstance(fitting, list):
                texts = [_text(name, one) for one in fitting]
                query += [(place.name, text) for text in (texts if place.explode else [",".join(texts)])]
            elif place.kind == "query":
                query.append((place.name, _text(name, fitting)))
            else:
                headers[place.name] = _header(name, fitting)
    sends_body = bool(body) or operation.body_required
    if sends_body and operation.body and (problem := operation.node.document.misfit(body, operation.body, sent=True)):
        raise ToolFailure(f"the arguments do not fit the operation: {problem}")
    return Request(operation.method, f"{server}{path}", tuple(query), headers, body if sends_body else None)


def _fitting(name: str, value: Any, place: Place) -> Any:
    """The value in the type that the operation wants: playbooks hold an order's number as text, or as a number."""
    kind, wanted = type_of(place.schema), value
    if kind in ("integer", "number") and isinstance(value, str) and DECIMAL.fullmatch(value):
        wanted = float(value) if "." in value else int(value)
    elif kind == "string" and isinstance(value, int | float) and not isinstance(value, bool):
        wanted = _text(name, value)
    elif kind == "boolean" and isinstance(value, str):
        wanted = _YES_NO.get(value.lower(), value)
    if isinstance(wanted, float) and wanted.is_integer() and kind == "integer":
        wanted = int(wanted)
    if problem := place.schema.document.misfit(wanted, place.schema, sent=True):
        raise ToolFailure(f"the argument {name} does not fit the operation: {problem}")
    return wanted


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, str | int | float):
        return str(value)
    raise ToolFailure(f"the argument {name} cannot be written into an address or a header")


def _segment(name: str, value: Any) -> str:
    """A value as one part of a path. What would lead to another path, or to what is above, is refused."""
    text = _text(name, value)
    if not text.strip() or any(part in (".", "..") for part in re.split(r"[/\\]", text)) or not text.isprintable():
        raise ToolFailure(f"the argument {name} cannot be part of an address")
    return quote(text, safe="")


def _header(name: str, value: Any) -> str:
    text = _text(name, value)
    if not text.isascii() or not text.isprintable():
        raise ToolFailure(f"the argument {name} cannot be written into a header")
    return text
