"""What the gate would let through: a workspace with one thing wrong, held against the same gate.

Mutation analysis (DeMillo, Lipton and Sayward, 1978), of suites instead of programs: cases that let a deliberate
mistake pass would let a real one pass as well.
"""

from kit.evals.mutating.articles import article_corruptions
from kit.evals.mutating.corruption import CORRUPTION_KINDS, Corruption, CorruptionKind
from kit.evals.mutating.keeping import Fates
from kit.evals.mutating.making import drawn, playbook_corruptions, prompt_corruptions, threshold_corruptions
from kit.evals.mutating.report import Caught, MutationReport
from kit.evals.mutating.trying import Ground, check_tests, try_corruptions

__all__ = [
    "CORRUPTION_KINDS",
    "Caught",
    "Corruption",
    "CorruptionKind",
    "Fates",
    "Ground",
    "MutationReport",
    "article_corruptions",
    "check_tests",
    "drawn",
    "playbook_corruptions",
    "prompt_corruptions",
    "threshold_corruptions",
    "try_corruptions",
]
