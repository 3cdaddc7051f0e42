"""The gate: whether a run is good enough, by its suites' thresholds, hard rules and a baseline."""

from kit.evals.gate.check import check_gate
from kit.evals.gate.moving import moved
from kit.evals.gate.regressions import lost
from kit.evals.gate.result import GateResult
from kit.evals.gate.rules import NEVER
from kit.evals.gate.trials import playbook_tests

__all__ = ["NEVER", "GateResult", "check_gate", "lost", "moved", "playbook_tests"]
