"""Which changes to a playbook its tests notice."""

from kit.playbooks.changing.scoring.printing import score_json, score_lines
from kit.playbooks.changing.scoring.report import Fate, PlaybookScore, ScoreReport, Verdict
from kit.playbooks.changing.scoring.scoring import score

__all__ = ["Fate", "PlaybookScore", "ScoreReport", "Verdict", "score", "score_json", "score_lines"]
