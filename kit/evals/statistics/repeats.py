"""What k tries of each case say: how often it comes right every time, and what is noise."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

import numpy as np

__all__ = ["Variation", "pass_hat_k", "variation"]


def pass_hat_k(right: Sequence[int], tries: Sequence[int], k: int, *, weights: Sequence[float] | None = None) -> float:
    """pass^k: the chance that a case comes right in all of k tries, over the cases tried at least k times.

    The unbiased estimate of Yao et al. (2024, arXiv 2406.12045): the mean of C(right, k) / C(tries, k).

    Args:
        right: for each case, how many of its tries were right.
        tries: for each case, how many there were.
        k: how many must be right.
        weights: of the cases; by default all alike.

    Raises:
        ValueError: no case was tried k times.
    """
    enough = [place for place, count in enumerate(tries) if count >= k > 0]
    if not enough:
        raise ValueError(f"No case was tried {k} times.")
    shares = [comb(right[place], k) / comb(tries[place], k) for place in enough]
    return float(np.average(shares, weights=[1.0 if weights is None else weights[place] for place in enough]))


@dataclass(frozen=True)
class Variation:
    """The variance of a score, taken apart.

    Attributes:
        between: of the cases' true means: how much cases differ.
        within: of the tries of one case: how much chance there is in each.
        cases: how many cases.
        tries: how many tries a case, on average (harmonic).
    """

    between: float
    within: float
    cases: int
    tries: float

    def error(self, tries: float) -> float:
        """The standard error of the mean score, if each of the cases were tried so often."""
        return float(np.sqrt((self.between + self.within / tries) / self.cases))


def variation(scores: Sequence[Sequence[float]]) -> Variation | None:
    """Variance between and within cases (Miller, 2024, arXiv 2411.00640, section 3): more tries lessen only the latter.

    Args:
        scores: for each case the values of its tries.

    Returns:
        None where fewer than two cases were tried more than once: then the two cannot be told apart.
    """
    repeated = [np.asarray(one, dtype=np.float64) for one in scores if len(one) > 1]
    if len(repeated) < 2:
        return None
    freedom = sum(len(one) - 1 for one in repeated)
    within = float(sum(((one - one.mean()) ** 2).sum() for one in repeated) / freedom)
    tries = len(repeated) / sum(1 / len(one) for one in repeated)
    spread = float(np.var([one.mean() for one in repeated], ddof=1))
    return Variation(max(0.0, spread - within / tries), within, len(repeated), tries)
