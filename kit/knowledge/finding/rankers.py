"""The rankers: which articles may answer, and how well each ranker likes each of them.

Candidates come from the vector store and from the words. All rankers then score all candidates exactly, so that none
has to guess what it did not find.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kit.knowledge.finding.late import late_interaction
from kit.knowledge.finding.query import Query
from kit.knowledge.keeping import Build, Where
from kit.text import words

__all__ = ["FIRST", "LATE", "Candidates", "add_late", "gather"]

Rows = NDArray[np.int64]
Scores = NDArray[np.float32]

# Beyond this depth no ranker has ever had the right article that the others had not.
DEPTH = 60
# Of a long article only the passages nearest to the question are looked at token by token.
LOOKED_AT = 8
# BM25 counts in its own unit, since how much words say depends on the question; this brings it near the others.
_BM25 = np.float32(0.1)

FIRST = ("meaning", "articles", "sentences", "headings", "passage_words", "article_words", "codes")
"""The rankers of the first stage."""
LATE = ("tokens", "passage_tokens")
"""Those of the second stage, which cost more and see fewer candidates."""


@dataclass(frozen=True, eq=False)
class Candidates:
    """Articles that may answer, and their scores.

    Attributes:
        articles: their rows.
        passages: for each article the rows of its passages.
        scores: by ranker one score for each article.
        near: for each article the cosine of each of its passages.
        words: for each article the BM25 of each of its passages.
        late: for each article the passages looked at token by token and their scores; empty before the second stage.
    """

    articles: Rows
    passages: Sequence[range]
    scores: dict[str, Scores]
    near: Sequence[Scores]
    words: Sequence[Scores]
    late: Sequence[tuple[Rows, Scores]] = field(default=())

    def __len__(self) -> int:
        return len(self.articles)

    def keep(self, places: Rows) -> "Candidates":
        """Some of the candidates, by their places."""
        return Candidates(
            self.articles[places],
            [self.passages[place] for place in places],
            {name: scores[places] for name, scores in self.scores.items()},
            [self.near[place] for place in places],
            [self.words[place] for place in places],
        )


def gather(build: Build, query: Query, where: Where | None = None, *, depth: int = DEPTH) -> Candidates:
    """The candidates with the scores of the first stage.

    Args:
        build: the index.
        query: the question.
        where: only articles with these values.
        depth: how many passages the vector store brings, and how many passages and articles the words bring each.
    """
    passage_words = build.words["passages"].scores(query.stems)
    article_words = build.words["articles"].scores(query.stems)
    allowed = build.matching(where) if where else None
    if not words(query.text) or (allowed is not None and not allowed.any()):
        # A vector is near to something even if nothing is asked, and not every store takes a filter without values.
        articles = np.zeros(0, dtype=np.int64)
    else:
        articles = _articles(build, query, passage_words, article_words, allowed, where, depth)
    passages = [build.columns.passages_of(int(row)) for row in articles]
    rows = np.fromiter((row for of in passages for row in of), dtype=np.int64)
    ends = np.cumsum([len(of) for of in passages])
    starts = ends - [len(of) for of in passages]
    if not len(articles):
        return Candidates(articles, [], {name: np.zeros(0, dtype=np.float32) for name in FIRST}, [], [])

    def best(scores: Scores) -> Scores:
        return np.maximum.reduceat(scores, starts)

    near = build.vectors["passages"][rows] @ query.vector
    scores = {
        "meaning": best(near),
        "articles": build.whitening.articles[articles] @ build.whitening.turn(query.vector),
        "sentences": _sentences(build, query, articles),
        "headings": best(build.vectors["headings"][rows] @ query.vector),
        "passage_words": best(passage_words[rows]) * _BM25,
        "article_words": article_words[articles] * _BM25,
        "codes": build.words["articles"].scores(query.codes)[articles] * _BM25,
    }
    return Candidates(articles, passages, scores, np.split(near, ends[:-1]), np.split(passage_words[rows], ends[:-1]))


def add_late(build: Build, query: Query, candidates: Candidates) -> Candidates:
    """The candidates with the scores of both stages."""
    looked_at = [
        np.asarray(of)[np.sort(np.argsort(-near, kind="stable")[:LOOKED_AT])]
        for of, near in zip(candidates.passages, candidates.near, strict=True)
    ]
    articles, passages = late_interaction(build, query.tokens, looked_at)
    scores = {"tokens": articles, "passage_tokens": np.array([one.max() for one in passages], dtype=np.float32)}
    return Candidates(
        candidates.articles,
        candidates.passages,
        {**candidates.scores, **scores},
        candidates.near,
        candidates.words,
        list(zip(looked_at, passages, strict=True)),
    )


def _articles(
    build: Build,
    query: Query,
    passage_words: Scores,
    article_words: Scores,
    allowed: NDArray[np.bool_] | None,
    where: Where | None,
    depth: int,
) -> Rows:
    """The rows of the articles that the store or the words bring."""
    article_of = build.columns.article_of
    if allowed is not None:
        passage_words = np.where(allowed[article_of], passage_words, 0)
        article_words = np.where(allowed, article_words, 0)
    near = build.nearest(query.vector, k=depth, where=where)
    found = np.concatenate((article_of[near], article_of[_top(passage_words, depth)], _top(article_words, depth)))
    rows = np.unique(found.astype(np.int64))
    # Whatever a store makes of a filter, what does not match it is not shown.
    return rows if allowed is None else rows[allowed[rows]]


def _top(scores: Scores, depth: int) -> Rows:
    """The rows with the highest scores, among those that have any."""
    positive = np.flatnonzero(scores > 0)
    if len(positive) > depth:
        positive = positive[np.argpartition(-scores[positive], depth)[:depth]]
    return positive


def _sentences(build: Build, query: Query, articles: Rows) -> Scores:
    """For each article the whitened likeness of its best sentence; without sentences, none."""
    first, starts = build.columns.first, build.sentence_starts
    spans = [(int(starts[first[row]]), int(starts[first[row + 1]])) for row in articles]
    counts = np.array([stop - start for start, stop in spans])
    found = np.full(len(articles), -1, dtype=np.float32)
    if counts.any():
        direction = build.whitening.turn(query.vector) @ build.whitening.matrix
        lengths = np.concatenate([build.whitening.lengths[start:stop] for start, stop in spans])
        likeness = (build.sentences.read(spans) @ direction) / lengths
        has = counts > 0
        found[has] = np.maximum.reduceat(likeness, (np.cumsum(counts) - counts)[has])
    return found
