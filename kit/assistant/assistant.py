"""The turn as a LangGraph state graph, and the assistant that runs it."""

import logging
import secrets
import time
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from langgraph.graph import END, START, StateGraph

from kit.assistant.nodes import Nodes, says_nothing
from kit.assistant.state import Result, TurnState
from kit.assistant.types import Conversation, Reply, TraceStep
from kit.playbooks import Plays, Shelf, concerns_playbooks

__all__ = ["Assistant", "TurnRecord"]

_CONVERSE = ("person", "greeting", "thanks", "goodbye", "not_solved", "sensitive", "model")


@dataclass(frozen=True)
class TurnRecord:
    """All that is to be known of one turn; the assistant hands it on and keeps nothing."""

    conversation: Conversation
    message: str
    reply: Reply


class Assistant:
    """Answers messages. It holds no conversation: each call takes one and returns the next."""

    def __init__(self, nodes: Nodes, *, on_turn: Callable[[TurnRecord], None] | None = None) -> None:
        self._graph = _graph(nodes)
        self._on_turn = on_turn

    def start(self) -> Conversation:
        """A new conversation."""
        return Conversation(id=secrets.token_hex(8))

    def reply(self, conversation: Conversation, message: str) -> tuple[Conversation, Reply]:
        """The conversation with this message and its reply, and the reply."""
        *_, last = self.stream(conversation, message)
        assert not isinstance(last, str), "a stream ends with the reply"
        return last

    def stream(self, conversation: Conversation, message: str) -> Iterator[str | tuple[Conversation, Reply]]:
        """The reply's text in pieces as it is made, then what `reply` returns."""
        began = time.perf_counter()
        state: TurnState = {"conversation": conversation, "message": message}
        for mode, value in self._graph.stream(state, stream_mode=["custom", "values"]):
            if mode == "custom":
                yield value
            else:
                state = value
        reply = _reply(state, latency_ms=(time.perf_counter() - began) * 1000)
        following = _following(conversation, state, reply)
        if self._on_turn:
            try:
                self._on_turn(TurnRecord(following, state["message"], reply))
            except OSError as error:
                # The customer gets the reply even where it cannot be written down, as on a full disk.
                logging.getLogger(__name__).error("A turn of %s was not recorded: %s", following.id, error)
        yield following, reply

    def draw(self) -> str:
        """The graph of a turn, as Mermaid."""
        return str(self._graph.get_graph().draw_mermaid())


def _graph(nodes: Nodes) -> Any:
    graph = StateGraph(TurnState)
    steps = ("receive", "route", "converse", "play", "retrieve", "decide", "compose", "ask_back", "hand_off", "decline")
    for name in steps:
        graph.add_node(name, _traced(name, getattr(nodes, name)))
    graph.add_edge(START, "receive")
    graph.add_edge("receive", "route")
    after_route = partial(_after_route, shelf=nodes.shelf)
    graph.add_conditional_edges("route", after_route, ["converse", "play", "retrieve"])
    graph.add_edge("retrieve", "decide")
    actions: dict[Hashable, str] = {
        "answer": "compose",
        "clarify": "ask_back",
        "hand_off": "hand_off",
        "decline": "decline",
    }
    graph.add_conditional_edges("decide", lambda state: state["decision"].action, actions)
    for name in ("converse", "play", *actions.values()):
        graph.add_edge(name, END)
    return graph.compile()


def _after_route(state: TurnState, shelf: Shelf) -> str:
    conversation, kind = state["conversation"], state["route"].kind
    if state["route"].certain and kind == "playbook":
        return "play"
    if conversation.handed_off or state["suspicious"] or not state["message"]:
        return "converse"
    if conversation.plays.current is None:
        if state["picked"]:
            return "retrieve"
        if state["route"].certain:
            return "converse"
    # Within a play the playbook has the lead, and it knows what to pass on when a person is asked for.
    if concerns_playbooks(conversation.plays, state["message"], state["route"], shelf.current):
        return "play"
    # The answer to a question that was asked back is read with that question, however short it is.
    if conversation.asked_back and kind not in ("person", "sensitive", "model"):
        return "retrieve"
    return "converse" if kind in _CONVERSE or says_nothing(state["message"]) else "retrieve"


def _traced(name: str, node: Callable[[TurnState], Result]) -> Any:
    def run(state: TurnState) -> TurnState:
        began = time.perf_counter()
        result = node(state)
        ms = (time.perf_counter() - began) * 1000
        step = TraceStep(node=name, summary=result.summary, ms=round(ms, 2), detail=dict(result.detail or {}))
        return {**result.update, "trace": (*state.get("trace", ()), step)}

    return run


def _reply(state: TurnState, *, latency_ms: float) -> Reply:
    return Reply(
        outcome=state["outcome"],
        text=state["said"].text.strip(),
        citations=state["said"].citations,
        confidence=state.get("confidence"),
        playbook=state.get("playbook"),
        handoff=state.get("handoff"),
        latency_ms=latency_ms,
        trace=state["trace"],
    )


def _following(conversation: Conversation, state: TurnState, reply: Reply) -> Conversation:
    asked_back = state.get("asked_back")
    handed_off = conversation.handed_off or reply.outcome == "handed_off"
    # Nothing that was under way is lost by a message that was empty or talked to the model.
    goes_on = (state["suspicious"] or not state["message"]) and "plays" not in state and not handed_off
    return (
        conversation.said("customer", state["message"])
        .said("assistant", reply.text)
        .model_copy(
            update={
                "plays": conversation.plays if goes_on else state.get("plays", _left(conversation, handed_off)),
                "handed_off": handed_off,
                "asked_back": conversation.asked_back if goes_on else asked_back,
                "offered": conversation.offered if goes_on else state.get("offered", ()),
                "clarifications": conversation.clarifications + (asked_back is not None),
            }
        )
    )


def _left(conversation: Conversation, handed_off: bool) -> Plays:
    """What is kept of the playbooks when a turn had nothing to do with them."""
    plays = conversation.plays
    if handed_off:
        return Plays(begun=plays.begun)
    # A choice that was offered and not taken is no longer open.
    return plays.model_copy(update={"choosing": (), "about": ""})
