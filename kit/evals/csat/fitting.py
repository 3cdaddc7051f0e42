"""Fits the CSAT model to rated conversations; what it is judged by comes from folds that it did not see."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kit.evals.csat.features import Embed, Features, Sheet, embedded
from kit.evals.csat.index import read_signals
from kit.evals.csat.lexicon import Lexicon
from kit.evals.csat.model import dissatisfaction, stacked
from kit.evals.csat.numbers import Known
from kit.evals.csat.ridge import FOLDS, Linear, cross_fit
from kit.evals.csat.transcript import Side, Talk, View

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["LOW", "Fitted", "Rows", "fit", "folds_of", "rows_of"]

LOW = 2.0  # a rating up to this is dissatisfied
Weights = tuple[float, float, float]


@dataclass(frozen=True)
class Rows:
    """The turns that are learned from.

    Attributes:
        places: conversation and place of each.
        ratings: of each; its own, or its conversation's where no turn of that was rated.
        own: whether the ratings are the turn's own.
    """

    places: tuple[tuple[int, int], ...]
    ratings: tuple[tuple[float, ...], ...]
    own: "NDArray[np.bool_]"
    sides: tuple[Side, ...]

    @property
    def talks(self) -> "Ints":
        """The number of each row's conversation."""
        return np.array([talk for talk, _ in self.places], dtype=np.int64)

    @property
    def means(self) -> "Floats":
        """Each row's mean rating."""
        return np.array([np.mean(ratings) for ratings in self.ratings])

    @property
    def low(self) -> "Floats":
        """The share of its raters who were dissatisfied."""
        return np.array([np.mean([rating <= LOW for rating in ratings]) for ratings in self.ratings])


@dataclass(frozen=True)
class Fitted:
    """A model's parts, and its predictions for conversations and rows made without their fold.

    Attributes:
        csat: the expected rating of each conversation.
        chances: the chance of dissatisfaction of each row.
        index: of each conversation, uncalibrated.
    """

    features: Features
    turn: Linear
    talk: Linear
    turn_sheet: Sheet
    talk_sheet: Sheet
    stack: Weights
    logistic: Weights
    rows: Rows
    csat: "Floats"
    chances: "Floats"
    index: "Floats"


def rows_of(talks: Sequence[Talk]) -> Rows:
    """The rows of rated conversations: their rated turns.

    Where only the whole was rated: all its turns of the sides that are rated elsewhere, or its replies.
    """
    sides: tuple[Side, ...] = tuple(sorted({turn.side for talk in talks for turn in talk.turns if turn.ratings}))
    sides = sides or ("reply",)
    places, ratings, own = [], [], []
    for number, talk in enumerate(talks):
        rated = any(turn.ratings for turn in talk.turns)
        for place, turn in enumerate(talk.turns):
            if turn.ratings if rated else turn.side in sides:
                places.append((number, place))
                ratings.append(turn.ratings if rated else talk.ratings)
                own.append(rated)
    return Rows(tuple(places), tuple(ratings), np.array(own, dtype=bool), sides)


def folds_of(ratings: "Floats", *, seed: int = 0) -> "Ints":
    """A fold for each conversation, drawn at random so that all folds are of nearly one size and of like ratings.

    Were their means apart, a model that learns nothing would predict the mean of the others, which is high where the
    fold's own is low, and its correlation with the ratings would be below 0 instead of 0.
    """
    random = np.random.default_rng(seed)
    order = np.lexsort((random.random(len(ratings)), ratings))
    folds = np.empty(len(ratings), dtype=np.int64)
    for start in range(0, len(ratings), FOLDS):
        some = order[start : start + FOLDS]
        folds[some] = random.permutation(FOLDS)[: len(some)]
    return folds


def reaction_seen(view: View) -> bool:
    """Whether there is a reply and what the customer said to it."""
    return view.reply is not None and view.reaction is not None


def fit(talks: Sequence[Talk], embed: Embed | None, *, seed: int = 0) -> Fitted:
    """Fit to conversations that are all rated, by turns or as a whole.

    Two lines, one over turns and one over conversations, are stacked (Breiman, 1996): the expected rating of a
    conversation is a weighted sum, with weights of at least 0, of what the second says and of the mean of what the
    first says of its turns.
    """
    known = [Known(talk, read_signals(talk)) for talk in talks]
    vectors = embedded(talks, embed) if embed else {}
    dimension = len(next(iter(vectors.values()))) if vectors else 0
    said = [
        ["\n".join(turn.text for turn in talk.turns if turn.side == side) for talk in talks]
        for side in ("customer", "reply")
    ]
    features = Features(Lexicon.learn(said[0]), Lexicon.learn(said[1]), dimension)
    ratings = np.array([talk.rating for talk in talks], dtype=np.float64)
    rows, folds = rows_of(talks), folds_of(ratings, seed=seed)
    turn_sheet = features.of_views([(known[talk], place) for talk, place in rows.places], vectors)
    talk_sheet = features.of_talks(known, vectors)
    of_rows = folds[rows.talks]
    turn = cross_fit(turn_sheet, np.stack([rows.means, rows.low], 1), of_rows)
    talk = cross_fit(talk_sheet, np.stack([ratings, (ratings <= LOW).astype(np.float64)], 1), folds)
    csat, chances = np.empty(len(talks)), np.empty(len(rows.places))
    for fold in range(FOLDS):
        # Second stages see neither the fold that they are judged on, nor first stages that saw the row itself.
        away, inner = folds != fold, of_rows != fold
        means = _mean_of_talks(turn.without[fold][:, 0], rows.talks, len(talks))
        weights = _stack(talk.without[fold][away, 0], means[away], ratings[away])
        mine = _mean_of_talks(turn.out[:, 0], rows.talks, len(talks))
        csat[~away] = stacked(talk.out[~away, 0], mine[~away], weights)
        chances[~inner] = dissatisfaction(turn.out[~inner], _logistic(turn.without[fold][inner], rows.low[inner]))
    stack = _stack(talk.out[:, 0], _mean_of_talks(turn.out[:, 0], rows.talks, len(talks)), ratings)
    return Fitted(
        features=features,
        turn=turn.final,
        talk=talk.final,
        turn_sheet=turn_sheet,
        talk_sheet=talk_sheet,
        stack=stack,
        logistic=_logistic(turn.out, rows.low),
        rows=rows,
        csat=csat,
        chances=chances,
        index=np.array([one.reading.index for one in known]),
    )


def _mean_of_talks(values: "Floats", talks: "Ints", n: int) -> "Floats":
    """The mean over each conversation's rows; of one without rows, over all rows."""
    counts = np.bincount(talks, minlength=n)
    sums = np.bincount(talks, np.nan_to_num(values), minlength=n)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nanmean(values))


def _stack(whole: "Floats", turns: "Floats", ratings: "Floats") -> Weights:
    """Least squares with weights of at least 0; the intercept is free."""
    from scipy.optimize import nnls

    columns = np.stack([whole, turns], 1)
    middle, mean = columns.mean(axis=0), float(ratings.mean())
    weights, _ = nnls(columns - middle, ratings - mean)
    return float(mean - middle @ weights), float(weights[0]), float(weights[1])


def _logistic(outputs: "Floats", low: "Floats") -> Weights:
    """Platt's calibration (1999) on both outputs: each row counts as dissatisfied by the share of its raters."""
    from sklearn.linear_model import LogisticRegression

    if low.sum() == 0 or low.sum() == len(low):
        share = (low.sum() + 1) / (len(low) + 2)
        return float(np.log(share / (1 - share))), 0.0, 0.0
    labels = np.repeat([1, 0], len(low))
    weights = np.concatenate([low, 1 - low])
    kept = weights > 0
    model = LogisticRegression(C=10.0).fit(np.vstack([outputs, outputs])[kept], labels[kept], weights[kept])
    return float(model.intercept_[0]), float(model.coef_[0, 0]), float(model.coef_[0, 1])
