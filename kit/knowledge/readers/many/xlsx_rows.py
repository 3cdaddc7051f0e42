"""Reads the sheets of an Excel workbook (.xlsx, .xlsm): what their cells show."""

import re
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile

from kit.knowledge.readers.document import Unreadable
from kit.knowledge.readers.many.rows import Row, Sheet
from kit.knowledge.readers.package import check_package

__all__ = ["read_xlsx"]

MAX_COLUMNS = 64
MAX_ROWS = 1_048_576  # as many as Excel has; a file may claim to have more
MAX_GAP = 10_000  # empty rows, after which no more are looked for
MAX_PART = 150 * 2**20  # of a sheet; 100,000 rows of long answers stay below
_ERROR = re.compile(r"#(?:REF!|N/A|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|SPILL!|CALC!)")
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^<>]{0,99}?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')


def read_xlsx(path: Path) -> list[Sheet]:
    """Read the sheets of a workbook that are shown.

    Of a formula, the value that it had when the workbook was saved is taken; what links to other workbooks is not
    followed. A cell merged over several rows counts for each of them.

    Raises:
        Unreadable: protected by a password, no workbook, broken, or packed so that it would fill the memory.
    """
    from openpyxl.reader.excel import ExcelReader
    from openpyxl.utils.exceptions import InvalidFileException

    check_package(path, program="Excel", suffix=".xlsx", kind="Excel workbook", largest_part=MAX_PART)
    with path.open("rb") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about what openpyxl does not keep: styles, checks, extensions
        try:
            reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
            reader.read()
            merged = {
                sheet.name: _merged(reader.archive.open(part.target)) for sheet, part in reader.parser.find_sheets()
            }
            return [
                Sheet(sheet.title, tuple(_rows(sheet, merged.get(sheet.title, {}))))
                for sheet in reader.wb.worksheets
                if sheet.sheet_state == "visible"
            ]
        except (InvalidFileException, BadZipFile, KeyError, ValueError, TypeError, SyntaxError, EOFError) as error:
            raise Unreadable("It is broken, or no Excel workbook. Open it in Excel and save it again.") from error


def _merged(part: IO[bytes]) -> dict[int, dict[int, int]]:
    """Of cells merged over several rows, for each row below the first: by column, how many rows above the first is."""
    from openpyxl.utils import column_index_from_string

    with part:
        places = _MERGE.findall(part.read())
    below: dict[int, dict[int, int]] = {}
    for left, top, right, bottom in places[:10_000]:
        if left == right and 1 <= int(top) < int(bottom) <= min(int(top) + 1000, MAX_ROWS):
            column = column_index_from_string(left.decode()) - 1
            for row in range(int(top) + 1, int(bottom) + 1):
                below.setdefault(row, {})[column] = row - int(top)
    return below


def _rows(sheet: Any, merged: dict[int, dict[int, int]]) -> Iterator[Row]:
    sheet.reset_dimensions()  # what a file says of its size may be wrong
    above: dict[int, str] = {}
    last = 0
    for number, cells in enumerate(islice(sheet.iter_rows(max_col=MAX_COLUMNS), MAX_ROWS), start=1):
        texts = [_shown(cell) for cell in cells]
        for column in merged.get(number, {}):
            if column < len(texts):
                texts[column] = above.get(column, "")
        if number + 1 in merged:
            above = {column: texts[column] for column in merged[number + 1] if column < len(texts)}
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            last = number
            yield Row(number, tuple(texts))
        elif number - last > MAX_GAP:
            return


def _shown(cell: Any) -> str:
    """What a cell shows, but for signs of currency and the like."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        # `_x000D_` is how a workbook writes a carriage return.
        return "" if _ERROR.fullmatch(value) else value.replace("_x000D_", "").replace("\r\n", "\n")
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return str(value.date() if value.time() == time() else value)
    if isinstance(value, date):
        return str(value)
    if isinstance(value, int | float):
        form = str(cell.number_format or "").split(";")[0]
        if re.fullmatch("0+", form) and float(value).is_integer():
            return f"{int(value):0{len(form)}d}"
        if re.fullmatch(r"0(?:\.0+)?%", form):
            return f"{value:.{max(len(form) - 3, 0)}%}"
        return str(int(value)) if float(value).is_integer() else repr(value)
    return str(value)
