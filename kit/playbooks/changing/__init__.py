"""Changes to playbooks.

mutants/    playbooks that differ in one thing from the one that was written
scoring/    which of them no test notices
versions/   how two versions differ, in words and in what they do
"""

from kit.playbooks.changing.mutants import Kind, Mutant, mutants
from kit.playbooks.changing.scoring import PlaybookScore, ScoreReport, Verdict, score, score_json, score_lines
from kit.playbooks.changing.versions import (
    GROUPS,
    Change,
    Group,
    Paired,
    Parting,
    Recorded,
    Replayed,
    Side,
    TrialComparison,
    changes,
    compare_trials,
    fewest_that_show,
    paired,
    replay,
)

__all__ = [
    "GROUPS",
    "Change",
    "Group",
    "Kind",
    "Mutant",
    "Paired",
    "Parting",
    "PlaybookScore",
    "Recorded",
    "Replayed",
    "ScoreReport",
    "Side",
    "TrialComparison",
    "Verdict",
    "changes",
    "compare_trials",
    "fewest_that_show",
    "mutants",
    "paired",
    "replay",
    "score",
    "score_json",
    "score_lines",
]
