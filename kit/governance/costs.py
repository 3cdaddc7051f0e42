"""What the chat models of a turn took and cost."""

from collections.abc import Sequence
from dataclasses import dataclass

from kit.assistant import ModelCall

__all__ = ["Prices", "cost", "tokens"]


@dataclass(frozen=True)
class Prices:
    """What a million tokens cost; None is not known, which is not the same as nothing."""

    input: float | None = None
    output: float | None = None
    currency: str = "USD"


def tokens(calls: Sequence[ModelCall]) -> dict[str, int | None]:
    """The tokens sent and received; None where a call was not counted, for the sum would be too small."""
    sent, received = [call.input_tokens for call in calls], [call.output_tokens for call in calls]
    return {
        "input": None if None in sent else sum(filter(None, sent)),
        "output": None if None in received else sum(filter(None, received)),
    }


def cost(calls: Sequence[ModelCall], prices: Prices) -> dict[str, float | str] | None:
    """What the calls cost; None where a price or a count is not known. Without calls it is 0."""
    counted = tokens(calls)
    if not calls:
        return {"amount": 0.0, "currency": prices.currency}
    if prices.input is None or prices.output is None or counted["input"] is None or counted["output"] is None:
        return None
    amount = (counted["input"] * prices.input + counted["output"] * prices.output) / 1_000_000
    return {"amount": round(amount, 8), "currency": prices.currency}
