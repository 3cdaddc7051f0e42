"""The turn as a LangGraph state graph, and the assistant that runs it."""

import logging
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from kit.assistant.briefing import briefed, now_seen
from kit.assistant.further import topics_after
from kit.assistant.metering import Meter
from kit.assistant.nodes import Nodes
from kit.assistant.record import TurnRecord, considered, followed
from kit.assistant.state import Result, TurnState
from kit.assistant.turn import FIRST, WAYS, following
from kit.assistant.types import Conversation, Reply, TraceStep
from kit.playbooks import Plays, SeenPassage

__all__ = ["Assistant"]


class Assistant:
    """Answers messages. It holds no conversation: each call takes one and returns the next."""

    def __init__(
        self,
        nodes: Nodes,
        *,
        on_turn: Callable[[TurnRecord], None] | None = None,
        versions: Mapping[str, str] | None = None,
    ) -> None:
        self._nodes = nodes
        self._on_turn = on_turn
        self._versions = versions or {}

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
        at, began, meter = time.time(), time.perf_counter(), Meter()
        state: TurnState = {"conversation": conversation, "began": began, "message": message}
        turn = _graph().stream(
            state, config={"callbacks": [meter]}, context=self._nodes, stream_mode=["custom", "values"]
        )
        try:
            for mode, value in turn:
                if mode == "custom":
                    yield value
                else:
                    state = value
            reply = _reply(state, latency_ms=(time.perf_counter() - began) * 1000)
            later = _later(conversation, state, reply)
        except GeneratorExit:
            self._tell(at, state, meter, conversation, None, "Nobody waited for the end of the reply.")
            raise
        except Exception as error:
            self._tell(at, state, meter, conversation, None, f"The turn failed ({type(error).__name__}).")
            raise
        self._tell(at, state, meter, later, reply)
        yield later, reply

    def _tell(
        self, at: float, state: TurnState, meter: Meter, later: Conversation, reply: Reply | None, *errors: str
    ) -> None:
        """Hand on the record of a turn."""
        if self._on_turn is None:
            return
        found = state.get("found")
        failed = [call.error for call in meter.calls if call.error] + ([found.note] if found and found.note else [])
        record = TurnRecord(
            conversation=later,
            message=state["message"],
            reply=reply,
            trace=state.get("trace", ()),
            starts_ms=state.get("starts", ()),
            was_with_person=state["conversation"].handed_off,
            began=at,
            took_ms=(time.perf_counter() - state["began"]) * 1000,
            considered=considered(state, self._nodes),
            playbook=followed(state, self._nodes),
            calls=meter.calls,
            errors=(*failed, *errors),
            versions=self._versions,
        )
        try:
            self._on_turn(record)
        except OSError as error:
            # The customer gets the reply even where it cannot be written down, as on a full disk.
            logging.getLogger(__name__).error("A turn of %s was not recorded: %s", later.id, error)

    def walk(self, conversation: Conversation, message: str) -> tuple[Conversation, Reply]:
        """What `reply` returns, from the same nodes on the same way, but ten times as fast: for turns by the thousand.

        There is no graph that could be traced or streamed, and nobody is told of the turn.
        """
        state: TurnState = {"conversation": conversation, "began": time.perf_counter(), "message": message}
        name: str | None = FIRST
        while name is not None:
            state |= _traced(name, state, self._nodes)
            name = following(name, state, self._nodes.shelf)
        reply = _reply(state, latency_ms=sum(step.ms for step in state["trace"]))
        return _later(conversation, state, reply), reply

    def draw(self) -> str:
        """The graph of a turn, as Mermaid."""
        return str(_graph().get_graph().draw_mermaid())


@lru_cache(1)
def _graph() -> Any:
    """The graph of a turn. What a turn needs comes with the turn, so that all assistants share the graph."""
    graph = StateGraph(TurnState, context_schema=Nodes)
    graph.add_edge(START, FIRST)
    for name, ways in WAYS.items():
        graph.add_node(name, _node(name))
        if len(ways) > 1:
            graph.add_conditional_edges(name, _way(name), list(ways))
        else:
            graph.add_edge(name, next(iter(ways), END))
    return graph.compile()


def _node(name: str) -> Any:
    def run(state: TurnState, runtime: Runtime[Nodes]) -> TurnState:
        return _traced(name, state, runtime.context)

    return run


def _way(name: str) -> Any:
    def way(state: TurnState, runtime: Runtime[Nodes]) -> str | None:
        return following(name, state, runtime.context.shelf)

    return way


def _traced(name: str, state: TurnState, nodes: Nodes) -> TurnState:
    """What a node adds to the state, with its line in the trace."""
    began = time.perf_counter()
    result: Result = getattr(nodes, name)(state)
    ms = (time.perf_counter() - began) * 1000
    step = TraceStep(node=name, summary=result.summary, ms=round(ms, 2), detail=dict(result.detail or {}))
    starts = (*state.get("starts", ()), (began - state["began"]) * 1000)
    return {**result.update, "trace": (*state.get("trace", ()), step), "starts": starts}


def _reply(state: TurnState, *, latency_ms: float) -> Reply:
    handoff = state.get("handoff")
    if handoff is not None and handoff != state["conversation"].handoff:
        handoff = briefed(handoff, state, _seen(state))
    return Reply(
        outcome=state["outcome"],
        text=state["said"].text.strip(),
        citations=state["said"].citations,
        confidence=state.get("confidence"),
        playbook=state.get("playbook"),
        handoff=handoff,
        latency_ms=latency_ms,
        trace=state["trace"],
    )


def _later(conversation: Conversation, state: TurnState, reply: Reply) -> Conversation:
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
                "handoff": reply.handoff or conversation.handoff,
                "asked_back": conversation.asked_back if goes_on else asked_back,
                "offered": conversation.offered if goes_on else state.get("offered", ()),
                "clarifications": conversation.clarifications + (asked_back is not None),
                "seen": _seen(state),
                "topics": topics_after(state, reply.citations),
                # Courtesy in between does not end a topic.
                "on_topic": ("decision" in state and reply.outcome != "declined")
                or (conversation.on_topic and state["alone"]),
                "person_offered": state.get("person_offered", False),
                "language": state["language"],
            }
        )
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
