"""Evals: suites of cases, run against the assistant, scored, summarised and gated."""

from kit.evals.comparing import (
    Across,
    CaseChange,
    Comparison,
    MetricChange,
    RunSide,
    Seen,
    check_planned,
    compare,
    is_baseline,
    load_baseline,
    save_baseline,
    side_of,
)
from kit.evals.csat import Calibration, CsatFigure, CsatModel, CsatScorer, calibrate
from kit.evals.gate import GateResult, check_gate
from kit.evals.metrics import REGISTRY, Metric, faults, metric
from kit.evals.run import Run, RunInfo, new_run_folder
from kit.evals.runner import run_suites
from kit.evals.statistics import Interval, effective_n, wilson
from kit.evals.suites import Suite, check_articles, check_playbooks, load_suite, load_suites
from kit.evals.summary import Figure, Slice, Summary, summarise
from kit.evals.types import Case, Record, Replies, Score, Threshold, ToolCall, Transcript, Usage

__all__ = [
    "REGISTRY",
    "Across",
    "Calibration",
    "Case",
    "CaseChange",
    "Comparison",
    "CsatFigure",
    "CsatModel",
    "CsatScorer",
    "Figure",
    "GateResult",
    "Interval",
    "Metric",
    "MetricChange",
    "Record",
    "Replies",
    "Run",
    "RunInfo",
    "RunSide",
    "Score",
    "Seen",
    "Slice",
    "Suite",
    "Summary",
    "Threshold",
    "ToolCall",
    "Transcript",
    "Usage",
    "calibrate",
    "check_articles",
    "check_gate",
    "check_planned",
    "check_playbooks",
    "compare",
    "effective_n",
    "faults",
    "is_baseline",
    "load_baseline",
    "load_suite",
    "load_suites",
    "metric",
    "new_run_folder",
    "run_suites",
    "save_baseline",
    "side_of",
    "summarise",
    "wilson",
]
