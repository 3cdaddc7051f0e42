"""Which directions tell this help centre's articles apart, learned from the articles themselves.

Within one article its sentences differ in many directions that say nothing about which article it is. Dividing by the
covariance within articles discounts those: within-class covariance normalisation (Hatch, Kajarekar & Stolcke 2006,
"Within-class covariance normalization for SVM-based speaker recognition"), with the article as the class. It needs no
labels, and found more right articles in each of the four help centres measured (see tests/bench/results.md).
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kit.knowledge.keeping.files import mapped

__all__ = ["Whitening", "write_whitening"]

Vectors = NDArray[np.float32]
# Added to each variance, as a multiple of their mean: what varies little within articles must not count for all.
_RIDGE = 1.0
# More rows than this make the covariance no better.
_MOST_ROWS = 50_000
_CHUNK = 20_000


@dataclass(frozen=True, eq=False)
class Whitening:
    """What `write_whitening` wrote.

    Attributes:
        matrix: W; shape (dimension, dimension), symmetric.
        articles: for each article the whitened mean of its passages, of unit length; shape (articles, dimension).
        lengths: for each sentence its length after whitening; shape (sentences,).
    """

    matrix: Vectors
    articles: Vectors
    lengths: Vectors

    @classmethod
    def read(cls, folder: Path) -> "Whitening":
        """Read it, mapped."""
        return cls(*(mapped(folder / f"whitening.{name}.npy") for name in cls.__dataclass_fields__))

    def turn(self, vector: Vectors) -> Vectors:
        """A vector after whitening, of unit length."""
        turned = vector @ self.matrix
        return np.asarray(turned / (np.linalg.norm(turned) + 1e-9), dtype=np.float32)


def write_whitening(
    folder: Path, *, passages: Vectors, sentences: Vectors, article_of: NDArray[np.int32], starts: NDArray[np.int64]
) -> None:
    """Learn the whitening and write it.

    Args:
        folder: where to.
        passages: their vectors.
        sentences: their vectors, in the order of the passages.
        article_of: for each passage the row of its article.
        starts: for each passage where its sentences begin, and at the end how many there are.
    """
    owner = np.concatenate((article_of, np.repeat(article_of, np.diff(starts))))
    count = int(article_of[-1]) + 1 if len(article_of) else 0
    rows = np.concatenate((passages, sentences)) if len(sentences) else passages
    if len(rows) > _MOST_ROWS:
        # Whole articles, evenly over all, so that each brings all it varies by.
        kept = owner % -(-len(rows) // _MOST_ROWS) == 0
        matrix = _whitening(rows[kept], owner[kept], count)
    else:
        matrix = _whitening(rows, owner, count)
    articles = np.zeros((count, rows.shape[1]), dtype=np.float32)
    for start in range(0, len(passages), _CHUNK):
        part = slice(start, start + _CHUNK)
        np.add.at(articles, article_of[part], _unit(passages[part] @ matrix))
    lengths = [
        np.linalg.norm(sentences[start : start + _CHUNK] @ matrix, axis=1) for start in range(0, len(sentences), _CHUNK)
    ]
    np.save(folder / "whitening.matrix.npy", matrix)
    np.save(folder / "whitening.articles.npy", _unit(articles))
    np.save(folder / "whitening.lengths.npy", np.concatenate(lengths or [np.zeros(0)]).astype(np.float32))


def _whitening(rows: Vectors, owner: NDArray[np.int32], count: int) -> Vectors:
    dimension = rows.shape[1]
    sums = np.zeros((count, dimension), dtype=np.float64)
    np.add.at(sums, owner, rows)
    sizes = np.bincount(owner, minlength=count)[:, None]
    within = rows - (sums / np.maximum(sizes, 1))[owner]
    covariance = within.T @ within / max(len(rows), 1)
    mean = float(np.trace(covariance)) / dimension
    if mean < 1e-9:  # articles of one sentence each: nothing varies, nothing is to be discounted
        return np.eye(dimension, dtype=np.float32)
    values, directions = np.linalg.eigh(covariance)
    weights = (np.maximum(values, 0.0) + _RIDGE * mean) ** -0.5
    return np.asarray(directions * weights @ directions.T, dtype=np.float32)


def _unit(rows: Vectors) -> Vectors:
    return np.asarray(rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9), dtype=np.float32)
