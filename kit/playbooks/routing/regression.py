"""Multinomial logistic regression on few examples of many kinds."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Coefficients", "balanced", "fit", "softmax"]

Matrix = NDArray[np.float32]

# Chosen on half of CLINC150's intents, see tests/bench/results.md. The fit stops early: with ten examples of a kind
# more steps change nothing but the scale, and that is calibrated afterwards. With many examples they do help.
STRENGTH = 10.0
STEPS, STEPS_OF_MANY = 20, 60
MANY = 40  # examples a kind, on average
OPEN = 1.0


class Coefficients(NamedTuple):
    """What was learned: shapes (kinds, width) and (kinds,)."""

    weights: Matrix
    bias: Matrix

    def odds(self, features: Matrix) -> Matrix:
        """The log-odds of each kind, up to a constant a row; shape (rows, kinds)."""
        return np.asarray(features @ self.weights.T + self.bias, dtype=np.float32)


def fit(features: Matrix, labels: NDArray[np.int64], share: Matrix) -> Coefficients:
    """Learn to tell the kinds apart.

    Args:
        features: shape (examples, width).
        labels: for each example its kind, from 0; every kind has at least one.
        share: how much each example counts, 1 on average.
    """
    from scipy.optimize import minimize

    count, width = features.shape
    kinds = int(labels.max()) + 1
    rows = np.arange(count)

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat[: kinds * width].reshape(kinds, width).astype(np.float32)
        shares, logs = softmax(features @ weights.T + flat[kinds * width :].astype(np.float32))
        value = -float((share * logs[rows, labels]).sum()) * STRENGTH + 0.5 * float((weights * weights).sum())
        shares[rows, labels] -= 1
        shares *= share[:, None] * np.float32(STRENGTH)
        return value, np.concatenate(((shares.T @ features + weights).ravel(), shares.sum(axis=0))).astype(np.float64)

    steps = STEPS_OF_MANY if count >= MANY * kinds else STEPS
    start = np.zeros(kinds * (width + 1))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": steps}).x.astype(np.float32)
    return Coefficients(found[: kinds * width].reshape(kinds, width), found[kinds * width :])


def balanced(labels: NDArray[np.int64], *, open_kind: int | None) -> Matrix:
    """How much each example counts: each kind alike, however many examples it has, but the open kind `OPEN` times.

    Args:
        labels: for each example its kind, from 0.
        open_kind: the kind that has no bounds, the knowledge base.
    """
    sizes = np.bincount(labels).astype(np.float64)
    worth = np.ones(len(sizes))
    if open_kind is not None:
        worth[open_kind] = OPEN
    share = worth[labels] / sizes[labels]
    return np.asarray(share * len(labels) / share.sum(), dtype=np.float32)


def softmax(odds: Matrix) -> tuple[Matrix, Matrix]:
    """Shares that add up to one in each row, and their logarithms."""
    moved = odds - odds.max(axis=-1, keepdims=True)
    logs = moved - np.log(np.exp(moved).sum(axis=-1, keepdims=True))
    return np.exp(logs), logs
