"""Risk against coverage: how often an assistant is wrong if it answers only where it is surest.

Arrays are one value a case: `confidences` between 0 and 1, `losses` 0 or 1, `weights` above 0.
"""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from kit.evals.metrics.right import faults
from kit.evals.types import Record

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["Areas", "RiskCoverage", "areas_under", "curve_of", "risk_coverage", "would_be_wrong"]


class Areas(NamedTuple):
    """Areas under curves, one a row of weights; both are 0 at best.

    Attributes:
        aurc: that under risk over coverage (Geifman, Uziel and El-Yaniv, 2019): the mean, over cases, of the risk among
            those that are as sure.
        augrc: that under the generalised risk (Traub et al., 2024): the same with the share of all cases that is both
            answered and wrong, which does not overrate the surest few.
    """

    aurc: "Floats"
    augrc: "Floats"


@dataclass(frozen=True)
class RiskCoverage:
    """The curve, one point a distinct confidence, surest first.

    Attributes:
        thresholds: answer what has at least this confidence; then
        coverage: this share is answered, and
        risk: this share of what is answered is wrong.
        aurc, augrc: see `Areas`.
    """

    thresholds: tuple[float, ...]
    coverage: tuple[float, ...]
    risk: tuple[float, ...]
    aurc: float
    augrc: float


def areas_under(confidences: "Floats", losses: "Floats", weights: "Floats") -> Areas:
    """The areas for each row of weights.

    Args:
        confidences: shape (n,), as `losses`; cases of the same confidence are answered together or not at all.
        losses: 1 where the answer is wrong.
        weights: shape (rows, n); 0 leaves a case out, and no row is all 0.
    """
    answered, wrong, _ = _sums(confidences, losses, weights)
    total = answered[:, -1:]
    step = np.diff(answered, prepend=0.0) / total
    risk = np.divide(wrong, answered, out=np.zeros_like(wrong), where=answered > 0)
    return Areas((step * risk).sum(axis=1), (step * wrong / total).sum(axis=1))


def _sums(confidences: "Floats", losses: "Floats", weights: "Floats") -> "tuple[Floats, Floats, Floats]":
    """The weight that is answered and that of what is wrong in it, at each threshold; and the thresholds."""
    order = np.argsort(-confidences, kind="stable")
    sure, mass = confidences[order], weights[:, order]
    ends = np.flatnonzero(np.append(sure[1:] != sure[:-1], True))
    return np.cumsum(mass, axis=1)[:, ends], np.cumsum(mass * losses[order], axis=1)[:, ends], sure[ends]


def curve_of(confidences: "Floats", losses: "Floats", weights: "Floats") -> RiskCoverage:
    """The curve of these cases, at least one."""
    (answered,), (wrong,), thresholds = _sums(confidences, losses, weights[None])
    areas = areas_under(confidences, losses, weights[None])
    return RiskCoverage(
        thresholds=tuple(thresholds.tolist()),
        coverage=tuple((answered / answered[-1]).tolist()),
        risk=tuple((wrong / answered).tolist()),
        aurc=float(areas.aurc[0]),
        augrc=float(areas.augrc[0]),
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


def risk_coverage(records: Iterable[Record]) -> RiskCoverage | None:
    """The curve of a run; None where no case has both a confidence and a known answer."""
    known = array("d")  # a run may be long
    for record in records:
        if (found := would_be_wrong(record)) is not None:
            known.extend((record.case.weight, *found))
    if not known:
        return None
    weights, confidences, losses = np.array(known, dtype=np.float64).reshape(-1, 3).T
    return curve_of(confidences, losses, weights)
