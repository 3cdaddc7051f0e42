"""Takes hand-offs to Zendesk: a ticket for each conversation, and what the customer writes later as comments on it.

`POST /api/v2/tickets` makes a ticket, `PUT /api/v2/tickets/{id}` adds to it, and `GET /api/v2/tickets?external_id=…`
finds one again. Which ticket a conversation has is kept beside the outbox.
"""

import json
import logging
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kit.governance.handoffs.outbox import Waiting
from kit.governance.handoffs.parcel import comment, ticket
from kit.governance.handoffs.senders import DeliveryFailure
from kit.governance.handoffs.web import Web
from kit.governance.lines import FolderLock, append_line, keep_lines, read_lines

__all__ = ["Tickets", "ZendeskSender"]

_LOG = logging.getLogger(__name__)
_MOST_READ = 256 * 1024
# The ticket is gone, or closed for good: nothing can be added to it any more.
_GONE = (404, 422)


class Tickets:
    """Which ticket a conversation has, in a file of JSON lines."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = FolderLock(path.parent, f".{path.name}.lock")

    def find(self, conversation: str) -> str:
        """The ticket of a conversation, the last one if there are several; empty if none is known."""
        found = [str(row["ticket"]) for row in read_lines(self._path) if row["conversation_id"] == conversation]
        return found[-1] if found else ""

    def keep(self, conversation: str, number: str) -> None:
        """Remember the ticket of a conversation."""
        row = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "conversation_id": conversation}
        try:
            with self._lock():
                self._path.touch(mode=0o600)
                append_line(self._path, {**row, "ticket": number})
        except OSError as error:
            _LOG.warning("%s: Zendesk will be asked for the ticket of %s: %s", self._path, conversation, error)

    def forget(self, *, conversations: Collection[str] = (), before: str = "") -> None:
        """Forget the tickets of conversations, and those made before a time (ISO)."""
        if self._path.is_file():
            with self._lock():
                keep_lines(self._path, lambda row: row["conversation_id"] not in conversations and row["at"] >= before)


class ZendeskSender:
    """Makes tickets and adds to them.

    Args:
        web: makes the requests.
        url: of the tickets, such as `https://acme.zendesk.com/api/v2/tickets`; `.json` may stand at its end.
        tickets: which conversation has which.
        custom_fields: the ids of Zendesk's fields, by the names of a playbook's.
    """

    def __init__(self, web: Web, url: str, tickets: Tickets, custom_fields: Mapping[str, int]) -> None:
        self._web, self._tickets, self._custom_fields = web, tickets, custom_fields
        base, dot, query = url.partition("?")
        self._suffix = ".json" if base.endswith(".json") else ""
        self._base, self._query = base.removesuffix(".json").rstrip("/"), dot + query

    def send(self, waiting: Waiting) -> None:
        """Make the ticket, or add to it."""
        parcel = waiting.parcel
        if parcel["kind"] == "update" and (number := self._number(waiting.conversation)):
            try:
                self._web.ask("PUT", self._address(f"/{number}"), body=comment(parcel), key=waiting.id)
                return
            except DeliveryFailure as failure:
                if failure.status not in _GONE:
                    raise
        answer = self._web.ask(
            "POST", self._address(), body=ticket(parcel, self._custom_fields), key=waiting.id, read=_MOST_READ
        )
        if number := _id(_json(answer).get("ticket")):
            self._tickets.keep(waiting.conversation, number)

    def _number(self, conversation: str) -> str:
        if known := self._tickets.find(conversation):
            return known
        question = f"{'&' if self._query else '?'}external_id={quote(conversation, safe='')}"
        try:
            found = _json(self._web.ask("GET", self._address() + question, read=_MOST_READ)).get("tickets")
        except DeliveryFailure as failure:
            if failure.status not in _GONE:
                raise
            return ""
        rows = [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
        number = next((_id(row) for row in rows if row.get("external_id") == conversation), "")
        if number:
            self._tickets.keep(conversation, number)
        return number

    def _address(self, path: str = "") -> str:
        return f"{self._base}{path}{self._suffix}{self._query}"


def _json(answer: bytes) -> dict[str, Any]:
    try:
        found = json.loads(answer)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _id(row: object) -> str:
    """The number of a ticket: digits only, as it becomes a part of an address."""
    number = str(row.get("id", "")) if isinstance(row, dict) else ""
    return number if number.isascii() and number.isdigit() else ""
