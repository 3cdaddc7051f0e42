"""Articles and passages on disk: one JSON object a line, each read only when it is asked for."""

import json
import mmap
import os
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar, cast, get_args, get_type_hints, overload

import numpy as np
from numpy.typing import NDArray

__all__ = ["ById", "Rows", "from_row", "to_row", "write_rows"]

T = TypeVar("T")


def write_rows(path: Path, values: Iterable[Any]) -> None:
    """Write dataclasses to `path`, and beside it where each of them begins."""
    starts = [0]
    with path.open("wb") as file:
        for value in values:
            starts.append(starts[-1] + file.write(json.dumps(to_row(value), ensure_ascii=False).encode() + b"\n"))
    np.save(_starts(path), np.array(starts, dtype=np.int64))


class Rows(Sequence[T]):
    """The values in a file that `write_rows` wrote, by their number from 0."""

    def __init__(self, path: Path, kind: type[T]) -> None:
        self._kind = kind
        self._starts: NDArray[np.int64] = np.load(_starts(path))
        with path.open("rb") as file:
            # A mapping of nothing cannot be made.
            empty = os.fstat(file.fileno()).st_size == 0
            self._data: mmap.mmap | bytes = b"" if empty else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def __len__(self) -> int:
        return len(self._starts) - 1

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        if isinstance(index, slice):
            return [self[row] for row in range(*index.indices(len(self)))]
        row = range(len(self))[index]
        return from_row(self._kind, json.loads(self._data[self._starts[row] : self._starts[row + 1]]))

    def __iter__(self) -> Iterator[T]:
        return (self[row] for row in range(len(self)))


class ById(Mapping[str, T], Generic[T]):
    """Values by their id.

    Args:
        ids: all ids, in order.
        row: the number of an id, or None.
        value: the value with a number.
    """

    def __init__(self, ids: Sequence[str], row: Callable[[str], int | None], value: Callable[[int], T]) -> None:
        self._ids, self._row, self._value = ids, row, value

    def __getitem__(self, id: str) -> T:
        row = self._row(id)
        if row is None:
            raise KeyError(id)
        return self._value(row)

    def __contains__(self, id: object) -> bool:
        return isinstance(id, str) and self._row(id) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


def to_row(value: Any) -> dict[str, Any]:
    """A dataclass as JSON can hold it; dates are written as ISO 8601."""
    row = {field.name: getattr(value, field.name) for field in fields(value)}
    return {name: one.isoformat() if isinstance(one, date) else one for name, one in row.items()}


def from_row(kind: type[T], row: Mapping[str, Any]) -> T:
    """The dataclass that `to_row` wrote."""
    dates = _dates(cast(Hashable, kind))
    return kind(
        **{name: date.fromisoformat(one) if one and name in dates else _tuples(one) for name, one in row.items()}
    )


@cache
def _dates(kind: Any) -> frozenset[str]:
    return frozenset(name for name, hint in get_type_hints(kind).items() if date in (hint, *get_args(hint)))


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _starts(path: Path) -> Path:
    return path.with_suffix(".starts.npy")
