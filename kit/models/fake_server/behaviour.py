"""How a fake model behaves: well, or in one of the ways in which servers fail."""

import socket
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import KW_ONLY, dataclass
from typing import Generic, Literal, TypeVar

from kit.errors import KitError

__all__ = ["HOST", "Behaviour", "Kind", "Script", "unreachable"]

Kind = Literal[
    "ok", "slow", "drips", "status", "empty", "huge", "bad_json", "truncated_json", "web_page", "cut", "unfinished"
]
T = TypeVar("T")

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Behaviour:
    """What the server does with one request.

    Attributes:
        kind: `ok`; `slow` (waits `seconds`, then answers); `drips` (never ends: a sign that says nothing every
            `seconds`, so that no single read takes long); `status` (an error with the HTTP code `status`); `empty`
            (an answer without text, or without scores); `huge` (1 MiB of text; 16 MiB around the scores); `bad_json`
            (a body, or an event, that is not JSON); `truncated_json` (half of one, in a response that is otherwise
            whole); `web_page` (HTML, as a proxy's log-in page); `cut` (the connection breaks in the middle);
            `unfinished` (half an answer that ends politely: no finish reason and no `[DONE]` in a stream, the finish
            reason `length` otherwise; every other score).
        seconds: the wait of `slow`, or between the signs of `drips`.
        status: the code of `status`.
        retry_after: the `Retry-After` header of `status`, seconds or a date; none is sent when None.
    """

    kind: Kind = "ok"
    _: KW_ONLY
    seconds: float = 2.0
    status: int = 500
    retry_after: float | str | None = None


class Script(Generic[T]):
    """Things taken one by one by several threads; the last one repeats."""

    def __init__(self, things: Sequence[T]) -> None:
        if not things:
            raise KitError("The fake server was given an empty list.", remedy="Give it one or more.")
        self._things = deque(things)
        self._lock = threading.Lock()

    def take(self) -> T:
        with self._lock:
            return self._things.popleft() if len(self._things) > 1 else self._things[0]

    def peek(self) -> T:
        with self._lock:
            return self._things[0]


@contextmanager
def unreachable() -> Iterator[str]:
    """The address of a server that takes no connection and refuses none: whoever calls it waits for the time-out."""
    with socket.socket() as full, ExitStack() as callers:
        full.bind((HOST, 0))
        full.listen(0)
        # Who comes when the queue is full hears nothing at all.
        for _ in range(4):
            caller = callers.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(full.getsockname())
        yield f"http://{HOST}:{full.getsockname()[1]}/v1"
