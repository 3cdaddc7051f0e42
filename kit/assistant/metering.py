"""Counts what chat models are asked in a turn: when, for how long, how many tokens, and what failed."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, LLMResult

from kit.models import ATTEMPT, chat_failure

__all__ = ["Meter", "ModelCall", "unanswered"]

_LEFT = "The answer was not read to its end."
_LATE = "The chat model did not answer in time."


@dataclass(frozen=True)
class ModelCall:
    """A call of a chat model.

    Attributes:
        node: the node of the turn that made it.
        provider: as LangChain names it, such as `openai`.
        model: the model that was asked for.
        began: seconds of the epoch.
        ms: how long it took; None while it is under way.
        answered_by: the model that answered, where the provider says so.
        input_tokens, output_tokens: None where the provider does not count them, which is not the same as none.
        finish: why the answer ended, in the provider's word.
        temperature: what was asked for.
        error: what failed, in a sentence that holds no part of prompt or answer.
        attempt: counted from 1; what fails may be tried again.
    """

    node: str
    provider: str
    model: str
    began: float
    ms: float | None = None
    answered_by: str = ""
    input_tokens: int | None = None
    output_tokens: int | None = None
    finish: str = ""
    temperature: float | None = None
    error: str = ""
    attempt: int = 1


class Meter(BaseCallbackHandler):
    """Listens, as a LangChain callback, to the chat models of one turn. Threads may share it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._calls: dict[UUID, ModelCall] = {}

    @property
    def ignore_chain(self) -> bool:
        """The nodes of the turn measure themselves."""
        return True

    @property
    def calls(self) -> tuple[ModelCall, ...]:
        """What was called so far, in order; a call that is still under way is one that nobody waits for any more."""
        with self._lock:
            return tuple(
                call if call.ms is not None else replace(call, ms=_since(call), error=_LATE)
                for call in self._calls.values()
            )

    def on_chat_model_start(
        self,
        serialized: dict[str, Any],
        messages: list[list[Any]],
        *,
        run_id: UUID,
        metadata: dict[str, Any] | None = None,
        **rest: Any,
    ) -> None:
        """Note that a call begins."""
        said = metadata or {}
        call = ModelCall(
            node=str(said.get("langgraph_node", "")),
            provider=str(said.get("ls_provider", "")),
            model=str(said.get("ls_model_name", "")),
            began=time.time(),
            temperature=said.get("ls_temperature"),
            attempt=int(said.get(ATTEMPT, 1)),
        )
        with self._lock:
            self._calls[run_id] = call

    def on_llm_end(self, response: LLMResult, *, run_id: UUID, **rest: Any) -> None:
        """Note what the answer cost."""
        first = response.generations[0][0] if response.generations and response.generations[0] else None
        message = first.message if isinstance(first, ChatGeneration) else None
        if not isinstance(message, AIMessage):
            return self._end(run_id)
        usage, said = message.usage_metadata, message.response_metadata
        finish = next((str(said[key]) for key in ("finish_reason", "stop_reason", "done_reason") if said.get(key)), "")
        self._end(
            run_id,
            answered_by=str(said.get("model_name") or said.get("model") or ""),
            input_tokens=usage["input_tokens"] if usage else None,
            output_tokens=usage["output_tokens"] if usage else None,
            finish=finish,
        )

    def on_llm_error(self, error: BaseException, *, run_id: UUID, **rest: Any) -> None:
        """Note what failed. An answer that its reader gave up ends here too."""
        stopped = isinstance(error, GeneratorExit)
        self._end(run_id, error=_LEFT if stopped else chat_failure(error))

    def _end(self, run_id: UUID, **found: Any) -> None:
        with self._lock:
            if call := self._calls.get(run_id):
                self._calls[run_id] = replace(call, ms=_since(call), **found)


def unanswered(calls: Sequence[ModelCall]) -> str:
    """Why the chat model failed a turn, the attempts that came after a failure considered; empty if it did not.

    An answer that was left unread did not fail: whoever asked had seen enough of it.
    """
    for place, call in enumerate(calls):
        tried_again = any(after.attempt > call.attempt for after in calls[place + 1 : place + 2])
        if call.error not in ("", _LEFT) and not tried_again:
            return call.error
    return ""


def _since(call: ModelCall) -> float:
    return round((time.time() - call.began) * 1000, 2)
