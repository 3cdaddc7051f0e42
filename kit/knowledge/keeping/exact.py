"""The smallest vector store there is: the matrix itself, compared with the query in full."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import VectorStore
from numpy.typing import NDArray

__all__ = ["ExactStore"]


class ExactStore(VectorStore):
    """A LangChain vector store over a matrix of unit-length vectors that never changes.

    It needs no files of its own, so that it also serves an index in a folder that may not be written.

    Args:
        vectors: one row for each document.
        ids: the documents' ids, in the order of the rows.
        metadata: columns of metadata, each with one value for each row.
        embeddings: turns a query into a vector.
    """

    def __init__(
        self,
        vectors: NDArray[np.float32],
        ids: Sequence[str],
        metadata: Mapping[str, Sequence[str]] | None = None,
        embeddings: Embeddings | None = None,
    ) -> None:
        self._vectors, self._ids, self._metadata, self._embeddings = vectors, ids, metadata or {}, embeddings

    @property
    def embeddings(self) -> Embeddings | None:
        return self._embeddings

    def similarity_search_by_vector(
        self, embedding: list[float], k: int = 4, *, filter: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> list[Document]:
        """The documents nearest to a vector; `filter` gives the value, or the values, that a column must have."""
        similarity = self._vectors @ np.asarray(embedding, dtype=np.float32)
        for name, wanted in (filter or {}).items():
            values = {wanted} if isinstance(wanted, str) else set(wanted)
            similarity[[value not in values for value in self._metadata[name]]] = -np.inf
        count = min(k, int(np.isfinite(similarity).sum()))
        nearest = np.argpartition(-similarity, max(count - 1, 0))[:count] if count else np.zeros(0, dtype=np.int64)
        return [self._document(int(row)) for row in nearest[np.argsort(-similarity[nearest], kind="stable")]]

    def similarity_search(self, query: str, k: int = 4, **kwargs: Any) -> list[Document]:
        """The documents nearest to a text."""
        if self._embeddings is None:
            raise ValueError("Without an embedder only vectors can be searched for.")
        return self.similarity_search_by_vector(self._embeddings.embed_query(query), k, **kwargs)

    def _document(self, row: int) -> Document:
        metadata = {name: column[row] for name, column in self._metadata.items()}
        return Document(id=self._ids[row], page_content="", metadata=metadata)

    @classmethod
    def from_texts(
        cls,
        texts: list[str],
        embedding: Embeddings,
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: Iterable[str] | None = None,
        **kwargs: Any,
    ) -> "ExactStore":
        """A store of these texts."""
        names = list(ids or map(str, range(len(texts))))
        columns = {key: [one[key] for one in metadatas] for key in metadatas[0]} if metadatas else {}
        vectors = np.asarray(embedding.embed_documents(texts), dtype=np.float32)
        return cls(vectors, names, columns, embedding)
