"""Bootstraps that draw whole clusters: with cases drawn singly, a clustered null is rejected far too often."""

from typing import TYPE_CHECKING

import numpy as np

from kit.evals.statistics.intervals import TAIL, Interval

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kit.evals.statistics.intervals import Floats, Ints

__all__ = ["bootstrap_mean", "bootstrap_quantile"]

RESAMPLES = 2000
_CELLS = 500_000  # resampled cells held at a time: 4 MB in each of half a dozen arrays


def bootstrap_mean(values: "Floats", weights: "Floats", clusters: "Ints", *, seed: int = 0) -> Interval:
    """Studentised bootstrap of a weighted mean without bounds (Davison and Hinkley, 1997, sections 3.8 and 5.2).

    Each resample is measured in its own standard error, which mends what the percentile bootstrap lacks where clusters
    are few or values skewed. Where too many resamples have no spread of their own, the percentiles stand, widened for
    few clusters (Hesterberg, 2015). One cluster alone, or clusters that are all equal, say nothing about the spread, so
    neither side is bounded then.
    """
    from scipy.special import ndtr, stdtrit

    groups = int(clusters.max()) + 1
    if groups < 2:
        return Interval(None, None)
    sums, sizes = np.bincount(clusters, weights * values, groups), np.bincount(clusters, weights, groups)
    mean, scale = sums.sum() / sizes.sum(), np.sqrt(groups / (groups - 1))
    means, errors = np.empty(RESAMPLES), np.empty(RESAMPLES)
    for start, drawn in _draws(groups, seed):
        some, size = sums[drawn], sizes[drawn]
        total = size.sum(axis=1)
        part = slice(start, start + len(drawn))
        means[part] = some.sum(axis=1) / total
        errors[part] = scale * np.sqrt(((some - means[part, None] * size) ** 2).sum(axis=1)) / total
    error = scale * np.sqrt(((sums - mean * sizes) ** 2).sum()) / sizes.sum()
    if error <= 1e-12 * max(1.0, abs(mean)):
        return Interval(None, None)
    spread = errors > error * 1e-6
    if spread.mean() > 0.99:
        low, high = np.quantile((means[spread] - mean) / errors[spread], [1 - TAIL, TAIL])
        return Interval(float(mean - high * error), float(mean - low * error))
    outer = float(ndtr(-scale * stdtrit(groups - 1, TAIL)))
    low, high = np.quantile(means, [outer, 1 - outer])
    return Interval(float(low), float(high))


def bootstrap_quantile(
    before: "Floats", after: "Floats", clusters: "Ints", share: float, *, seed: int = 0
) -> tuple[float, Interval]:
    """By how much a quantile differs between two values of the same cases, with its percentile interval."""
    groups = int(clusters.max()) + 1
    value = float(np.quantile(after, share) - np.quantile(before, share))
    if groups < 2:
        return value, Interval(None, None)
    rows = [np.flatnonzero(clusters == group) for group in range(groups)]
    found = []
    for _, drawn in _draws(groups, seed, resamples=500):
        for one in drawn:
            chosen = np.concatenate([rows[group] for group in one])
            found.append(np.quantile(after[chosen], share) - np.quantile(before[chosen], share))
    low, high = np.quantile(found, [1 - TAIL, TAIL])
    return value, Interval(float(low), float(high))


def _draws(groups: int, seed: int, resamples: int = RESAMPLES) -> "Iterator[tuple[int, Ints]]":
    """Clusters drawn with replacement, as many resamples at a time as memory allows, each with its first number."""
    random, step = np.random.default_rng(seed), max(1, _CELLS // groups)
    for start in range(0, resamples, step):
        yield start, random.integers(0, groups, (min(step, resamples - start), groups))
