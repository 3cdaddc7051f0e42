"""Reads files that hold many articles: tables and exports."""

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import chain
from pathlib import Path

from kit.knowledge.readers.document import Given, LeftOut, Unreadable
from kit.knowledge.readers.many.columns import ANSWER, QUESTION, are_tickets, match
from kit.knowledge.readers.many.csv_rows import read_csv
from kit.knowledge.readers.many.exports import EXPORTS, Named, export_of
from kit.knowledge.readers.many.json_records import Value, find_records, read_json, rows_in
from kit.knowledge.readers.many.questions import questions
from kit.knowledge.readers.many.records import Entry, Record, given
from kit.knowledge.readers.many.rows import Sheet, Table, table_of
from kit.knowledge.readers.many.xlsx_rows import read_xlsx
from kit.settings import Include

__all__ = ["MANY", "read_many"]

_FORMULA = "If it is a formula, open the file in Excel and save it."


def read_many(path: Path, include: Collection[Include] = ()) -> Given:
    """Read a file that holds many articles; an export is told by its fields, whatever the file is called.

    Args:
        path: the file; its suffix is one of `MANY`.
        include: what is read besides public articles.

    Raises:
        Unreadable: nothing in it is an article.
    """
    return MANY[path.suffix.lower()](path, include)


def _csv(path: Path, include: Collection[Include]) -> Given:
    return _tables([read_csv(path)], include)


def _xlsx(path: Path, include: Collection[Include]) -> Given:
    return _tables(read_xlsx(path), include, hint=_FORMULA)


def _tables(sheets: Sequence[Sheet], include: Collection[Include], *, hint: str = "") -> Given:
    tables = [(sheet.name, table_of(sheet)) for sheet in sheets]
    filled = [(name, table) for name, table in tables if table.columns]
    if not filled:
        raise Unreadable("It holds no text.")
    found: list[Iterator[Entry | LeftOut]] = []
    refused: list[LeftOut] = []
    own_ids = True
    for name, table in filled:
        try:
            entries, own = _entries(table, hint)
            own_ids = own_ids and own
            found += [entries, iter(table.left_out)]
        except Unreadable as reason:
            refused.append(LeftOut(str(reason), name))
    if not found:
        raise Unreadable(refused[0].reason)
    return given(chain(*found, refused), include, own_ids=own_ids)


def _entries(table: Table, hint: str) -> tuple[Iterator[Entry | LeftOut], bool]:
    """What a table's rows say, and whether their ids are a source system's."""
    if export := export_of({name.lower() for name in table.columns}):
        return export.entries(table.records, {}), True
    return questions(table.records, table.columns, hint=hint), False


def _json(path: Path, include: Collection[Include]) -> Given:
    values, wrong = read_json(path)
    found = find_records(values, lambda keys: export_of(keys) is not None)
    if found.records:
        entries = _exported(found.records, found.named)
        return given(chain(entries, found.left_out, wrong), include, own_ids=True)
    return given(chain(_questions(values), wrong), include, own_ids=False)


def _exported(records: Sequence[Record], named: Named) -> Iterator[Entry | LeftOut]:
    """The articles of each export in a file; mostly it is one."""
    kinds = [export_of({name.lower() for name in one.values}) for one in records]
    for export in EXPORTS:
        if own := [record for record, kind in zip(records, kinds, strict=True) if kind is export]:
            yield from export.entries(own, named)


def _questions(values: list[Value]) -> Iterator[Entry | LeftOut]:
    """The rows of a table that is written as JSON."""
    lists = [(_columns(rows), rows, others) for rows, others in rows_in(values) if rows]
    if not lists:
        raise Unreadable(
            "It holds no articles: neither an export of a help centre, nor a list of questions and answers."
        )

    def fit(one: tuple[list[str], list[Record], list[LeftOut]]) -> tuple[bool, bool, int]:
        columns, rows, _ = one
        return {QUESTION, ANSWER} <= match(columns, loosely=True).keys(), bool(are_tickets(columns)), len(rows)

    columns, rows, others = max(lists, key=fit)
    return chain(questions(rows, columns), others)


def _columns(rows: Sequence[Record]) -> list[str]:
    return list(dict.fromkeys(name for row in rows[:1000] for name in row.values))


MANY: dict[str, Callable[[Path, Collection[Include]], Given]] = {
    ".csv": _csv,
    ".tsv": _csv,
    ".xlsx": _xlsx,
    ".xlsm": _xlsx,
    ".json": _json,
    ".jsonl": _json,
    ".ndjson": _json,
}
