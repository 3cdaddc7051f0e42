"""Markdown taken apart along its structure: blocks, and the units that a block too long for one passage is cut into."""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from kit.text import sentences

__all__ = ["Block", "Frame", "Unit", "cut", "heading_name", "is_warning", "numbers", "parse"]

Kind = Literal["heading", "paragraph", "list", "item", "quote", "table", "code", "rule"]
Size = Callable[[str], int]

_KINDS: dict[str, Kind] = {
    "heading_open": "heading",
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "list_item_open": "item",
    "blockquote_open": "quote",
    "table_open": "table",
    "fence": "code",
    "code_block": "code",
    "hr": "rule",
}
_MARKS = re.compile(r"(?<!\w)(?:\*\*|`)|(?:\*\*|`)(?!\w)")
_QUOTE_MARK = re.compile(r"(?m)^[ \t]*(?:>[ \t]?)+")
_FENCE = re.compile(r"[\s>]*(?:`{3,}|~{3,})")
_ITEM_NUMBER = re.compile(r"^([\s>]*)(\d{1,9})(?=[.)])")
_SIGNAL = r"(?:warning|caution|danger|attention|important|note|tip|hint)\b"
# "Warning: …", "**Note (Mac only)** …", "**Important safety note:** …"
_WARNING = re.compile(
    rf"{_SIGNAL}[ \t]*:|(?:\*\*|__){_SIGNAL}[^\n*_:]{{0,40}}(?::[ \t]*(?:\*\*|__)|(?:\*\*|__)[ \t]*:?)[ \t]*\S",
    re.IGNORECASE,
)
_GAP, _DARK = re.compile(r"\s*"), re.compile(r"\S+")
# A word, or in scripts that write without spaces, a run up to the next stop or comma.
_STOPS = "\u3001\u3002\uff01\uff0c\uff1b\uff1f"
_WORD = re.compile(rf"[^\s{_STOPS}]*[{_STOPS}]+|[^\s{_STOPS}]+")


@dataclass(frozen=True)
class Block:
    """Some consecutive lines of Markdown that belong together. `level` is that of a heading; `name` is its text."""

    kind: Kind
    lines: tuple[str, ...]
    start: int
    tokens: tuple[Token, ...] = ()
    level: int = 0
    name: str = ""
    fenced: bool = False

    @property
    def text(self) -> str:
        return "\n".join(self.lines).rstrip()


@dataclass(frozen=True, eq=False)
class Frame:
    """What goes around units wherever they stand: a table's header row, the fences of code."""

    lead: str
    tail: str
    size: int


@dataclass(frozen=True)
class Unit:
    """Text that is not cut any further. `glue` stands between it and the unit before; `size` is in tokens."""

    text: str
    glue: str
    size: int
    frame: Frame | None = None
    verbatim: bool = False


@cache
def _parser() -> MarkdownIt:
    # Only blocks are wanted. Without `html` what looks like a tag is text, and stays; without `reference` so do link
    # definitions.
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    return parser.disable(["inline", "text_join", "reference"])


def parse(text: str) -> list[Block]:
    """The blocks of a Markdown text, in order; together they hold all its lines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")  # as the parser counts lines
    return list(_blocks(_parser().parse(text), text.split("\n"), 0))


def _blocks(tokens: Sequence[Token], lines: Sequence[str], first: int) -> Iterator[Block]:
    """The blocks that the outermost of `tokens` open; they share `lines`, which begin at line `first` of the text."""
    if not tokens:
        return
    opened = [i for i, token in enumerate(tokens) if token.level == tokens[0].level and token.nesting >= 0]
    starts = [first, *((tokens[i].map or [first])[0] for i in opened[1:]), first + len(lines)]
    for (i, following), (start, stop) in zip(pairwise([*opened, len(tokens)]), pairwise(starts), strict=True):
        token, inner = tokens[i], tuple(tokens[i + 1 : following - (tokens[i].nesting == 1)])
        kind = _KINDS.get(token.type, "paragraph")
        level = int(token.tag[1]) if kind == "heading" else 0
        name = heading_name(inner[0].content) if kind == "heading" else ""
        fenced = token.type == "fence"
        yield Block(kind, tuple(lines[start - first : stop - first]), start, inner, level, name, fenced)


def heading_name(text: str) -> str:
    """The name of a heading of these words: without the marks of weight and code."""
    return " ".join(_MARKS.sub("", text).split())


def is_warning(block: Block) -> bool:
    """Whether a block is about the one beside it: a quotation, as notes are written, or a "Warning:" paragraph."""
    return block.kind == "quote" or (block.kind == "paragraph" and bool(_WARNING.match(block.text)))


def numbers(block: Block) -> range:
    """The numbers of the steps of a numbered list; empty for any other block."""
    items = [one for one in block.tokens if one.type == "list_item_open" and one.level == block.tokens[0].level]
    if block.kind != "list" or not items or not items[0].info.isdigit():
        return range(0)
    return range(int(items[0].info), int(items[0].info) + len(items))


def cut(block: Block, budget: int, size: Size, *, glue: str = "\n\n", quoted: bool = False) -> Iterator[Unit]:
    """The block as units of at most `budget` tokens: itself where it fits, else along its structure.

    A list is cut between items, a table between rows, code between lines, a paragraph between sentences, and what is
    still too long between words. Only a single word may be longer than the budget.

    Args:
        block: what to cut.
        budget: tokens that a unit may have.
        size: counts the tokens of a text.
        glue: what stands between the first unit and what comes before it.
        quoted: whether the block is part of a quotation.
    """
    whole = size(block.text)
    if whole <= budget:
        yield Unit(block.text, glue, whole, verbatim=block.kind == "code")
    elif block.kind in ("list", "item", "quote") and block.tokens:
        children = list(_blocks(block.tokens, block.lines, block.start))
        for position, child in enumerate(_numbered(children, block.tokens)):
            yield from cut(child, budget, size, glue=glue, quoted=quoted or block.kind == "quote")
            loose = position < len(children) - 1 and not child.lines[-1].strip(" \t>")
            glue = "\n\n" if loose else "\n"
    elif block.kind == "table":
        yield from _framed(block.lines[2:], "\n".join(block.lines[:2]), "", budget, size, glue)
    elif block.fenced:
        lead, *lines = block.text.split("\n")
        mark = _FENCE.match(lead)
        tail = mark.group() if mark else "```"
        if lines and lines[-1].strip() == tail.strip():
            lines.pop()
        yield from _framed(lines, lead, tail, budget, size, glue)
    elif block.kind == "code":
        yield from _framed(block.lines, "", "", budget, size, glue)
    else:
        yield from _by_sentences(block.text, budget, size, glue, quoted)


def _numbered(items: list[Block], tokens: Sequence[Token]) -> list[Block]:
    """The items of a list; where all have one number, as many writers do it, each gets the number it counts to."""
    numbers = {found[2] for item in items if (found := _ITEM_NUMBER.match(item.lines[0]))}
    if len(numbers) != 1 or tokens[0].type != "list_item_open":
        return items
    first = int(numbers.pop())
    return [_renumbered(item, first + position) for position, item in enumerate(items)]


def _renumbered(item: Block, number: int) -> Block:
    found = _ITEM_NUMBER.match(item.lines[0])
    if not found or int(found[2]) == number:
        return item
    # What belongs to the item is indented as far as its text, which now begins further to the right.
    shift = " " * (len(str(number)) - len(found[2]))
    head = found[1] + str(number) + item.lines[0][found.end() :]
    rest = (shift + line if line.startswith(" ") else line for line in item.lines[1:])
    return replace(item, lines=(head, *rest))


def _framed(lines: Sequence[str], lead: str, tail: str, budget: int, size: Size, glue: str) -> Iterator[Unit]:
    """Lines as units, with `lead` and `tail` around them in every passage unless that leaves no room."""
    around = size(f"{lead}\n") + size(f"\n{tail}") if lead or tail else 0
    frame = Frame(lead, tail, around) if 0 < around <= budget / 2 else None
    if frame is None and (lead or tail):
        lines, around = [*lead.split("\n"), *lines, *([tail] if tail else [])], 0
    for line in lines:
        if not line.strip():
            glue += "\n"
            continue
        for part in _by_words(line, budget - around, size, glue):
            yield replace(part, frame=frame, verbatim=True)
        glue = "\n"


def _by_sentences(text: str, budget: int, size: Size, glue: str, quoted: bool) -> Iterator[Unit]:
    if quoted:
        # Each sentence carries the mark itself, so that every piece of a quotation is one.
        for sentence in sentences(_QUOTE_MARK.sub("", text)):
            for part in _by_words(sentence, budget - size("> "), size, glue):
                yield Unit(f"> {part.text}", glue, size(f"> {part.text}"))
                glue = "\n"
        return
    start = 0
    for sentence in sentences(text):
        stop = _after(text, start, sum(len(word) for word in sentence.split()))
        yield from _by_words(text[start:stop], budget, size, glue)
        gap = _GAP.match(text, stop)
        start = gap.end() if gap else stop
        glue = text[stop:start] or " "


def _after(text: str, start: int, letters: int) -> int:
    """The position in `text`, from `start`, after so many characters that are not white space."""
    for found in _DARK.finditer(text, start):
        if len(found.group()) >= letters:
            return found.start() + letters
        letters -= len(found.group())
    return len(text)


def _by_words(text: str, budget: int, size: Size, glue: str) -> Iterator[Unit]:
    """The text whole if it fits, else in parts of about equal length that do."""
    length = size(text)
    if length <= budget or len(spans := [found.span() for found in _WORD.finditer(text)]) < 2:
        yield Unit(text.rstrip(), glue, length)
        return
    parts = min(len(spans), max(2, math.ceil(length / max(1, 0.9 * budget))))
    step = math.ceil(len(spans) / parts)
    for first in range(0, len(spans), step):
        start, stop = spans[first][0] if first else 0, spans[min(first + step, len(spans)) - 1][1]
        if first:
            glue = " " if text[start - 1].isspace() else ""
        yield from _by_words(text[start:stop], budget, size, glue)
