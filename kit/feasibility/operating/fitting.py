"""Fits the confidence: a logistic regression held near coefficients that are known to work, with the signs fixed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from kit.assistant import FEATURES, ConfidenceModel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["STRENGTHS", "Fit", "cross_fitted", "fit", "folds_of"]

STRENGTHS: Final = (1.0, 3.0, 10.0, 30.0, 100.0, 1000.0)
"""How firmly a fit holds to where it starts, as the number of cases whose word it outweighs."""
_FOLDS = 5
_STEPS = 60
_SIZES = (1.0, 0.5, 0.25, 0.1, 0.03, 0.01)
NAMES: Final = tuple(FEATURES)


@dataclass(frozen=True)
class Fit:
    """Coefficients: the intercept and one weight for each of `FEATURES`, in its order."""

    intercept: float
    weights: "Floats"

    @classmethod
    def of(cls, model: ConfidenceModel) -> "Fit":
        """The coefficients of a model."""
        return cls(model.intercept, np.array([model.weights.get(name, 0.0) for name in NAMES]))

    def model(self, fitted_on: str) -> ConfidenceModel:
        """As it is kept and used; rounded, so that the file is read and compared easily."""
        kept: Mapping[str, float] = {name: round(float(one), 4) for name, one in zip(NAMES, self.weights, strict=True)}
        return ConfidenceModel(intercept=round(self.intercept, 4), weights=dict(kept), fitted_on=fitted_on)

    def confidence(self, values: "Floats") -> "Floats":
        """The confidence of each row; shape (rows, features) to (rows,)."""
        found: Floats = 1 / (1 + np.exp(-np.clip(self.intercept + values @ self.weights, -30, 30)))
        return found


def fit(values: "Floats", right: "Floats", weights: "Floats", *, start: Fit, strength: float) -> Fit:
    """The coefficients that make what was seen likely, and are near `start`.

    The penalty is on the distance from `start`, each feature in units of its spread, so that `strength` means the same
    for all; the intercept is free. A weight keeps the sign that `FEATURES` gives it.

    Args:
        values: shape (rows, features).
        right: 1 where the first hit was right; shape (rows,).
        weights: how much each row counts; they are scaled to a mean of 1.
        start: where to stay near.
        strength: how firmly.
    """
    spread, weights = values.std(axis=0) + 1e-9, weights / weights.mean()
    columns = np.column_stack((np.ones(len(values)), values))
    hold = strength * np.concatenate(([0.0], spread**2))
    origin = np.concatenate(([start.intercept], start.weights))
    sign = np.array([0, *FEATURES.values()])

    def loss(point: "Floats") -> float:
        total = columns @ point
        return float(weights @ (np.logaddexp(0, total) - right * total) + hold @ (point - origin) ** 2 / 2)

    # Newton's method on the weights that are free to move (Bertsekas 1982, "Projected Newton methods").
    point = np.where(origin * sign < 0, 0.0, origin)
    lowest = loss(point)
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(columns @ point, -30, 30)))
        slope = columns.T @ (weights * (chance - right)) + hold * (point - origin)
        free = (sign == 0) | (point != 0) | (slope * sign < 0)
        bend = (columns.T * (weights * chance * (1 - chance))) @ columns + np.diag(hold + 1e-9)
        step = np.zeros(len(point))
        step[free] = -np.linalg.solve(bend[np.ix_(free, free)], slope[free])
        tried = [np.where((point + size * step) * sign < 0, 0.0, point + size * step) for size in _SIZES]
        better = next((one for one in tried if loss(one) < lowest - 1e-10), None)
        if better is None:
            break
        point, lowest = better, loss(better)
    return Fit(float(point[0]), np.asarray(point[1:]))


def folds_of(groups: "Ints", *, folds: int = _FOLDS, seed: int = 0) -> "Ints":
    """A fold for each row; rows of a group share theirs, and the folds hold about as many rows."""
    ids, counts = np.unique(groups, return_counts=True)
    order = np.random.default_rng(seed).permutation(len(ids))
    order = order[np.argsort(-counts[order], kind="stable")]
    sizes, fold_of = np.zeros(folds), np.zeros(len(ids), dtype=np.int64)
    for place in order:
        fold_of[place] = int(np.argmin(sizes))
        sizes[fold_of[place]] += counts[place]
    found: Ints = fold_of[np.searchsorted(ids, groups)]
    return found


def chosen_strength(values: "Floats", right: "Floats", weights: "Floats", groups: "Ints", *, start: Fit) -> float:
    """The strength under which unseen folds are most likely."""
    folds = folds_of(groups, seed=1)

    def loss(strength: float) -> float:
        found = np.empty(len(right))
        for fold in np.unique(folds):
            seen = folds != fold
            one = fit(values[seen], right[seen], weights[seen], start=start, strength=strength)
            found[~seen] = one.confidence(values[~seen])
        found = np.clip(found, 1e-6, 1 - 1e-6)
        return float(-(weights @ np.where(right > 0, np.log(found), np.log(1 - found))))

    # Of equals the firmest.
    return min(reversed(STRENGTHS), key=loss)


def cross_fitted(values: "Floats", right: "Floats", weights: "Floats", groups: "Ints", *, start: Fit) -> "Floats":
    """For each row the confidence of a model that saw no row of its group; the strength is chosen without it too."""
    folds, found = folds_of(groups), np.empty(len(right))
    for fold in np.unique(folds):
        seen = folds != fold
        data = values[seen], right[seen], weights[seen]
        strength = chosen_strength(*data, groups[seen], start=start)
        found[~seen] = fit(*data, start=start, strength=strength).confidence(values[~seen])
    return found
