"""Cuts a passage into what can be said on its own: sentences, whole procedures, items of lists, rows of tables."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from kit.assistant.composing.blocks import blocks, label
from kit.knowledge import Passage
from kit.text import sentences

__all__ = ["Unit", "plain", "procedure", "units"]

_NUMBERED = re.compile(r"\s{0,3}\d+[.)]\s")
_BULLET = re.compile(r"\s{0,3}[-*+•]\s")
_NOTE = re.compile(r"(?:\*\*|__)?(?:note|tip|hint)\s*:\s*(?:\*\*|__)?:?\s*", re.IGNORECASE)
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+(.*)")
_RULE = re.compile(r"\|?[\s:|-]+\|?")
# Lines that open or close code.
_FENCE = re.compile(r"(?m)^[ \t]*(?:`{3,}|~{3,})\w*[ \t]*\n?")
_INLINE = (
    (re.compile(r"!?\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"(\*\*|__)(.+?)\1"), r"\2"),
    (re.compile(r"(?<![\w*])[*_](\S[^*_]*?)[*_](?![\w*])"), r"\1"),
    (re.compile(r"`+([^`]*)`+"), r"\1"),
    (re.compile(r"\*\*"), ""),
)
# What sends the reader elsewhere, in a sentence of its own.
_ELSEWHERE = r"(?:(?:please )?(?:see|refer to|visit|read|check out) |(?:to )?learn more\b|for (?:more|further|other) )"
_ASIDE = re.compile(
    rf"{_ELSEWHERE}[^.]*(?:documentation|docs|articles?|pages?|sections?|guide|details|information|more|below|above)\b.*"
    r"|learn more\.?",
    re.IGNORECASE | re.DOTALL,
)
_ASIDE_WITHIN = re.compile(
    rf"(?<=[.!?]) +{_ELSEWHERE}[^.\n]*\b(?:documentation|docs|article|page|section|guide)\b[^.\n]*\.", re.IGNORECASE
)
# "1. Open … 2. Tap …" in one line.
_COUNTED = re.compile(r"(?<!\S)1\. .*\s2\. .*")
# A cell with more words than this is read as running text: as one fact of a row it would be too much at once.
_LONG_CELL = 40


@dataclass(frozen=True)
class Unit:
    """A part of a passage. `text` is what is said, `quote` the same as it stands in the passage.

    Attributes:
        block: number of the block within the passage that it comes from; units of one block belong together.
        heading: the nearest heading above it within the passage.
        place: its number within the passage.
    """

    kind: Literal["sentence", "steps", "item", "note", "row", "code", "remark"]
    text: str
    quote: str
    passage: Passage
    block: int
    heading: str = ""
    place: int = 0

    @property
    def leads(self) -> bool:
        """Whether it is nothing without what follows: "Do this:"."""
        return self.text.endswith(":")

    @property
    def aside(self) -> bool:
        """Whether it only leads elsewhere: "See the guide for details."."""
        return self.kind in ("sentence", "note", "item") and bool(_ASIDE.match(self.text))


def units(passage: Passage) -> list[Unit]:
    """The passage's units, in order."""
    found: list[Unit] = []
    heading = passage.headings[-1] if passage.headings else ""
    for number, block in enumerate(blocks(passage.text)):
        if (name := label(block)) is not None:
            heading = plain(name)
            continue
        for kind, text, quote in _parts(block):
            if any(char.isalnum() for char in text):
                found.append(Unit(kind, text, quote, passage, number, heading, len(found)))
    return found


Part = tuple[Literal["sentence", "steps", "item", "note", "row", "code", "remark"], str, str]


def _parts(block: str) -> Iterator[Part]:
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
        for text in sentences(block):
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


def procedure(found: Sequence[Unit], index: int) -> range:
    """The places of the procedure that the steps at `index` belong to.

    A long procedure is cut over several passages; where the steps before or after count on, they are part of it, with
    what stands between.
    """
    steps = [place for place, unit in enumerate(found) if unit.kind == "steps"]
    first = last = steps.index(index)
    while first > 0 and _goes_on(found[steps[first - 1]], found[steps[first]]):
        first -= 1
    while last + 1 < len(steps) and _goes_on(found[steps[last]], found[steps[last + 1]]):
        last += 1
    return range(steps[first], steps[last] + 1)


def _goes_on(one: Unit, other: Unit) -> bool:
    same_article = one.passage.article_id == other.passage.article_id
    return same_article and _numbers(other)[0] == _numbers(one)[-1] + 1


def _numbers(steps: Unit) -> list[int]:
    """The numbers of the items themselves, without those of lists within them."""
    text = steps.quote if "\n" in steps.quote else steps.text  # of a table's cell the text has the lines
    margin = text[: len(text) - len(text.lstrip())]
    return [int(number) for number in re.findall(rf"(?m)^{margin}(\d+)[.)]\s", text)]


def plain(text: str) -> str:
    """Markdown without its inline marks; lists keep their numbers and bullets."""
    text = _FENCE.sub("", text)
    for pattern, replacement in _INLINE:
        text = pattern.sub(replacement, text)
    return _ASIDE_WITHIN.sub("", text).strip()


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
