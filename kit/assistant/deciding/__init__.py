"""Whether to answer, ask back or hand off: the confidence, the policy, the question back and what is picked."""

from kit.assistant.deciding.calibrated import Bound, Calibrated, OperatingPoint
from kit.assistant.deciding.clarifying import Clarification, clarification
from kit.assistant.deciding.confidence import FEATURES, ConfidenceModel, shipped_confidence
from kit.assistant.deciding.options import picked_all, picked_article, put_first, refuses
from kit.assistant.deciding.policy import MOST_QUESTIONS, Decision, decide

__all__ = [
    "FEATURES",
    "MOST_QUESTIONS",
    "Bound",
    "Calibrated",
    "Clarification",
    "ConfidenceModel",
    "Decision",
    "OperatingPoint",
    "clarification",
    "decide",
    "picked_all",
    "picked_article",
    "put_first",
    "refuses",
    "shipped_confidence",
]
