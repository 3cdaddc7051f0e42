"""Answers a message once that comes twice: a double click, a page that sends again, a proxy that tries again.

A turn changes something in the world when a playbook calls a tool, so the second of two equal turns must not run: it
waits for the first and gets the same reply. What is remembered is in memory, of the last turns only, and not for long.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic

from kit.assistant.types import Conversation, Reply
from kit.text import digest

__all__ = ["Once", "OneTurn"]

_MOST = 512
_SECONDS = 300.0


@dataclass
class OneTurn:
    """A turn that is under way, or its `result` once it is done; `fresh` for whoever is to make it."""

    fresh: bool
    result: tuple[Conversation, Reply] | None = None
    done: threading.Event = field(default_factory=threading.Event)
    at: float = field(default_factory=monotonic)


class Once:
    """The turns of late. Threads may share it."""

    def __init__(self, *, most: int = _MOST, seconds: float = _SECONDS) -> None:
        self._most, self._seconds = most, seconds
        self._turns: OrderedDict[str, OneTurn] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, conversation: Conversation, message: str) -> Iterator[OneTurn]:
        """The turn of this message after this conversation, for the time of a `with` block.

        Where it is done already, or is being made, it is not `fresh` and comes with its result. A turn that ends its
        block without a result is forgotten, and the next one makes it.
        """
        key = digest(conversation.model_dump_json(), message.encode("utf-8", "surrogatepass"))
        while True:
            with self._lock:
                self._forget_old()
                known = self._turns.get(key)
                if known is None:
                    mine = self._turns[key] = OneTurn(fresh=True)
                    break
            if not known.done.wait(self._seconds):
                raise TimeoutError("the same message is being answered and does not come to an end")
            if known.result is not None:
                yield OneTurn(fresh=False, result=known.result)
                return
        try:
            yield mine
        finally:
            if mine.result is None:
                with self._lock:
                    self._turns.pop(key, None)
            mine.done.set()

    def _forget_old(self) -> None:
        """The caller holds the lock. A turn that is under way is never forgotten, however long it takes."""
        oldest = monotonic() - self._seconds
        for key, one in list(self._turns.items()):
            if len(self._turns) <= self._most and one.at >= oldest:
                return
            if one.done.is_set():
                del self._turns[key]
