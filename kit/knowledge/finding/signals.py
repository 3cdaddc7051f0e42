"""What a search says about itself: how far it stands by its first hit.

All signals compare what was found with what else was found, or count in parts of what was asked, so that they mean
about the same in every help centre.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kit.knowledge.finding.query import Query
from kit.knowledge.finding.rankers import Candidates
from kit.knowledge.keeping import Build

__all__ = ["Signals", "read_signals"]

Scores = NDArray[np.float32]
# A help centre of three articles has one that stands out among three, which says little: the confidence was fitted to
# searches with this many candidates, and what is missing is filled up with articles that are no more like the question
# than the candidates on average, which is 0 on the scale of the fused scores.
_CANDIDATES = 40
# How many articles behind the first are compared with it, by what the rankers say together and by likeness alone.
_RUNNERS_UP, _OTHERS = 4, 10


@dataclass(frozen=True)
class Signals:
    """What a search says about itself; the features of the confidence.

    Attributes:
        agreement: share of the rankers whose own first article is the first hit, 0 to 1.
        lead: fused score of the first hit over the mean of the next four.
        ambiguity: entropy of the softmax of the fused scores, in nats: 0 where one article stands out, and the
            logarithm of their number where all are alike.
        words: BM25 of the first hit's best passage over the rarity of the question's words: how much of what is rare
            in the question one passage has.
        codes_missing: logarithm of 1 + the number of the question's identifiers (error codes, versions, parts) that
            the first hit's article lacks.
        distance: the highest cosine of the question and any article over the mean of the next ten.
        scope: highest cosine of the question and any passage or heading.
    """

    agreement: float = 0.0
    lead: float = 0.0
    ambiguity: float = 0.0
    words: float = 0.0
    codes_missing: float = 0.0
    distance: float = 0.0
    scope: float = 0.0


def read_signals(
    build: Build, query: Query, first: Candidates, second: Candidates, parts: dict[str, Scores]
) -> Signals:
    """The signals of a search that found something.

    Args:
        build: the index.
        query: the question.
        first: all candidates.
        second: those that were compared token by token.
        parts: by ranker what it adds to the fused score of each of `second`.
    """
    total = np.sum(list(parts.values()), axis=0)
    best = int(np.argmax(total))
    filled = np.concatenate((total, np.zeros(max(0, _CANDIDATES - len(total)), dtype=np.float32)))
    row = int(second.articles[best])
    rarity = sum(build.rarity(stem) for stem in query.stems)
    missing = sum(not build.words["articles"].holds(row, code) for code in query.codes)
    return Signals(
        agreement=sum(int(np.argmax(values)) == best for values in parts.values()) / len(parts),
        lead=_over_next(filled, _RUNNERS_UP),
        ambiguity=_entropy(filled),
        words=float(second.words[best].max()) / rarity if rarity else 0.0,
        codes_missing=float(np.log1p(missing)),
        distance=_over_next(first.scores["meaning"], _OTHERS),
        scope=max(float(first.scores["meaning"].max()), float(first.scores["headings"].max())),
    )


def _over_next(scores: Scores, count: int) -> float:
    """The highest score over the mean of the next ones; 0 where there is only one."""
    ordered = np.sort(scores)[::-1][: count + 1]
    return float(ordered[0] - ordered[1:].mean()) if len(ordered) > 1 else 0.0


def _entropy(scores: Scores) -> float:
    share = np.exp((scores - scores.max()).astype(np.float64))
    share /= share.sum()
    return float(-(share * np.log(np.maximum(share, 1e-12))).sum())
