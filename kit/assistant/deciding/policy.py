"""Decides what to do with what was found: answer, ask back, hand off or decline. No model has a say in it."""

from dataclasses import dataclass
from typing import Final, Literal

from kit.knowledge import Found
from kit.playbooks import HandoffReason
from kit.settings import Assistant as Thresholds

__all__ = ["MOST_QUESTIONS", "Decision", "decide"]

MOST_QUESTIONS: Final = 2
"""How often a conversation is asked which article is meant."""


@dataclass(frozen=True)
class Decision:
    """What to do, and why in a few words for the trace; `reason` is that of a hand-off."""

    action: Literal["answer", "clarify", "hand_off", "decline"]
    because: str
    reason: HandoffReason = "missing_knowledge"


def decide(
    found: Found,
    *,
    confidence: float,
    asked_back: int,
    off_topic: bool,
    thresholds: Thresholds,
    pending: bool = False,
    refused: bool = False,
    distinct: bool = True,
    vague: bool = False,
) -> Decision:
    """The decision for a question to the knowledge base.

    Args:
        found: the search's result.
        confidence: the probability that the first hit answers the question.
        asked_back: how often this conversation was asked to clarify.
        off_topic: whether the router takes the question for one that has nothing to do with the company.
        thresholds: the operating point in force.
        pending: whether the message is the answer to a question that was asked back.
        refused: whether that answer is that none of what was offered is meant.
        distinct: whether there is a question that tells the candidates apart and was not asked before.
        vague: whether the message names a subject and asks nothing about it: "warranty". Of that the confidence knows
            nothing, since whatever is found has all of its words.
    """
    reason: HandoffReason = "pending_clarification" if pending else "missing_knowledge"
    if not found.hits:
        return Decision("hand_off", "nothing was found", reason)
    if refused:
        return Decision("hand_off", "none of what was offered is meant", reason)
    # Rankers may well agree on an article that has nothing to do with the question: which is nearest says nothing of
    # how near. Who answers what the assistant asked is not told that it is none of the assistant's business.
    if found.signals.scope < thresholds.scope_threshold and not pending:
        return Decision(
            "decline", f"likeness to any article {found.signals.scope:.2f} < {thresholds.scope_threshold:.2f}"
        )
    if vague and distinct and not asked_back and confidence >= thresholds.clarify_threshold:
        return Decision("clarify", "it names a subject and asks nothing")
    if confidence >= thresholds.answer_threshold:
        return Decision("answer", f"confidence {confidence:.2f} ≥ {thresholds.answer_threshold:.2f}")
    low = f"confidence {confidence:.2f} < {thresholds.answer_threshold:.2f}"
    if off_topic and not pending:
        return Decision("decline", f"off topic, and {low}")
    if confidence < thresholds.clarify_threshold:
        return Decision("hand_off", low, reason)
    if asked_back >= MOST_QUESTIONS:
        return Decision("hand_off", f"{low}, and asked {asked_back} times", reason)
    if not distinct:
        return Decision("hand_off", f"{low}, and nothing new to ask", reason)
    return Decision("clarify", f"confidence {confidence:.2f} ≥ {thresholds.clarify_threshold:.2f}")
