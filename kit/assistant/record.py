"""What is to be known of one turn: the assistant hands it on and keeps nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kit.assistant.metering import ModelCall
from kit.assistant.nodes import Nodes
from kit.assistant.state import TurnState
from kit.assistant.types import Conversation, Reply, TraceStep
from kit.playbooks import Plays

__all__ = ["Followed", "TurnRecord", "considered", "followed"]


@dataclass(frozen=True)
class Followed:
    """The playbook that led a turn, in the version and edition that was followed."""

    id: str
    version: int
    edition: str


@dataclass(frozen=True)
class TurnRecord:
    """All that is to be known of one turn. Its texts are the customer's own: whoever keeps it masks it.

    Attributes:
        conversation: as the turn left it.
        message: what the customer wrote, cleaned.
        reply: None where the turn failed; `errors` then says why.
        trace: what the nodes did, also where there is no reply.
        starts_ms: when each of them began, counted from `began`.
        was_with_person: whether a person had the conversation already before this message.
        began: seconds of the epoch.
        took_ms: from the message to the reply.
        considered: the route and the decision, with the thresholds that were in force.
        playbook: the one that led.
        calls: of chat models.
        errors: what went wrong, a sentence each.
        broke: whether the reply is the hand-off that a turn ends with when it breaks.
        versions: of prompts, models, index, settings and kit.
    """

    conversation: Conversation
    message: str
    reply: Reply | None
    trace: tuple[TraceStep, ...] = ()
    starts_ms: tuple[float, ...] = ()
    was_with_person: bool = False
    began: float = 0.0
    took_ms: float = 0.0
    considered: Mapping[str, Any] = field(default_factory=dict)
    playbook: Followed | None = None
    calls: tuple[ModelCall, ...] = ()
    errors: tuple[str, ...] = ()
    broke: bool = False
    versions: Mapping[str, str] = field(default_factory=dict)


def considered(state: TurnState, nodes: Nodes) -> dict[str, Any]:
    """The route and the decision of a turn, as far as it came."""
    found: dict[str, Any] = {}
    if route := state.get("route"):
        found["route"] = {
            "kind": route.kind,
            "playbook": route.playbook,
            "probability": round(route.probability, 4),
            "certain": route.certain,
        }
    if decision := state.get("decision"):
        confidence, thresholds = state.get("confidence"), nodes.settings.assistant
        found["decision"] = {
            "action": decision.action,
            "because": decision.because,
            "confidence": None if confidence is None else round(confidence, 4),
            "answer_threshold": thresholds.answer_threshold,
            "clarify_threshold": thresholds.clarify_threshold,
        }
    return found


def followed(state: TurnState, nodes: Nodes) -> Followed | None:
    """The playbook that led the turn; the edition is the one that the conversation began with."""
    id = state.get("playbook")
    if not id:
        return None
    after, before = state.get("plays", Plays()), state["conversation"].plays
    plays = (after.current, before.current, *after.suspended, *before.suspended)
    for play in plays:
        if play and play.playbook == id:
            return Followed(id, play.version, play.edition)
    # It began and ended in this one turn, or waits for one that it called.
    edition = next((caller.edition for play in plays if play for caller in play.callers if caller.playbook == id), "")
    playbook = nodes.shelf.find(id, edition)
    return Followed(id, playbook.version, playbook.edition) if playbook else None
