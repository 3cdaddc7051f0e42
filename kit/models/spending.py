"""A chat model that stops when a conversation, or a day, has used what it may."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING, Any

from kit.errors import ModelUnavailable
from kit.models.patient import ChatModel
from kit.settings import Chat

if TYPE_CHECKING:
    from langchain_core.language_models import LanguageModelInput
    from langchain_core.messages import AIMessage, AIMessageChunk

__all__ = ["PURSE", "CappedModel", "Purse"]

# In a run's `configurable`: the purse of the conversation.
PURSE = "kit_purse"
# Where the provider does not count tokens, as near as it gets for most languages.
_CHARS_PER_TOKEN = 4


class Purse:
    """What a conversation has used so far: tokens sent and received, and their price, where it is known."""

    def __init__(self, tokens: int = 0, cost: float = 0.0) -> None:
        self.tokens, self.cost = tokens, cost


class CappedModel:
    """A chat model that refuses further calls once a cap of the settings is reached; the call under way is finished.

    Args:
        model: the model.
        settings: the caps and the prices.
        spent_before: what was spent today before, by other processes say; asked once, and only if a day has a cap.
        today: the day.
    """

    def __init__(
        self,
        model: ChatModel,
        *,
        settings: Chat,
        spent_before: Callable[[], float] = float,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._model, self._settings, self._before, self._today = model, settings, spent_before, today
        self._lock = Lock()
        self._day: date | None = None
        self._spent = 0.0

    def stream(self, input: "LanguageModelInput", /) -> "Iterator[AIMessageChunk]":
        """The answer in pieces.

        Raises:
            ModelUnavailable: a cap is reached.
        """
        purse = self._purse()
        received, usage = 0, None
        try:
            for chunk in self._model.stream(input):
                received += len(chunk.text)
                usage = chunk.usage_metadata or usage
                yield chunk
        finally:
            self._add(purse, input, received, usage)

    def invoke(self, input: "LanguageModelInput", /) -> "AIMessage":
        """The answer.

        Raises:
            ModelUnavailable: a cap is reached.
        """
        purse = self._purse()
        answer = self._model.invoke(input)
        self._add(purse, input, len(answer.text), answer.usage_metadata)
        return answer

    def _purse(self) -> Purse:
        """The purse of this conversation, if it may go on."""
        from langchain_core.runnables.config import ensure_config

        purse: Purse = ensure_config().get("configurable", {}).get(PURSE) or Purse()
        caps = self._settings
        if caps.max_tokens_per_conversation and purse.tokens >= caps.max_tokens_per_conversation:
            raise _reached("tokens in one conversation")
        if caps.max_cost_per_conversation is not None and purse.cost >= caps.max_cost_per_conversation:
            raise _reached("cost of one conversation")
        if caps.max_cost_per_day is not None and self._today_so_far() >= caps.max_cost_per_day:
            raise _reached("cost of one day")
        return purse

    def _today_so_far(self) -> float:
        with self._lock:
            if self._day != self._today():
                self._spent = self._before() if self._day is None else 0.0
                self._day = self._today()
            return self._spent

    def _add(self, purse: Purse, input: Any, received: int, usage: Any) -> None:
        sent = sum(len(getattr(one, "text", "")) for one in input) if isinstance(input, Sequence) else 0
        tokens_in = usage["input_tokens"] if usage else sent // _CHARS_PER_TOKEN
        tokens_out = usage["output_tokens"] if usage else -(-received // _CHARS_PER_TOKEN)
        caps = self._settings
        cost = (tokens_in * (caps.input_price or 0) + tokens_out * (caps.output_price or 0)) / 1_000_000
        purse.tokens += tokens_in + tokens_out
        purse.cost += cost
        if caps.max_cost_per_day is not None:
            self._today_so_far()
            with self._lock:
                self._spent += cost


def _reached(what: str) -> ModelUnavailable:
    return ModelUnavailable(f"The cap on the {what} is reached.", remedy="Raise it under [chat] in kit.toml.")
