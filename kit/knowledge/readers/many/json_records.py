"""Reads the records of a JSON or JSON lines file, wherever in it they stand."""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kit.knowledge.readers.document import LeftOut, Unreadable, decoded
from kit.knowledge.readers.many.records import Record

__all__ = ["Found", "Value", "find_records", "read_json", "rows_in"]

MAX_SOURCE = 50 * 2**20
_DEPTH = 8  # of lists and objects within each other in which records are looked for


@dataclass(frozen=True)
class Value:
    """A JSON value; `line` is where it stands in a file of JSON lines, and 0 if it is the whole file."""

    line: int
    data: Any


@dataclass
class Found:
    """The records in a file, the named lists beside them (such as the sections), and what is no record among them."""

    records: list[Record] = field(default_factory=list)
    named: dict[str, dict[str, Mapping[str, Any]]] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)


def read_json(path: Path) -> tuple[list[Value], list[LeftOut]]:
    """Read a file of JSON or of JSON lines, whatever its suffix says.

    Returns:
        The values, and the lines that are none.

    Raises:
        Unreadable: not text, or neither of the two.
    """
    text = decoded(path.read_bytes(), limit=MAX_SOURCE)
    if not text.strip():
        raise Unreadable("It holds no text.")
    values, wrong = _lines(text)
    # One value over many lines is mostly lines that are no JSON; `{` alone on its line is how most begin.
    if not wrong and len(values) == 1:
        return [Value(0, values[0].data)], []
    if wrong:
        try:
            return [Value(0, json.loads(text))], []
        except RecursionError as error:
            raise Unreadable("It is broken: lists within lists without end.") from error
        except ValueError as error:
            if not any(isinstance(one.data, dict) for one in values):
                raise Unreadable(f"It is not JSON: {error}. Export it again.") from error
    return values, wrong


def _lines(text: str) -> tuple[list[Value], list[LeftOut]]:
    values: list[Value] = []
    wrong: list[LeftOut] = []
    # str.splitlines also breaks at signs such as U+2028, which JSON allows within a text.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            values.append(Value(number, json.loads(line)))
        except (ValueError, RecursionError):
            wrong.append(LeftOut("This line is not JSON.", str(number)))
            if len(wrong) > 100 and len(wrong) > 10 * len(values):  # these are no JSON lines
                break
    return values, wrong


def find_records(values: list[Value], fits: Callable[[Collection[str]], bool]) -> Found:
    """Find the objects whose keys fit, at any depth.

    Args:
        values: what the file holds.
        fits: whether an object with these keys, in lower case, is a record.
    """
    found = Found()
    for value in values:
        _Walk(found, fits, value).into(value.data)
    return found


class _Walk:
    """Goes through a value and adds to `found`."""

    def __init__(self, found: Found, fits: Callable[[Collection[str]], bool], value: Value) -> None:
        self.found, self.fits, self.value, self.count = found, fits, value, 0

    def place(self, data: Any) -> str:
        """The line of a record that is a line; else its number, behind the line if the file has lines."""
        self.count += 1
        line = self.value.line
        if not line:
            return str(self.count)
        return str(line) if data is self.value.data else f"{line}:{self.count}"

    def into(self, data: Any, around: tuple[Mapping[str, Any], ...] = ()) -> None:
        if isinstance(data, Mapping):
            if self.is_record(data):
                self.found.records.append(Record(self.place(data), data, around))
            elif len(around) < _DEPTH:
                for name, value in data.items():
                    if isinstance(value, Mapping | list):
                        self.note(name, value)
                        self.into(value, (data, *around))
        elif isinstance(data, list) and len(around) < _DEPTH:
            mixed = any(map(self.is_record, data))
            for item in data:
                if mixed and not self.is_record(item):
                    reason = "It is no article, as those beside it are."
                    self.found.left_out.append(LeftOut(reason, self.place(item)))
                elif isinstance(item, Mapping | list):
                    self.into(item, around if isinstance(item, Mapping) else ({}, *around))

    def is_record(self, data: Any) -> bool:
        return isinstance(data, Mapping) and self.fits({name.lower() for name in data})

    def note(self, name: str, value: Any) -> None:
        """Keep a list of named objects, such as the sections, by their ids."""
        items = value if isinstance(value, list) else []
        named = {str(one["id"]): one for one in items if isinstance(one, Mapping) and "id" in one and "name" in one}
        self.found.named.setdefault(name, {}).update(named)


def rows_in(values: list[Value]) -> list[tuple[list[Record], list[LeftOut]]]:
    """The lists of objects that may be the rows of a table, each with what in it is no object.

    They are the lines, the list that the file is, or the lists within the object that it is.
    """
    if all(one.line for one in values):
        return [_rows([(one.line, one.data) for one in values])]
    data = values[0].data
    lists = [*data.values(), [data]] if isinstance(data, Mapping) else [data]
    return [_rows(list(enumerate(items, start=1))) for items in lists if isinstance(items, list)]


def _rows(items: list[tuple[int, Any]]) -> tuple[list[Record], list[LeftOut]]:
    records = [Record(str(number), one) for number, one in items if isinstance(one, Mapping)]
    others = [LeftOut("It is no JSON object.", str(number)) for number, one in items if not isinstance(one, Mapping)]
    return records, others
