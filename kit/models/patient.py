"""Asks a chat model with the patience of a customer: again where that may help, and never for longer than is allowed.

Every provider's package retries and times out in its own way, and none bounds the whole: a time limit starts anew with
each attempt and with each piece of a stream, and `Retry-After` may ask for a minute. So their retries are turned off,
and what counts is one deadline, for an answer with all its attempts.
"""

import contextvars
import logging
import queue
import random
import threading
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from kit.models.failure import asked_to_wait, call_failure, may_pass

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel, LanguageModelInput
    from langchain_core.messages import AIMessage, AIMessageChunk

__all__ = ["ATTEMPT", "UNTIL", "ChatModel", "PatientModel"]

# In a run's `configurable`: the reading of `time.monotonic` at which the customer of this turn has waited enough.
UNTIL = "kit_until"
# In the metadata of a call: which attempt it is, counted from 1.
ATTEMPT = "kit_attempt"
_LOG = logging.getLogger(__name__)
_FIRST_PAUSE = 0.5
_SOON = 0.05
M = TypeVar("M", bound="AIMessage")


class ChatModel(Protocol):
    """What the kit asks of a chat model: any of LangChain's has it."""

    def stream(self, input: "LanguageModelInput", /) -> "Iterator[AIMessageChunk]":
        """The answer in pieces."""

    def invoke(self, input: "LanguageModelInput", /) -> "AIMessage":
        """The answer."""


class PatientModel:
    """A chat model with retries and one deadline.

    A refusal for now, a server's error, a broken answer or connection is tried again after a pause that doubles, or as
    long as `Retry-After` asks; but not once a part of the answer was given, and not where the pause would outlast the
    deadline. What then fails is raised as the provider's package raises it; a deadline that passes is a `TimeoutError`.

    Args:
        model: LangChain's.
        seconds: the most that an answer may take, all attempts together. Where a run's `configurable` says `UNTIL`, the
            earlier of the two counts, so that a turn that asks several times is bounded as a whole.
        retries: how often it is asked again, at most.
    """

    def __init__(self, model: "BaseChatModel", *, seconds: float, retries: int) -> None:
        self.model, self._seconds, self._retries = model, seconds, retries

    def stream(self, input: "LanguageModelInput", /) -> "Iterator[AIMessageChunk]":
        """The answer in pieces."""
        return self._tried(lambda config: self.model.stream(input, config))

    def invoke(self, input: "LanguageModelInput", /) -> "AIMessage":
        """The answer."""
        *_, answer = self._tried(lambda config: iter([self.model.invoke(input, config)]))
        return answer

    def _tried(self, call: Callable[[Any], Iterator[M]]) -> Iterator[M]:
        from langchain_core.runnables.config import ensure_config

        config = ensure_config()
        until: float = config.get("configurable", {}).get(UNTIL, float("inf"))
        deadline = min(monotonic() + self._seconds, until)
        for attempt in count(1):
            given = False
            told = {**config, "metadata": {**config.get("metadata", {}), ATTEMPT: attempt}}
            try:
                for piece in _until(deadline, call, told):
                    given = given or bool(piece.text)
                    yield piece
            except Exception as error:
                pause = _pause(error, attempt)
                if given or attempt > self._retries or not may_pass(error) or monotonic() + pause >= deadline:
                    raise
                _LOG.info("asked again in %.1f s: %s", pause, call_failure(error, "chat model"))
                sleep(pause)
            else:
                return


def _pause(error: Exception, attempt: int) -> float:
    """Seconds before the next attempt; a little more or less, lest all customers come back at the same moment."""
    asked = asked_to_wait(error)
    if asked is not None:
        return asked * random.uniform(1.0, 1.1)
    return float(_FIRST_PAUSE * 2 ** (attempt - 1)) * random.uniform(0.75, 1.25)


def _until(deadline: float, call: Callable[[Any], Iterator[M]], config: Mapping[str, Any]) -> Iterator[M]:
    """What `call` gives, read in a thread of its own that nobody waits for after the deadline.

    Raises:
        TimeoutError: it has passed.
    """
    found: queue.SimpleQueue[M | BaseException | None] = queue.SimpleQueue()
    stopped = threading.Event()

    def read() -> None:
        pieces = None
        try:
            pieces = call(config)
            for piece in pieces:
                found.put(piece)
                if stopped.is_set():
                    return
            found.put(None)
        except BaseException as error:  # raised again where it is waited for
            found.put(error)
        finally:
            if close := getattr(pieces, "close", None):
                close()

    # The context goes along, so that whoever listens to the turn hears of the call.
    thread = threading.Thread(target=contextvars.copy_context().run, args=(read,), daemon=True, name="kit-model")
    thread.start()
    try:
        while True:
            try:
                piece = found.get(timeout=max(0.0, deadline - monotonic()))
            except queue.Empty:
                raise TimeoutError("the deadline has passed") from None
            if piece is None:
                return
            if isinstance(piece, BaseException):
                raise piece
            yield piece
    finally:
        stopped.set()
        thread.join(_SOON)
