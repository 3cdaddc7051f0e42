"""Whether a run can be gone on with: nothing that it rests on has changed, and nobody else has it under way."""

import fcntl
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import Any

from kit.errors import KitError
from kit.evals.running.conversing import Task
from kit.evals.running.info import INFO, RunInfo, versions
from kit.evals.running.log import CASES, read_lines
from kit.evals.suites import Suite
from kit.evals.types import Record

__all__ = ["changes", "check_log", "check_unchanged", "claimed"]


def changes(info: RunInfo, suites: Sequence[Suite], facts: Mapping[str, Any]) -> list[str]:
    """What has changed since a run began, of all that it rests on, in words; empty where nothing has."""
    found = []
    now = {suite.name: suite.digest for suite in suites}
    for suite in info.suites:
        if suite.name not in now:
            found.append(f"the suite {suite.name} is gone")
        elif now[suite.name] != suite.digest:
            found.append(f"the suite {suite.name}")
    found += _differing("", info.facts, json.loads(json.dumps(facts, default=str)))
    found += [f"version of {what}" for what in _differing("", info.versions, versions())]
    return found


def _differing(where: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The keys whose values differ, those of nested values in full; short values are told."""
    found = []
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        name = f"{where}.{key}" if where else key
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            found += _differing(name, old, new)
        else:
            told = [str(value) for value in (old, new)]
            found.append(f"{name} ({told[0]} → {told[1]})" if max(map(len, told)) <= 40 else name)
    return found


def check_unchanged(info: RunInfo, folder: Path, suites: Sequence[Suite], facts: Mapping[str, Any]) -> None:
    """Refuse to go on with a run that could not be one any more.

    Raises:
        KitError: it is complete, or what it rests on has changed; says what.
    """
    if info.finished is not None:
        remedy = "Run `kit eval` again; what has not changed is taken from the cache."
        raise KitError("This run is complete.", path=folder, remedy=remedy)
    if found := changes(info, suites, facts):
        raise KitError(
            f"This run cannot be resumed, as what it rests on has changed: {'; '.join(found)}.",
            path=folder,
            remedy="Run `kit eval` again; what has not changed is taken from the cache.",
        )


def check_log(path: Path, tasks: Iterable[Task]) -> Iterator[Record]:
    """The records of a log, each held against the task that it must be of.

    Raises:
        KitError: the log is of other cases, or damaged.
    """
    for number, (record, task) in enumerate(_pairs(path, tasks), start=1):
        if task is None or (record.suite, record.case.id, record.tried) != (task.suite, task.case.id, task.tried):
            raise KitError(
                f"This line is of the case `{record.case.id}`, which has no place here.",
                path=path,
                line=number,
                remedy="Run `kit eval` again, into another folder.",
            )
        yield record


def _pairs(path: Path, tasks: Iterable[Task]) -> Iterator[tuple[Record, Task | None]]:
    for record, task in zip_longest(read_lines(path), tasks):
        if record is None:
            return
        yield record, task


@contextmanager
def claimed(folder: Path, *, new: bool) -> Iterator[None]:
    """Have a run's folder to oneself; with `new` it is made, and must not hold a run: a log is never overwritten.

    Raises:
        KitError: it holds a run, cannot be made, or another process has it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        log = (folder / CASES).open("ab")
    except OSError as error:
        raise KitError(f"This folder cannot be made: {error.strerror}.", path=folder, remedy="Name another.") from error
    with log:  # the log itself is locked, as it is never replaced; a process that is killed lets go of it
        try:
            fcntl.flock(log, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            problem = "This run is under way in another process."
            raise KitError(problem, path=folder, remedy="Wait for its end.") from None
        if new and (folder / INFO).exists():
            raise KitError("This folder holds a run already.", path=folder, remedy="Name another folder, or delete it.")
        yield
