"""Columns that grow row by row and are read one at a time: of long runs most of them lie in a temporary file."""

import pickle
import tempfile
import weakref
from array import array
from collections.abc import Iterator, Sequence
from functools import cached_property
from hashlib import blake2b
from typing import IO, TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["BLOCK", "Notes", "Values", "key"]

BLOCK = 1024
"""Rows that are held until they are written."""


def key(*names: str) -> int:
    """A number of 64 bits that stands for names: eight bytes a row instead of a text."""
    sha = blake2b(digest_size=8)
    for name in names:
        data = name.encode()
        sha.update(len(data).to_bytes(8, "big") + data)
    return int.from_bytes(sha.digest(), "big", signed=True)


class _Spilled:
    @cached_property
    def file(self) -> IO[bytes]:
        """A file without a name, gone with the object; made when a block is full, as most runs are smaller."""
        file = tempfile.TemporaryFile(prefix="kit-columns-")  # noqa: SIM115  # closed with the object
        weakref.finalize(self, file.close)
        return file


class Values(_Spilled):
    """So many columns of numbers and, where a number is NaN, of the code that says why.

    Args:
        width: how many columns.
    """

    def __init__(self, width: int) -> None:
        self._width, self._rows, self._blocks = width, 0, 0
        self._values, self._codes = array("d"), array("H")

    def add(self, values: Sequence[float], codes: Sequence[int]) -> None:
        """A row: a number and a code a column."""
        self._values.extend(values)
        self._codes.extend(codes)
        self._rows += 1
        if self._rows % BLOCK == 0:
            self.file.seek(0, 2)
            for block in self._held():  # column by column, so that one is read without the others
                self.file.write(np.ascontiguousarray(block.T).tobytes())
            self._values, self._codes = array("d"), array("H")
            self._blocks += 1

    def column(self, place: int) -> "tuple[Floats, Ints]":
        """A column's numbers and codes, shape (rows,) each."""
        numbers, codes = np.empty(self._rows), np.empty(self._rows, dtype=np.int64)
        cells = BLOCK * self._width
        for block in range(self._blocks):
            start, rows = block * cells * 10, slice(block * BLOCK, (block + 1) * BLOCK)
            self.file.seek(start + place * BLOCK * 8)  # eight bytes a number, then two a code
            numbers[rows] = np.frombuffer(self.file.read(BLOCK * 8))
            self.file.seek(start + cells * 8 + place * BLOCK * 2)
            codes[rows] = np.frombuffer(self.file.read(BLOCK * 2), dtype=np.uint16)
        held, why = self._held()
        numbers[self._blocks * BLOCK :], codes[self._blocks * BLOCK :] = held[:, place], why[:, place]
        return numbers, codes

    def _held(self) -> "tuple[Floats, NDArray[np.uint16]]":
        values, codes = np.array(self._values, dtype=np.float64), np.array(self._codes, dtype=np.uint16)
        return values.reshape(-1, self._width), codes.reshape(-1, self._width)


class Notes(_Spilled):
    """One value a row, whatever it is; what cannot be pickled stays in memory."""

    def __init__(self) -> None:
        self._held: list[Any] = []
        self._blocks, self._plain = 0, True

    def add(self, value: Any) -> None:
        """A row."""
        self._held.append(value)
        if self._plain and len(self._held) == BLOCK:
            try:
                block = pickle.dumps(self._held, protocol=pickle.HIGHEST_PROTOCOL)
            except (pickle.PicklingError, AttributeError, TypeError):  # a plug-in's: a class within a function, say
                self._plain = False
                return
            self.file.seek(0, 2)
            self.file.write(block)
            self._held, self._blocks = [], self._blocks + 1

    def __iter__(self) -> Iterator[Any]:
        if self._blocks:
            self.file.seek(0)
        for _ in range(self._blocks):
            yield from pickle.load(self.file)  # nobody else can write it, as it has no name
        yield from self._held
