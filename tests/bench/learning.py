"""Logistic regression with bounds on its weights."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

__all__ = ["chance", "logistic"]

Matrix = NDArray[np.float64]


def logistic(
    table: Matrix, good: NDArray[np.bool_], *, bounds: Sequence[tuple[float | None, float | None]], penalty: float
) -> tuple[Matrix, float]:
    """The weights of the columns, as they are, and the constant.

    Args:
        table: a row for each example.
        good: what is to be told.
        bounds: the least and the greatest weight of each column.
        penalty: of the squared weights of the columns, each divided by its standard deviation.
    """
    spread = table.std(axis=0)
    spread[spread == 0] = 1.0
    middle = table.mean(axis=0)
    scaled = (table - middle) / spread
    sign = np.where(good, 1.0, -1.0)

    def loss(point: Matrix) -> tuple[float, Matrix]:
        margin = sign * (scaled @ point[:-1] + point[-1])
        pull = -sign * chance(-margin)
        value = np.logaddexp(0, -margin).sum() + penalty / 2 * (point[:-1] ** 2).sum()
        return float(value), np.append(scaled.T @ pull + penalty * point[:-1], pull.sum())

    start = np.zeros(table.shape[1] + 1)
    point = minimize(loss, start, jac=True, bounds=[*bounds, (None, None)], method="L-BFGS-B").x
    weights = point[:-1] / spread
    return weights, float(point[-1] - weights @ middle)


def chance(total: Matrix) -> Matrix:
    """The logistic function."""
    return 1 / (1 + np.exp(-np.clip(total, -50, 50)))
