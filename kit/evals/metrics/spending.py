"""What a conversation cost: money, tokens, and the customer's time."""

from kit.evals.metrics.base import Metric, metric
from kit.evals.types import Case, Score, Transcript

__all__ = ["CostToServe", "LatencyP50", "LatencyP95", "ModelCost", "ModelTokens"]


class _Spent(Metric):
    group = "cost"
    kind = "mean"
    better = "lower"


@metric
class ModelCost(_Spent):
    """0 without a chat model; unscored where one was called whose price is not set."""

    name = "model_cost"
    title = "Chat model, cost a conversation"
    definition = "Mean cost of chat models over all conversations, in the workspace's currency."
    unit = "money"
    needs = ("prices under [chat]",)

    def score(self, case: Case, transcript: Transcript) -> Score:
        usage = transcript.usage
        if usage.cost is None and usage.calls:
            return Score.none("no price is set")
        return Score(value=usage.cost or 0.0, reason=f"{usage.calls} calls")


@metric
class ModelTokens(_Spent):
    """In and out together."""

    name = "model_tokens"
    title = "Chat model, tokens a conversation"
    tested = False
    definition = "Mean number of tokens sent to and received from chat models over all conversations."
    unit = "tokens"

    def score(self, case: Case, transcript: Transcript) -> Score:
        usage = transcript.usage
        total = usage.input_tokens + usage.output_tokens
        return Score(value=float(total), reason=f"{usage.input_tokens} in, {usage.output_tokens} out")


@metric
class CostToServe(_Spent):
    """What the assistant hands over costs twice. What a wrong answer costs later is in the value model, not here."""

    name = "cost_to_serve"
    title = "Cost to serve"
    tested = False
    definition = (
        "Mean over all conversations of the assistant's running cost and the chat model's, plus an agent's cost where "
        "a person took over, in the workspace's currency."
    )
    unit = "money"
    needs = ("[costs]",)
    source = "Trade usage: total cost of handling ÷ contacts handled"

    def score(self, case: Case, transcript: Transcript) -> Score:
        if self.tools.costs is None:
            return Score.none("no costs are set")
        costs, usage = self.tools.costs, transcript.usage
        if usage.cost is None and usage.calls:
            return Score.none("no price is set")
        person = 0.0 if transcript.contained else costs.per_agent_contact
        reason = "with a person" if person else "without a person"
        return Score(value=costs.per_assistant_contact + (usage.cost or 0.0) + person, reason=reason)


class _Latency(Metric):
    group = "cost"
    unit = "ms"
    better = "lower"
    gated = False

    def score(self, case: Case, transcript: Transcript) -> Score:
        return Score(value=transcript.reply.latency_ms)


@metric
class LatencyP50(_Latency):
    """The usual wait."""

    name = "latency_p50"
    title = "Latency, median"
    definition = "Median over all cases of the time to the last reply, in milliseconds."
    kind = "p50"


@metric
class LatencyP95(_Latency):
    """The bad wait."""

    name = "latency_p95"
    title = "Latency, 95th percentile"
    definition = "95th percentile over all cases of the time to the last reply, in milliseconds."
    kind = "p95"
