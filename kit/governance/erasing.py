"""Erases a customer's conversations from all that the kit has kept of them.

Which ones is written down first, durably, and crossed out last: an erasure that a crash breaks off goes on when the
workspace is next used. Each file changes as a whole.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from kit.errors import KitError
from kit.files import write_whole
from kit.governance.audit import AuditStore
from kit.governance.handoffs import HandoffDesk
from kit.governance.identity import Unmasked, masked
from kit.governance.lines import sync_folder
from kit.safety import Vault

__all__ = ["Erased", "conversations_with", "erase", "finish_erasing"]

_JOURNAL = "erasing.json"


@dataclass(frozen=True)
class Erased:
    """What is gone, in numbers."""

    conversations: int
    turns: int
    ratings: int
    handoffs: int


def conversations_with(audit: AuditStore, desk: HandoffDesk, value: str) -> set[str]:
    """The conversations in which a value stood: by its hash in the log, and in what still waits to be handed off.

    Raises:
        KitError: it is of no kind that is masked, or the key is lost.
    """
    wanted = audit.identity.search(value)
    found = audit.with_value(value)
    for waiting in desk.waiting():
        inside = Unmasked()
        masked(waiting.parcel, Vault(), inside)
        if wanted & set(audit.identity.hashes(inside)):
            found.add(waiting.conversation)
    return found


def erase(audit: AuditStore, desk: HandoffDesk, conversations: Collection[str]) -> Erased:
    """Delete turns, ratings and hand-offs of conversations.

    Raises:
        OSError: something cannot be written; what is left to do is done when the workspace is next used.
    """
    journal = audit.folder / _JOURNAL
    pending = _pending(journal)
    with audit.lock():
        write_whole(journal, json.dumps(sorted({*pending, *conversations})), durable=True)
        sync_folder(audit.folder)
    return _carry_out(audit, desk, {*pending, *conversations}, journal)


def finish_erasing(audit: AuditStore, desk: HandoffDesk) -> None:
    """Go on with an erasure that was broken off, if there is one."""
    journal = audit.folder / _JOURNAL
    if pending := _pending(journal):
        _carry_out(audit, desk, pending, journal)


def _carry_out(audit: AuditStore, desk: HandoffDesk, conversations: set[str], journal: Path) -> Erased:
    handoffs = desk.erase(conversations)
    rows = audit.remove(conversations)
    journal.unlink(missing_ok=True)
    return Erased(len(conversations), rows["turns"], rows["ratings"], handoffs)


def _pending(journal: Path) -> set[str]:
    try:
        return set(json.loads(journal.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return set()
    except (ValueError, TypeError) as error:
        raise KitError("This list of what to erase is damaged.", path=journal, remedy="Erase again by hand.") from error
