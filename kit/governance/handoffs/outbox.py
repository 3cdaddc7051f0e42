"""Hand-offs that are not delivered yet, one file each: written before the first attempt, removed after the last."""

import logging
import os
import time
from collections.abc import Collection
from contextlib import AbstractContextManager
from pathlib import Path
from threading import get_ident
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from kit.governance.lines import FolderLock, sync_folder

__all__ = ["Outbox", "Waiting"]

_LOG = logging.getLogger(__name__)
_MAKING = 60


class Waiting(BaseModel):
    """A hand-off that waits.

    Attributes:
        id: also the key by which a receiver tells a second delivery from a second hand-off.
        taken: when it was put here (seconds of the epoch).
        parcel: what is to be delivered.
        attempts: how many there were.
        not_before: when the next one is due (seconds of the epoch).
        given_up: whether it is only tried again when somebody says so.
        problem: why the last attempt failed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    taken: float
    parcel: dict[str, Any]
    attempts: int = 0
    not_before: float = 0.0
    given_up: bool = False
    problem: str = ""

    @property
    def conversation(self) -> str:
        """Whose hand-off it is."""
        return str(self.parcel["conversation_id"])


class Outbox:
    """The folder of what waits. Only its owner may read it: unless they are masked, texts of customers lie in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = FolderLock(folder)

    def lock(self) -> AbstractContextManager[None]:
        """Held while one is delivered, so that no two processes deliver the same."""
        return self._lock()

    def put(self, waiting: Waiting) -> None:
        """Keep one; when this returns, not even a loss of power loses it. One that is there already stays as it is.

        Raises:
            OSError: it cannot be written.
        """
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self._path(waiting.id).exists():
            self.change(waiting)

    def change(self, waiting: Waiting) -> None:
        """Write down what became of one; whoever reads it finds the old state or the new one."""
        partial = self.folder / f".{waiting.id}.{os.getpid()}-{get_ident()}.partial"
        try:
            with os.fdopen(
                os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
            ) as file:
                file.write(waiting.model_dump_json())
                file.flush()
                os.fsync(file.fileno())
            partial.replace(self._path(waiting.id))
        finally:
            partial.unlink(missing_ok=True)
        sync_folder(self.folder)

    def get(self, id: str) -> Waiting | None:
        """The one with this id, as it stands now; None if it is delivered or erased."""
        try:
            return Waiting.model_validate_json(self._path(id).read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as error:
            # Left where it is: a person may still be able to read what a customer wants.
            _LOG.error("%s: this hand-off cannot be read: %s", self._path(id), type(error).__name__)
            return None

    def all(self) -> list[Waiting]:
        """What waits, in the order in which it came."""
        found = [self.get(path.stem) for path in self.folder.glob("*.json")] if self.folder.is_dir() else []
        return sorted((one for one in found if one is not None), key=lambda one: (one.taken, one.id))

    def remove(self, id: str) -> None:
        """Forget one that was delivered."""
        self._path(id).unlink(missing_ok=True)
        sync_folder(self.folder)

    def erase(self, conversations: Collection[str]) -> int:
        """Delete what waits of these conversations; gives how many there were."""
        if not self.folder.is_dir():
            return 0
        with self.lock():
            gone = [one for one in self.all() if one.conversation in conversations]
            for one in gone:
                self.remove(one.id)
            for partial in self.folder.glob(".*.partial"):
                # What a process that was killed left behind; a younger one may be in the making.
                if time.time() - partial.stat().st_mtime > _MAKING:
                    partial.unlink(missing_ok=True)
        return len(gone)

    def prune(self, oldest: str) -> int:
        """Delete what was given up and is of before a time (ISO); gives how many there were."""
        gone = [one for one in self.all() if one.given_up and one.parcel["at"] < oldest]
        if gone:
            with self.lock():
                for one in gone:
                    _LOG.error("hand-off %s was never delivered and is deleted: the retention is over", one.id)
                    self.remove(one.id)
        return len(gone)

    def _path(self, id: str) -> Path:
        return self.folder / f"{Path(id).name}.json"
