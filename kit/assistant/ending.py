"""The end of a turn: the reply that its state amounts to, and the conversation as it goes on."""

from kit.assistant.briefing import briefed, now_seen
from kit.assistant.further import topics_after
from kit.assistant.nodes import Nodes
from kit.assistant.state import TurnState
from kit.assistant.types import Conversation, Reply
from kit.playbooks import Plays, SeenPassage

__all__ = ["ended"]


def ended(state: TurnState, nodes: Nodes, *, latency_ms: float) -> tuple[Conversation, Reply]:
    """The conversation with this turn's message and reply, and the reply."""
    reply = _reply(state, nodes, latency_ms=latency_ms)
    return _later(state["conversation"], state, reply), reply


def _reply(state: TurnState, nodes: Nodes, *, latency_ms: float) -> Reply:
    handoff = state.get("handoff")
    if handoff is not None and handoff != state["conversation"].handoff:
        handoff = briefed(handoff, state, nodes, _seen(state))
    return Reply(
        outcome=state["outcome"],
        text=state["said"].text.strip(),
        citations=state["said"].citations,
        confidence=state.get("confidence"),
        playbook=state.get("playbook"),
        handoff=handoff,
        latency_ms=latency_ms,
        trace=state.get("trace", ()),
    )


def _later(conversation: Conversation, state: TurnState, reply: Reply) -> Conversation:
    asked_back = state.get("asked_back")
    handed_off = conversation.handed_off or reply.outcome == "handed_off"
    # Nothing that was under way is lost by a message that was empty or talked to the model.
    goes_on = (state["suspicious"] or not state["message"]) and "plays" not in state and not handed_off
    wrote, message = state.get("wrote", ""), state["message"]
    later = conversation.said("customer", wrote or message, meant=message if wrote else "")
    if reply.text:  # else it was silent
        later = later.said("assistant", reply.text, meant=state.get("meant", ""))
    return later.model_copy(
        update={
            "plays": conversation.plays if goes_on else state.get("plays", _left(conversation, handed_off)),
            "handed_off": handed_off,
            "told_to_wait": conversation.told_to_wait or (conversation.handed_off and bool(reply.text)),
            "handoff": reply.handoff or conversation.handoff,
            "asked_back": conversation.asked_back if goes_on else asked_back,
            "offered": conversation.offered if goes_on else state.get("offered", ()),
            "clarifications": conversation.clarifications + (asked_back is not None),
            "seen": _seen(state),
            "topics": topics_after(state, reply.citations),
            # Courtesy in between does not end a topic.
            "on_topic": ("decision" in state and reply.outcome != "declined")
            or (conversation.on_topic and state.get("alone", False)),
            "person_offered": state.get("person_offered", False),
            "language": state.get("language", ""),
        }
    )


def _seen(state: TurnState) -> tuple[SeenPassage, ...]:
    return now_seen(state["conversation"], state.get("found"), state["said"].citations)


def _left(conversation: Conversation, handed_off: bool) -> Plays:
    """What is kept of the playbooks when a turn had nothing to do with them."""
    plays = conversation.plays
    if handed_off:
        return Plays(begun=plays.begun)
    # A choice that was offered and not taken is no longer open.
    return plays.model_copy(update={"choosing": (), "about": ""})
