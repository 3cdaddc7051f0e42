"""Finds the company's Python functions that tools name: in files of the workspace, in packages, by entry point."""

import importlib
import importlib.metadata
import importlib.util
import sys
import threading
import traceback
from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from kit.errors import KitError
from kit.playbooks.tools.origin import Origin
from kit.text import digest, nearest

__all__ = ["GROUP", "find_function", "raised_at"]

GROUP = "kit.tools"  # entry points
# One for each file: a module that never comes to an end must not keep the others from being loaded.
_loading: defaultdict[Path, threading.RLock] = defaultdict(threading.RLock)


def find_function(named: str, origin: Origin) -> Callable[..., Any]:
    """The function that a tool names under `python`. Executes the module that it is in, if nothing has before.

    Raises:
        KitError: there is no such file, module, function or entry point, or its module cannot be executed.
    """
    place, mark, name = named.rpartition(":")
    if not mark:
        return _entry_point(named, origin)
    if place.endswith(".py"):
        path = origin.file(place, "python")
        changed = path.stat()
        with _loading[path]:
            module = _executed(place, origin, lambda: _module(path, changed.st_mtime_ns, changed.st_size))
    else:
        module = _executed(place, origin, lambda: importlib.import_module(place))
    function = getattr(module, name, None)
    if function is None:
        guess = nearest(name, [each for each, held in vars(module).items() if callable(held) and each[0] != "_"])
        raise origin.error(
            f"`{place}` has no function `{name}`.",
            ("python",),
            remedy=f"Did you mean `{guess}`?" if guess else "Write it, or correct the name.",
        )
    return _callable(function, named, origin)


def raised_at(error: BaseException, within: str = "") -> str:
    """Where an error was raised, as `tools.py:14`: the last line of the file `within`, or else of any."""
    frames = traceback.extract_tb(error.__traceback__)
    frame = next((one for one in reversed(frames) if one.filename == within), frames[-1])
    return f"{Path(frame.filename).name}:{frame.lineno}"


@lru_cache(maxsize=64)
def _module(path: Path, changed: int, size: int) -> ModuleType:
    """The file as a module, executed once for each state of the file: tools of the same file share it."""
    name = f"kit_workspace_{digest(f'{path} {changed} {size}')[:16]}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec and spec.loader, "a .py file always has a loader"
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and type hints look themselves up there
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _executed(place: str, origin: Origin, load: Callable[[], ModuleType]) -> ModuleType:
    try:
        return load()
    except SyntaxError as error:
        raise KitError(f"This is not Python: {error.msg}.", path=error.filename or place, line=error.lineno) from error
    except (Exception, SystemExit) as error:
        if isinstance(error, ModuleNotFoundError) and error.name and f"{place}.".startswith(f"{error.name}."):
            raise origin.error(
                f"There is no module `{place}`.", ("python",), remedy="Install its package beside the kit."
            ) from None
        # What the error says may hold anything, so only its type and place are told.
        raise origin.error(
            f"`{place}` cannot be loaded: {type(error).__name__} at {raised_at(error)}.",
            ("python",),
            remedy="Run it with Python to see more.",
        ) from error


def _entry_point(named: str, origin: Origin) -> Callable[..., Any]:
    known = importlib.metadata.entry_points(group=GROUP)
    found = next((point for point in known if point.name == named), None)
    if found is None:
        guess = nearest(named, [point.name for point in known])
        raise origin.error(
            f"`{named}` names no function.",
            ("python",),
            remedy=f"Did you mean `{guess}`?" if guess else "Write `file.py:function` or `package.module:function`.",
        )
    try:
        function = found.load()
    except (Exception, SystemExit) as error:
        raise origin.error(
            f"The entry point `{named}` cannot be loaded: {type(error).__name__} at {raised_at(error)}.", ("python",)
        ) from error
    return _callable(function, named, origin)


def _callable(function: Any, named: str, origin: Origin) -> Callable[..., Any]:
    if not callable(function):
        raise origin.error(f"`{named}` is not a function.", ("python",), remedy="Name a function.")
    found: Callable[..., Any] = function
    return found
