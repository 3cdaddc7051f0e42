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
from kit.governance.lines import sync_folder
from kit.governance.seeking import Sought

__all__ = ["Erased", "conversations_with", "erase", "finish_erasing"]

_JOURNAL = "erasing.json"
# In how many conversations a text may stand that is of no kind that is masked: a common word is no name.
_MOST = 20


@dataclass(frozen=True)
class Erased:
    """What is gone, in numbers."""

    conversations: int
    turns: int
    ratings: int
    handoffs: int


def conversations_with(audit: AuditStore, desk: HandoffDesk, value: str) -> set[str]:
    """The conversations in which a value stood: in the log, in hand-offs that wait, and in their file.

    What is masked is found by its hash, and everything by its clear text, wherever that was kept.

    Raises:
        KitError: the value is too short to search for, or stands in more conversations than one person's; or it is of
            a kind that is masked, and the key is lost.
    """
    sought = Sought(value, audit.identity, rules=audit.rules)
    found = audit.with_value(value)
    found |= {one.conversation for one in desk.waiting() if sought.stands_in(one.parcel)}
    found |= {conversation for conversation, row in desk.delivered() if sought.stands_in(row)}
    if not sought.is_masked and len(found) > _MOST:
        raise KitError(
            f"“{value}” stands in {len(found):,} conversations, which are hardly one person's.",
            remedy="Give more of it, or erase by conversation: `kit audit list` names them.",
        )
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
