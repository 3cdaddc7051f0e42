"""Intervals for figures over cases that may be clustered: variants of a question on one article stand or fall together.

Arrays are one value a case: `values` floats; `weights` floats above 0; `clusters` integers from 0 upwards.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["Interval", "bootstrap_mean", "effective_n", "quantile", "wilson"]

LEVEL = 0.95
RESAMPLES = 2000
_CELLS = 4_000_000  # resampled cells held at a time: 32 MB


class Interval(NamedTuple):
    """The ends of a 95 % interval; None where the data cannot bound that side."""

    low: float | None
    high: float | None


def wilson(share: float, n: float) -> Interval:
    """Wilson's score interval (1927) of a share.

    Args:
        share: between 0 and 1.
        n: how many cases, above 0; for clustered or weighted cases their effective number.
    """
    from scipy.special import ndtri

    z2 = float(ndtri((1 + LEVEL) / 2)) ** 2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = float(np.sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n * n)))) / (1 + z2 / n)
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def effective_n(values: "Floats", weights: "Floats", clusters: "Ints") -> float:
    """How many independent, equally weighted cases would say as much about a share.

    n over the design effect: the linearised variance of the weighted mean between clusters over that of a simple
    random sample (Kish, 1965), times the correction of Korn and Graubard (1998) for few clusters; never more than the
    weights alone allow, (Σw)²/Σw².
    Where all cases agree, likeness within clusters cannot be estimated, and each cluster counts once.
    """
    from scipy.special import stdtrit

    n, groups = len(values), int(clusters.max()) + 1
    kish = float(weights.sum() ** 2 / (weights**2).sum())
    if groups == n and kish >= n * (1 - 1e-9):
        return float(n)
    if groups < 2 or values.min() == values.max():
        return min(kish, float(groups))
    mean = float(np.average(values, weights=weights))
    residuals = np.bincount(clusters, weights * (values - mean), groups)
    between = groups / (groups - 1) * float((residuals**2).sum()) / float(weights.sum()) ** 2
    simple = mean * (1 - mean) / (n - 1)
    if between == 0:
        return kish
    tail = (1 + LEVEL) / 2
    few = float(stdtrit(n - 1, tail) / stdtrit(groups - 1, tail)) ** 2
    return float(np.clip(n * simple / between * few, 1.0, kish))


def bootstrap_mean(values: "Floats", weights: "Floats", clusters: "Ints", *, seed: int = 0) -> Interval:
    """Percentile bootstrap of a weighted mean, resampling whole clusters (Davison and Hinkley, 1997, section 3.8).

    One cluster alone says nothing about its spread, so neither side is bounded then.
    """
    groups = int(clusters.max()) + 1
    if groups < 2:
        return Interval(None, None)
    sums, sizes = np.bincount(clusters, weights * values, groups), np.bincount(clusters, weights, groups)
    random, means = np.random.default_rng(seed), np.empty(RESAMPLES)
    step = max(1, _CELLS // groups)
    for start in range(0, RESAMPLES, step):
        drawn = random.integers(0, groups, (min(step, RESAMPLES - start), groups))
        means[start : start + step] = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(low), float(high))


def quantile(values: "Floats", share: float) -> tuple[float, Interval]:
    """A quantile and its exact interval from order statistics (Conover, 1999); high quantiles of few are unbounded."""
    from scipy.stats import quantile_test

    found = quantile_test(values, p=share).confidence_interval(LEVEL)
    low, high = (None if np.isnan(end) else float(end) for end in found)
    return float(np.quantile(values, share)), Interval(low, high)
