"""Judges: chat models that score, and how far people agree with them."""

from kit.evals.judging.judge import Judge, JudgeFailure

__all__ = ["Judge", "JudgeFailure"]
