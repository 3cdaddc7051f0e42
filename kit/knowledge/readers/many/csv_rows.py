"""Reads the rows of a CSV or TSV file, whatever signs it is written with."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from kit.knowledge.readers.document import LeftOut, decoded
from kit.knowledge.readers.many.columns import ANSWER, QUESTION, match
from kit.knowledge.readers.many.rows import HEAD_ROWS, Row, Sheet

__all__ = ["read_csv"]

MAX_SOURCE = 50 * 2**20
_DELIMITERS = (",", ";", "\t", "|")
_HINT = re.compile(r"sep=(.)\n", re.IGNORECASE)  # with which Excel can be told the delimiter
_SAMPLE = 50_000  # characters by which the delimiter is told
# A cell may hold a whole article; the csv module stops at 131,072 characters unless told.
_LONGEST_CELL = 16_000_000
_TRIES = 5


def read_csv(path: Path) -> Sheet:
    """Read a file of rows with commas, semicolons, tabs or bars between the cells.

    Raises:
        Unreadable: not text.
    """
    text = decoded(_marked(path.read_bytes()), limit=MAX_SOURCE).replace("\0", "")
    hint = _HINT.match(text)
    first = 2 if hint else 1
    text = text[hint.end() :] if hint else text
    if hint:
        delimiter = hint.group(1)
    elif path.suffix.lower() == ".tsv":
        delimiter = "\t"
    else:
        delimiter = _delimiter(text)
    left_out: list[LeftOut] = []
    return Sheet("", tuple(_rows(text, delimiter, first, left_out)), tuple(left_out), delimiter)


def _marked(data: bytes) -> bytes:
    """UTF-16 that lacks its mark gets one: every other byte of its head is then a zero."""
    if len(data) % 2 == 0 and data[:1] and data[1:8:2] == b"\0\0\0\0":
        return codecs.BOM_UTF16_LE + data
    if len(data) % 2 == 0 and data[0:8:2] == b"\0\0\0\0" and data[1:2] != b"\0":
        return codecs.BOM_UTF16_BE + data
    return data


def _delimiter(text: str) -> str:
    """The sign with which the head has a question and an answer, else with which most rows have the same width."""

    def fit(sign: str) -> tuple[int, float, int]:
        rows = [cells for _, cells in _parsed(text[:_SAMPLE], sign, 1) if any(cells)]
        named = max((len({QUESTION, ANSWER} & match(cells).keys()) for cells in rows[:HEAD_ROWS]), default=0)
        width, times = Counter(map(len, rows)).most_common(1)[0] if rows else (1, 0)
        return named, times / len(rows) if width > 1 else 0.0, width

    return max(_DELIMITERS, key=fit)


def _parsed(text: str, delimiter: str, line: int) -> Iterator[tuple[int, list[str]]]:
    """The rows, each with the line on which it begins."""
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        start = reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:  # a cell longer than any article; what is longer than the file allows is no row
            continue
        yield line + start, cells


def _rows(text: str, delimiter: str, line: int, left_out: list[LeftOut]) -> Iterator[Row]:
    """The rows; a quotation mark that is never closed costs its own line, not all lines after it."""
    for _ in range(_TRIES):
        rows = list(_parsed(text, delimiter, line))
        lines = text.removesuffix("\n").split("\n")
        swallowed = rows and line + len(lines) - rows[-1][0] > 1 and not _is_closed(lines[rows[-1][0] - line :])
        if not swallowed:
            break
        start = rows.pop()[0]
        yield from (Row(number, tuple(cells)) for number, cells in rows)
        left_out.append(LeftOut("A quotation mark that opens here is not closed. Close it.", str(start)))
        text, line = "\n".join(lines[start - line + 1 :]), start + 1
    yield from (Row(number, tuple(cells)) for number, cells in rows)


def _is_closed(lines: list[str]) -> bool:
    return sum(one.count('"') for one in lines) % 2 == 0
