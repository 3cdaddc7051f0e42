"""Writes elements of HTML as blocks of Markdown."""

import re
from collections.abc import Iterator
from typing import Any

from kit.knowledge.readers.html.parts import (
    BLOCKS,
    HEADINGS,
    callout_label,
    fragment_of,
    is_block,
    is_callout,
    is_dropped,
    is_permalink,
)
from kit.text import squash

__all__ = ["HtmlWriter", "heading_text"]

_COLUMNS = 100  # of a table; cells further to the right join the last


def heading_text(element: Any) -> str:
    """The words of a heading."""
    return squash(_inline_content(element, plain=True, spaced=True))


class HtmlWriter:
    """Writes elements as blocks of Markdown."""

    def __init__(self) -> None:
        self.level = 1  # of the last heading
        self.depth = 0  # of lists and boxes around, in which headings are lines in bold
        self.headings: list[tuple[str, str]] = []
        self.link_lists: set[str] = set()

    def blocks(self, element: Any) -> Iterator[str]:
        """The Markdown blocks of an element's content."""
        run: list[str] = [element.text or ""]
        for child in element:
            if is_block(child):
                yield from _paragraphs(run)
                run = []
                if not is_dropped(child):
                    yield from self.block(child)
            else:
                run.append(_inline(child))
            run.append(child.tail or "")
        yield from _paragraphs(run)

    def block(self, element: Any) -> Iterator[str]:
        tag = element.tag
        if tag in HEADINGS or tag == "summary":
            yield from self.heading(element)
        elif tag in ("ul", "ol", "menu"):
            yield from self.list(element)
        elif tag == "table":
            yield from self.table(element)
        elif tag == "pre":
            code = element.text_content().strip("\n")
            fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", code)), default=0))
            yield from [f"{fence}\n{code}\n{fence}"] if code.strip() else []
        elif tag == "blockquote" or is_callout(element):
            yield from self.box(element)
        elif tag == "dt":
            yield from (f"**{one}**" for one in _lines(_inline_content(element, plain=True)))
        else:
            yield from self.blocks(element)

    def heading(self, element: Any) -> Iterator[str]:
        """A heading, and the question of an accordion, which is one below."""
        text = heading_text(element)
        if element.tag == "summary":
            inner = next(element.iter(*HEADINGS), None)
            level = int(inner.tag[1]) if inner is not None else min(self.level + 1, 6)
        else:
            level = int(element.tag[1])
        if text and self.depth:
            yield f"**{text}**"
            return
        if element.tag != "summary":
            self.level = level
        if text:
            self.headings.append((text, fragment_of(element)))
            yield f"{'#' * level} {text}"

    def box(self, element: Any) -> Iterator[str]:
        """A quotation or a callout; a callout says of what kind it is."""
        self.depth += 1
        blocks = list(self.blocks(element))
        self.depth -= 1
        if not blocks:
            return
        label = callout_label(element) if element.tag != "blockquote" else ""
        if is_callout(element) and len(blocks) > 1 and (title := blocks[0].strip("*: ")) and _is_label(title, label):
            label, blocks = title[0].upper() + title[1:], blocks[1:]
        begins = blocks[0].lstrip("*").casefold()
        if label and not begins.startswith(label.casefold()):
            apart = re.match(r"[-|>#`] ?|\d+\. ", begins)
            blocks = [f"**{label}:**", *blocks] if apart else [f"**{label}:** {blocks[0]}", *blocks[1:]]
        yield "\n".join(f"> {line}".rstrip() for line in "\n\n".join(blocks).split("\n"))

    def list(self, element: Any) -> Iterator[str]:
        """A list as one block; the numbers are those that a browser shows."""
        number = _integer(element.get("start"), 1)
        items: list[str] = []
        for item in element:
            if is_dropped(item) or not isinstance(item.tag, str):
                continue
            number = _integer(item.get("value"), number)
            mark = f"{number}. " if element.tag == "ol" else "- "
            self.depth += 1
            blocks = list(self.blocks(item)) if item.tag == "li" else list(self.block(item))
            self.depth -= 1
            text = "".join(_after(block, position) + block for position, block in enumerate(blocks))
            if text.strip():
                indent = " " * len(mark)
                items.append(mark + "\n".join(f"{indent}{line}".rstrip() for line in text.split("\n")).lstrip())
                number += 1
        if items:
            text = "\n".join(items)
            linked = sum(len(squash(link.text_content())) for link in element.iter("a"))
            if linked > 0.8 * len(squash(element.text_content())):
                self.link_lists.add(text)
            yield text

    def table(self, element: Any) -> Iterator[str]:
        """A table as pipes and dashes; a table that only arranges the page, as what stands in it."""
        rows = [row for row in element.iter("tr") if next(row.iterancestors("table")) is element]
        cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
        for caption in element.findall("caption"):
            yield from self.blocks(caption)
        if element.find(".//table") is not None or max((len(row) for row in cells), default=0) < 2:
            for row in cells:
                for cell in row:
                    yield from self.blocks(cell)
            return
        grid = _grid(cells)
        width = max(len(row) for row in grid)
        lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in grid if any(row)]
        if lines:
            yield "\n".join([lines[0], "|" + "---|" * width, *lines[1:]])


def _is_label(title: str, label: str) -> bool:
    """Whether the first line of a callout is its title: the name of its kind, or a line in bold."""
    return len(title) <= 40 and (not label or title.casefold() == label.casefold())


def _after(block: str, position: int) -> str:
    """What stands before a block of a list item: nested lists follow at once."""
    if not position:
        return ""
    return "\n" if re.match(r"- |\d+\. ", block) else "\n\n"


def _grid(cells: list[list[Any]]) -> list[list[str]]:
    """The text of each place of a table; a cell that spans several places is repeated in those below it."""
    grid: list[list[str]] = []
    hanging: dict[int, tuple[str, int]] = {}
    for row in cells:
        line: list[str] = []
        waiting = iter(row)
        while True:
            column = len(line)
            if column in hanging:
                text, left = hanging.pop(column)
                line.append(text)
                if left > 1:
                    hanging[column] = (text, left - 1)
                continue
            cell = next(waiting, None)
            if cell is None:
                break
            text = squash(_inline_content(cell, spaced=True)).replace("|", "\\|")
            if column == _COLUMNS:
                line[-1] = f"{line[-1]} {text}".strip()
                continue
            for place in range(max(1, min(_integer(cell.get("colspan"), 1), _COLUMNS - column))):
                line.append("" if place else text)
                if (rows := min(_integer(cell.get("rowspan"), 1), 1000)) > 1:
                    hanging[column + place] = ("" if place else text, rows - 1)
        grid.append(line)
    return grid


def _integer(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,6}", text.strip()) else otherwise


def _paragraphs(run: list[str]) -> Iterator[str]:
    """Text with its line breaks as paragraphs; an empty line ends one."""
    text = "".join(run)
    for part in re.split(r"\v[ \t\n\r]*\v", text):
        if lines := list(_lines(part)):
            yield "\n".join(lines)


def _lines(text: str) -> Iterator[str]:
    return (line for one in text.split("\v") if (line := squash(one)))


def _inline(element: Any, *, plain: bool = False, spaced: bool = False) -> str:
    """An element within a line; a vertical tab stands for a line break of the page."""
    tag = element.tag
    if not isinstance(tag, str) or is_dropped(element) or is_permalink(element):
        return ""
    if tag == "br":
        return "\v"
    if tag == "img":
        return squash(element.get("alt") or "")
    text = _inline_content(element, plain=plain, spaced=spaced)
    if spaced and tag in BLOCKS:
        return f" {text} "
    mark = {"b": "**", "strong": "**", "code": "`", "kbd": "`", "samp": "`"}.get(tag, "")
    if not mark or plain or not text.strip() or mark in text:
        return text
    inner = " ".join(_lines(text))
    return f"{text[: len(text) - len(text.lstrip())]}{mark}{inner}{mark}{text[len(text.rstrip()) :]}"


def _inline_content(element: Any, *, plain: bool = False, spaced: bool = False) -> str:
    parts = [element.text or ""]
    for child in element:
        parts += [_inline(child, plain=plain, spaced=spaced), child.tail or ""]
    return "".join(parts)
