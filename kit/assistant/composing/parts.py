"""Cuts a block of Markdown into what can be said on its own: kind, text and quote of each part."""

import re
from collections.abc import Iterator
from typing import Literal

from kit.assistant.composing.blocks import label
from kit.assistant.composing.marks import plain
from kit.text import sentences

__all__ = ["Kind", "parts"]

Kind = Literal["sentence", "steps", "item", "note", "row", "code", "remark"]
Part = tuple[Kind, str, str]

_NUMBERED = re.compile(r"\s{0,3}\d+[.)]\s")
_BULLET = re.compile(r"\s{0,3}[-*+•]\s")
_NOTE = re.compile(r"(?:\*\*|__)?(?:note|tip|hint)\s*:\s*(?:\*\*|__)?:?\s*", re.IGNORECASE)
_ASKED = re.compile(r"\s*(?:\*\*|__)([^*_\n]{3,120}\?)(?:\*\*|__)\s+(?=\S)")
_RULE = re.compile(r"\|?[\s:|-]+\|?")
# "1. Open … 2. Tap …" in one line.
_COUNTED = re.compile(r"(?<!\S)1\. .*\s2\. .*")
# A cell with more words than this is read as running text: as one fact of a row it would be too much at once.
_LONG_CELL = 40


def parts(block: str) -> Iterator[Part]:
    """What can be said of a block on its own: kind, text and quote."""
    first = block.lstrip()
    if first.startswith(("```", "~~~")):
        code = "\n".join(line for line in block.splitlines() if not line.lstrip().startswith(("```", "~~~")))
        yield "code", code.strip("\n"), code.strip("\n")
    elif _NUMBERED.match(block):
        yield "steps", plain(block), block
        yield from (("remark", plain(text), text) for text in _remarks(block))
    elif _BULLET.match(block):
        for item in _items(block):
            yield "item", plain(_without(_BULLET, item)), item
    elif first.startswith("|"):
        yield from _rows(block)
    elif first.startswith(">"):
        inner = re.sub(r"(?m)^\s*>\s?", "", block)
        for text in sentences(inner):
            if not label(text):
                yield "note", plain(_without(_NOTE, _without(_BULLET, text))), _as_it_stands(text, block)
    else:
        # A question in bold is what the customer asked; the answer is what follows it.
        question = _ASKED.match(block)
        if question:
            yield "sentence", plain(question[1]), question[1]
        for text in sentences(block[question.end() :] if question else block):
            yield "sentence", plain(text), text


def _remarks(steps: str) -> Iterator[str]:
    """What steps say besides what to do: the sentences of an item after its first."""
    for item in re.split(r"\n(?=\s*\d+[.)]\s)", steps):
        yield from sentences(_NUMBERED.sub("", item.split("\n", 1)[0], count=1))[1:]


def _without(mark: re.Pattern[str], text: str) -> str:
    """The text without the mark that it begins with."""
    found = mark.match(text)
    return text[found.end() :] if found else text


def _cell(cell: str) -> Iterator[Part]:
    """What a long cell says: the steps that it counts, and the sentences before and after them."""
    steps = _COUNTED.search(cell)
    counted = re.findall(r"(?<!\S)(\d+)\. ", steps.group()) if steps else []
    if steps and [int(number) for number in counted] == list(range(1, len(counted) + 1)) and len(counted) > 2:
        yield from _cell(cell[: steps.start()])
        yield "steps", plain(re.sub(r" +(?=\d+\. )", "\n", steps.group().strip())), steps.group().strip()
    else:
        for text in sentences(cell):
            yield "sentence", plain(re.sub(r"(?:^|(?<=\s))>\s", "", text)), text


def _items(block: str) -> Iterator[str]:
    """The items of a bulleted list, each with the lines and lists within it."""
    margin = len(block) - len(block.lstrip())
    item: list[str] = []
    for line in block.splitlines():
        if item and _BULLET.match(line) and len(line) - len(line.lstrip()) <= margin:
            yield "\n".join(item).rstrip()
            item = []
        item.append(line)
    yield "\n".join(item).rstrip()


def _as_it_stands(text: str, block: str) -> str:
    """Words of a quotation with the marks that stand between them at the beginnings of lines."""
    found = re.search(r"[\s>]+".join(map(re.escape, text.split())), block)
    return found.group() if found else block


def _rows(block: str) -> Iterator[Part]:
    """Each row of a pipe table as a sentence ("Plus: monthly $4.99, yearly $49"), with the row itself."""
    lines = [line.strip() for line in block.splitlines() if line.strip()]
    header: list[str] = []
    for line in lines:
        if _RULE.fullmatch(line):
            continue
        cells = line.strip("|").split("|")
        if any(len(cell.split()) > _LONG_CELL for cell in cells):
            yield from (part for cell in cells[1:] for part in _cell(cell))
            continue
        cells = [plain(cell) for cell in cells]
        if not header:
            header = cells
            continue
        named = [(name, cell) for name, cell in zip(header[1:], cells[1:], strict=False) if cell]
        facts = ", ".join(f"{name}: {cell}" if name else cell for name, cell in named)
        end = "" if (facts or cells[0]).endswith((".", "!", "?")) else "."
        yield "row", (f"{cells[0]}: {facts}" if facts else cells[0]) + end, line
