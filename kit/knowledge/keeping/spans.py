"""Rows of a large array on disk, read as they are needed."""

import os
import weakref
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Spans"]


class Spans:
    """An array that `numpy.save` wrote, of which runs of rows are read.

    Read, not mapped: a process that searches a large index for long would else count all of it as its memory. Any
    number of threads may read at once.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no array.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            version = np.lib.format.read_magic(file)
            read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
            self.shape, _, self.dtype = read(file)
            self._offset = file.tell()
        self._row = int(np.prod(self.shape[1:])) * self.dtype.itemsize
        self._file = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._file)

    def read(self, spans: Iterable[tuple[int, int]]) -> NDArray[Any]:
        """The rows of each span, from its start to before its stop, one span after the other.

        Raises:
            OSError: the file has fewer rows, or cannot be read.
        """
        spans = list(spans)
        found = np.empty((sum(stop - start for start, stop in spans), *self.shape[1:]), dtype=self.dtype)
        target, at = memoryview(found.data).cast("B") if found.size else memoryview(b""), 0
        for start, stop in spans:
            size = (stop - start) * self._row
            if size and os.preadv(self._file, [target[at : at + size]], self._offset + start * self._row) != size:
                raise OSError("The file is shorter than it was.")
            at += size
        return found
