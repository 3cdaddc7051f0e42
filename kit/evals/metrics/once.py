"""Asks once what several metrics want to know of the same transcript."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

__all__ = ["once"]

F = TypeVar("F", bound=Callable[..., Any])
_MOST = 32  # a few cases' answers: they are scored one after the other


def once(ask: F) -> F:
    """Remembers what a function said of the very same objects, which must not change; threads may share it.

    Values of cases are large and hold dictionaries, so they are told apart by what they are, not by what they hold;
    they are kept as long as the answer, so that no other object takes their place in memory.
    """
    known: dict[tuple[int, ...], tuple[tuple[Any, ...], Any]] = {}

    @wraps(ask)
    def asked(*given: Any) -> Any:
        key = tuple(map(id, given))
        found = known.get(key)
        if found is None:
            if len(known) >= _MOST:
                known.clear()
            found = known[key] = given, ask(*given)
        return found[1]

    return cast("F", asked)
