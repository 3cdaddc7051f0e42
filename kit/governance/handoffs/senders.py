"""What takes hand-offs to where people work, and the one that needs no network: a file of JSON lines."""

import json
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, Protocol

from kit.errors import KitError
from kit.governance.handoffs.outbox import Waiting
from kit.governance.lines import FolderLock, append_line, keep_lines, read_lines

__all__ = ["DeliveryFailure", "FileSender", "Sender", "Shape", "Written"]

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
        self.lock = _lock_of(path)

    def send(self, waiting: Waiting) -> None:
        """Add it to the file, durably."""
        told: dict[str, Any] = {name: waiting.parcel[name] for name in ("kind", "at") if name in waiting.parcel}
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


class Written:
    """What stands in the file of hand-offs."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def rows(self) -> list[tuple[str, dict[str, Any]]]:
        """Conversation and row, in order."""
        return [(_conversation(row), row) for row in read_lines(self._path)]

    def erase(self, conversations: Collection[str]) -> int:
        """Delete those of conversations; gives how many there were."""
        return self._keep(lambda row: _conversation(row) not in conversations)

    def prune(self, oldest: str) -> int:
        """Delete those of before a time (ISO); one without a time, of an older version of the kit, stays."""
        return self._keep(lambda row: row.get("at", oldest) >= oldest)

    def _keep(self, wanted: Callable[[dict[str, Any]], bool]) -> int:
        if not self._path.is_file():
            return 0
        with _lock_of(self._path)():
            return keep_lines(self._path, wanted)


def _lock_of(path: Path) -> FolderLock:
    return FolderLock(path.parent, f".{path.name}.lock")


def _conversation(row: Mapping[str, Any]) -> str:
    return str(row.get("conversation_id") or row.get("ticket", {}).get("external_id"))
