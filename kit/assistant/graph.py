"""The turn as a LangGraph state graph, made from the way of a turn."""

from functools import lru_cache
from typing import Any

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from kit.assistant.nodes import Nodes
from kit.assistant.state import TurnState
from kit.assistant.turn import FIRST, MAY_END, WAYS, following
from kit.assistant.walking import traced

__all__ = ["turn_graph"]


@lru_cache(1)
def turn_graph() -> Any:
    """The graph of a turn. What a turn needs comes with the turn, so that all assistants share the graph."""
    graph = StateGraph(TurnState, context_schema=Nodes)
    graph.add_edge(START, FIRST)
    for name, ways in WAYS.items():
        graph.add_node(name, _node(name))
        if len(ways) > 1 or name in MAY_END:
            graph.add_conditional_edges(name, _way(name), [*ways, *[END] * (name in MAY_END)])
        else:
            graph.add_edge(name, next(iter(ways), END))
    return graph.compile()


def _node(name: str) -> Any:
    def run(state: TurnState, runtime: Runtime[Nodes]) -> TurnState:
        return traced(name, state, runtime.context)

    return run


def _way(name: str) -> Any:
    def way(state: TurnState, runtime: Runtime[Nodes]) -> str:
        return following(name, state, runtime.context.shelf) or END

    return way
