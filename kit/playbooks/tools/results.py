"""What counts as a tool's answer: a small mapping of names to plain values."""

import json
from collections.abc import Mapping
from typing import Any

from kit.playbooks.tools.kinds import NAME, fits
from kit.playbooks.tools.tools import Kind, ToolFailure

__all__ = ["MAX_BYTES", "MAX_LEVELS", "checked"]

MAX_LEVELS = 6  # mappings and lists within each other, the answer itself included
MAX_BYTES = 64 * 1024  # as JSON: it is kept with the conversation


def checked(result: Any, returns: Mapping[str, Kind] | None) -> dict[str, Any]:
    """The answer as plain data of its own, which nobody else can change any more.

    Raises:
        ToolFailure: of the kind `nonsense`: it is not what an answer has to be, or not of the types of `returns`.
    """
    if not isinstance(result, Mapping):
        raise _nonsense("is not a mapping of names to values")
    plain = _Copy().value(result, 1)
    try:
        text = json.dumps(plain, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:  # NaN, Infinity, half a character, a number of thousands of digits
        raise _nonsense("holds a value that JSON does not have") from None
    if len(text) > MAX_BYTES:
        raise _nonsense(f"is larger than {MAX_BYTES // 1024} KB")
    answer: dict[str, Any] = plain
    for key, kind in (returns or {}).items():
        if not fits(answer.get(key), kind):
            raise _nonsense(f"has a `{key}` that is not of the type {kind}")
    return answer


class _Copy:
    """Copies plain data, and stops where it is no longer small: lists within lists can share their parts."""

    def __init__(self) -> None:
        self.left = MAX_BYTES

    def value(self, value: Any, level: int) -> Any:
        self.left -= 1
        if self.left < 0:
            raise _nonsense(f"is larger than {MAX_BYTES // 1024} KB")
        if isinstance(value, Mapping | list | tuple) and level > MAX_LEVELS:
            raise _nonsense(f"is nested more than {MAX_LEVELS} levels deep")
        if isinstance(value, Mapping):
            found: dict[str, Any] = {}
            for key, inner in value.items():
                if not isinstance(key, str) or not NAME.fullmatch(key):
                    raise _nonsense("has a key that is not a name (small letters, digits and _)")
                found[str(key)] = self.value(inner, level + 1)
            return found
        if isinstance(value, list | tuple):
            return [self.value(inner, level + 1) for inner in value]
        if value is None or type(value) in (bool, int, float, str):
            return value
        raise _nonsense("holds a value that JSON does not have")


def _nonsense(what: str) -> ToolFailure:
    return ToolFailure(f"the answer {what}", kind="nonsense")
