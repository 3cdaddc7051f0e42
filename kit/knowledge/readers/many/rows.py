"""Rows of cells, and the records that they are once the row with the columns' names is found."""

from collections.abc import Sequence
from dataclasses import dataclass

from kit.knowledge.readers.document import LeftOut
from kit.knowledge.readers.many.columns import ANSWER, QUESTION, key, match
from kit.knowledge.readers.many.records import Record

__all__ = ["HEAD_ROWS", "Row", "Sheet", "Table", "table_of"]

HEAD_ROWS = 20  # in which the head is looked for; a title, a date and empty rows may stand above it


@dataclass(frozen=True)
class Row:
    """The cells of a row; `number` is its line in the file or its number in the sheet."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """The rows of a file, or of one sheet of it; `delimiter` is what stands between cells in a text file."""

    name: str
    rows: tuple[Row, ...]
    left_out: tuple[LeftOut, ...] = ()
    delimiter: str = ""


@dataclass(frozen=True)
class Table:
    """The records of a sheet. Every record has the same columns."""

    columns: tuple[str, ...]
    records: tuple[Record, ...]
    left_out: tuple[LeftOut, ...] = ()


def table_of(sheet: Sheet) -> Table:
    """Find the head of a sheet and make records of the rows below; empty rows and repeated heads are passed over."""
    rows = [row for row in sheet.rows if any(cell.strip() for cell in row.cells)]
    at = _head(rows)
    if at is None:
        return Table((), (), sheet.left_out)
    head = tuple(cell.strip() for cell in rows[at].cells)
    while head and not head[-1]:
        head = head[:-1]
    columns: list[str] = []
    for name in head:
        again = sum(one.partition("\n")[0] == name for one in columns)
        columns.append(f"{name}\n{again + 1}" if again else name)  # of two columns of one name the first counts
    names = [key(one) for one in head]
    records: list[Record] = []
    left_out = list(sheet.left_out)
    for row in rows[at + 1 :]:
        place = f"{sheet.name}:{row.number}" if sheet.name else str(row.number)
        cells = _fitted(row.cells, columns, sheet.delimiter)
        if cells is None:
            left_out.append(
                LeftOut(
                    f"It has {len(row.cells)} cells, the head has {len(columns)}. Put cells that hold the sign "
                    f"`{sheet.delimiter}` into quotation marks.",
                    place,
                )
            )
        elif [key(cell) for cell in cells] != names:
            records.append(Record(place, {name: cell for name, cell in zip(columns, cells, strict=True) if name}))
    return Table(tuple(name for name in columns if name), tuple(records), tuple(left_out))


def _head(rows: Sequence[Row]) -> int | None:
    """The place of the row that names a question and an answer, else of the first that has several cells."""
    for at, row in enumerate(rows[:HEAD_ROWS]):
        if {QUESTION, ANSWER} <= match(row.cells).keys():
            return at
    several = (at for at, row in enumerate(rows) if sum(bool(cell.strip()) for cell in row.cells) > 1)
    return next(several, 0 if rows else None)


def _fitted(cells: tuple[str, ...], columns: Sequence[str], delimiter: str) -> tuple[str, ...] | None:
    """As many cells as there are columns, or None where it cannot be told which cell belongs where."""
    width = len(columns)
    cells = cells + ("",) * (width - len(cells))
    if not delimiter or not any(cell.strip() for cell in cells[width:]):
        return cells[:width]
    # The last column holds the answer, which has the delimiter in it: what was taken apart is put together.
    if match(columns, loosely=True).get(ANSWER) == columns[-1]:
        return (*cells[: width - 1], delimiter.join(cells[width - 1 :]))
    return None
