"""Risk against coverage: how often an assistant is wrong if it answers only where it is surest.

Arrays are one value a case: `confidences` between 0 and 1, `losses` 0 or 1, `weights` above 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kit.evals.metrics.right import faults
from kit.evals.types import Record

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["RiskCoverage", "curve_of", "risk_coverage", "would_be_wrong"]


@dataclass(frozen=True)
class RiskCoverage:
    """The curve, one point a distinct confidence, surest first.

    Attributes:
        thresholds: answer what has at least this confidence; then
        coverage: this share is answered, and
        risk: this share of what is answered is wrong.
        aurc: the area under risk over coverage (Geifman, Uziel and El-Yaniv, 2019): the mean, over cases, of the risk
            among those that are as sure.
        augrc: the area under the generalised risk (Traub et al., 2024): the same with the share of all cases that is
            both answered and wrong, which does not overrate the surest few.
    """

    thresholds: tuple[float, ...]
    coverage: tuple[float, ...]
    risk: tuple[float, ...]
    aurc: float
    augrc: float


def curve_of(confidences: "Floats", losses: "Floats", weights: "Floats") -> RiskCoverage:
    """The curve of these cases, at least one; cases of the same confidence are answered together or not at all."""
    order = np.argsort(-confidences, kind="stable")
    sure, mass, lost = confidences[order], weights[order], (weights * losses)[order]
    ends = np.flatnonzero(np.append(sure[1:] != sure[:-1], True))
    answered, wrong = np.cumsum(mass)[ends], np.cumsum(lost)[ends]
    step = np.diff(answered, prepend=0.0) / answered[-1]
    risk = wrong / answered
    return RiskCoverage(
        thresholds=tuple(sure[ends].tolist()),
        coverage=tuple((answered / answered[-1]).tolist()),
        risk=tuple(risk.tolist()),
        aurc=float((step * risk).sum()),
        augrc=float((step * wrong / answered[-1]).sum()),
    )


def would_be_wrong(record: Record) -> tuple[float, float] | None:
    """A case's confidence, and 1 if answering it is or would be wrong, else 0; None where either is not known.

    Where no answer is expected, any is wrong. An answer that was withheld would have been wrong if the best
    passage found is of no acceptable article.
    """
    if record.transcript is None or (confidence := record.transcript.reply.confidence) is None:
        return None
    case, transcript = record.case, record.transcript
    if case.expect != "answer":
        return confidence, 1.0
    if transcript.reply.outcome == "answered":
        return confidence, float(bool(faults(case, transcript)))
    if not case.articles or not transcript.retrieved:
        return None
    return confidence, float(transcript.retrieved[0].rpartition("#")[0] not in case.articles)


def risk_coverage(records: Sequence[Record]) -> RiskCoverage | None:
    """The curve of a run; None where no case has both a confidence and a known answer."""
    known = [(record.case.weight, *found) for record in records if (found := would_be_wrong(record)) is not None]
    if not known:
        return None
    weights, confidences, losses = np.array(known, dtype=np.float64).T
    return curve_of(confidences, losses, weights)
