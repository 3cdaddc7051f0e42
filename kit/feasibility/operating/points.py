"""Chooses the confidence threshold whose wrong answers are bounded, and says of what kind the bound is."""

from typing import TYPE_CHECKING

import numpy as np

from kit.assistant import Bound, OperatingPoint
from kit.evals import effective_n

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["fewest_certifiable", "operating_point", "share_tail"]


def operating_point(
    confidence: "Floats",
    right: "Floats",
    groups: "Ints",
    *,
    alpha: float,
    delta: float,
    bound: Bound = "learn-then-test",
) -> OperatingPoint:
    """The lowest threshold that keeps the bound; its `threshold` is None where none does.

    Args:
        confidence: of each case, from a model that did not see it; shape (cases,).
        right: 1 where the first hit is right; shape (cases,).
        groups: cases of a group are not independent; integers from 0 upwards, shape (cases,).
        alpha: the share of wrong answers that is allowed.
        delta: how likely the bound may be missed by chance; not used by `risk-control`.
        bound: of which kind.
    """
    order = np.argsort(-confidence, kind="stable")
    ends = _ends(confidence[order])
    choose = _learn_then_test if bound == "learn-then-test" else _risk_control
    end = choose(1 - right[order], groups[order], ends, alpha, delta)
    if end is None:
        return OperatingPoint(bound=bound, alpha=alpha, delta=delta, threshold=None, cases=len(right))
    wrong = 1 - right[order][:end]
    return OperatingPoint(
        bound=bound,
        alpha=alpha,
        delta=delta,
        threshold=_between(confidence[order], end),
        cases=len(right),
        answered=end,
        wrong=int(wrong.sum()),
        effective=round(_effective(wrong, groups[order][:end]), 1),
    )


def _learn_then_test(wrong: "Floats", groups: "Ints", ends: "Ints", alpha: float, delta: float) -> int | None:
    """Fixed sequence testing from the strictest threshold: each is tested at `delta`, until one is not rejected.

    Angelopoulos, Bates, Candès, Jordan and Lei 2021, "Learn then Test", with the tail of the binomial as p-value. Where
    the sequence begins, and its steps, depend on the confidences alone, never on what turned out right: it begins
    where as many groups are answered as can certify `alpha` with no error at all.
    """
    least, found = fewest_certifiable(alpha, delta), None
    for end in ends:
        if len(np.unique(groups[:end])) < least:
            continue
        n = _effective(wrong[:end], groups[:end])
        if share_tail(float(wrong[:end].mean()), n, alpha) > delta:
            break
        found = int(end)
    return found


def _risk_control(wrong: "Floats", groups: "Ints", ends: "Ints", alpha: float, delta: float) -> int | None:
    """Conformal risk control of the loss "answered and wrong", which grows with each case that is answered.

    Angelopoulos, Bates, Fisch, Lei and Schuster 2022: the lowest threshold with n/(n+1) · risk + 1/(n+1) ≤ alpha. It
    bounds the mean over sets of cases; cases that share a group count as one, so that n is the number of groups.
    """
    n, total = len(np.unique(groups)), len(wrong)
    risks = [float(wrong[:end].sum()) / total for end in ends]
    kept = [int(end) for end, risk in zip(ends, risks, strict=True) if n / (n + 1) * risk + 1 / (n + 1) <= alpha]
    return max(kept, default=None)


def fewest_certifiable(alpha: float, delta: float) -> int:
    """How many independent answers without one error certify `alpha`: 59 for 5 % at 95 %."""
    return int(np.ceil(np.log(delta) / np.log(1 - alpha)))


def share_tail(share: float, n: float, alpha: float) -> float:
    """The chance of at most this share of errors among `n` answers of which `alpha` are wrong in truth.

    For whole numbers this is the tail of the binomial; the beta function carries it on to effective numbers of cases.
    """
    from scipy.special import betainc

    errors = share * n
    return 1.0 if errors >= n else float(betainc(n - errors, errors + 1, 1 - alpha))


def _ends(confidence: "Floats") -> "Ints":
    """How many cases each threshold answers, strictest first: cases with the same confidence come together."""
    last = np.append(np.diff(confidence) < 0, True)
    found: Ints = np.flatnonzero(last) + 1
    return found


def _between(confidence: "Floats", end: int) -> float:
    """A threshold that answers the first `end` cases and no other, rounded where that keeps it so."""
    low = float(confidence[end]) if end < len(confidence) else 0.0
    high = float(confidence[end - 1])
    middle = (low + high) / 2
    rounded = round(middle, 4)
    return rounded if low < rounded <= high else middle


def _effective(wrong: "Floats", groups: "Ints") -> float:
    """How many independent answers these are worth."""
    codes = np.unique(groups, return_inverse=True)[1].astype(np.int64)
    return effective_n(wrong, np.ones(len(wrong)), codes)
