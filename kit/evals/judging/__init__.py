"""Judges: chat models that score, and how far people agree with them.

judge        asks a chat model for JSON of a given shape
labels       what people said
agreeing     kappa, alpha, bias
standing     what is known of judges, kept in `evals/judge.json`
calibrating  all of it
"""

from kit.evals.judging.calibrating import calibrate_judge
from kit.evals.judging.judge import Judge, JudgeFailure
from kit.evals.judging.standing import JudgeAgreement, JudgeBias, load_standing, read_agreements, save_agreements

__all__ = [
    "Judge",
    "JudgeAgreement",
    "JudgeBias",
    "JudgeFailure",
    "calibrate_judge",
    "load_standing",
    "read_agreements",
    "save_agreements",
]
