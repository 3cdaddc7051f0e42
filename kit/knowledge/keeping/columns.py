"""Facts of all articles side by side, so that a search need not read the articles themselves."""

import json
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kit.errors import KitError
from kit.knowledge.keeping.fields import FILTERS, Corpus
from kit.knowledge.keeping.stores import Where

__all__ = ["Columns", "write_columns"]

_NAME = "columns.json"


def write_columns(folder: Path, corpus: Corpus) -> None:
    """Write the columns of a corpus.

    Raises:
        KitError: two articles have one id.
    """
    ids = [article.article_id for article in corpus.articles]
    if len(set(ids)) < len(ids):
        twice = sorted({id for id in ids if ids.count(id) > 1})
        raise KitError(f"Several articles have the id `{twice[0]}`.", remedy="Give each article an id of its own.")
    counts = dict.fromkeys(ids, 0)
    for passage in corpus.passages:
        counts[passage.article_id] += 1
    content = {
        "article_id": ids,
        "title": [article.title for article in corpus.articles],
        "passages": list(counts.values()),
        **{name: [getattr(article, name) for article in corpus.articles] for name in FILTERS},
    }
    (folder / _NAME).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


class Columns:
    """The columns that `write_columns` wrote.

    Attributes:
        article_ids: the id of each article.
        titles: the title of each article.
        first: the row of each article's first passage, and at the end the number of passages.
        article_of: the row of each passage's article.
        passage_ids: the id of each passage.
    """

    def __init__(self, folder: Path) -> None:
        content = json.loads((folder / _NAME).read_text(encoding="utf-8"))
        self.article_ids: list[str] = content["article_id"]
        self.titles: list[str] = content["title"]
        counts = np.array(content["passages"], dtype=np.int64)
        self.first: NDArray[np.int64] = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(counts)))
        self.article_of: NDArray[np.int32] = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
        self.passage_ids: Sequence[str] = _PassageIds(self)
        self._values: dict[str, list[str]] = {name: content[name] for name in FILTERS}

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {id: row for row, id in enumerate(self.article_ids)}

    @cached_property
    def _codes(self) -> dict[str, tuple[dict[str, int], NDArray[np.int32]]]:
        found = {}
        for name, values in self._values.items():
            codes: dict[str, int] = {}
            column = [codes.setdefault(value, len(codes)) for value in values]
            found[name] = codes, np.array(column, dtype=np.int32)
        return found

    @property
    def passage_counts(self) -> dict[str, int]:
        """How many passages each article has, by its id."""
        return dict(zip(self.article_ids, np.diff(self.first).tolist(), strict=True))

    def article_row(self, id: str) -> int | None:
        """The row of the article with this id."""
        return self._rows.get(id)

    def passage_row(self, id: str) -> int | None:
        """The row of the passage with this id."""
        article_id, _, number = id.rpartition("#")
        row = self._rows.get(article_id)
        if row is None or not number.isdecimal() or not 0 < int(number) <= self.first[row + 1] - self.first[row]:
            return None
        return int(self.first[row]) + int(number) - 1

    def passages_of(self, article_row: int) -> range:
        """The rows of an article's passages."""
        return range(int(self.first[article_row]), int(self.first[article_row + 1]))

    def value(self, name: str, article_row: int) -> str:
        """What an article has under one of the names that can be filtered by."""
        return self._values[name][article_row]

    def of_passages(self, name: str) -> Sequence[str]:
        """What each passage's article has under one of these names."""
        values = np.array(self._values[name], dtype=object)
        found: list[str] = values[self.article_of].tolist()
        return found

    def metadata(self, passage_row: int) -> dict[str, str]:
        """What a vector store knows of a passage."""
        row = int(self.article_of[passage_row])
        return {"article_id": self.article_ids[row], **{name: self.value(name, row) for name in FILTERS}}

    def matching(self, where: Where) -> NDArray[np.bool_]:
        """Which articles have one of the values named for each field.

        Raises:
            KitError: there is no such field.
        """
        found = np.ones(len(self.article_ids), dtype=np.bool_)
        for name, wanted in where.items():
            if name not in self._codes:
                raise KitError(f"There is no filter `{name}`.", remedy=f"There are {', '.join(FILTERS)}.")
            codes, column = self._codes[name]
            values = [wanted] if isinstance(wanted, str) else wanted
            found &= np.isin(column, [codes[value] for value in values if value in codes])
        return found


class _PassageIds(Sequence[str]):
    """The ids of all passages, made when they are asked for."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns

    def __len__(self) -> int:
        return len(self._columns.article_of)

    def __getitem__(self, index: int | slice) -> str | list[str]:  # type: ignore[override]
        if isinstance(index, slice):
            return [self._id(row) for row in range(*index.indices(len(self)))]
        return self._id(range(len(self))[index])

    def __iter__(self) -> Iterator[str]:
        return (self._id(row) for row in range(len(self)))

    def _id(self, row: int) -> str:
        article = int(self._columns.article_of[row])
        return f"{self._columns.article_ids[article]}#{row - int(self._columns.first[article]) + 1}"
