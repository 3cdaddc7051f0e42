"""Feasibility: what past tickets say about the assistant's worth, and whether to go live."""

from kit.feasibility.assessment import Assessment, assess
from kit.feasibility.backtest import Backtest, BacktestInfo, newest_backtest, run_backtest
from kit.feasibility.gaps import Gap, Gaps, find_gaps
from kit.feasibility.measures import Replay, backtest_figures
from kit.feasibility.operating import Bin, Calibration, Labelled, Quality, calibrate, labelled
from kit.feasibility.tickets import SkippedRow, Tickets, import_tickets, load_tickets, read_tickets
from kit.feasibility.types import Message, Ticket
from kit.feasibility.value import Range, Value, value
from kit.feasibility.verdict import Check, Decision, State, Verdict, goal_of, verdict

__all__ = [
    "Assessment",
    "Backtest",
    "BacktestInfo",
    "Bin",
    "Calibration",
    "Check",
    "Decision",
    "Gap",
    "Gaps",
    "Labelled",
    "Message",
    "Quality",
    "Range",
    "Replay",
    "SkippedRow",
    "State",
    "Ticket",
    "Tickets",
    "Value",
    "Verdict",
    "assess",
    "backtest_figures",
    "calibrate",
    "find_gaps",
    "goal_of",
    "import_tickets",
    "labelled",
    "load_tickets",
    "newest_backtest",
    "read_tickets",
    "run_backtest",
    "value",
    "verdict",
]
