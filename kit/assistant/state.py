"""What the nodes of a turn hand on to each other."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

from kit.assistant.deciding import Decision
from kit.assistant.saying import Said
from kit.assistant.types import Conversation, Outcome, TraceStep
from kit.knowledge import Found
from kit.playbooks import Handoff, Plays, Route
from kit.safety import Sensitive

__all__ = ["Result", "TurnState", "summary"]


class TurnState(TypedDict, total=False):
    """The state of a turn. `conversation` is as it was before the message; each node adds what it found out.

    `began` is the reading of `time.perf_counter` when the turn began; `starts` says when each node of the `trace` did,
    in milliseconds from then.
    """

    conversation: Conversation
    began: float
    message: str
    cut: bool
    suspicious: bool
    sensitive: Sensitive | None
    over: bool
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
    plays: Plays
    asked_back: str | None
    offered: tuple[str, ...]
    trace: tuple[TraceStep, ...]
    starts: tuple[float, ...]


@dataclass(frozen=True)
class Result:
    """What a node adds to the state, and what the trace says of it."""

    update: TurnState
    summary: str
    detail: Mapping[str, Any] | None = None


def summary(state: TurnState) -> str:
    """What a person needs to know first: what the customer wrote, shortened."""
    said = [turn.text for turn in state["conversation"].turns if turn.role == "customer"] + [state["message"]]
    return " / ".join(f"“{text[:200]}{'…' if len(text) > 200 else ''}”" for text in said[-3:])
