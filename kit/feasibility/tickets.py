"""Reads tickets from an export, strictly, and brings them into a workspace with personal data masked."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from kit.errors import KitError
from kit.feasibility.types import Ticket
from kit.files import write_whole
from kit.safety import Vault, mask
from kit.tables import Row, read_table
from kit.text import nearest, slug

__all__ = ["FILE", "SkippedRow", "Tickets", "import_tickets", "load_tickets", "read_tickets"]

FILE = "tickets.jsonl"
_REMEDY = {
    "created_at": "Write dates as 2026-01-31 or 2026-01-31T14:05:00Z.",
    "resolved_at": "Write dates as 2026-01-31 or 2026-01-31T14:05:00Z.",
    "reopened": "Write yes or no, or leave it empty.",
    "escalated": "Write yes or no, or leave it empty.",
    "csat": "Write a whole number from 1 to 5, or leave it empty.",
    "handle_minutes": "Write minutes as a number such as 7 or 7.5, or leave it empty.",
    "messages": "Write a list of {role, text, at}; roles: customer, assistant, agent.",
}


@dataclass(frozen=True)
class SkippedRow:
    """A row that holds no ticket, and why."""

    line: int
    reason: str


@dataclass(frozen=True)
class Tickets:
    """The tickets of a file, in its order. `encoding` is the one that the file turned out to have."""

    tickets: tuple[Ticket, ...]
    skipped: tuple[SkippedRow, ...] = ()
    encoding: str = "utf-8"

    @property
    def source_fields(self) -> tuple[str, ...]:
        """The columns that the kit has no field for."""
        return tuple(dict.fromkeys(name for ticket in self.tickets for name in ticket.source))


_FIELDS = (*Ticket.model_fields, "text")


def read_tickets(path: Path) -> Tickets:
    """Read a CSV or JSON lines file whose columns have the names of `Ticket`'s fields.

    `text` may stand for `messages`: the customer's first message, or where it is empty the subject. Columns of other
    names become source fields.

    Raises:
        KitError: a column is missing, two tickets share an id, a value cannot be read, rows are ragged, or there is
            no ticket; names the line and what to do.
    """
    table = read_table(path, known=_FIELDS, what="tickets")
    if table.head is not None and table.head.values:
        _require(table.head, path)
    tickets: list[Ticket] = []
    skipped: list[SkippedRow] = []
    first: dict[str, int] = {}
    for row in table.rows:
        if row.empty:
            skipped.append(SkippedRow(row.line, "the row is empty"))
            continue
        _require(row, path)
        ticket = _ticket(row, path)
        if not any(message.role == "customer" and message.text for message in ticket.messages):
            skipped.append(SkippedRow(row.line, f"ticket {ticket.id} has no message of the customer"))
            continue
        if ticket.id in first:
            problem, remedy = f"Two tickets have the id `{ticket.id}`.", f"The first: line {first[ticket.id]}."
            raise KitError(problem, path=path, line=row.line, remedy=remedy)
        first[ticket.id] = row.line
        tickets.append(ticket)
    if not tickets:
        raise KitError("There are no tickets in this file.", path=path, remedy="Export some with `id` and `text`.")
    return Tickets(tuple(tickets), tuple(skipped), table.encoding)


def import_tickets(source: Path, target: Path) -> Tickets:
    """Check all of `source`, then write it, with personal data masked, to `target` as JSON lines, whole or not at all.

    Returns:
        The tickets as written.

    Raises:
        KitError: as `read_tickets`, or the target cannot be written.
    """
    read = read_tickets(source)
    tickets = tuple(_masked(ticket) for ticket in read.tickets)
    lines = [ticket.model_dump_json(exclude_defaults=True, fallback=str) + "\n" for ticket in tickets]
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, "".join(lines))
    except OSError as error:
        remedy = "Check that the folder can be written."
        raise KitError(f"This file cannot be written: {error.strerror}.", path=target, remedy=remedy) from error
    return Tickets(tickets, read.skipped, read.encoding)


def load_tickets(folder: Path) -> Tickets:
    """The tickets that were imported into a workspace's `evals` folder.

    Raises:
        KitError: there are none, or the file was damaged since.
    """
    path = folder / FILE
    if path.is_file():
        return read_tickets(path)
    export = folder / "tickets.csv"
    name = export if export.is_file() else "FILE"
    raise KitError("There are no tickets yet.", path=path, remedy=f"Bring some in with `kit tickets import {name}`.")


def _require(row: Row, path: Path) -> None:
    """Refuse columns of which none is the id, or what a customer said."""
    names = {_field(column): column for column in row.values}
    for needed, alternative in (("id", "id"), ("text", "messages")):
        if not {needed, alternative} & set(names):
            free = [column for field, column in names.items() if field not in _FIELDS]
            guess = next((one for one in free if needed in slug(one).split("-")), None) or nearest(needed, free)
            hint = f"Is it `{guess}`? Then rename that" if guess else f"There are: {', '.join(row.values)}. Rename one"
            raise KitError(f"There is no column `{needed}`.", path=path, line=row.line, remedy=f"{hint} to `{needed}`.")


def _field(column: str) -> str:
    """`Created At` → `created_at`."""
    return slug(column).replace("-", "_")


def _ticket(row: Row, path: Path) -> Ticket:
    fields: dict[str, Any] = {}
    source: dict[str, Any] = {}
    for column, value in row.values.items():
        name = _field(column)
        if name == "source" and isinstance(value, dict):  # as `import_tickets` wrote it
            source |= value
        elif name in _FIELDS and name != "source" and name not in fields:
            fields[name] = value
        elif value not in ("", None):
            source[column] = value
    text = fields.pop("text", None)
    if not _said(fields.get("messages")):
        said = text if _said(text) else fields.get("subject")
        fields["messages"] = [{"role": "customer", "text": said, "at": fields.get("created_at")}]
    elif _said(text):
        source["text"] = text
    try:
        return Ticket.model_validate({**fields, "source": source})
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        problem = f"`{name}`: {first['msg'].removeprefix('Value error, ')}."
        if name == "id":
            problem = "This row has no id."
        remedy = _REMEDY.get(name, "Correct the value.")
        raise KitError(problem, path=path, line=row.line, remedy=remedy) from error


def _said(value: Any) -> bool:
    return bool(value.strip() if isinstance(value, str) else value)


def _masked(ticket: Ticket) -> Ticket:
    """The ticket with personal data masked in everything that somebody wrote; one value keeps one token."""
    vault = Vault()

    def clean(value: Any) -> Any:
        if isinstance(value, str):
            return mask(value, vault=vault).text
        if isinstance(value, dict):
            return {key: clean(item) for key, item in value.items()}
        return [clean(item) for item in value] if isinstance(value, list | tuple) else value

    messages = tuple(one.model_copy(update={"text": clean(one.text)}) for one in ticket.messages)
    texts = {name: clean(getattr(ticket, name)) for name in ("subject", "csat_comment", "resolution", "source")}
    return ticket.model_copy(update={"messages": messages, **texts})
