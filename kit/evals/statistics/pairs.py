"""What differs between two runs of the same cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kit.evals.statistics.intervals import TAIL, Interval

if TYPE_CHECKING:
    from kit.evals.statistics.intervals import Floats, Ints

__all__ = ["Difference", "Pairs", "difference", "tango"]


@dataclass(frozen=True, eq=False)
class Pairs:
    """One metric on the same cases, before and after.

    A figure is the weighted mean over the cases that could be scored, and which these are may differ: a case that is
    now handed off can no longer be answered wrongly. So the difference is that of two ratios, not of the pairs alone.

    Attributes:
        before, after: one value a case, NaN where it was not scored; each has at least one value.
        weights: of the cases, above 0.
        clusters: of the cases, from 0 upwards.
    """

    before: "Floats"
    after: "Floats"
    weights: "Floats"
    clusters: "Ints"

    @classmethod
    def of(
        cls,
        before: Sequence[float | None],
        after: Sequence[float | None],
        *,
        weights: Sequence[float] | None = None,
        clusters: Sequence[object] | None = None,
    ) -> "Pairs | None":
        """The cases scored on at least one side; None where a side has no value at all."""
        was, now = (np.array([np.nan if v is None else v for v in side], dtype=np.float64) for side in (before, after))
        kept = ~(np.isnan(was) & np.isnan(now))
        if np.isnan(was).all() or np.isnan(now).all():
            return None
        heavy = np.ones(len(was)) if weights is None else np.asarray(weights, dtype=np.float64)
        names = np.arange(len(was)) if clusters is None else np.array([str(one) for one in clusters])
        groups = np.unique(names[kept], return_inverse=True)[1].astype(np.int64)
        return cls(was[kept], now[kept], heavy[kept], groups)

    @property
    def groups(self) -> int:
        """How many clusters there are."""
        return int(self.clusters.max()) + 1

    @property
    def both(self) -> int:
        """How many cases were scored on both sides."""
        return int((~np.isnan(self.before) & ~np.isnan(self.after)).sum())

    @property
    def values(self) -> tuple[float, float]:
        """The figure before and after."""
        return self._mean(self.before), self._mean(self.after)

    @property
    def binary(self) -> bool:
        """Whether every case was scored on both sides, each time with 0 or 1."""
        return bool(np.isin(np.concatenate([self.before, self.after]), (0, 1)).all())

    def influences(self) -> "Floats":
        """One value a case whose weighted mean is the difference, and whose spread is that of the difference.

        Where all cases were scored on both sides they are the differences; else the linearisation of the difference
        of two ratios (Cochran, 1977, section 6.2).
        """
        total, (was, now) = self.weights.sum(), self.values
        found = np.full(len(self.weights), now - was)
        for sign, side, mean in ((-1, self.before, was), (1, self.after, now)):
            scored = ~np.isnan(side)
            found[scored] += sign * (side[scored] - mean) * total / self.weights[scored].sum()
        return found

    def _mean(self, side: "Floats") -> float:
        scored = ~np.isnan(side)
        return float(np.average(side[scored], weights=self.weights[scored]))


def tango(lost: int, won: int, n: int) -> Interval:
    """The score interval of a difference of two shares of the same independent cases (Tango, 1998).

    It holds the differences that the score test does not reject at 5 %, and so 0 just where McNemar's test, without
    correction, rejects nothing. Exact coverages beside those of other intervals are in
    `python -m tests.bench statistics`.

    Args:
        lost: how many cases were right before and are not now.
        won: how many are right now and were not before.
        n: how many there are.
    """
    from scipy.special import ndtri

    quantile, seen = float(ndtri(TAIL)), (won - lost) / n

    def score(truth: float) -> float:
        # The chance to lose that is likeliest if the difference is `truth`, and the variance with it.
        middle, last = (2 * n - won + lost) * truth - lost - won, -lost * truth * (1 - truth)
        chance = (float(np.sqrt(max(0.0, middle**2 - 8 * n * last))) - middle) / (4 * n)
        variance = n * (2 * chance + truth * (1 - truth))
        return (won - lost - n * truth) / float(np.sqrt(max(variance, 1e-15)))

    def end(low: float, high: float, target: float) -> float:
        for _ in range(60):  # the score falls as the truth rises
            middle = (low + high) / 2
            low, high = (middle, high) if score(middle) > target else (low, middle)
        return (low + high) / 2

    return Interval(end(-1.0, seen, quantile), end(seen, 1.0, -quantile))


@dataclass(frozen=True)
class Difference:
    """After less before.

    Attributes:
        value: the difference.
        interval: its 95 % interval; no side is bounded where nothing differs or there is but one cluster.
        error: its standard error; None where there is no interval.
    """

    value: float
    interval: Interval
    error: float | None


def difference(pairs: Pairs) -> Difference:
    """The difference with its clustered interval.

    Shares of independent cases have Tango's score interval. Elsewhere two cases that differ are thought of in addition,
    one in each direction, as Bonett and Price (2012) do for pairs of shares: without them the interval is too short
    where few cases differ. Their size is the root mean square of the differences that there are, which for shares is 1.
    The quantile is Student's for the number of clusters.
    """
    from scipy.special import stdtrit

    (was, now), groups, found = pairs.values, pairs.groups, pairs.influences()
    changed = found[np.abs(found) > 1e-12]
    if groups < 2 or not len(changed):
        return Difference(now - was, Interval(None, None), None)
    size, weight = float(np.sqrt((changed**2).mean())), float(pairs.weights.mean())
    sums = np.append(np.bincount(pairs.clusters, pairs.weights * found, groups), [size * weight, -size * weight])
    sizes = np.append(np.bincount(pairs.clusters, pairs.weights, groups), [weight, weight])
    middle = float(sums.sum() / sizes.sum())
    error = float(np.sqrt(((sums - middle * sizes) ** 2).sum()) / sizes.sum())
    if pairs.binary and groups == len(found) and np.ptp(pairs.weights) == 0:
        lost, won = int((pairs.after < pairs.before).sum()), int((pairs.after > pairs.before).sum())
        return Difference(now - was, tango(lost, won, groups), error)
    half = float(stdtrit(groups - 1, TAIL)) * error
    low, high = middle - half, middle + half
    # The middle is drawn towards 0, the value is not; with few cases it could lie outside.
    return Difference(now - was, Interval(min(low, now - was), max(high, now - was)), error)
