"""The playbooks' own tests, which stand in their files: a gate that lets a broken playbook through is none."""

from kit.evals.gate.result import GateResult
from kit.playbooks import TrialReport

__all__ = ["playbook_tests"]

_SHOWN = 3


def playbook_tests(report: TrialReport) -> GateResult:
    """A rule that none of them fails; without any it is not evidenced, and stops nothing."""
    n = sum(len(one.results) for one in report.playbooks)
    broken = [f"{one.playbook}: {result.trial_id}" for one in report.playbooks for result in one.failed]
    if not n:
        reason = "not evidenced: no playbook has a test"
    elif broken:
        more = f" and {len(broken) - _SHOWN} more" if len(broken) > _SHOWN else ""
        reason = f"{len(broken)} of {n} tests: {', '.join(broken[:_SHOWN])}{more} (kit playbooks test)"
    else:
        reason = "kept"
    return GateResult(
        kind="rule",
        suite="all",
        metric="playbook_tests",
        value=float(len(broken)) if n else None,
        n=n,
        threshold="= 0",
        passed=not broken,
        evidenced=bool(n),
        reason=reason,
        cases=tuple(broken),
    )
