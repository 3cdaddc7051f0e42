"""Ranks articles by several rankers at once, and tells how sure the ranking looks.

Each ranker scores articles on its own scale. The scores are standardised over the candidates (z-scores) and summed:
unlike fusion of ranks this keeps *how much* better one article is than the next. A ranker that says nothing about a
candidate gives it the lowest score that it gave to any.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kit.knowledge.article import Hit, Passage
from kit.knowledge.keeping import Build, Words
from kit.text import content_words

__all__ = ["Found", "Signals", "search"]

# How many candidates each vector ranker brings; beyond this depth none has ever been the right one.
DEPTH = 100

# What each ranker's z-score counts. Chosen on one half of the TechQA questions; `make bench` reports the other.
WEIGHTS = {"passage": 1.0, "title": 0.3, "passage_words": 0.3, "article_words": 0.7}


@dataclass(frozen=True)
class Signals:
    """What a search says about itself; the features of the confidence.

    Attributes:
        similarity: cosine of the question and the best passage of the first hit.
        title_similarity: cosine of the question and the first hit's title.
        margin: fused score of the first hit over the second.
        coverage: share of the question's content words, weighted by rarity, that the first hit's article contains.
        agreement: share of the rankers whose own first article is the first hit.
        scope: highest cosine of the question and any passage or title.
    """

    similarity: float = 0.0
    title_similarity: float = 0.0
    margin: float = 0.0
    coverage: float = 0.0
    agreement: float = 0.0
    scope: float = 0.0


@dataclass(frozen=True)
class Found:
    """The hits of a search, best first, one passage for each article."""

    query: str
    hits: tuple[Hit, ...]
    signals: Signals


def search(build: Build, query: str, *, top: int) -> Found:
    """The `top` best articles for the query, each with its best passage."""
    vector = np.asarray(build.embedder.embed_query(query), dtype=np.float32)
    rows = build.nearest(vector, k=DEPTH)
    near = build.vectors["passages"][rows] @ vector
    passage_scores = {build.columns.passage_ids[row]: float(score) for row, score in zip(rows, near, strict=True)}
    titles = build.vectors["titles"] @ vector
    best: dict[str, dict[str, float]] = {
        "passage": _best_per_article(build, passage_scores),
        "title": {build.columns.article_ids[row]: float(titles[row]) for row in np.argsort(-titles)[:DEPTH]},
    }
    # Each word once: in a long message the words said often are seldom those that tell articles apart.
    stems = list(dict.fromkeys(content_words(query)))
    passage_words = _word_scores(build.words["passages"], stems, build.columns.passage_ids)
    best["passage_words"] = _best_per_article(build, passage_words)
    best["article_words"] = _word_scores(build.words["articles"], stems, build.columns.article_ids)

    candidates = sorted(set().union(*(_top(scores, DEPTH) for scores in best.values())))
    if not candidates:
        return Found(query, (), Signals())
    fused = {name: _standardise(scores, candidates) for name, scores in best.items()}
    total = sum((WEIGHTS[name] * fused[name] for name in best), np.zeros(len(candidates)))
    order = np.argsort(-total, kind="stable")[:top]
    within = _within_article(passage_scores, passage_words)
    hits = tuple(
        Hit(
            rank=rank,
            passage=_best_passage(build, candidates[index], within),
            score=float(total[index]),
            parts={name: float(values[index]) for name, values in fused.items()},
        )
        for rank, index in enumerate(order, start=1)
    )
    margin = float(total[order[0]] - total[order[1]]) if len(order) > 1 else float(total[order[0]])
    return Found(query, hits, _signals(build, stems, hits[0].passage.article_id, best, margin))


def _word_scores(words: Words, stems: list[str], ids: Sequence[str]) -> dict[str, float]:
    """BM25 of every passage or article that shares a word with the query, by id."""
    scores = words.scores(stems)
    return {ids[row]: float(scores[row]) for row in np.flatnonzero(scores > 0).tolist()}


def _best_per_article(build: Build, scores: Mapping[str, float]) -> dict[str, float]:
    found: dict[str, float] = {}
    for passage_id, score in scores.items():
        article_id = passage_id.rpartition("#")[0]
        found[article_id] = max(score, found.get(article_id, score))
    return found


def _top(scores: Mapping[str, float], count: int) -> set[str]:
    return set(sorted(scores, key=lambda id: -scores[id])[:count])


def _standardise(scores: Mapping[str, float], candidates: list[str]) -> np.ndarray:
    lowest = min(scores.values(), default=0.0)
    values = np.array([scores.get(id, lowest) for id in candidates])
    spread = float(values.std()) or 1.0
    return np.asarray((values - values.mean()) / spread)


def _within_article(similarity: Mapping[str, float], words: Mapping[str, float]) -> dict[str, float]:
    """One score per passage to choose among the passages of one article: cosine plus scaled BM25."""
    most = max(words.values(), default=1.0) or 1.0
    return {id: similarity.get(id, 0.0) + 0.3 * words.get(id, 0.0) / most for id in {*similarity, *words}}


def _best_passage(build: Build, article_id: str, within: Mapping[str, float]) -> Passage:
    return max(build.passages_of[article_id], key=lambda passage: within.get(passage.passage_id, -1.0))


def _signals(
    build: Build, stems: list[str], first: str, best: Mapping[str, Mapping[str, float]], margin: float
) -> Signals:
    own_first = [max(scores, key=lambda id: scores[id]) for scores in best.values() if scores]
    article = build.article[first]
    present = set(content_words(f"{article.title}\n{article.text}"))
    rarity = {stem: build.rarity(stem) for stem in set(stems)}
    mass = sum(rarity.values())
    return Signals(
        similarity=best["passage"].get(first, 0.0),
        title_similarity=best["title"].get(first, 0.0),
        margin=margin,
        coverage=sum(weight for stem, weight in rarity.items() if stem in present) / mass if mass else 0.0,
        agreement=sum(id == first for id in own_first) / len(best),
        scope=max((*best["passage"].values(), *best["title"].values()), default=0.0),
    )
