"""The one way to call a tool: with a time limit, and with one kind of failure whatever goes wrong.

A call runs in a thread of its own. Python cannot kill a thread: a function that never returns goes on in the
background until the process ends, which it does not hold up. How many may do so at once is limited.
"""

import contextvars
import queue
import threading
from collections.abc import Iterator, Mapping
from time import monotonic
from typing import Any

from kit.errors import KitError
from kit.playbooks.tools.results import checked
from kit.playbooks.tools.tools import TIMEOUT, Tool, ToolFailure

__all__ = ["MAX_RUNNING", "call_tool"]

# Over all conversations; a call that comes when as many are running waits for one of them to end.
MAX_RUNNING = 64
_room = threading.BoundedSemaphore(MAX_RUNNING)


def call_tool(tool: Tool, args: Mapping[str, Any], *, timeout: float | None = None, key: str = "") -> dict[str, Any]:
    """Call a tool and check its answer.

    Args:
        tool: what to call.
        args: the arguments by name.
        timeout: seconds to wait; by default what the tool asks for, and 10 where it asks for nothing.
        key: tells a call from the same one over again; see `Tool.call`.

    Returns:
        The answer: plain data, at most 6 levels deep and 64 KB large, of the types that the tool returns.

    Raises:
        ToolFailure: anything else. Its message holds no value of an argument or of an answer. A call that was to change
            something and did not clearly fail before it could has `unknown` set.
    """
    deadline = monotonic() + (getattr(tool, "timeout", TIMEOUT) if timeout is None else timeout)
    room = _room
    if not room.acquire(timeout=max(0.0, deadline - monotonic())):
        raise ToolFailure("too many calls of tools are still running")
    call = _Call(tool, dict(args), key, room)
    if getattr(tool, "instant", False):
        # It answers from memory: a thread would take far longer than the answer. Ctrl-C is not the tool's here.
        call.run(Exception)
        return call.answered(0.0)
    # The context goes along, so that a trace of the turn shows what the tool does.
    thread = threading.Thread(target=contextvars.copy_context().run, args=(call.run,), daemon=True, name="kit-tool")
    try:
        thread.start()
    except RuntimeError:
        room.release()
        raise ToolFailure("no thread could be started for the call") from None
    return call.answered(max(0.0, deadline - monotonic()))


class _Call:
    """One call in its thread. `changes` becomes true just before something may be changed."""

    def __init__(self, tool: Tool, args: dict[str, Any], key: str, room: threading.BoundedSemaphore) -> None:
        self.tool, self.args, self.key, self.room = tool, args, key, room
        self.changes = False
        self.answer: queue.SimpleQueue[dict[str, Any] | ToolFailure] = queue.SimpleQueue()

    def answered(self, timeout: float) -> dict[str, Any]:
        """The answer, or else the failure, once it is there."""
        try:
            answer = self.answer.get(timeout=timeout)
        except queue.Empty:
            raise ToolFailure("there was no answer in time", kind="timeout", unknown=self.changes) from None
        if isinstance(answer, ToolFailure):
            raise answer
        return answer

    def run(self, caught: type[BaseException] = BaseException) -> None:
        try:
            self.answer.put(self.outcome())
        except caught as error:  # the company's own code: it may raise anything, SystemExit too
            self.answer.put(ToolFailure(f"it raised {type(error).__name__}", unknown=self.changes))
        finally:
            self.room.release()

    def outcome(self) -> dict[str, Any] | ToolFailure:
        try:
            self.changes = self.tool.changes
            return self.checked(self.tool.call(self.args, key=self.key))
        except ToolFailure as failure:
            return _without_values(failure, self.args)
        except KitError as error:  # the tool cannot be set up; what such errors say is meant to be read
            return ToolFailure(error.problem)

    def checked(self, result: Any) -> dict[str, Any]:
        try:
            return checked(result, self.tool.returns)
        except ToolFailure as failure:
            # It answered, so it has most likely done something, but not what it was to do.
            raise ToolFailure(str(failure), kind=failure.kind, unknown=self.changes) from None


def _without_values(failure: ToolFailure, args: Mapping[str, Any]) -> ToolFailure:
    """The failure without the arguments' values in its message, and without what led to it."""
    message = str(failure)
    for value in sorted(set(_texts(args)), key=len, reverse=True):
        message = message.replace(value, "…")
    return ToolFailure(message, kind=failure.kind, unknown=failure.unknown)


def _texts(value: Any) -> Iterator[str]:
    """The values within the arguments, as text; those too short to tell anything would only garble a message."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
    elif not isinstance(value, bool) and len(text := str(value)) > 2:
        yield text
