"""Adds up what the rankers say.

Scores are standardised over the candidates (z-scores) and weighted: unlike fusion of ranks this keeps *how much*
better one article is than the next. BM25 is left in its own unit, since it also says how much the words tell at all.
The weights were learned by a listwise softmax on one half of the questions of four help centres; `make bench` reports
the other half, which the choice of the rankers did see, and what else was tried.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["contributions", "weights"]

Scores = NDArray[np.float32]
RAW = frozenset({"passage_words", "article_words", "codes"})


@cache
def weights() -> Mapping[str, Mapping[str, float]]:
    """The weight of each ranker in the stages `first` and `second`."""
    found: dict[str, dict[str, float]] = json.loads(Path(__file__).with_name("weights.json").read_text("utf-8"))
    return found


def contributions(scores: Mapping[str, Scores], stage: str) -> dict[str, Scores]:
    """What each ranker adds to the fused score of each candidate; those without weight are left out."""
    return {
        name: np.asarray(weight * standardised(name, scores[name]), dtype=np.float32)
        for name, weight in weights()[stage].items()
        if weight
    }


def standardised(name: str, scores: Scores) -> Scores:
    """A ranker's scores over the candidates on the scale on which they are weighted."""
    if name in RAW or not len(scores):
        return scores
    spread = float(scores.std())
    return np.asarray((scores - scores.mean()) / (spread if spread > 1e-9 else 1.0), dtype=np.float32)
