"""The gate: whether a run is good enough, by the thresholds that its suites set."""

from pydantic import BaseModel, ConfigDict

from kit.evals.running import Run
from kit.evals.summary import Slice
from kit.evals.types import Threshold

__all__ = ["GateResult", "check_gate"]


class GateResult(BaseModel):
    """One threshold and whether it was kept. `metric` is `errors` for cases that could not be run."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    suite: str
    metric: str
    value: float | None
    n: int
    threshold: str
    passed: bool
    reason: str


def check_gate(run: Run) -> tuple[GateResult, ...]:
    """The thresholds of every suite in the run that sets any; empty where none does.

    A metric that no case could be scored on fails, as not evidenced. So does a suite with thresholds whose cases did
    not all run: what remains may be the easy half.
    """
    results: list[GateResult] = []
    for suite in run.info.suites:
        part = next((one for one in run.summary.suites if one.name == suite.name), None)
        if suite.gate:
            results.append(_errors(suite.name, suite.cases, part))
            results += [_result(suite.name, metric, threshold, part) for metric, threshold in suite.gate.items()]
    return tuple(results)


def _errors(suite: str, cases: int, part: Slice | None) -> GateResult:
    ran = part.cases - part.errors if part else 0
    lost = cases - ran
    reason = f"{lost} of {cases} cases could not be run" if lost else "every case ran"
    return GateResult(
        suite=suite, metric="errors", value=lost, n=cases, threshold="= 0", passed=not lost, reason=reason
    )


def _result(suite: str, metric: str, threshold: Threshold, part: Slice | None) -> GateResult:
    figure = part.figure(metric) if part else None
    value = figure.value if figure else None
    bounds = [f"{sign} {bound:g}" for sign, bound in (("≥", threshold.min), ("≤", threshold.max)) if bound is not None]
    if value is None:
        passed, reason = False, "not evidenced: no case could be scored"
    elif threshold.min is not None and value < threshold.min:
        passed, reason = False, f"{value:.3f} is below {threshold.min:g}"
    elif threshold.max is not None and value > threshold.max:
        passed, reason = False, f"{value:.3f} is above {threshold.max:g}"
    else:
        passed, reason = True, "kept"
    return GateResult(
        suite=suite,
        metric=metric,
        value=value,
        n=figure.n if figure else 0,
        threshold=" and ".join(bounds),
        passed=passed,
        reason=reason,
    )
