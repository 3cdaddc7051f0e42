"""Two versions of a playbook: how they differ, and what comes of it."""

from kit.playbooks.changing.versions.change import GROUPS, Change, Group
from kit.playbooks.changing.versions.comparing import changes
from kit.playbooks.changing.versions.diffing import MOST_CONVERSATIONS, Version, diff
from kit.playbooks.changing.versions.pairing import Paired, fewest_that_show, paired
from kit.playbooks.changing.versions.printing import diff_json, diff_lines
from kit.playbooks.changing.versions.replaying import Parting, Recorded, Replayed, replay
from kit.playbooks.changing.versions.report import (
    DiffReport,
    MetricPaired,
    Placed,
    PlaybookDiff,
    compare_metrics,
    placed,
)
from kit.playbooks.changing.versions.trials import Side, TrialComparison, compare_trials

__all__ = [
    "GROUPS",
    "MOST_CONVERSATIONS",
    "Change",
    "DiffReport",
    "Group",
    "MetricPaired",
    "Paired",
    "Parting",
    "Placed",
    "PlaybookDiff",
    "Recorded",
    "Replayed",
    "Side",
    "TrialComparison",
    "Version",
    "changes",
    "compare_metrics",
    "compare_trials",
    "diff",
    "diff_json",
    "diff_lines",
    "fewest_that_show",
    "paired",
    "placed",
    "replay",
]
