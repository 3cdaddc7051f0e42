"""Front doors that open some of their rooms only when somebody goes in: a command pays only for what it needs."""

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

__all__ = ["late"]


def late(package: str, parts: Sequence[str]) -> Callable[[str], Any]:
    """A package's `__getattr__` (PEP 562) for names of parts that are imported with the first of them.

    Args:
        package: whose front door it is; the names stand in its `__all__`, and for types under `TYPE_CHECKING`.
        parts: its modules, those that load fast first: they are gone through in order until one has the name.
    """

    def find(name: str) -> Any:
        door = sys.modules[package]
        if name in door.__all__:
            for part in parts:
                module = import_module(f"{package}.{part}")
                if name in module.__all__:
                    found = getattr(module, name)
                    setattr(door, name, found)
                    return found
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return find
