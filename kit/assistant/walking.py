"""The way of a turn without a graph: the same nodes in the same order, which nobody can stream, and no LangGraph."""

import time
from collections.abc import Iterator

from kit.assistant.nodes import Nodes
from kit.assistant.state import Result, TurnState
from kit.assistant.turn import FIRST, following
from kit.assistant.types import TraceStep

__all__ = ["traced", "walked"]


def walked(state: TurnState, nodes: Nodes) -> Iterator[TurnState]:
    """The state after each node of the turn."""
    name: str | None = FIRST
    while name is not None:
        state = state | traced(name, state, nodes)
        yield state
        name = following(name, state, nodes.shelf)


def traced(name: str, state: TurnState, nodes: Nodes) -> TurnState:
    """What a node adds to the state, with its line in the trace."""
    began = time.perf_counter()
    result: Result = getattr(nodes, name)(state)
    ms = (time.perf_counter() - began) * 1000
    step = TraceStep(node=name, summary=result.summary, ms=round(ms, 2), detail=dict(result.detail or {}))
    starts = (*state.get("starts", ()), (began - state["began"]) * 1000)
    return {**result.update, "trace": (*state.get("trace", ()), step), "starts": starts}
