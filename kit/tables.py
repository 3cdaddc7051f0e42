"""Rows of a CSV or JSON lines file, with the line that each begins on."""

import csv
import io
import itertools
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.errors import KitError

__all__ = ["Row", "Table", "read_table"]

_CSV, _JSONL = (".csv", ".tsv", ".txt"), (".jsonl", ".ndjson")
_DELIMITERS = (",", ";", "\t")
# A cell may hold the whole thread of a ticket; the csv module stops at 131,072 characters unless told.
_LONGEST_CELL = 16_000_000


@dataclass(frozen=True)
class Row:
    """Values by column, as they stand in the file; `line` counts from 1, where the row begins."""

    line: int
    values: dict[str, Any]

    @property
    def empty(self) -> bool:
        """Whether no value says anything."""
        return not any(value.strip() if isinstance(value, str) else value is not None for value in self.values.values())


@dataclass(frozen=True)
class Table:
    """The rows of a file. `head` is the row of the columns' names, each with itself; JSON lines have none."""

    head: Row | None
    rows: tuple[Row, ...]
    encoding: str


def read_table(path: Path, *, known: Collection[str], what: str) -> Table:
    """Read a CSV (comma, semicolon or tab) or a JSON lines file.

    Args:
        path: the file; its suffix says which of the two it is.
        known: names that a head probably has, to tell the delimiter by.
        what: what the rows are, for messages: `tickets`.

    Raises:
        KitError: the file cannot be read or its rows do not fit together; names the line and what to do.
    """
    suffix = path.suffix.lower()
    if suffix not in (*_CSV, *_JSONL):
        problem = f"The kit reads {what} from CSV and JSON lines, not from `{suffix or path.name}`."
        raise KitError(problem, path=path, remedy=f"Export the {what} as `.csv` or `.jsonl`.")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise KitError(f"This file cannot be read: {error.strerror}.", path=path, remedy="Check the path.") from error
    text, encoding = _decode(data, path, what)
    if suffix in _JSONL:
        return Table(None, tuple(_json_rows(text, path)), encoding)
    delimiter = "\t" if suffix == ".tsv" else _delimiter(text, known)
    records = itertools.dropwhile(lambda record: not any(record[1]), _csv_records(text, path, delimiter))
    line, cells = next(records, (1, []))
    columns = _columns(cells, path, line)
    head = Row(line, {column: column for column in columns})
    return Table(head, tuple(_csv_row(line, cells, columns, path) for line, cells in records), encoding)


def _decode(data: bytes, path: Path, what: str) -> tuple[str, str]:
    """The text and the name of its encoding: what a byte order mark says, else UTF-8, else Windows-1252."""
    if data.startswith(b"\xef\xbb\xbf"):
        encodings = ["utf-8-sig"]
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in data[:2]:  # ASCII letters as UTF-16 without a mark
        encodings = ["utf-16-be" if data[:1] == b"\0" else "utf-16-le"]
    else:
        encodings = ["utf-8", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, encoding
    raise KitError(
        "This is not text in UTF-8, UTF-16 or Windows-1252.",
        path=path,
        remedy=f"Export the {what} as CSV in UTF-8, or as JSON lines.",
    )


def _json_rows(text: str, path: Path) -> Iterator[Row]:
    # str.splitlines also breaks at signs such as U+2028, which JSON allows within a text.
    for number, line in enumerate(text.removesuffix("\n").split("\n"), start=1):
        if not line.strip():
            yield Row(number, {})
            continue
        try:
            value = json.loads(line, object_pairs_hook=_without_twins)
        except (ValueError, RecursionError) as error:
            problem = f"This line is not JSON: {error}."
            raise KitError(problem, path=path, line=number, remedy="Write one JSON object on each line.") from error
        if not isinstance(value, dict):
            remedy = "Write one JSON object on each line."
            raise KitError("This line is not a JSON object.", path=path, line=number, remedy=remedy)
        yield Row(number, value)


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; of two keys alike JSON would silently keep the last."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"the key `{next(name for name in names if names.count(name) > 1)}` is here twice")
    return found


def _delimiter(text: str, known: Collection[str]) -> str:
    head = text.lstrip().split("\n", 1)[0].lower()
    return max(_DELIMITERS, key=lambda sign: sum(cell.strip(' "\r') in known for cell in head.split(sign)))


def _csv_records(text: str, path: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise KitError(
                f"This row is not valid CSV: {error}.",
                path=path,
                line=line,
                remedy='Close each quoted cell, and double the quotes within it: "".',
            ) from error
        yield line, cells


def _columns(cells: list[str], path: Path, line: int) -> tuple[str, ...]:
    names = [cell.strip() for cell in cells]
    for place, name in enumerate(names):
        if name and name in names[:place]:
            raise KitError(
                f"There are two columns `{name}`.", path=path, line=line, remedy="Rename or remove one of them."
            )
    return tuple(name or f"column {place}" for place, name in enumerate(names, start=1))


def _csv_row(line: int, cells: list[str], columns: tuple[str, ...], path: Path) -> Row:
    if not any(cell.strip() for cell in cells):
        return Row(line, {})
    if len(cells) != len(columns):
        raise KitError(
            f"This row has {len(cells)} {'cell' if len(cells) == 1 else 'cells'}, the head has {len(columns)}.",
            path=path,
            line=line,
            remedy="Put cells that hold the delimiter or a line break into quotes.",
        )
    return Row(line, dict(zip(columns, cells, strict=True)))
