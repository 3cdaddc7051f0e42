"""What else was tried for ranking, measured again, so that nobody has to try it once more: see results.md.

Each row ranks the articles of all help centres in one way: by one ranker alone over all articles, by several rankers
added up in another way, by the kit with the question cut, or by the kit.
"""

import tempfile
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kit.knowledge import HybridRetriever, open_index, refresh_index
from kit.knowledge.finding.fusion import standardised
from kit.knowledge.finding.query import Query, read_query
from kit.knowledge.finding.rankers import FIRST, LATE, add_late, gather
from kit.models import Embedder, load_embedder
from kit.settings import cache_folder
from kit.text import sentences
from tests.bench.data import Question, help_centres

__all__ = ["run"]

Scores = NDArray[np.float32]
Way = Callable[[HybridRetriever, Query], list[str]]
SIZES = (70, 180, 254)


def run() -> None:
    """Print the table."""
    embedder = load_embedder("packaged", cache=cache_folder())
    rows: dict[str, dict[str, list[int]]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        names = []
        for name, folder, asked in help_centres(Path(scratch) / "bank"):
            names.append(name)
            answerable = [question for question in asked if question.articles]
            for title, retriever, way in _ways(Path(scratch) / "index" / name, folder, embedder):
                places = [_place(way(retriever, read_query(one.text, embedder)), one) for one in answerable]
                rows.setdefault(title, {})[name] = places
    print(f"\nTried for ranking: right article first / among three\n{'':<52}" + "".join(f"{one:>15}" for one in names))
    for title, found in rows.items():
        cells = [tuple(np.mean([place <= depth for place in found[name]]) for depth in (1, 3)) for name in names]
        print(f"{title:<52}" + "".join(f"{first:>9.3f} {three:.3f}" for first, three in cells))


def _ways(scratch: Path, folder: Path, embedder: Embedder) -> Iterator[tuple[str, HybridRetriever, Way]]:
    for size in SIZES:
        refresh_index(scratch / str(size), knowledge=folder, embedder=embedder, passage_tokens=size)
        retriever = HybridRetriever(build=open_index(scratch / str(size), embedder))
        yield f"MiniLM, best passage of {size} tokens", retriever, _alone(_passages)
        if size != 180:
            yield f"the kit with passages of {size} tokens", retriever, _kit
            continue
        for title, way in {
            "MiniLM, mean of an article's passages": _alone(_mean),
            "MiniLM, mean of an article's passages, whitened": _alone(_whitened),
            "MiniLM, titles": _alone(_titles),
            "MiniLM, headings below their title": _alone(_headings),
            "MiniLM, best sentence": _alone(_sentences),
            "MiniLM, best sentence, whitened": _alone(_sentences_whitened),
            "MiniLM, passages, centred on their mean": _alone(_centred),
            "MiniLM, passages, with feedback from the first 3": _alone(_feedback),
            "BM25, best passage": _alone(lambda one, query: _best(one, _bm25(one, query, "passages"))),
            "BM25, whole articles": _alone(lambda one, query: _bm25(one, query, "articles")),
            "late interaction, over an article's passages": _of(("tokens",)),
            "late interaction, best passage": _of(("passage_tokens",)),
            "all rankers, reciprocal ranks": _of((*FIRST, *LATE), by="ranks"),
            "all rankers, z-scores, all alike": _of((*FIRST, *LATE), by="z-scores"),
            "z-scores of passages, headings and words": _of(
                ("meaning", "headings", "passage_words", "article_words"), by="z-scores"
            ),
            "the kit, question cut to its first sentence": _cut(lambda parts: parts[0]),
            "the kit, question cut to its last question": _cut(_last_question),
            "the kit, question cut to its three longest sentences": _cut(
                lambda parts: " ".join(sorted(parts, key=len)[-3:])
            ),
            "the kit": _kit,
        }.items():
            yield title, retriever, way


def _place(ranked: list[str], question: Question) -> int:
    return next((place for place, id in enumerate(ranked, start=1) if id in question.articles), 99)


def _alone(score: Callable[[HybridRetriever, Query], Scores]) -> Way:
    def way(retriever: HybridRetriever, query: Query) -> list[str]:
        order = np.argsort(-score(retriever, query), kind="stable")[:10]
        return [retriever.build.columns.article_ids[row] for row in order]

    return way


def _of(rankers: tuple[str, ...], *, by: str = "z-scores") -> Way:
    """The rankers' scores over the candidates, added up by their ranks or as z-scores."""

    def way(retriever: HybridRetriever, query: Query) -> list[str]:
        found = gather(retriever.build, query)
        found = add_late(retriever.build, query, found.keep(np.argsort(-found.scores["meaning"])[:80]))
        total = np.zeros(len(found))
        for name in rankers:
            scores = found.scores[name]
            ranks = 1 / (60 + np.argsort(np.argsort(-scores, kind="stable")))
            total += ranks if by == "ranks" else standardised("", scores)
        return [retriever.build.columns.article_ids[found.articles[place]] for place in np.argsort(-total)[:10]]

    return way


def _kit(retriever: HybridRetriever, query: Query) -> list[str]:
    return [hit.passage.article_id for hit in retriever.find(query.text, top=10).hits]


def _cut(cut: Callable[[list[str]], str]) -> Way:
    def way(retriever: HybridRetriever, query: Query) -> list[str]:
        text = cut(sentences(query.text) or [query.text])
        return [hit.passage.article_id for hit in retriever.find(text, top=10).hits]

    return way


def _last_question(parts: list[str]) -> str:
    return next((part for part in reversed(parts) if part.endswith("?")), parts[-1])


def _best(retriever: HybridRetriever, passages: Scores) -> Scores:
    return np.maximum.reduceat(passages, retriever.build.columns.first[:-1])


def _passages(retriever: HybridRetriever, query: Query) -> Scores:
    return _best(retriever, retriever.build.vectors["passages"] @ query.vector)


def _mean(retriever: HybridRetriever, query: Query) -> Scores:
    first = retriever.build.columns.first
    vectors = retriever.build.vectors["passages"]
    means = np.stack([vectors[start:stop].mean(axis=0) for start, stop in pairwise(first)])
    return np.asarray(_unit(means) @ query.vector, dtype=np.float32)


def _whitened(retriever: HybridRetriever, query: Query) -> Scores:
    whitening = retriever.build.whitening
    return whitening.articles @ whitening.turn(query.vector)


def _titles(retriever: HybridRetriever, query: Query) -> Scores:
    build = retriever.build
    if build.folder not in _TITLES:
        _TITLES[build.folder] = build.embedder.encode(build.columns.titles)
    return _TITLES[build.folder] @ query.vector


_TITLES: dict[Path, Scores] = {}


def _headings(retriever: HybridRetriever, query: Query) -> Scores:
    return _best(retriever, retriever.build.vectors["headings"] @ query.vector)


def _sentences(retriever: HybridRetriever, query: Query) -> Scores:
    return _by_sentence(retriever, retriever.build.vectors["sentences"] @ query.vector)


def _sentences_whitened(retriever: HybridRetriever, query: Query) -> Scores:
    whitening = retriever.build.whitening
    direction = whitening.turn(query.vector) @ whitening.matrix
    return _by_sentence(retriever, (retriever.build.vectors["sentences"] @ direction) / whitening.lengths)


def _by_sentence(retriever: HybridRetriever, scores: Scores) -> Scores:
    starts, first = retriever.build.sentence_starts, retriever.build.columns.first
    spans = pairwise(starts[first])
    return np.array([scores[start:stop].max() if stop > start else -1 for start, stop in spans], dtype=np.float32)


def _centred(retriever: HybridRetriever, query: Query) -> Scores:
    vectors = retriever.build.vectors["passages"]
    mean = vectors.mean(axis=0)
    return _best(retriever, _unit(vectors - mean) @ _unit(query.vector - mean))


def _feedback(retriever: HybridRetriever, query: Query) -> Scores:
    """Rocchio's: the question moves towards the passages that it finds first."""
    vectors = retriever.build.vectors["passages"]
    near = np.argsort(-(vectors @ query.vector))[:3]
    return _best(retriever, vectors @ _unit(query.vector + 0.3 * vectors[near].mean(axis=0)))


def _bm25(retriever: HybridRetriever, query: Query, name: str) -> Scores:
    return retriever.build.words[name].scores(query.stems)


def _unit(rows: Scores) -> Scores:
    return np.asarray(rows / (np.linalg.norm(rows, axis=-1, keepdims=True) + 1e-9), dtype=np.float32)
