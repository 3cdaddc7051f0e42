"""Cuts a passage into what can be said on its own: sentences, whole procedures, notes, rows of tables."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from kit.knowledge import Passage
from kit.text import sentences, squash

__all__ = ["Unit", "plain", "procedure", "units"]

_NUMBERED = re.compile(r"\s{0,3}\d+[.)]\s")
_BULLET = re.compile(r"\s{0,3}[-*+•]\s")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+(.*)")
_RULE = re.compile(r"\|?[\s:|-]+\|?")
_INLINE = (
    (re.compile(r"!?\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"(\*\*|__)(.+?)\1"), r"\2"),
    (re.compile(r"(?<![\w*])[*_](\S[^*_]*?)[*_](?![\w*])"), r"\1"),
    (re.compile(r"`([^`]*)`"), r"\1"),
)


@dataclass(frozen=True)
class Unit:
    """A part of a passage. `text` is what is said, `quote` the same as it stands in the passage.

    Attributes:
        block: number of the block within the passage that it comes from; units of one block belong together.
        heading: the nearest heading above it within the passage.
    """

    kind: Literal["sentence", "steps", "bullets", "note", "row"]
    text: str
    quote: str
    passage: Passage
    block: int
    heading: str = ""


def units(passage: Passage) -> list[Unit]:
    """The passage's units, in order."""
    found: list[Unit] = []
    heading = passage.headings[-1] if passage.headings else ""
    for number, block in enumerate(_blocks(passage.text)):
        first = block.lstrip()
        if match := _HEADING.match(block):
            heading = plain(match.group(1))
        elif _NUMBERED.match(block):
            found.append(Unit("steps", plain(block), block, passage, number, heading))
        elif _BULLET.match(block):
            found.append(Unit("bullets", plain(block), block, passage, number, heading))
        elif first.startswith("|"):
            found += [Unit("row", text, quote, passage, number, heading) for text, quote in _rows(block)]
        elif first.startswith(">"):
            text = squash(re.sub(r"(?m)^\s*>\s?", "", block))
            found.append(Unit("note", plain(text), block, passage, number, heading))
        else:
            found += [
                Unit("sentence", plain(text), text, passage, number, heading)
                for text in sentences(block)
                if any(char.isalnum() for char in text)
            ]
    return found


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
    margin = steps.quote[: len(steps.quote) - len(steps.quote.lstrip())]
    return [int(number) for number in re.findall(rf"(?m)^{margin}(\d+)[.)]\s", steps.quote)]


def plain(text: str) -> str:
    """Markdown without its inline marks; lists keep their numbers and bullets."""
    for pattern, replacement in _INLINE:
        text = pattern.sub(replacement, text)
    return text.strip()


def _blocks(text: str) -> Iterator[str]:
    """The text's blocks: a list stays one block with its continued lines and the notes between its items."""
    block: list[str] = []
    for line in text.splitlines():
        begins_list = bool(_NUMBERED.match(line) or _BULLET.match(line))
        in_list = bool(block) and bool(_NUMBERED.match(block[0]) or _BULLET.match(block[0]))
        if not line.strip():
            # A blank line ends a block, unless a list goes on after it.
            if block and not in_list:
                yield "\n".join(block)
                block = []
            elif block:
                block.append("")
            continue
        goes_on = in_list and (line.startswith((" ", "\t")) or _same_list(block[0], line))
        loose = in_list and block[-1] == ""
        if block and ((in_list and loose and not goes_on) or (begins_list and not in_list) or _HEADING.match(line)):
            yield "\n".join(block).rstrip()
            block = []
        block.append(line)
        if _HEADING.match(line):
            yield "\n".join(block)
            block = []
    if block:
        yield "\n".join(block).rstrip()


def _same_list(first: str, line: str) -> bool:
    return bool(_NUMBERED.match(first) and _NUMBERED.match(line)) or bool(_BULLET.match(first) and _BULLET.match(line))


def _rows(block: str) -> Iterator[tuple[str, str]]:
    """Each row of a pipe table as a sentence ("Plus: monthly $4.99, yearly $49"), with the row itself."""
    lines = [line.strip() for line in block.splitlines() if line.strip()]
    header: list[str] = []
    for line in lines:
        if _RULE.fullmatch(line):
            continue
        cells = [plain(cell) for cell in line.strip("|").split("|")]
        if not header:
            header = cells
            continue
        named = zip(header[1:], cells[1:], strict=False)
        facts = ", ".join(f"{name}: {cell}" if name else cell for name, cell in named if cell)
        yield f"{cells[0]}: {facts}." if facts else f"{cells[0]}.", line
