"""The linear algebra of ridge regression."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["Solver", "directions"]


def directions(rows: "NDArray[np.float32]", most: int) -> "NDArray[np.float32]":
    """The directions in which rows vary most, one a column, at most so many; always the same for the same rows."""
    from sklearn.utils.extmath import randomized_svd

    if len(rows) <= most:
        _, _, found = np.linalg.svd(rows, full_matrices=False)
    else:
        _, _, found = randomized_svd(rows, most, n_iter=3, random_state=0)
    return np.asarray(found.T, dtype=np.float32)


class Solver:
    """Ridge regression on these rows, in the smaller of its two forms; what all penalties share is done once.

    Hastie, Tibshirani and Friedman (2009), section 12.3.7.
    """

    def __init__(self, rows: "NDArray[np.float32]", targets: "Floats") -> None:
        self.middle, self.mean = rows.mean(axis=0), targets.mean(axis=0)
        self.rows, self.targets = rows - self.middle, targets - self.mean
        self.wide = rows.shape[1] > rows.shape[0]
        self.square = self.rows @ self.rows.T if self.wide else self.rows.T @ self.rows
        self.right = self.targets if self.wide else self.rows.T @ self.targets

    def __call__(self, penalty: float) -> "tuple[Floats, Floats]":
        """Coefficients of shape (columns, outputs), and the intercept of each output."""
        from scipy.linalg import cho_factor, cho_solve

        square = self.square.copy()
        square[np.diag_indices_from(square)] += penalty
        factor = cho_factor(square, overwrite_a=True, check_finite=False)
        found = cho_solve(factor, self.right.astype(square.dtype), check_finite=False)
        coefficients = (self.rows.T @ found if self.wide else found).astype(np.float64)
        return coefficients, self.mean - self.middle @ coefficients
