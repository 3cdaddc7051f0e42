"""What a number of cases can show, said before anyone reads a difference into noise."""

from math import ceil, log2

__all__ = ["cases_needed", "detectable", "least_provable"]

ALPHA, POWER = 0.05, 0.8


def cases_needed(share: float, half: float, *, icc: float = 0.0, size: float = 1.0) -> int:
    """How many cases bound a share to ± `half` at 95 %; 369 for ±5 points at 40 %, if they are independent.

    Args:
        share: the share that is expected.
        half: half the width of the interval.
        icc: how alike cases of one cluster are, from 0 to 1 (intraclass correlation).
        size: cases in a cluster, on average.
    """
    from scipy.special import ndtri

    simple = float(ndtri(0.975)) ** 2 * share * (1 - share) / half**2
    return ceil(simple * design_effect(icc, size) - 1e-9)


def design_effect(icc: float, size: float) -> float:
    """By how much clusters inflate the variance (Kish, 1965): 1 + (m − 1) · ICC."""
    return 1 + (size - 1) * icc


def detectable(error: float, *, alpha: float = ALPHA, power: float = POWER, tails: int = 2) -> float:
    """The minimum detectable effect: the true difference that would be found significant with this power.

    So many standard errors as the normal quantiles of level and power add up to (Bloom, 1995; Miller, 2024, arXiv
    2411.00640, section 5).

    Args:
        error: the standard error of the paired difference; √(variance of a pair · design effect / pairs).
        alpha: the level of the test.
        power: the chance to find it.
        tails: 2 where either direction counts, 1 where only one does.
    """
    from scipy.special import ndtri

    return float(ndtri(1 - alpha / tails) + ndtri(power)) * error


def least_provable(n: int, *, alpha: float = ALPHA, tails: int = 2) -> float:
    """The least difference of a share that could be significant at all, even if every change went one way.

    An exact test of k changes, all in one direction, gives tails · 2⁻ᵏ. So 40 cases cannot show less than 12.5 points,
    in one direction, or 15 in either.
    """
    return ceil(log2(tails / alpha) - 1e-9) / n
