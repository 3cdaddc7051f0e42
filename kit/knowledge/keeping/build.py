"""One build of the index, open for searching."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kit.errors import IndexUnavailable
from kit.knowledge.article import Article, Passage
from kit.knowledge.keeping.columns import Columns
from kit.knowledge.keeping.held import Held
from kit.knowledge.keeping.manifest import REMEDY, Manifest
from kit.knowledge.keeping.rows import ById, Rows
from kit.knowledge.keeping.spans import Spans
from kit.knowledge.keeping.stores import Where, nearest
from kit.knowledge.keeping.tokens import Tokens
from kit.knowledge.keeping.vectors import Vectors
from kit.knowledge.keeping.whitening import Whitening
from kit.knowledge.keeping.words import Words
from kit.models import Embedder

if TYPE_CHECKING:
    from langchain_core.documents import Document
    from langchain_core.vectorstores import VectorStore

__all__ = ["Build"]


@dataclass(frozen=True, eq=False)
class Build:
    """An index that can be searched; any number of threads may do so at once.

    Articles and passages have numbers, their rows, which are also the rows of `vectors` and `words`; an article's
    passages stand next to each other.

    Attributes:
        folder: where it lies.
        manifest: what it was made of.
        embedder: what made its vectors, and makes those of queries.
        articles: read from disk one by one, as they are asked for.
        passages: likewise.
        columns: of each article its id, title and where its passages begin, without reading it.
        vectors: exact vectors: the fields `passages` and `headings` have a row for each passage, `sentences` for each
            sentence.
        sentences: the vectors of the field `sentences`, to be read in part.
        sentence_starts: for each passage where its sentences begin, and at the end how many there are.
        tokens: the vectors of the passages' single tokens.
        whitening: which directions tell the articles apart.
        words: BM25: the field `passages` has a row for each passage, `articles` for each article.
        store: brings the passages near a vector.
        held: keeps the build from being removed while it is read.
        exact_filters: compare with all vectors when a search is filtered. Chroma in a folder takes 140 ms for a filter
            over 100,000 passages, the matrix itself 4 ms.
    """

    folder: Path
    manifest: Manifest
    embedder: Embedder
    articles: Rows[Article]
    passages: Rows[Passage]
    columns: Columns
    vectors: Mapping[str, Vectors]
    sentences: Spans
    sentence_starts: NDArray[np.int64]
    tokens: Tokens
    whitening: Whitening
    words: Mapping[str, Words]
    store: "VectorStore"
    held: Held
    exact_filters: bool = False

    def nearest(self, vector: Sequence[float] | Vectors, *, k: int, where: Where | None = None) -> NDArray[np.int64]:
        """The rows of the passages nearest to a vector, as the store finds them, nearest first.

        Raises:
            IndexUnavailable: the store does not answer, holds other passages, or the vector has another length.
        """
        if len(vector) != self.manifest.dimension:
            raise IndexUnavailable(
                f"The question's vector has {len(vector)} numbers, those of the index {self.manifest.dimension}.",
                path=self.folder,
                remedy="Run `kit index --rebuild`.",
            )
        if where and self.exact_filters:
            return self._nearest_matching(np.asarray(vector, dtype=np.float32), k, where)
        ids = nearest(self.store, [float(one) for one in vector], k=k, where=where)
        rows = [row for id in ids if (row := self.columns.passage_row(id)) is not None]
        if ids and not rows:
            raise IndexUnavailable("The vector store holds other passages than the index.", remedy=REMEDY)
        return np.array(rows, dtype=np.int64)

    def _nearest_matching(self, vector: Vectors, k: int, where: Where) -> NDArray[np.int64]:
        rows = np.flatnonzero(self.matching(where)[self.columns.article_of])
        similarity = (self.vectors["passages"] @ vector)[rows]
        best = np.argpartition(-similarity, k)[:k] if k < len(rows) else np.arange(len(rows))
        return rows[best[np.argsort(-similarity[best], kind="stable")]]

    def matching(self, where: Where) -> NDArray[np.bool_]:
        """Which articles have these values; for the passages, take it at `columns.article_of`."""
        return self.columns.matching(where)

    @cached_property
    def passage(self) -> Mapping[str, Passage]:
        """The passages by their id."""
        return ById(self.columns.passage_ids, self.columns.passage_row, self.passages.__getitem__)

    @cached_property
    def article(self) -> Mapping[str, Article]:
        """The articles by their id."""
        return ById(self.columns.article_ids, self.columns.article_row, self.articles.__getitem__)

    @cached_property
    def passages_of(self) -> Mapping[str, list[Passage]]:
        """The passages of each article, in order."""
        # Without `self`: a build in a circle of references would be held longer than it is read.
        passages, columns = self.passages, self.columns

        def value(row: int) -> list[Passage]:
            return [passages[one] for one in columns.passages_of(row)]

        return ById(columns.article_ids, columns.article_row, value)

    def rarity(self, stem: str) -> float:
        """Inverse document frequency of a stem over the articles; highest for one that stands in none."""
        return math.log((len(self.articles) + 1) / (self.words["articles"].holding(stem) + 0.5))

    def documents(self) -> "Iterator[Document]":
        """All passages as LangChain documents, to fill another store with."""
        from langchain_core.documents import Document

        for row, passage in enumerate(self.passages):
            yield Document(
                id=passage.passage_id, page_content=passage.indexed_text, metadata=self.columns.metadata(row)
            )

    def using(self, store: "VectorStore") -> "Build":
        """The same build with another store, which holds the build's passages under their ids."""
        return replace(self, store=store, exact_filters=False)
