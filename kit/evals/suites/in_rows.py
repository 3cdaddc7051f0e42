"""Changes of cases in the text of a suite in JSON lines or CSV: only their own lines are written anew."""

import csv
import io
import itertools
import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from kit.errors import KitError
from kit.evals.case import Case
from kit.tables import Row, Table, read_table

__all__ = ["with_rows", "without_row"]


def with_rows(path: Path, values: Mapping[int, Mapping[str, str]], *, drop: Collection[str]) -> bytes:
    """The file with other texts under some keys of some cases, by their places, and without some of their keys.

    Raises:
        KitError: the file's encoding does not know a sign of a new text, or in CSV there is no column for it.
    """
    table, rows = _read(path)
    said: dict[int, str | None] = {}
    for place, texts in values.items():
        row = rows[place]
        for key in texts:
            if table.head is not None and key not in row.values:
                remedy = "Add the column, or change the case by hand."
                raise KitError(f"This file has no column `{key}`.", path=path, line=row.line, remedy=remedy)
        new = {**row.values, **texts}
        if table.head is None:
            kept = {key: value for key, value in new.items() if key not in drop}
            said[row.line] = json.dumps(kept, ensure_ascii=False)
        else:
            said[row.line] = _line({key: "" if key in drop else value for key, value in new.items()}, path, table)
    return _put(path, table, said)


def without_row(path: Path, place: int) -> bytes:
    """The file without one of its cases."""
    table, rows = _read(path)
    return _put(path, table, {rows[place].line: None})


def _read(path: Path) -> tuple[Table, list[Row]]:
    table = read_table(path, known=Case.model_fields, what="cases")
    rows = [row for row in table.rows if not row.empty]
    return table, rows[1:] if table.head is None and "suite" in rows[0].values else rows


def _put(path: Path, table: Table, said: Mapping[int, str | None]) -> bytes:
    """The file with other words where rows stand, by the line that each begins on; None takes a row out."""
    lines = io.StringIO(path.read_bytes().decode(table.encoding), newline="").readlines()
    ends = dict(itertools.pairwise([row.line for row in table.rows] + [len(lines) + 1]))
    for line, new in sorted(said.items(), reverse=True):
        end = line if table.head is None else ends[line] - 1
        last = lines[end - 1]
        newline = last[len(last.rstrip("\r\n")) :]
        lines[line - 1 : end] = [] if new is None else [new + newline]
    try:
        return "".join(lines).encode(table.encoding)
    except UnicodeEncodeError as error:
        problem = f"The encoding of this file ({table.encoding}) has no `{error.object[error.start]}`."
        raise KitError(problem, path=path, remedy="Save the file as UTF-8 first.") from error


def _line(values: Mapping[str, Any], path: Path, table: Table) -> str:
    """A row as CSV, with the delimiter that the head has."""
    assert table.head is not None
    head = path.read_bytes().decode(table.encoding).splitlines()[table.head.line - 1]
    delimiter = max(",;\t", key=lambda sign: sum(cell.strip(' "') in Case.model_fields for cell in head.split(sign)))
    said = io.StringIO()
    csv.writer(said, delimiter=delimiter, lineterminator="").writerow(
        [f"'{value}" if value.startswith(("=", "+", "-", "@")) else value for value in values.values()]
    )
    return said.getvalue()
