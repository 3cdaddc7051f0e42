"""Comparing two runs: paired on the case, clustered, and only where they can be compared."""

from kit.evals.comparing.baseline import is_baseline, load_baseline, save_baseline
from kit.evals.comparing.comparable import Across, Changed, Paired, check_planned, pair_up
from kit.evals.comparing.comparison import compare
from kit.evals.comparing.side import Entry, RunSide, Try, side_of
from kit.evals.comparing.values import CaseChange, Comparison, MetricChange, Seen

__all__ = [
    "Across",
    "CaseChange",
    "Changed",
    "Comparison",
    "Entry",
    "MetricChange",
    "Paired",
    "RunSide",
    "Seen",
    "Try",
    "check_planned",
    "compare",
    "is_baseline",
    "load_baseline",
    "pair_up",
    "save_baseline",
    "side_of",
]
