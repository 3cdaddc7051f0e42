"""Puts the best hits in the order of a reranker: a cross-encoder here, or a hosted one."""

from collections.abc import Sequence
from dataclasses import replace

from langchain_core.documents import Document
from langchain_core.documents.compressor import BaseDocumentCompressor

from kit.errors import RerankFailure
from kit.knowledge.article import Hit
from kit.knowledge.finding.types import Found
from kit.safety import mask

__all__ = ["reranked"]


def reranked(found: Found, reranker: BaseDocumentCompressor, *, depth: int) -> Found:
    """What was found, its first `depth` hits in the reranker's order; in the kit's own if the reranker fails.

    Personal data in the question is masked, since a reranker may be somebody else's server.
    """
    first, rest = found.hits[:depth], found.hits[depth:]
    documents = [
        Document(hit.passage.indexed_text, id=hit.passage.passage_id, metadata={"place": place})
        for place, hit in enumerate(first)
    ]
    try:
        ranked = reranker.compress_documents(documents, mask(found.query).text)
    except RerankFailure as failure:
        return replace(found, note=f"{failure.problem} The kit's own order stands.")
    scored = [(first[one.metadata["place"]], float(one.metadata["relevance_score"])) for one in ranked]
    hits = [replace(hit, score=score, parts={**hit.parts, "reranker": score}) for hit, score in scored]
    # Some rerankers give back only the best.
    given = {hit.passage.passage_id for hit in hits}
    rest = (*(hit for hit in first if hit.passage.passage_id not in given), *rest)
    ordered = [replace(hit, rank=rank) for rank, hit in enumerate([*hits, *_below(hits, rest)], start=1)]
    return replace(found, hits=tuple(ordered))


def _below(hits: Sequence[Hit], rest: Sequence[Hit]) -> list[Hit]:
    """The hits that the reranker did not score, on its scale: below all that it did, as far apart as they were."""
    lowest = min((hit.score for hit in hits), default=0.0)
    return [replace(hit, score=lowest - (rest[0].score - hit.score) - 1e-6) for hit in rest]
