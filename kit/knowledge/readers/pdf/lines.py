"""Puts the pieces of text that a PDF draws together into lines, and leaves out heads and feet of pages."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kit.safety import strip_hidden
from kit.text import squash

__all__ = ["Chunk", "Line", "Page", "lines_of", "without_margins"]

# Letters drawn as one, and the codes that bullets have in common fonts.
_SIGNS = str.maketrans(
    {chr(0xFB00 + i): word for i, word in enumerate("ff fi fl ffi ffl st st".split())}
    | dict.fromkeys("\x7f\uf0b7\uf0a7\uf0d8", "•")
)

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
class Line:
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


def lines_of(number: int, page: Page) -> Iterator[Line]:
    """The lines of the page of this number, in the order in which they are drawn."""
    line: Line | None = None
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
            line = Line(number, chunk.x, chunk.y, chunk.size, chunk.bold, text)
        ended = chunk.ends
    if line:
        yield replace(line, text=squash(line.text))


def _is_apart(line: Line, chunk: Chunk, text: str) -> bool:
    """Whether a chunk is another cell, far to the right of the line before, even if the PDF does not end that line."""
    wide = 1.25 * line.width  # as in the widest of fonts for text
    return text.startswith(" ") and chunk.x > line.x + wide + 3 * line.size


def without_margins(lines: list[Line], heights: list[float]) -> list[Line]:
    """The lines but those that stand in the margin of most pages, such as "Page 3 of 9"."""

    def key(line: Line) -> tuple[int, str] | None:
        height = heights[line.page]
        outside = line.y < _MARGIN * height or line.y > (1 - _MARGIN) * height
        return (round(line.y / 3), re.sub(r"\d+", "#", line.text)) if outside else None

    pages: dict[tuple[int, str], set[int]] = {}
    for line in lines:
        if place := key(line):
            pages.setdefault(place, set()).add(line.page)
    repeated = {place for place, found in pages.items() if len(found) >= max(2, 0.5 * len(heights))}
    return [line for line in lines if key(line) not in repeated]
