"""The words of passages and articles in BM25 indexes, mapped from disk."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kit.knowledge.keeping.files import mapped
from kit.knowledge.keeping.keys import keys_of, read_keys, write_keys
from kit.text import content_words

__all__ = ["VOCABULARY", "KnownWords", "Words", "write_words"]

VOCABULARY = "vocab.index.json"
_FILES = ("data", "indices", "indptr")


def write_words(folder: Path, texts: Sequence[str], known: "KnownWords | None" = None) -> None:
    """Write a BM25 index with one row for each text, and beside it the stems of each, for the next time.

    Args:
        folder: where to.
        texts: what to index.
        known: the stems of texts that need not be taken apart again.
    """
    import bm25s

    keys = keys_of(texts)
    # A text without a single content word still needs a row.
    rows = [
        (known.get(key) if known else None) or content_words(text) or ["-"]
        for key, text in zip(keys, texts, strict=True)
    ]
    model = bm25s.BM25()
    model.index(rows, show_progress=False)
    model.save(str(folder))
    write_keys(folder / "stems", keys)
    np.save(folder / "stems.starts.npy", np.cumsum([0, *map(len, rows)]))
    np.save(folder / "stems.npy", np.array([model.vocab_dict[stem] for row in rows for stem in row], dtype=np.int32))


class KnownWords:
    """The stems of the texts in an index that `write_words` wrote."""

    def __init__(self, folder: Path) -> None:
        columns: dict[str, int] = json.loads((folder / VOCABULARY).read_text(encoding="utf-8"))
        self._stem = {column: stem for stem, column in columns.items()}
        self._starts = np.load(folder / "stems.starts.npy")
        self._columns = np.load(folder / "stems.npy", mmap_mode="r")
        self._row = {key: row for row, key in enumerate(read_keys(folder / "stems"))}

    def get(self, key: bytes) -> list[str] | None:
        """The stems of the text with this key, in order."""
        row = self._row.get(key)
        if row is None:
            return None
        columns: list[int] = self._columns[self._starts[row] : self._starts[row + 1]].tolist()
        return [self._stem[column] for column in columns]


class Words:
    """A BM25 index that `write_words` wrote.

    The weight of each stem in each row was computed when the index was built, so that a query only adds up columns;
    the files are read without bm25s, whose import takes longer than a search.
    """

    def __init__(self, folder: Path) -> None:
        self._column: dict[str, int] = json.loads((folder / VOCABULARY).read_text(encoding="utf-8"))
        self._weights, self._rows, self._starts = (mapped(folder / f"{name}.csc.index.npy") for name in _FILES)
        self._size = int(json.loads((folder / "params.index.json").read_text(encoding="utf-8"))["num_docs"])

    def __len__(self) -> int:
        return self._size

    def scores(self, stems: Sequence[str]) -> NDArray[np.float32]:
        """BM25 of every row for a query of these stems; a stem that is named twice counts twice."""
        scores = np.zeros(self._size, dtype=np.float32)
        for stem in stems:
            part = self._part(stem)
            # A row stands once in a column.
            scores[self._rows[part]] += self._weights[part]
        return scores

    def rows(self, stem: str) -> NDArray[np.int32]:
        """The rows that hold a stem, in no particular order."""
        return np.asarray(self._rows[self._part(stem)])

    def holds(self, row: int, stem: str) -> bool:
        """Whether a row holds a stem."""
        return bool((self._rows[self._part(stem)] == row).any())

    def holding(self, stem: str) -> int:
        """How many rows hold a stem."""
        part = self._part(stem)
        return int(part.stop - part.start)

    def _part(self, stem: str) -> slice:
        column = self._column.get(stem)
        # The empty word that bm25s adds has no column of its own.
        if column is None or column + 1 >= len(self._starts):
            return slice(0, 0)
        return slice(int(self._starts[column]), int(self._starts[column + 1]))
