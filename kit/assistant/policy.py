"""Decides what to do with what was found: answer, ask back, hand off or decline. No model has a say in it."""

from dataclasses import dataclass
from typing import Literal

from kit.knowledge import Found
from kit.settings import Assistant as Thresholds

__all__ = ["Decision", "decide"]


@dataclass(frozen=True)
class Decision:
    """What to do, and why in a few words for the trace."""

    action: Literal["answer", "clarify", "hand_off", "decline"]
    because: str


def decide(found: Found, *, confidence: float, asked_back: int, off_topic: bool, thresholds: Thresholds) -> Decision:
    """The decision for a question to the knowledge base.

    Args:
        found: the search's result.
        confidence: the probability that the first hit answers the question.
        asked_back: how often this conversation was asked to clarify.
        off_topic: whether the router takes the question for one that has nothing to do with the company.
        thresholds: the operating point in force.
    """
    if not found.hits:
        return Decision("hand_off", "nothing was found")
    if confidence >= thresholds.answer_threshold:
        return Decision("answer", f"confidence {confidence:.2f} ≥ {thresholds.answer_threshold:.2f}")
    if off_topic:
        return Decision("decline", f"off topic, and confidence {confidence:.2f} too low")
    if found.signals.scope < thresholds.scope_threshold:
        return Decision(
            "decline", f"likeness to any article {found.signals.scope:.2f} < {thresholds.scope_threshold:.2f}"
        )
    if confidence >= thresholds.clarify_threshold and not asked_back and len(found.hits) > 1:
        return Decision("clarify", f"confidence {confidence:.2f} ≥ {thresholds.clarify_threshold:.2f}")
    return Decision("hand_off", f"confidence {confidence:.2f} too low")
