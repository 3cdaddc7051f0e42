"""Several tries of the same case: how often all of them succeed, and how much of the spread is chance."""

from collections.abc import Sequence
from math import comb

import numpy as np

__all__ = ["pass_hat", "spread"]


def pass_hat(successes: int, tries: int, k: int) -> float:
    """The chance that k tries of a case all succeed, C(successes, k) ÷ C(tries, k) (Yao et al., 2024: pass^k).

    Args:
        successes: of `tries`.
        tries: at least k.
        k: 1 or more.
    """
    return comb(successes, k) / comb(tries, k)


def spread(values: Sequence[Sequence[float]]) -> tuple[float, float]:
    """The variance within cases and that between them (Miller, 2024, section 3): chance, and how cases differ.

    Args:
        values: for each case those of its tries, at least two; at least two cases.

    Returns:
        The mean variance of tries about their case's mean, and the variance of those means less what chance adds to
        it; 0 where chance explains all of it.
    """
    within = float(np.mean([np.var(tries, ddof=1) for tries in values]))
    noise = float(np.mean([np.var(tries, ddof=1) / len(tries) for tries in values]))
    return within, max(0.0, float(np.var([np.mean(tries) for tries in values], ddof=1)) - noise)
