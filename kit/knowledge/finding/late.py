"""Late interaction: every token of the question looks for its best match in the article, and the matches are averaged.

After Khattab & Zaharia 2020, "ColBERT", with the token vectors that the embedder makes anyway. It sees what one vector
for a passage averages away, and is the strongest single ranker in all help centres measured.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kit.knowledge.keeping import Build

__all__ = ["late_interaction"]

Rows = NDArray[np.int64]
Scores = NDArray[np.float32]


def late_interaction(build: Build, tokens: Scores, passages: Sequence[Rows]) -> tuple[Scores, list[Scores]]:
    """How well articles match, and their passages.

    Args:
        build: the index.
        tokens: the question's token vectors; shape (tokens, dimension).
        passages: for each article the rows of those of its passages that are looked at, at least one.

    Returns:
        For each article the mean over the question's tokens of the best match in any of its passages, in -1…1; and for
        each article the same for each of its passages alone.
    """
    counts = [len(rows) for rows in passages]
    vectors, starts = build.tokens.of(int(row) for rows in passages for row in rows)
    if not len(tokens) or not len(vectors):
        return np.zeros(len(counts), dtype=np.float32), [np.zeros(count, dtype=np.float32) for count in counts]
    best = _best(tokens @ vectors.T, starts)
    ends = np.cumsum(counts, dtype=np.int64)
    articles = np.maximum.reduceat(best, ends - counts, axis=1).mean(axis=0)
    return articles, np.split(best.mean(axis=0), ends[:-1])


def _best(likeness: Scores, starts: Rows) -> Scores:
    """For each of the question's tokens its best match in each passage; a passage without tokens is like nothing."""
    has = np.diff(starts, append=likeness.shape[1]) > 0
    best = np.zeros((len(likeness), len(starts)), dtype=np.float32)
    best[:, has] = np.maximum.reduceat(likeness, starts[has], axis=1)
    return best
