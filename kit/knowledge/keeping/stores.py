"""The one door to vector stores: whichever it is, it is asked for the passages nearest to a vector.

A store brings candidates only; they are scored with the exact vectors. So every LangChain `VectorStore` will do that
holds the passages under their ids.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kit.errors import IndexUnavailable

if TYPE_CHECKING:
    from langchain_core.documents import Document
    from langchain_core.vectorstores import VectorStore

__all__ = ["Where", "nearest"]

Where = Mapping[str, str | Sequence[str]]
"""A filter: for each field the value, or the values, that it may have."""


def nearest(store: "VectorStore", vector: Sequence[float], *, k: int, where: Where | None = None) -> list[str]:
    """The ids of the passages nearest to a vector, nearest first.

    Args:
        store: Chroma, LangChain's in-memory store, or one that takes a filter of field to values.
        vector: of unit length.
        k: how many, at most.
        where: only passages whose metadata have these values.

    Raises:
        IndexUnavailable: the store cannot answer.
    """
    options = {"filter": _as_taken(store, where)} if where else {}
    try:
        found = store.similarity_search_by_vector([float(one) for one in vector], k=k, **options)
    except Exception as error:  # Each store has its own errors, and all mean the same here.
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise IndexUnavailable(f"The vector store does not answer ({reason}).", remedy="Run `kit doctor`.") from error
    return [str(document.id) for document in found]


def _as_taken(store: "VectorStore", where: Where) -> Any:
    """The filter in the store's own terms."""
    values = {name: [one] if isinstance(one, str) else list(one) for name, one in where.items()}
    kinds = {kind.__name__ for kind in type(store).__mro__}
    if "Chroma" in kinds:
        terms = [{name: {"$in": wanted}} for name, wanted in values.items()]
        return terms[0] if len(terms) == 1 else {"$and": terms}
    if "InMemoryVectorStore" in kinds:

        def passes(document: "Document") -> bool:
            return all(document.metadata.get(name) in wanted for name, wanted in values.items())

        return passes
    return values
