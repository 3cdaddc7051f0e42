"""What judging takes from a chat model, so that it counts against a run's limits."""

from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any

from kit.evals.types import Usage

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

__all__ = ["Meter", "usage_of"]


def usage_of(answer: "BaseMessage | None") -> Usage:
    """One call: its tokens, as far as the provider counted them; a call that failed has none."""
    counted: Any = getattr(answer, "usage_metadata", None)
    if answer is None or counted is None:
        return Usage(calls=1, uncounted=int(answer is not None))
    return Usage(calls=1, input_tokens=counted["input_tokens"], output_tokens=counted["output_tokens"])


@dataclass
class Meter:
    """Adds up calls. Threads may share it."""

    _taken: Usage = field(default_factory=Usage)
    _lock: Lock = field(default_factory=Lock)

    def add(self, usage: Usage) -> None:
        """One call more."""
        with self._lock:
            self._taken += usage

    def take(self) -> Usage:
        """What was taken since this was asked last."""
        with self._lock:
            taken, self._taken = self._taken, Usage()
        return taken
