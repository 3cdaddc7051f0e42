"""Evals: suites of cases, run against the assistant, scored, summarised and gated."""

from kit.evals.gate import GateResult, check_gate
from kit.evals.metrics import REGISTRY, Metric, faults, metric
from kit.evals.run import Run, RunInfo, new_run_folder, write_whole
from kit.evals.runner import run_suites
from kit.evals.suites import Suite, check_articles, check_playbooks, load_suite, load_suites
from kit.evals.summary import Figure, Slice, Summary, summarise
from kit.evals.types import Case, Record, Score, Threshold, Transcript

__all__ = [
    "REGISTRY",
    "Case",
    "Figure",
    "GateResult",
    "Metric",
    "Record",
    "Run",
    "RunInfo",
    "Score",
    "Slice",
    "Suite",
    "Summary",
    "Threshold",
    "Transcript",
    "check_articles",
    "check_gate",
    "check_playbooks",
    "faults",
    "load_suite",
    "load_suites",
    "metric",
    "new_run_folder",
    "run_suites",
    "summarise",
    "write_whole",
]
