"""How far people who rated the same agree: the ceiling of what any proxy can reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["Agreement", "agreement", "krippendorff", "spearman"]


@dataclass(frozen=True)
class Agreement:
    """Agreement over `n` things that at least two people rated.

    Attributes:
        alpha: Krippendorff's alpha for ratings as intervals; 1 is full agreement, 0 that of chance.
        one_against_rest: the mean Spearman correlation of each person's ratings with the mean of the others'; people
            are told apart by their place in the list, so the lists must keep one order.
    """

    n: int
    alpha: float | None
    one_against_rest: float | None


def agreement(ratings: Sequence[Sequence[float]]) -> Agreement | None:
    """The agreement of the people in these lists; None where nothing was rated by several."""
    several = [row for row in ratings if len(row) > 1]
    if not several:
        return None
    people = max(map(len, several))
    table = np.full((len(several), people), np.nan)
    for place, row in enumerate(several):
        table[place, : len(row)] = row
    found = []
    for person in range(people):
        rated = ~np.isnan(table[:, person])
        rest = np.nanmean(np.delete(table[rated], person, axis=1), axis=1)
        if (value := spearman(table[rated, person], rest)) is not None:
            found.append(value)
    return Agreement(len(several), krippendorff(several), float(np.mean(found)) if found else None)


def krippendorff(ratings: Sequence[Sequence[float]]) -> float | None:
    """Krippendorff's alpha with the interval metric (Krippendorff, 2011); None where nothing varies.

    Args:
        ratings: for each thing that was rated its ratings, at least two.
    """
    everything = np.concatenate([np.asarray(row, dtype=np.float64) for row in ratings])
    n = len(everything)
    # The sum of squared differences over all ordered pairs of k values is 2 k² times their variance.
    observed = sum(2 * len(row) ** 2 * float(np.var(row)) / (len(row) - 1) for row in ratings) / n
    expected = 2 * n * n * float(np.var(everything)) / (n * (n - 1))
    return None if expected == 0 else 1 - observed / expected


def spearman(one: "Floats", other: "Floats") -> float | None:
    """Spearman's correlation with average ranks for ties; None where one of the two does not vary."""
    from scipy.stats import rankdata

    if len(one) < 2 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    return float(np.corrcoef(rankdata(one), rankdata(other))[0, 1])
