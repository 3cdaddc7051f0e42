"""Were the right tools called? By ragas."""

import json
import warnings
from collections.abc import Awaitable, Mapping, Sequence
from functools import cached_property
from typing import Any

from kit.evals.metrics.base import Metric, metric
from kit.evals.metrics.importing import uncollected
from kit.evals.types import Case, Score, ToolCall, Transcript
from kit.text import squash

__all__ = ["ToolCallAccuracy", "ToolCallF1", "calls_named"]


class _Tools(Metric):
    """The calls that were made against those of the case; tools and arguments that it does not name may be there."""

    group = "playbooks"
    kind = "mean"
    needs = ("tools",)
    waits = False
    ragas_class: str

    @cached_property
    def ragas(self) -> Any:
        """The metric of ragas."""
        with uncollected():
            from ragas.metrics import collections

        return getattr(collections, self.ragas_class)()

    def score(self, case: Case, transcript: Transcript) -> Score | Awaitable[Score]:
        if not case.tools:
            return Score.none("names no tool calls")
        return self.compare(calls_named(case, transcript.tools), case.tools)

    async def compare(self, made: Sequence[ToolCall], wanted: Sequence[ToolCall]) -> Score:
        ragas = self.ragas
        from ragas.messages import AIMessage
        from ragas.messages import ToolCall as RagasCall

        def of(calls: Sequence[ToolCall]) -> list[Any]:
            return [
                RagasCall(name=call.tool, args={key: _plain(v) for key, v in call.arguments.items()}) for call in calls
            ]

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of calls that are missing, which the score says
            talk = [AIMessage(content="", tool_calls=of(made))]
            result = await ragas.ascore(user_input=talk, reference_tool_calls=of(wanted))
        return Score(value=result.value, reason=f"called {_calls(made)}")


def _plain(value: Any) -> str:
    """A value as a text that is equal for what is the same."""
    if isinstance(value, Mapping | list | tuple):
        return json.dumps(value, sort_keys=True, default=str).casefold()
    try:
        return f"{float(value):g}" if not isinstance(value, bool) else str(value).casefold()
    except (TypeError, ValueError):
        return squash(str(value)).casefold()


def calls_named(case: Case, made: Sequence[ToolCall]) -> list[ToolCall]:
    """The calls of tools that the case names, with those arguments that it names for them."""
    keys: dict[str, set[str]] = {}
    for call in case.tools:
        keys.setdefault(call.tool, set()).update(call.arguments)
    return [
        call.model_copy(update={"arguments": {k: v for k, v in call.arguments.items() if k in keys[call.tool]}})
        for call in made
        if call.tool in keys
    ]


def _calls(calls: Sequence[ToolCall]) -> str:
    return ", ".join(call.tool for call in calls) or "none"


@metric
class ToolCallAccuracy(_Tools):
    """One call too many or too few, or another order, is 0."""

    name = "tool_call_accuracy"
    title = "Tool calls right and in order"
    definition = (
        "Mean share of right arguments in the calls of the tools that the case names, 0 unless they were called as "
        "often and in the order that it says, over cases that name tool calls; ragas ToolCallAccuracy."
    )
    source = "ragas: ToolCallAccuracy"
    ragas_class = "ToolCallAccuracy"


@metric
class ToolCallF1(_Tools):
    """Milder: each call counts by itself, in any order."""

    name = "tool_call_f1"
    title = "Tool calls, F1"
    tested = False
    definition = (
        "Mean F1 of the calls of the tools that the case names against its own, a call being right if all named "
        "arguments are, over cases that name tool calls; ragas ToolCallF1."
    )
    source = "ragas: ToolCallF1"
    ragas_class = "ToolCallF1"
