"""What the nodes of a turn hand on to each other."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypedDict

from kit.assistant.deciding import Decision
from kit.assistant.saying import Said
from kit.assistant.smalltalk import SmallTalk
from kit.assistant.types import Conversation, Outcome, Topic, TraceStep
from kit.knowledge import Found
from kit.playbooks import Handoff, Plays, Route
from kit.safety import Sensitive

__all__ = ["Again", "Result", "TurnState", "summary"]

# What an answer has to be different for: it did not help, or the same is asked once more.
Again = Literal["failed", "repeated"]


class TurnState(TypedDict, total=False):
    """The state of a turn. `conversation` is as it was before the message; each node adds what it found out.

    `language` is the customer's, if it is not the company's; `wrote` is then what was written, and `message` what it
    means, where a model could tell; `about` is the message without its courtesy, which is
    `talk`, and `alone` if nothing else is said. `again` says that the answer to the `topic` did not do, with `details`
    of what happened instead, or is asked for again; `brief` that the part of it that answers is enough. `vents`: it is
    anger and nothing else. `offer` says that a person is to be offered, and `person_offered` that one was.

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
    language: str
    wrote: str
    meant: str
    about: str
    talk: tuple[SmallTalk, ...]
    alone: bool
    again: Again | None
    topic: Topic | None
    details: str
    brief: bool
    vents: bool
    offer: bool
    person_offered: bool
    route: Route
    picked: str | None
    picked_too: tuple[str, ...]
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
