"""The log of a run: one JSON line a case and try, in the order of the suites, only ever added to.

Scores stand in a file of their own beside it, line by line: they can be made again from the log, which stays as it is.
"""

import os
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TypeVar, overload

from pydantic import BaseModel, ValidationError

from kit.errors import KitError
from kit.evals.types import Case, Record, Score

__all__ = [
    "CASES",
    "SCORES",
    "Lines",
    "Records",
    "appended",
    "logged",
    "read_cases",
    "read_lines",
    "read_scores",
    "replaced",
    "scored",
]

CASES, SCORES = "cases.jsonl", "scores.jsonl"
M = TypeVar("M", bound=BaseModel)
_BUFFER = 1 << 20  # bytes; lines are long
_NOT_LOGGED = {"scores"}
_NOT_SCORED = {"transcript"}


def logged(record: Record) -> bytes:
    """The record's line in the log. What a trace or a hand-off carries may be any value; the log keeps its text."""
    return record.model_dump_json(fallback=str, exclude=_NOT_LOGGED).encode() + b"\n"


def scored(record: Record) -> bytes:
    """The record's line among the scores: all but what was said."""
    return record.model_dump_json(fallback=str, exclude=_NOT_SCORED).encode() + b"\n"


def read_lines(path: Path) -> Iterator[Record]:
    """The records of a file, one at a time; a last line that a crash cut short is left out.

    Raises:
        KitError: a line is damaged; names it.
    """
    return _read(path, Record)


def _read(path: Path, shape: type[M]) -> Iterator[M]:
    return (_line(path, number, line, shape) for number, line in _whole_lines(path))


def _whole_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines with their numbers, without a last one that a crash cut short."""
    if not path.is_file():
        return
    with path.open("rb", buffering=_BUFFER) as file:
        for number, line in enumerate(file, start=1):
            if not line.endswith(b"\n"):
                return
            yield number, line


def read_cases(path: Path) -> Iterator[Case]:
    """The cases of a log alone, which is far quicker than the records.

    Raises:
        KitError: a line is damaged; names it.
    """
    return (one.case for one in _read(path, _Asked))


def read_scores(path: Path, *, judged: bool = False) -> Iterator[dict[str, Score]]:
    """The scores of each line of a file of them; with `judged` none of a line in which no judge gave any.

    Raises:
        KitError: a line is damaged; names it.
    """
    for number, line in _whole_lines(path):
        # So it is written where there is a judge; most runs have none, and need not be taken apart for it.
        skipped = judged and b'"judge":{' not in line
        yield {} if skipped else _line(path, number, line, Record).scores


class _Asked(BaseModel):
    """Of a line, what was asked."""

    case: Case


def _line(path: Path, number: int, line: bytes, shape: type[M]) -> M:
    try:
        return shape.model_validate_json(line)
    except ValidationError as error:
        raise KitError("This line is not a case of a run.", path=path, line=number, remedy="Run it again.") from error


class Lines:
    """A file of lines that is written to its end, whole line by whole line.

    Args:
        file: it.
        at_once: whether a line, once added, is with the operating system, whatever happens next.
    """

    def __init__(self, file: BinaryIO, *, at_once: bool = True) -> None:
        self._file, self._at_once = file, at_once

    def add(self, line: bytes) -> None:
        """Write a line."""
        self._file.write(line)
        if self._at_once:
            self._file.flush()


@contextmanager
def appended(path: Path, *, keep: int | None = None) -> Iterator[Lines]:
    """Open a file of lines to add to. What a crash left of a last line is dropped; with `keep` all after so many is."""
    with path.open("ab+") as file:
        file.seek(0)
        end = sum(len(line) for line in islice(file, keep) if line.endswith(b"\n"))
        file.truncate(end)
        file.seek(0, os.SEEK_END)
        yield Lines(file)


@contextmanager
def replaced(path: Path) -> Iterator[Lines]:
    """Write a file of lines that takes the place of the old one when it is whole, and not at all if it is not."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb", buffering=_BUFFER) as file:
            yield Lines(file, at_once=False)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


class Records(Sequence[Record]):
    """The records of a run folder, with their scores, read when they are asked for: a run may be larger than memory.

    Raises:
        KitError: when a line that is read turns out to be damaged.
    """

    def __init__(self, folder: Path) -> None:
        self._log, self._scores = folder / CASES, folder / SCORES
        self._at: array[int] | None = None

    def __iter__(self) -> Iterator[Record]:
        scores = read_lines(self._scores)
        for record in read_lines(self._log):
            yield _together(record, next(scores, None))

    def scored(self) -> Iterator[Record]:
        """Those of the records that have scores, from the first on."""
        for record, scores in zip(read_lines(self._log), read_lines(self._scores), strict=False):
            yield _together(record, scores)

    def light(self) -> Iterator[Record]:
        """The records without what was said, which is far quicker to read; those that have no scores yet, whole."""
        number = 0
        for number, record in enumerate(read_lines(self._scores), start=1):  # noqa: B007
            yield record
        yield from islice(read_lines(self._log), number, None)

    def __len__(self) -> int:
        return len(self._offsets)

    @overload
    def __getitem__(self, at: int) -> Record: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Record, ...]: ...
    def __getitem__(self, at: int | slice) -> Record | tuple[Record, ...]:
        if isinstance(at, slice):
            return tuple(self._read(range(len(self))[at]))
        return next(self._read([range(len(self))[at]]))

    @property
    def _offsets(self) -> "array[int]":
        """Where each line of the log begins, in bytes."""
        if self._at is None:
            self._at, offset = array("Q"), 0
            if self._log.is_file():
                with self._log.open("rb", buffering=_BUFFER) as file:
                    for line in file:
                        if line.endswith(b"\n"):
                            self._at.append(offset)
                        offset += len(line)
        return self._at

    def _read(self, numbers: Iterable[int]) -> Iterator[Record]:
        wanted = list(numbers)
        if not wanted:
            return
        asked = set(wanted)
        lines = islice(read_lines(self._scores), max(wanted) + 1)
        scores = {number: one for number, one in enumerate(lines) if number in asked}
        with self._log.open("rb") as file:
            for number in wanted:
                file.seek(self._offsets[number])
                yield _together(_line(self._log, number + 1, file.readline(), Record), scores.get(number))


def _together(record: Record, scores: Record | None) -> Record:
    """A record of the log with its scores; they may have been made with other expectations than it ran with."""
    if scores is None:
        return record
    return record.model_copy(update={"case": scores.case, "scores": scores.scores})
