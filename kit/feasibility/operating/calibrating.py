"""`kit calibrate`: the confidence fitted to the workspace's own cases, judged on those it did not see."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np

from kit.assistant import Bound, Calibrated, ConfidenceModel
from kit.errors import TooLittle
from kit.feasibility.operating.fitting import Fit, chosen_strength, cross_fitted, fit
from kit.feasibility.operating.labelled import Labelled
from kit.feasibility.operating.points import fewest_certifiable, operating_point
from kit.feasibility.operating.quality import Bin, Quality, quality, reliability
from kit.text import digest

__all__ = ["FEWEST", "Calibration", "calibrate"]

FEWEST: Final = 40
_FEWEST_OF_EACH: Final = 8
_NEVER = "Unless kit.toml sets `answer_threshold`, everything is handed off."
_MORE = "Add cases that name the articles which answer them, and some that nothing answers, to evals/*.yaml."


@dataclass(frozen=True)
class Calibration:
    """What is kept, and how good the confidence is on cases that it was not fitted to.

    Attributes:
        kept: the file that the workspace uses from now on.
        before: of the confidence that was in force; `after` of the fitted one, each case judged without its group.
        bars_before, bars_after: the reliability diagrams.
        groups: how many groups of cases there are; cases of one are not independent.
        answered_before, wrong_before: what the threshold that was in force does on the same cases.
    """

    kept: Calibrated
    before: Quality
    after: Quality
    bars_before: tuple[Bin, ...]
    bars_after: tuple[Bin, ...]
    groups: int
    answered_before: int
    wrong_before: int

    @property
    def bound(self) -> str:
        """What can be said of the wrong answers, in a sentence or two."""
        point = self.kept.point
        if point.threshold is None:
            if point.bound == "risk-control":
                return (
                    f"No threshold keeps wrong answers within {point.alpha:.1%} of all questions on average. {_NEVER}"
                )
            fewest = fewest_certifiable(point.alpha, point.delta)
            return (
                f"No threshold can be certified: on {point.cases} cases in {self.groups} groups none keeps wrong "
                f"answers within {point.alpha:.1%} at {1 - point.delta:.0%} certainty; without one error it takes "
                f"{fewest} independent answers. {_NEVER}"
            )
        seen = f"answered {point.answered} of {point.cases} cases, {point.wrong} wrong"
        if point.bound == "risk-control":
            return (
                f"Answers from confidence {point.threshold:.3f}: {seen}. Over sets of cases like these at most "
                f"{point.alpha:.1%} of all questions are answered wrong on average (conformal risk control)."
            )
        return (
            f"Answers from confidence {point.threshold:.3f}: {seen} (worth {point.effective:.0f} independent ones). "
            f"With {1 - point.delta:.0%} certainty at most {point.alpha:.1%} of its answers cite a wrong article, for "
            "questions like these (learn-then-test)."
        )

    def to_json(self) -> dict[str, Any]:
        """What `kit calibrate --json` prints."""
        return {
            "cases": self.before.n,
            "groups": self.groups,
            "before": self.before.to_json(),
            "after": self.after.to_json(),
            "point": self.kept.point.model_dump(mode="json"),
            "bound": self.bound,
            "model": self.kept.model.model_dump(mode="json"),
            "reliability": {
                "before": [vars(bar) for bar in self.bars_before],
                "after": [vars(bar) for bar in self.bars_after],
            },
        }


def calibrate(
    rows: Labelled,
    *,
    now: ConfidenceModel,
    start: ConfidenceModel,
    threshold: float,
    alpha: float,
    delta: float,
    bound: Bound,
    embedder: str,
    reranker: str,
    corpus: str,
) -> Calibration:
    """Fit the confidence to labelled cases, held near `start`, and choose the operating point on unseen folds.

    Args:
        rows: the cases.
        now: the confidence in force.
        start: the coefficients that come with the kit.
        threshold: the operating point in force.
        alpha: the share of wrong answers that is allowed.
        delta: how likely the bound may be missed by chance.
        bound: of which kind.
        embedder: the fingerprint of the model that the signals come from.
        reranker: that of the reranker, or `none`.
        corpus: a digest of the articles.

    Raises:
        TooLittle: there are too few cases, or too few that are right or wrong.
    """
    _check_enough(rows)
    data = rows.values, rows.right, rows.weights
    origin = Fit.of(start)
    before = Fit.of(now).confidence(rows.values)
    after = cross_fitted(*data, rows.groups, start=origin)
    final = fit(*data, start=origin, strength=chosen_strength(*data, rows.groups, start=origin))
    point = operating_point(after, rows.right, rows.groups, alpha=alpha, delta=delta, bound=bound)
    judged = {"before": quality(before, rows.right), "after": quality(after, rows.right)}
    count, answered = len(rows.right), before >= threshold
    kept = Calibrated(
        data=digest(rows.digest, corpus),
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        embedder=embedder,
        reranker=reranker,
        model=final.model(f"{count} cases of the workspace's suites, digest {rows.digest[:12]}"),
        point=point,
        figures={name: one.to_json() for name, one in judged.items()},
    )
    return Calibration(
        kept=kept,
        before=judged["before"],
        after=judged["after"],
        bars_before=reliability(before, rows.right),
        bars_after=reliability(after, rows.right),
        groups=len(np.unique(rows.groups)),
        answered_before=int(answered.sum()),
        wrong_before=int((answered & (rows.right == 0)).sum()),
    )


def _check_enough(rows: Labelled) -> None:
    count, right = len(rows.right), int(rows.right.sum())
    if count < FEWEST:
        raise TooLittle(
            f"{count} cases of the suites say which article is right; fewer than {FEWEST} calibrate nothing.",
            remedy=_MORE,
        )
    if min(right, count - right) < _FEWEST_OF_EACH:
        raise TooLittle(
            f"Of {count} cases the search gets {right} right and {count - right} wrong; with fewer than "
            f"{_FEWEST_OF_EACH} of either there is nothing to tell apart.",
            remedy=_MORE,
        )
    if (groups := len(np.unique(rows.groups))) < _FEWEST_OF_EACH:
        raise TooLittle(
            f"The {count} cases are on {groups} articles; fewer than {_FEWEST_OF_EACH} say nothing of others.",
            remedy=_MORE,
        )
