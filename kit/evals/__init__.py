"""Evals: suites of cases, run against the assistant, scored, summarised and gated."""

from kit.evals.csat import Calibration, CsatFigure, CsatModel, CsatScorer, calibrate
from kit.evals.gate import GateResult, check_gate
from kit.evals.judging import (
    Judge,
    JudgeAgreement,
    JudgeBias,
    calibrate_judge,
    load_standing,
    read_agreements,
    save_agreements,
)
from kit.evals.metrics import (
    GROUPS,
    REGISTRY,
    RUN_REGISTRY,
    Metric,
    RiskCoverage,
    RunMetric,
    faults,
    load_plugins,
    metric,
    risk_coverage,
    run_metric,
)
from kit.evals.run import Run, RunInfo, new_run_folder
from kit.evals.runner import run_suites
from kit.evals.statistics import Interval, effective_n, wilson
from kit.evals.suites import Suite, check_articles, check_playbooks, load_suite, load_suites
from kit.evals.summary import Figure, Slice, Summary, summarise
from kit.evals.types import Case, JudgedBy, Record, Replies, Score, Threshold, ToolCall, Transcript, Usage

__all__ = [
    "GROUPS",
    "REGISTRY",
    "RUN_REGISTRY",
    "Calibration",
    "Case",
    "CsatFigure",
    "CsatModel",
    "CsatScorer",
    "Figure",
    "GateResult",
    "Interval",
    "Judge",
    "JudgeAgreement",
    "JudgeBias",
    "JudgedBy",
    "Metric",
    "Record",
    "Replies",
    "RiskCoverage",
    "Run",
    "RunInfo",
    "RunMetric",
    "Score",
    "Slice",
    "Suite",
    "Summary",
    "Threshold",
    "ToolCall",
    "Transcript",
    "Usage",
    "calibrate",
    "calibrate_judge",
    "check_articles",
    "check_gate",
    "check_playbooks",
    "effective_n",
    "faults",
    "load_plugins",
    "load_standing",
    "load_suite",
    "load_suites",
    "metric",
    "new_run_folder",
    "read_agreements",
    "risk_coverage",
    "run_metric",
    "run_suites",
    "save_agreements",
    "summarise",
    "wilson",
]
