"""What takes hand-offs to where people work, and the one that needs no network: a file of JSON lines."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from kit.errors import KitError
from kit.governance.handoffs.outbox import Waiting
from kit.governance.lines import FolderLock, append_line

__all__ = ["DeliveryFailure", "FileSender", "Sender", "Shape"]

Shape = Callable[[Mapping[str, Any]], Mapping[str, Any]]


class DeliveryFailure(KitError):
    """A hand-off was not delivered.

    Attributes:
        final: whether the same attempt would fail again: somebody has to mend something first.
        wait: seconds that the receiver asks to wait.
        status: the HTTP status of a refusal; 0 where there is none.
    """

    def __init__(self, problem: str, *, final: bool = False, wait: float | None = None, status: int = 0) -> None:
        super().__init__(problem)
        self.final, self.wait, self.status = final, wait, status


class Sender(Protocol):
    """Delivers one hand-off."""

    def send(self, waiting: Waiting) -> None:
        """Deliver it, or raise `DeliveryFailure`."""


class FileSender:
    """Adds each hand-off to a file of JSON lines, under its `id`; one that stands there already is not added again."""

    def __init__(self, path: Path, shape: Shape) -> None:
        self.path, self._shape = path, shape
        self.lock = FolderLock(path.parent, f".{path.name}.lock")

    def send(self, waiting: Waiting) -> None:
        """Add it to the file, durably."""
        told = {name: waiting.parcel[name] for name in ("kind", "at")}
        row = {"id": waiting.id, **told, **self._shape(waiting.parcel)}
        try:
            with self.lock():
                if not self._has(waiting.id):
                    self.path.touch(mode=0o600)
                    append_line(self.path, row, durable=True)
        except OSError as error:
            raise DeliveryFailure(f"{self.path} cannot be written: {error.strerror or error}.") from error

    def _has(self, id: str) -> bool:
        start = json.dumps({"id": id})[:-1].encode()
        if not self.path.exists():
            return False
        with self.path.open("rb") as file:
            return any(line.startswith(start) and line.endswith(b"\n") for line in file)
