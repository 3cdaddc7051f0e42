"""How good a calibrated model is on conversations that it did not see: figures with n, interval and definition."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kit.evals.statistics import Interval

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["CsatFigure", "auc", "calibration_error", "figure", "kendall", "mean_error"]

RESAMPLES = 500
BINS = 10
Statistic = Callable[["Ints"], float | None]


@dataclass(frozen=True)
class CsatFigure:
    """A figure over `n` conversations or turns; `value` is None where the data cannot tell."""

    name: str
    title: str
    value: float | None
    interval: Interval
    n: int


def figure(
    name: str, title: str, statistic: Statistic, clusters: "Ints", *, biased: bool = False, seed: int = 0
) -> CsatFigure:
    """A figure with its 95 % percentile bootstrap interval, in which whole conversations are drawn again.

    Args:
        name: its key.
        title: its name for people.
        statistic: from the numbers of rows to the figure over them.
        clusters: for each row the number of its conversation.
        biased: whether drawing again by itself makes the figure larger, as it does distances between means. The
            interval is then the basic one (Davison and Hinkley, 1997, section 5.2), which reflects that, from 0.
        seed: of the draws.
    """
    value = statistic(np.arange(len(clusters)))
    order = np.argsort(clusters, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(clusters[order])) + 1)
    random, found = np.random.default_rng(seed), []
    for _ in range(RESAMPLES if value is not None and len(groups) > 1 else 0):
        drawn = np.concatenate([groups[group] for group in random.integers(0, len(groups), len(groups))])
        if (one := statistic(drawn)) is not None:
            found.append(one)
    # Where a figure exists in few of the draws, those in which it does are no fair sample.
    if len(found) < RESAMPLES * 0.9:
        return CsatFigure(name, title, value, Interval(None, None), len(clusters))
    low, high = np.quantile(found, [0.025, 0.975])
    if biased and value is not None:
        low, high = max(0.0, 2 * value - high), max(0.0, 2 * value - low)
    return CsatFigure(name, title, value, Interval(float(low), float(high)), len(clusters))


def auc(score: "Floats", low: "NDArray[np.bool_]") -> float | None:
    """The chance that a dissatisfied turn has a higher score than another, ties counting half.

    Hanley and McNeil (1982).
    """
    from scipy.stats import rankdata

    positive = int(low.sum())
    if positive in (0, len(low)):
        return None
    ranks = float(rankdata(score)[low].sum())
    return (ranks - positive * (positive + 1) / 2) / (positive * (len(low) - positive))


def kendall(one: "Floats", other: "Floats") -> float | None:
    """Kendall's tau-b, which makes allowance for ties."""
    from scipy.stats import kendalltau

    if len(one) < 2 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    return float(kendalltau(one, other).statistic)


def mean_error(expected: "Floats", given: "Floats") -> float:
    """The mean absolute error."""
    return float(np.abs(expected - given).mean())


def calibration_error(expected: "Floats", given: "Floats") -> float:
    """Expected calibration error over ten bins of equal size: how far the means of the two lie apart in a bin."""
    order = np.argsort(expected, kind="stable")
    bins: Sequence[Ints] = [part for part in np.array_split(order, min(BINS, max(1, len(order) // 5))) if len(part)]
    return float(sum(len(part) * abs(expected[part].mean() - given[part].mean()) for part in bins) / len(order))
