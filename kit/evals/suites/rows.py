"""Suites in rows: JSON lines and CSV, made into what a suite in YAML would say."""

import json
import re
from pathlib import Path
from typing import Any

from kit.errors import KitError
from kit.evals.suites.suite import check_name
from kit.evals.types import Case
from kit.tables import Row, Table, read_table
from kit.text import nearest
from kit.yamlfile import KeyPath, Located

__all__ = ["LISTS", "ROWS", "read_rows"]

ROWS = (".jsonl", ".csv")
LISTS = ("articles", "must_contain", "must_not_contain", "reason", "tags", "without")  # `a; b` in a cell
_HEAD = ("suite", "description", "gate")
_OBJECTS = ("fields", "tools", "customer")  # JSON in a cell


def read_rows(path: Path) -> Located:
    """A suite's data with its lines.

    In JSON lines each line is a case, but the first may be `{"suite": …, "description": …, "gate": …}`. In CSV each row
    is a case and each column a key. Without such a first line the suite has the file's name.

    Raises:
        KitError: the rows cannot be read, or a column is none of a case; names the line and what to do.
    """
    table = read_table(path, known=Case.model_fields, what="cases")
    rows = [row for row in table.rows if not row.empty]
    head: dict[str, Any] = {}
    first = table.head.line if table.head else rows[0].line if rows else 1
    if table.head is not None:
        rows = _cells(table, rows, path)
    elif rows and "suite" in rows[0].values:
        head = _head(rows.pop(0), path)
    head = head or {"suite": check_name(path)}
    lines: dict[KeyPath, int] = {(): first} | {("cases", place): row.line for place, row in enumerate(rows)}
    return Located({**head, "cases": [row.values for row in rows]}, path, lines)


def _head(row: Row, path: Path) -> dict[str, Any]:
    for key in row.values:
        if key not in _HEAD:
            remedy = f"Only {', '.join(f'`{one}`' for one in _HEAD)} belong in this line."
            raise KitError(f"Unknown key `{key}`.", path=path, line=row.line, remedy=remedy)
    return row.values


def _cells(table: Table, rows: list[Row], path: Path) -> list[Row]:
    """The rows of a CSV as a YAML file would have them: without empty cells, lists as lists."""
    assert table.head is not None
    found = [
        Row(
            row.line,
            {key: _value(key, cell.strip(), path, row.line) for key, cell in row.values.items() if cell.strip()},
        )
        for row in rows
    ]
    for column in table.head.values:
        unnamed = re.fullmatch(r"column \d+", column) and not any(column in row.values for row in found)
        if column not in Case.model_fields and not unnamed:
            guess = nearest(column, Case.model_fields)
            remedy = f"Did you mean `{guess}`?" if guess else f"Known: {', '.join(Case.model_fields)}."
            raise KitError(f"Unknown column `{column}`.", path=path, line=table.head.line, remedy=remedy)
    return found


def _value(key: str, cell: str, path: Path, line: int) -> Any:
    cell = re.sub(r"^'(?=[=+\-@])", "", cell)  # as cells are written that would else be formulas
    if key in _OBJECTS or (key in (*LISTS, "turns") and cell.startswith("[")):
        try:
            return json.loads(cell)
        except (ValueError, RecursionError) as error:
            problem, remedy = f"The cell under `{key}` is not JSON: {error}.", "Mend it, or write one JSON value."
            raise KitError(problem, path=path, line=line, remedy=remedy) from error
    if key in LISTS:
        return [part.strip() for part in cell.split(";") if part.strip()]
    if key == "turns":  # a message may well hold a semicolon
        return [part.strip() for part in cell.splitlines() if part.strip()]
    return cell
