"""The thresholds that suites set."""

from kit.evals.gate.result import GateResult
from kit.evals.running import Run
from kit.evals.summary import Figure, Slice
from kit.evals.types import Threshold

__all__ = ["thresholds"]


def thresholds(run: Run) -> tuple[GateResult, ...]:
    """The thresholds of every suite in the run that sets any; empty where none does.

    A metric that no case could be scored on fails, as not evidenced. So does a suite with thresholds whose cases did
    not all run: what remains may be the easy half. Cases that no person has accepted yet do not count.
    """
    results: list[GateResult] = []
    for suite in run.info.suites:
        part = next((one for one in run.summary.suites if one.name == suite.name), None)
        if suite.gate:
            results.append(_errors(suite.name, suite.cases - suite.generated, part))
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
    unproven = _unproven(figure)
    if unproven:
        passed, reason = False, f"not evidenced: {unproven}"
    elif value is not None and threshold.min is not None and value < threshold.min:
        passed, reason = False, f"{value:.3f} is below {threshold.min:g}"
    elif value is not None and threshold.max is not None and value > threshold.max:
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
        evidenced=not unproven,
        reason=reason,
    )


def _unproven(figure: Figure | None) -> str:
    """Why a figure proves nothing; empty where it does."""
    if figure is None or figure.value is None:
        return "no case could be scored"
    if figure.judge is None or figure.judge.trusted:
        return ""
    if not figure.judge.calibrated:
        return f"the judge {figure.judge.model} is not calibrated (kit judge calibrate)"
    agreed = "unknown" if figure.judge.kappa is None else f"{figure.judge.kappa:.2f}"
    return f"people agree too little with the judge {figure.judge.model} (kappa {agreed})"
