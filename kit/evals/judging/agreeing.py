"""How far a judge agrees with people, and which way it errs. Scores lie between 0 and 1."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from kit.evals.csat import krippendorff
from kit.evals.judging.standing import JudgeBias

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Verdicts = NDArray[np.bool_]

__all__ = ["CUT", "alpha", "difference", "kappa", "mean_bias"]

CUT = 0.5
RESAMPLES = 2000


def kappa(judge: Sequence[float], people: Sequence[float], *, seed: int = 0) -> tuple[float | None, JudgeBias]:
    """Cohen's kappa (1960) of the verdicts, scores of at least one half against others; None where nothing varies.

    Args:
        judge: one score each.
        people: what people say on average.
        seed: of the bootstrap behind the interval.
    """
    one, other = np.asarray(judge) >= CUT, np.asarray(people) >= CUT
    value = _kappa(one, other)
    if value is None:
        return None, JudgeBias()
    random = np.random.default_rng(seed)
    drawn = (random.integers(0, len(one), len(one)) for _ in range(RESAMPLES))
    found = [again for rows in drawn if (again := _kappa(one[rows], other[rows])) is not None]
    low, high = np.quantile(found, [0.025, 0.975])
    return value, JudgeBias(n=len(one), value=value, low=float(low), high=float(high))


def _kappa(one: "Verdicts", other: "Verdicts") -> float | None:
    agreed = float(np.mean(one == other))
    chance = float(one.mean() * other.mean() + (1 - one.mean()) * (1 - other.mean()))
    return None if chance == 1 else (agreed - chance) / (1 - chance)


def alpha(ratings: Sequence[Sequence[float]]) -> float | None:
    """Krippendorff's alpha over the things that several rated; None where nothing varies."""
    several = [row for row in ratings if len(row) > 1]
    return krippendorff(several) if several else None


def mean_bias(differences: Sequence[float]) -> JudgeBias:
    """A mean difference with Student's interval."""
    from scipy.special import stdtrit

    values = np.asarray(differences, dtype=np.float64)
    if not len(values):
        return JudgeBias()
    mean = float(values.mean())
    if len(values) < 2:
        return JudgeBias(n=1, value=mean)
    half = float(stdtrit(len(values) - 1, 0.975)) * float(values.std(ddof=1)) / len(values) ** 0.5
    return JudgeBias(n=len(values), value=mean, low=mean - half, high=mean + half)


def difference(one: Sequence[float], other: Sequence[float]) -> JudgeBias:
    """The difference of two means with Welch's interval; nothing where either has fewer than two."""
    from scipy.special import stdtrit

    if len(one) < 2 or len(other) < 2:
        return JudgeBias()
    first, second = np.asarray(one, dtype=np.float64), np.asarray(other, dtype=np.float64)
    mean = float(first.mean() - second.mean())
    parts = np.array([first.var(ddof=1) / len(first), second.var(ddof=1) / len(second)])
    if not parts.sum():
        return JudgeBias(n=len(one) + len(other), value=mean, low=mean, high=mean)
    freedom = float(parts.sum() ** 2 / (parts**2 / [len(first) - 1, len(second) - 1]).sum())
    half = float(stdtrit(freedom, 0.975)) * float(parts.sum()) ** 0.5
    return JudgeBias(n=len(one) + len(other), value=mean, low=mean - half, high=mean + half)
