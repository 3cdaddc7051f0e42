"""Evals: suites of cases, run against the assistant, scored, summarised and gated."""

from kit.evals.csat import Calibration, CsatFigure, CsatModel, CsatScorer, calibrate
from kit.evals.gate import GateResult, check_gate
from kit.evals.making import Asked, draft_cases, suite_text, ticket_cases
from kit.evals.metrics import REGISTRY, Metric, faults, metric
from kit.evals.run import Run, RunInfo, new_run_folder
from kit.evals.runner import run_suites
from kit.evals.scripted import Step, steps
from kit.evals.statistics import Interval, effective_n, wilson
from kit.evals.suites import (
    Suite,
    accept_cases,
    check_articles,
    check_name,
    check_playbooks,
    check_tools,
    drop_case,
    load_suite,
    load_suites,
    suite_files,
)
from kit.evals.summary import Figure, Slice, Summary, summarise
from kit.evals.types import Case, Record, Replies, Score, ScriptedTurn, Threshold, ToolCall, Transcript, Usage

__all__ = [
    "REGISTRY",
    "Asked",
    "Calibration",
    "Case",
    "CsatFigure",
    "CsatModel",
    "CsatScorer",
    "Figure",
    "GateResult",
    "Interval",
    "Metric",
    "Record",
    "Replies",
    "Run",
    "RunInfo",
    "Score",
    "ScriptedTurn",
    "Slice",
    "Step",
    "Suite",
    "Summary",
    "Threshold",
    "ToolCall",
    "Transcript",
    "Usage",
    "accept_cases",
    "calibrate",
    "check_articles",
    "check_gate",
    "check_name",
    "check_playbooks",
    "check_tools",
    "draft_cases",
    "drop_case",
    "effective_n",
    "faults",
    "load_suite",
    "load_suites",
    "metric",
    "new_run_folder",
    "run_suites",
    "steps",
    "suite_files",
    "suite_text",
    "summarise",
    "ticket_cases",
    "wilson",
]
