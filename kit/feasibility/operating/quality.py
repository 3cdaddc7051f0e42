"""How good a confidence is: calibrated (reliability diagram, ECE, Brier) and telling right from wrong (AUC)."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["Bin", "Quality", "auc", "ece", "quality", "reliability"]

_BINS = 10


@dataclass(frozen=True)
class Bin:
    """One bar of a reliability diagram: cases with about the same confidence.

    Attributes:
        low, high: from where to where the confidence goes.
        n: how many cases.
        confidence: their mean confidence.
        right: the share of them that is right.
    """

    low: float
    high: float
    n: int
    confidence: float
    right: float


@dataclass(frozen=True)
class Quality:
    """Figures of a confidence on labelled cases; `auc` is None where all are right or all are wrong.

    `chance_ece` is the ECE that a perfectly calibrated confidence would show on so few cases: what is not above it says
    nothing against the calibration.
    """

    n: int
    ece: float
    chance_ece: float
    brier: float
    auc: float | None

    def to_json(self) -> dict[str, float | int | None]:
        """The figures by name."""
        return asdict(self)


def reliability(confidence: "Floats", right: "Floats", *, bins: int = _BINS) -> tuple[Bin, ...]:
    """The bars, of equal width; those without cases are left out."""
    place = np.clip((confidence * bins).astype(int), 0, bins - 1)
    return tuple(
        Bin(
            one / bins,
            (one + 1) / bins,
            int((place == one).sum()),
            float(confidence[place == one].mean()),
            float(right[place == one].mean()),
        )
        for one in np.unique(place)
    )


def ece(confidence: "Floats", right: "Floats", *, bins: int = _BINS) -> float:
    """Expected calibration error: mean gap between confidence and share right, over bins of equal width.

    Naeini, Cooper and Hauskrecht 2015, "Obtaining well calibrated probabilities using Bayesian binning".
    """
    bars = reliability(confidence, right, bins=bins)
    return sum(bar.n * abs(bar.confidence - bar.right) for bar in bars) / len(right)


def auc(confidence: "Floats", right: "Floats") -> float | None:
    """The chance that a right case has more confidence than a wrong one; ties count half."""
    from scipy.stats import rankdata

    positive = right > 0
    count = int(positive.sum())
    others = len(right) - count
    if not count or not others:
        return None
    ranks = rankdata(confidence)
    return float((ranks[positive].sum() - count * (count + 1) / 2) / (count * others))


def quality(confidence: "Floats", right: "Floats") -> Quality:
    """The figures; shapes (cases,) both, `right` 0 or 1."""
    random = np.random.default_rng(0)
    drawn = [ece(confidence, (random.random(len(right)) < confidence).astype(float)) for _ in range(200)]
    return Quality(
        n=len(right),
        ece=ece(confidence, right),
        chance_ece=float(np.mean(drawn)),
        brier=float(np.mean((confidence - right) ** 2)),
        auc=auc(confidence, right),
    )
