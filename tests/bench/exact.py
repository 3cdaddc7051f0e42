"""How often intervals of shares hold the truth, counted over all outcomes: no chance, so no simulation is needed.

A share of few cases takes few values, so its coverage jumps with the truth, and no interval keeps to 95 % everywhere.
Here the kit's are beside those that it could have had.
"""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from scipy.stats import binom, multinomial, norm
from statsmodels.stats.proportion import proportion_confint

from kit.evals.statistics import Interval, tango, wilson

__all__ = ["bonett_price", "coverage_of_pairs", "coverages_of_share", "exact_tables"]

TRUTHS = np.linspace(0.5, 0.95, 451)
WORSE_BETTER = ((0.08, 0.08), (0.05, 0.15), (0.2, 0.2))
LOW, HIGH = 0.93, 0.97


def coverages_of_share(n: int, interval: Callable[[int, int], tuple[float, float]]) -> "np.ndarray":
    """The coverage at each of `TRUTHS`; `interval` is from successes and n."""
    ends = np.array([interval(successes, n) for successes in range(n + 1)], dtype=np.float64)
    holds = (ends[:, :1] <= TRUTHS) & (ends[:, 1:] >= TRUTHS)
    return np.asarray((binom.pmf(np.arange(n + 1)[:, None], n, TRUTHS) * holds).sum(axis=0))


def bonett_price(lost: int, won: int, n: int) -> Interval:
    """Bonett and Price (2012)."""
    worse, better = (lost + 1) / (n + 2), (won + 1) / (n + 2)
    middle = better - worse
    half = float(norm.ppf(0.975) * np.sqrt((worse + better - middle**2) / (n + 2)))
    return Interval(middle - half, middle + half)


def wald(lost: int, won: int, n: int) -> Interval:
    """The one of most textbooks."""
    middle = (won - lost) / n
    half = float(norm.ppf(0.975) * np.sqrt(((lost + won) / n - middle**2) / n))
    return Interval(middle - half, middle + half)


def coverage_of_pairs(
    n: int, worse: float, better: float, interval: Callable[[int, int, int], tuple[float | None, float | None]]
) -> float:
    """The coverage where anything differs; so many cases get worse, so many better."""
    most = int(n * (worse + better) + 8 * np.sqrt(n))
    held = total = 0.0
    for lost in range(min(n, most) + 1):
        for won in range(min(n - lost, most) + 1):
            if lost + won:
                chance = float(multinomial.pmf((lost, won, n - lost - won), n, (worse, better, 1 - worse - better)))
                if chance > 1e-9:
                    low, high = interval(lost, won, n)
                    assert low is not None and high is not None
                    total += chance
                    held += chance * (low - 1e-12 <= better - worse <= high + 1e-12)
    return held / total


def exact_tables() -> Iterator[str]:
    """The tables, line by line."""
    names = ("wilson", "agresti_coull", "jeffreys", "beta")
    yield "\nStatistics, exact: of the shares from .5 to .95, at how many does the interval cover 93 to 97 %? (least)"
    yield f"  {'':<38}" + "".join(f"{'kit: ' * (name == 'wilson') + name:>18}" for name in names)
    for n in (20, 40, 60, 100, 320):
        cells = []
        for name in names:
            ours = (
                (lambda x, n: tuple(wilson(x / n, n))) if name == "wilson" else partial(proportion_confint, method=name)
            )
            found = coverages_of_share(n, ours)
            cells.append(f"{np.mean((found >= LOW) & (found <= HIGH)):>11.2f} ({found.min():.3f})"[-18:])
        yield f"  {n:>4} cases{'':<28}" + "".join(f"{cell:>18}" for cell in cells)
    yield "\nStatistics, exact: coverage of 95 % intervals of paired shares, where anything differs"
    yield f"  {'':<38}" + "".join(f"{name:>18}" for name in ("kit: Tango", "Bonett and Price", "Wald"))
    for n in (20, 40, 100):
        for worse, better in WORSE_BETTER:
            cells = [f"{coverage_of_pairs(n, worse, better, one):.3f}" for one in (tango, bonett_price, wald)]
            what = f"{n:>4} cases, -{worse:g} +{better:g}"
            yield f"  {what:<38}" + "".join(f"{cell:>18}" for cell in cells)
