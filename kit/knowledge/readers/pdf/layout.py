"""Turns pieces of text with their places on the page, which is all that a PDF holds, into Markdown."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kit.knowledge.readers.pdf.lines import Line, Page, lines_of, without_margins
from kit.text import squash, words

__all__ = ["laid_out"]

_MARKER = re.compile(r"(?:(?P<number>\d{1,3})[.)]?|[•◦▪‣●○■·∙–o-])")
_ITEM = re.compile(r"(?:(?P<number>\d{1,3})[.)]\s+|[•◦▪‣●○■∙]\s*|[–-]\s+)(?=\S)")
# Titles that programs put in by themselves.
_NO_TITLE = re.compile(
    r"microsoft \w+ - |untitled|\(?(?:anonymous|unspecified)\)?$|.*\.(?:docx?|pdf|indd|pptx?|xlsx?|rtf|odt|html?|tex)$",
    re.IGNORECASE,
)
_HEADING = 1.15  # times the size of the running text


def laid_out(pages: Sequence[Page], title: str) -> tuple[str, str, list[tuple[str, int]]]:
    """The document's title, its text as Markdown, and the headings in it, each with the number of its page from 1.

    Args:
        pages: what the PDF draws.
        title: the title that the PDF states, if any; else the first of the largest headings is taken.
    """
    lines = [line for number, page in enumerate(pages) for line in lines_of(number, page)]
    lines = without_margins(lines, [page.height for page in pages])
    if not lines:
        return "", "", []
    layout = _Layout(lines, "" if _NO_TITLE.match(title) else title)
    blocks = list(layout.blocks())
    return layout.title, "\n\n".join(blocks), layout.headings


class _Layout:
    """Finds headings, paragraphs, lists and tables in a document's lines."""

    def __init__(self, lines: list[Line], title: str) -> None:
        self.lines = lines
        letters: Counter[float] = Counter()
        for line in lines:
            letters[line.size] += len(line.text)
        self.body = letters.most_common(1)[0][0]
        self.leading = self._leading()
        self.full = max(line.width for line in lines if line.size == self.body)
        first = self._first_heading()
        heading = squash(" ".join(lines[i].text for i in first))
        self.title = title or heading
        self.above = first if heading.casefold() == self.title.casefold() else ()
        below = {line.size for i, line in enumerate(lines) if self.is_large(line) and i not in self.above}
        self.sizes = sorted(below, reverse=True)
        self.headings: list[tuple[str, int]] = []
        self.words = Counter(word for line in lines for word in words(line.text))

    def _leading(self) -> float:
        """From line to line within a paragraph, times the size: what few distances are below."""
        pairs = zip(self.lines, self.lines[1:], strict=False)
        gaps = sorted(
            (one.y - two.y) / one.size
            for one, two in pairs
            if one.page == two.page
            and one.size == two.size
            and abs(one.x - two.x) < 2
            and 0 < one.y - two.y < 3 * one.size
        )
        return min(max(gaps[len(gaps) // 10], 1.0), 2.0) if gaps else 1.3

    def _first_heading(self) -> tuple[int, ...]:
        """The numbers of the lines of the first of the largest headings on the first page, if it has headings."""
        large = [i for i, line in enumerate(self.lines) if line.page == 0 and self.is_large(line)]
        size = max((self.lines[i].size for i in large), default=0.0)
        found: list[int] = []
        for i in large:
            if self.lines[i].size == size and (not found or (i == found[-1] + 1 and self.follows(found[-1]))):
                found.append(i)
        return tuple(found)

    def is_large(self, line: Line) -> bool:
        return line.size >= _HEADING * self.body and any(char.isalpha() for char in line.text)

    def follows(self, i: int) -> bool:
        """Whether the line after line `i` belongs to the same paragraph."""
        if i + 1 >= len(self.lines):
            return False
        one, two = self.lines[i], self.lines[i + 1]
        if abs(one.size - two.size) > 0.1 * one.size:
            return False
        if one.page != two.page:
            return two.text[0].islower() and not one.text.endswith((".", "!", "?", ":"))
        gap = (one.y - two.y) / one.size
        if self.leading > 1.5 and one.width < 0.8 * self.full:  # widely set: a short line ends its paragraph
            return False
        return 0.5 < gap <= 1.25 * self.leading

    def beside(self, i: int) -> bool:
        """Whether the line after line `i` stands to its right."""
        if i + 1 >= len(self.lines):
            return False
        one, two = self.lines[i], self.lines[i + 1]
        return one.page == two.page and abs(one.y - two.y) < one.size / 2 and two.x > one.x + one.size / 2

    def blocks(self) -> Iterator[str]:
        """The document's blocks as Markdown."""
        i, items = 0, _Items()
        while i < len(self.lines):
            line = self.lines[i]
            if found := self.item(i):
                mark, text, start = found
                text, i = self.paragraph(start, text, indent=line.x + 1)
                items.add(line.x, mark, text)
                continue
            yield from items.done()
            if i in self.above:
                i += 1
            elif level := self.level(i):
                text, i = self.paragraph(i, line.text)
                self.headings.append((text, line.page + 1))
                yield f"{'#' * level} {text}"
            elif self.beside(i):
                block, end = self.table(i)
                if block:
                    yield block
                    i = end
                else:  # no table; then it is a line that the PDF draws in pieces
                    pieces = self.lines[i:end]
                    self.lines[i:end] = [replace(line, text=" ".join(piece.text for piece in pieces))]
            else:
                text, i = self.paragraph(i, line.text)
                yield text
        yield from items.done()

    def item(self, i: int) -> tuple[str, str, int] | None:
        """Of a line that begins a list item: its mark in Markdown, its text, and the line that the text is of."""
        line = self.lines[i]
        if self.is_large(line):
            return None
        if (found := _MARKER.fullmatch(line.text)) and self.beside(i) and self.lines[i + 1].x - line.x < 6 * line.size:
            return self.mark(found), self.lines[i + 1].text, i + 1
        if (found := _ITEM.match(line.text)) and not self.beside(i):
            return self.mark(found), line.text[found.end() :], i
        return None

    @staticmethod
    def mark(found: re.Match[str]) -> str:
        return f"{found['number']}." if found["number"] else "-"

    def level(self, i: int) -> int:
        """The level of a heading, from 2, or 0: told by its size, else by its weight."""
        line = self.lines[i]
        if self.is_large(line):
            return min(2 + self.sizes.index(line.size), 6)
        alone = not self.follows(i) or not self.lines[i + 1].bold
        if line.bold and alone and not self.beside(i) and len(line.text) <= 80 and line.text[-1] not in ".:;,!":
            return min(2 + len(self.sizes), 6)
        return 0

    def paragraph(self, i: int, text: str, indent: float = 0.0) -> tuple[str, int]:
        """The text of a paragraph that begins with line `i`, and the number of the line after it.

        Lines further to the left than `indent` are no part of it.
        """
        while self.follows(i):
            after = self.lines[i + 1]
            if after.x < indent or self.item(i + 1) or self.beside(i + 1):
                break
            if self.level(i + 1) and not self.level(i):
                break
            text = self.joined(text, after.text)
            i += 1
        return text, i + 1

    def joined(self, text: str, more: str) -> str:
        """Two lines as one; a word that was divided at the end of the first is put together."""
        if not re.search(r"\w-$", text) or not more[0].islower():
            return f"{text} {more}"
        first, second = words(text.rsplit(None, 1)[-1])[-1], words(more.split(None, 1)[0])[0]
        whole = self.words[first + second] or not self.words[f"{first}-{second}"]
        return (text[:-1] if whole and "-" not in first else text) + more

    def table(self, i: int) -> tuple[str, int]:
        """The table that begins with line `i` as pipes and dashes, and the number of the line after it.

        Without a second row it is no table: empty, and the number of the line after the first row.
        """
        row = self.row(i)
        columns = [line.x for line in row]
        rows = [[line.text for line in row]]
        end = self.rows(i + len(row), columns, rows)
        if sum(sum(map(bool, cells)) > 1 for cells in rows) < 2:
            return "", i + len(row)
        texts = ["| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |" for cells in rows]
        return "\n".join([texts[0], "|" + "---|" * len(columns), *texts[1:]]), end

    def row(self, i: int) -> list[Line]:
        """Line `i` and those beside it."""
        row = [self.lines[i]]
        while self.beside(i + len(row) - 1):
            row.append(self.lines[i + len(row)])
        return row

    @staticmethod
    def column(line: Line, columns: list[float], spans: list[list[float]]) -> int:
        """The column of a cell: the one it begins with, else the only one it stands below; -1 if it is left of all."""
        for number, x in enumerate(columns):
            if abs(line.x - x) < 3:
                return number
        below = [number for number, (start, end) in enumerate(spans) if line.x < end and start < line.x + line.width]
        if len(below) == 1 and line.width < 1.5 * max(spans[below[0]][1] - spans[below[0]][0], 6 * line.size):
            return below[0]
        return max((number for number, x in enumerate(columns) if line.x >= x - 3), default=-1)

    def rows(self, i: int, columns: list[float], rows: list[list[str]]) -> int:
        """Add the rows from line `i` on to `rows`; gives the number of the line after the last."""
        before, at = self.lines[i - 1], len(columns) - 1
        spans = [[line.x, line.x + line.width] for line in self.lines[i - len(columns) : i]]
        while i < len(self.lines):
            line = self.lines[i]
            column = self.column(line, columns, spans)
            goes_on = line.page == before.page and abs(before.y - line.y) < 5 * line.size
            over = line.page == before.page + 1 and abs(line.x - columns[0]) < 3 and self.beside(i)
            room = columns[column + 1] - columns[column] if column + 1 < len(columns) else float("inf")
            fits = line.width * 0.8 < room and abs(line.size - before.size) <= 0.1 * before.size
            wrapped = (
                column == at and line.page == before.page and 0 < before.y - line.y < 1.25 * self.leading * line.size
            )
            row = self.row(i)
            if (
                len(row) == len(columns)
                and (goes_on or over)
                and not wrapped
                and abs(before.y - line.y) > line.size / 2
            ):
                # Whatever their alignment, so many cells are one for each column.
                if any(self.is_large(cell) for cell in row):
                    break
                rows.append([cell.text for cell in row])
                spans = [[min(a, cell.x), max(b, cell.x + cell.width)] for (a, b), cell in zip(spans, row, strict=True)]
                before, at, i = row[-1], len(columns) - 1, i + len(row)
                continue
            if column < 0 or not (goes_on or over) or not fits or self.is_large(line):
                break
            if wrapped:
                rows[-1][column] = self.joined(rows[-1][column], line.text)
            else:
                if column <= at:
                    rows.append([""] * len(columns))
                rows[-1][column] = f"{rows[-1][column]} {line.text}".strip()
            before, at = line, column
            i += 1
        if rows[-1] == rows[0] and len(rows) > 1:
            rows.pop()
        return i


class _Items:
    """The list items met so far that follow each other; deeper ones stand further to the right."""

    def __init__(self) -> None:
        self.places: list[float] = []
        self.lines: list[str] = []

    def add(self, x: float, mark: str, text: str) -> None:
        while self.places and self.places[-1] > x + 3:
            self.places.pop()
        # Numbers of two digits begin further to the left; what is a little to the right is not deeper.
        if not self.places or x > self.places[-1] + 12:
            self.places.append(x)
        self.lines.append(f"{'   ' * (len(self.places) - 1)}{mark} {text}")

    def done(self) -> Iterator[str]:
        if self.lines:
            yield "\n".join(self.lines)
        self.places, self.lines = [], []
