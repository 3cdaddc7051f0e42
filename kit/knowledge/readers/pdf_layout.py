"""Turns pieces of text with their places on the page, which is all that a PDF holds, into Markdown."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kit.safety import strip_hidden
from kit.text import squash, words

__all__ = ["Chunk", "Page", "laid_out"]

_MARKER = re.compile(r"(?:(?P<number>\d{1,3})[.)]?|[•◦▪‣●○■·∙–o-])")
_ITEM = re.compile(r"(?:(?P<number>\d{1,3})[.)]\s+|[•◦▪‣●○■∙]\s*|[–-]\s+)(?=\S)")
# Titles that programs put in by themselves.
_NO_TITLE = re.compile(
    r"microsoft \w+ - |untitled|\(?(?:anonymous|unspecified)\)?$|.*\.(?:docx?|pdf|indd|pptx?|xlsx?|rtf|odt|html?|tex)$",
    re.IGNORECASE,
)
# Letters drawn as one, and the codes that bullets have in common fonts.
_SIGNS = str.maketrans(
    {chr(0xFB00 + i): word for i, word in enumerate("ff fi fl ffi ffl st st".split())}
    | dict.fromkeys("\x7f\uf0b7\uf0a7\uf0d8", "•")
)

_HEADING = 1.15  # times the size of the running text
_MARGIN = 0.08  # the share of the page's height, above and below, where heads and feet of pages stand
_LETTER = 0.5  # the width of a letter on average, times its size


@dataclass(frozen=True)
class Chunk:
    """A piece of text as the PDF draws it: where it begins, in points from the lower left, and how large it is."""

    x: float
    y: float
    size: float
    bold: bool
    ends: bool
    text: str


@dataclass(frozen=True)
class Page:
    """A page's height in points, and its chunks in the order in which they are drawn."""

    height: float
    chunks: Sequence[Chunk]


@dataclass(frozen=True)
class _Line:
    """Chunks drawn one after the other at one height; a row of a table is several of these."""

    page: int
    x: float
    y: float
    size: float
    bold: bool
    text: str

    @property
    def width(self) -> float:
        return len(self.text) * self.size * _LETTER


def laid_out(pages: Sequence[Page], title: str) -> tuple[str, str]:
    """The document's title and its text as Markdown.

    Args:
        pages: what the PDF draws.
        title: the title that the PDF states, if any; else the first of the largest headings is taken.
    """
    lines = [line for number, page in enumerate(pages) for line in _lines(number, page)]
    lines = _without_margins(lines, [page.height for page in pages])
    if not lines:
        return "", ""
    layout = _Layout(lines, "" if _NO_TITLE.match(title) else title)
    blocks = list(layout.blocks())
    return layout.title, "\n\n".join(blocks)


def _lines(number: int, page: Page) -> Iterator[_Line]:
    line: _Line | None = None
    ended = True
    for chunk in page.chunks:
        text = strip_hidden(chunk.text.translate(_SIGNS)).replace("\n", " ")
        if not text.strip():
            continue
        if line and not ended and abs(chunk.y - line.y) < line.size / 2 and not _is_apart(line, chunk, text):
            line = replace(line, text=line.text + text, bold=line.bold and chunk.bold, size=max(line.size, chunk.size))
        else:
            if line:
                yield replace(line, text=squash(line.text))
            line = _Line(number, chunk.x, chunk.y, chunk.size, chunk.bold, text)
        ended = chunk.ends
    if line:
        yield replace(line, text=squash(line.text))


def _is_apart(line: _Line, chunk: Chunk, text: str) -> bool:
    """Whether a chunk is another cell, far to the right of the line before, even if the PDF does not end that line."""
    wide = 1.25 * line.width  # as in the widest of fonts for text
    return text.startswith(" ") and chunk.x > line.x + wide + 3 * line.size


def _without_margins(lines: list[_Line], heights: list[float]) -> list[_Line]:
    """The lines but those that stand in the margin of most pages, such as "Page 3 of 9"."""

    def key(line: _Line) -> tuple[int, str] | None:
        height = heights[line.page]
        outside = line.y < _MARGIN * height or line.y > (1 - _MARGIN) * height
        return (round(line.y / 3), re.sub(r"\d+", "#", line.text)) if outside else None

    pages: dict[tuple[int, str], set[int]] = {}
    for line in lines:
        if place := key(line):
            pages.setdefault(place, set()).add(line.page)
    repeated = {place for place, found in pages.items() if len(found) >= max(2, 0.5 * len(heights))}
    return [line for line in lines if key(line) not in repeated]


class _Layout:
    """Finds headings, paragraphs, lists and tables in a document's lines."""

    def __init__(self, lines: list[_Line], title: str) -> None:
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

    def is_large(self, line: _Line) -> bool:
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
        row = [self.lines[i]]
        while self.beside(i + len(row) - 1):
            row.append(self.lines[i + len(row)])
        columns = [line.x for line in row]
        rows = [[line.text for line in row]]
        end = self.rows(i + len(row), columns, rows)
        if sum(sum(map(bool, cells)) > 1 for cells in rows) < 2:
            return "", i + len(row)
        texts = ["| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |" for cells in rows]
        return "\n".join([texts[0], "|" + "---|" * len(columns), *texts[1:]]), end

    def rows(self, i: int, columns: list[float], rows: list[list[str]]) -> int:
        """Add the rows from line `i` on to `rows`; gives the number of the line after the last."""
        before, at = self.lines[i - 1], len(columns) - 1
        while i < len(self.lines):
            line = self.lines[i]
            column = max((c for c, x in enumerate(columns) if line.x >= x - 3), default=-1)
            goes_on = line.page == before.page and abs(before.y - line.y) < 5 * line.size
            over = line.page == before.page + 1 and abs(line.x - columns[0]) < 3 and self.beside(i)
            room = columns[column + 1] - columns[column] if column + 1 < len(columns) else float("inf")
            fits = line.width * 0.8 < room and abs(line.size - before.size) <= 0.1 * before.size
            if column < 0 or not (goes_on or over) or not fits or self.is_large(line):
                break
            wrapped = (
                column == at and line.page == before.page and 0 < before.y - line.y < 1.25 * self.leading * line.size
            )
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
