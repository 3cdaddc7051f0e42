"""Changes to playbooks.

mutating/   playbooks that differ in one thing from the one that was written
scoring/    which of them no test notices
versions/   how two versions differ, in words and in what they do
"""

from kit.playbooks.changing.mutating import Kind, Mutant, mutants
from kit.playbooks.changing.routed import routed
from kit.playbooks.changing.scoring import PlaybookScore, ScoreReport, Verdict, score, score_json, score_lines
from kit.playbooks.changing.versions import (
    GROUPS,
    MOST_CONVERSATIONS,
    Change,
    DiffReport,
    Group,
    MetricPaired,
    Paired,
    Parting,
    Placed,
    PlaybookDiff,
    Recorded,
    Replayed,
    Side,
    TrialComparison,
    Version,
    changes,
    compare_metrics,
    compare_trials,
    diff,
    diff_json,
    diff_lines,
    fewest_that_show,
    paired,
    placed,
    replay,
)

__all__ = [
    "GROUPS",
    "MOST_CONVERSATIONS",
    "Change",
    "DiffReport",
    "Group",
    "Kind",
    "MetricPaired",
    "Mutant",
    "Paired",
    "Parting",
    "Placed",
    "PlaybookDiff",
    "PlaybookScore",
    "Recorded",
    "Replayed",
    "ScoreReport",
    "Side",
    "TrialComparison",
    "Verdict",
    "Version",
    "changes",
    "compare_metrics",
    "compare_trials",
    "diff",
    "diff_json",
    "diff_lines",
    "fewest_that_show",
    "mutants",
    "paired",
    "placed",
    "replay",
    "routed",
    "score",
    "score_json",
    "score_lines",
]
