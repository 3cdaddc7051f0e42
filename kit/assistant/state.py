"""What the nodes of a turn hand on to each other."""

from typing import TypedDict

from kit.assistant.policy import Decision
from kit.assistant.saying import Said
from kit.assistant.types import Conversation, Outcome, TraceStep
from kit.knowledge import Found
from kit.playbooks import Handoff, Play, Route

__all__ = ["TurnState"]


class TurnState(TypedDict, total=False):
    """The state of a turn. `conversation` is as it was before the message; each node adds what it found out."""

    conversation: Conversation
    message: str
    cut: bool
    suspicious: bool
    route: Route
    picked: str | None
    question: str
    found: Found
    confidence: float | None
    decision: Decision
    said: Said
    outcome: Outcome
    handoff: Handoff | None
    playbook: str | None
    play: Play | None
    asked_back: str | None
    offered: tuple[str, ...]
    trace: tuple[TraceStep, ...]
