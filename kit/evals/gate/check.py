"""All that the gate asks of a run."""

from collections.abc import Collection

from kit.evals.comparing import Across, RunSide, side_of
from kit.evals.gate.regressions import regressions
from kit.evals.gate.result import GateResult
from kit.evals.gate.rules import hard_rules
from kit.evals.gate.thresholds import thresholds
from kit.evals.running import Run

__all__ = ["check_gate"]


def check_gate(
    run: Run, *, baseline: RunSide | None = None, common: bool = False, across: Collection[Across] = ()
) -> tuple[GateResult, ...]:
    """The thresholds of the suites, the hard rules, and what became worse; empty where there is nothing to ask.

    Args:
        run: the run.
        baseline: what it must not be worse than.
        common: whether only cases are paired that are the same in the baseline.
        across: what may differ from the baseline because it is what was changed.

    Raises:
        NotComparable: the baseline is of other cases, another precision, another judge, or other articles.
    """
    set_by_suites = thresholds(run)
    if not set_by_suites and baseline is None:
        return ()
    beside = regressions(baseline, side_of(run), common=common, across=across, seed=run.info.seed) if baseline else ()
    return (*set_by_suites, *hard_rules(run), *beside)
