"""Plays the tests that playbooks carry, with the assistant itself."""

from kit.playbooks.trying.coverage import Coverage, CoverageReport, cover, coverage_json, coverage_lines
from kit.playbooks.trying.host import Host, Said, Talk
from kit.playbooks.trying.junit import report_junit
from kit.playbooks.trying.points import Point, points
from kit.playbooks.trying.printing import report_json, report_lines
from kit.playbooks.trying.report import chosen, try_playbooks
from kit.playbooks.trying.results import Departure, Exchange, PlaybookResult, TrialReport, TrialResult
from kit.playbooks.trying.trying import TODAY, play_trial, play_trials

__all__ = [
    "TODAY",
    "Coverage",
    "CoverageReport",
    "Departure",
    "Exchange",
    "Host",
    "PlaybookResult",
    "Point",
    "Said",
    "Talk",
    "TrialReport",
    "TrialResult",
    "chosen",
    "cover",
    "coverage_json",
    "coverage_lines",
    "play_trial",
    "play_trials",
    "points",
    "report_json",
    "report_junit",
    "report_lines",
    "try_playbooks",
]
