"""Writes what docutils made of a reStructuredText document as blocks of Markdown."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from docutils import nodes

from kit.knowledge.readers.rst.blocks import Labelled, Markdown
from kit.knowledge.readers.rst.words import is_shown, words_of
from kit.text import squash

__all__ = ["RstWriter"]

_COLUMNS = 100  # of a table; cells further to the right are left out
_MARKED = re.compile(r"(?:[-*] |\d{1,9}[.)] )")


class RstWriter:
    """Writes blocks, and keeps the headings it met, each with the fragment that leads to it."""

    def __init__(self) -> None:
        self.headings: list[tuple[str, str]] = []

    def blocks(self, children: Iterable[Any], level: int) -> Iterator[str]:
        """The Markdown blocks of nodes.

        Args:
            children: what to write.
            level: of a heading among them.
        """
        lists = _Lists()
        for node, group, after in _with_neighbours(children):
            indented = isinstance(node, nodes.block_quote | nodes.image) and _is_plain(node)
            if lists.text and (indented or lists.goes_on(after)):
                # Indented by too little to belong to the list item before, as which it is meant.
                lists.append(self.block(node, level, group))
                continue
            if isinstance(node, nodes.enumerated_list | nodes.bullet_list):
                yield from lists.add(self.list(node, level), node)
                continue
            yield from lists.done()
            yield from self.block(node, level, group)
        yield from lists.done()

    def block(self, node: Any, level: int, group: Sequence[Any] = ()) -> Iterator[str]:
        """The blocks of one node; `group` are the labelled blocks that it stands among."""
        if isinstance(node, nodes.section):
            yield from self.section(node, level)
        elif isinstance(node, nodes.system_message):
            yield from _unparsed(node)
        elif not is_shown(node):
            return
        elif isinstance(node, Markdown):
            yield from [node.rawsource.strip("\n")] if node.rawsource.strip() else []
        elif isinstance(node, nodes.literal_block | nodes.doctest_block):
            yield from _code(node)
        elif isinstance(node, nodes.line_block):
            lines = [line for line in _lines(node) if line]
            yield from ["\n".join(lines)] if lines else []
        elif isinstance(node, nodes.enumerated_list | nodes.bullet_list):
            yield from [text] if (text := self.list(node, level)) else []
        elif isinstance(node, nodes.Admonition):
            yield from self.admonition(node, level)
        elif isinstance(node, Labelled):
            yield from self.labelled(node, level, group)
        elif isinstance(node, nodes.block_quote) and not _is_plain(node):
            yield from _quoted(self.blocks(node.children, level))
        elif isinstance(node, nodes.table):
            yield from self.table(node, level)
        elif isinstance(node, nodes.definition_list_item | nodes.option_list_item | nodes.field):
            yield from self.item(node, level)
        elif isinstance(node, nodes.footnote | nodes.citation):
            label = squash(node[0].astext()) if node.children else ""
            yield from _with_mark(f"[{label}]", self.blocks(node.children[1:], level))
        elif isinstance(node, nodes.image):
            yield from [alt] if (alt := words_of(node)) else []
        elif isinstance(node, nodes.title | nodes.rubric):
            yield from [f"**{text}**"] if (text := words_of(node).replace("**", "")) else []
        elif isinstance(node, nodes.Text | nodes.TextElement):
            yield from [text] if (text := words_of(node)) else []
        else:
            yield from self.blocks(node.children, level)

    def section(self, node: Any, level: int) -> Iterator[str]:
        title, *rest = node.children if node.children else [nodes.title()]
        if name := words_of(title, plain=True):
            self.headings.append((name, node["ids"][-1] if node["ids"] else ""))
            yield f"{'#' * min(level, 6)} {name}"
        yield from self.blocks(rest, level + 1)

    def admonition(self, node: Any, level: int) -> Iterator[str]:
        title, *rest = node.children
        yield from _quoted(_with_mark(f"**{words_of(title, plain=True).rstrip(':')}:**", self.blocks(rest, level)))

    def labelled(self, node: Any, level: int, group: Sequence[Any]) -> Iterator[str]:
        """The label in bold; as a heading where it stands above others, or among labels that do."""
        title, *rest = node.children
        label = words_of(title, plain=True)
        headed = any(any(one.findall(nodes.section)) for one in (*group, node))
        if label and headed:
            self.headings.append((label, ""))
            yield f"{'#' * min(level, 6)} {label}"
        elif label:
            yield f"**{label}**"
        yield from self.blocks(rest, level + headed)

    def list(self, node: Any, level: int) -> str:
        """A list as one block."""
        number = node.get("start", 1)
        items: list[str] = []
        for item in node.children:
            mark = f"{number}. " if isinstance(node, nodes.enumerated_list) else "- "
            blocks = list(self.blocks(item.children, level))
            if blocks:
                text = "".join(_before(block, place) + block for place, block in enumerate(blocks))
                items.append(mark + _indented(text, len(mark)).lstrip())
                number += 1
        return "\n".join(items)

    def item(self, node: Any, level: int) -> Iterator[str]:
        """An item of a list of definitions, options or fields: what is defined in bold, then what it means."""
        *names, meaning = node.children
        name = ": ".join(text for one in names if (text := words_of(one, plain=True)))
        if isinstance(node, nodes.definition_list_item):
            yield from [f"**{name}**"] if name else []
            yield from self.blocks(meaning.children, level)
        else:
            yield from _with_mark(f"**{name}:**", self.blocks(meaning.children, level))

    def table(self, node: Any, level: int) -> Iterator[str]:
        """A table as pipes and dashes; a cell that spans several rows is repeated in them."""
        for title in node.findall(nodes.title):
            yield from self.block(title, level)
        grid: list[list[str]] = []
        hanging: dict[int, tuple[str, int]] = {}
        for row in node.findall(nodes.row):
            line: list[str] = []
            for entry in [*row.children, None]:
                while len(line) in hanging:
                    text, left = hanging.pop(column := len(line))
                    line.append(text)
                    if left > 1:
                        hanging[column] = (text, left - 1)
                if entry is None or len(line) >= _COLUMNS:
                    break
                text = self.cell(entry, level)
                for place in range(1 + min(entry.get("morecols", 0), _COLUMNS)):
                    if rows := entry.get("morerows", 0):
                        hanging[len(line)] = ("" if place else text, rows)
                    line.append("" if place else text)
            grid.append(line)
        width = max((len(line) for line in grid), default=0)
        if width == 1:  # a box
            yield from (text for line in grid if (text := line[0]))
            return
        lines = ["| " + " | ".join(line + [""] * (width - len(line))) + " |" for line in grid if any(line)]
        if lines:
            yield "\n".join([lines[0], "|" + "---|" * width, *lines[1:]])

    def cell(self, entry: Any, level: int) -> str:
        """The text of a cell in one line."""
        blocks = self.blocks(entry.children, level)
        lines = (squash(line) for block in blocks for line in block.split("\n"))
        shown = [line for line in lines if line and not line.startswith("```")]
        if len(shown) > 1 and all(_MARKED.match(line) for line in shown):
            shown = [_MARKED.sub("", line, count=1) if line[0] in "-*" else line for line in shown]
        return " ".join(shown).replace("|", "\\|")


class _Lists:
    """The list being written: lists that count on, and what is meant to belong to their items, are one."""

    def __init__(self) -> None:
        self.text = ""
        self.next = 0
        self.indent = 0

    def add(self, text: str, node: Any) -> Iterator[str]:
        goes_on = self.goes_on([node])
        if not goes_on:
            yield from self.done()
        if text:
            self.text = f"{self.text}\n{text}" if goes_on else text
            numbered = isinstance(node, nodes.enumerated_list)
            self.next = node.get("start", 1) + len(node.children) if numbered else 0
            self.indent = len(f"{self.next - 1}. ") if numbered else 2

    def goes_on(self, after: Sequence[Any]) -> bool:
        """Whether the next list is the rest of this one, by its number, with only a little between."""
        for node in after[:4]:
            if isinstance(node, nodes.enumerated_list):
                return bool(self.text) and 1 < self.next == node.get("start", 1)
            if isinstance(node, nodes.section | nodes.bullet_list | Labelled):
                return False
        return False

    def append(self, blocks: Iterable[str]) -> None:
        for block in blocks:
            self.text += _before(block, 1) + _indented(block, self.indent)

    def done(self) -> Iterator[str]:
        if self.text:
            yield self.text
        self.text, self.next = "", 0


def _lines(node: Any) -> Iterator[str]:
    for line in node.children:
        if isinstance(line, nodes.line_block):
            yield from _lines(line)
        else:
            yield words_of(line)


def _code(node: Any) -> Iterator[str]:
    code = node.astext().strip("\n")
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", code)), default=0))
    language = re.sub(r"[^\w+#.-]", "", node.get("language", ""))
    yield from [f"{fence}{language}\n{code}\n{fence}"] if code.strip() else []


def _unparsed(node: Any) -> Iterator[str]:
    """The text of what docutils could not make sense of, without the signs of directives and titles."""
    mark = "**" if "title" in node.children[0].astext() else ""
    for source in node.findall(nodes.literal_block):
        lines = (re.sub(r"^\.\.\s+\S+::\s*", "", line.strip()) for line in source.astext().split("\n"))
        words = [line for line in lines if line and not re.match(r":[\w-]+:|([^\w\s])\1*$", line)]
        if words:
            yield mark + "\n".join(words) + mark


def _is_plain(node: Any) -> bool:
    """Whether a quotation is only indented, and not anybody's words."""
    return not any(isinstance(child, nodes.attribution) for child in node.children)


def _with_neighbours(children: Iterable[Any]) -> Iterator[tuple[Any, list[Any], list[Any]]]:
    """Each node, those that say nothing left out, with the labelled blocks in a row with it, and with what follows."""
    shown = [one for one in children if is_shown(one) or isinstance(one, nodes.system_message)]
    group: list[Any] = []
    for place, node in enumerate(shown):
        if not isinstance(node, Labelled):
            group = []
        elif not group:
            rest = shown[place:]
            end = next((i for i, one in enumerate(rest) if not isinstance(one, Labelled)), len(rest))
            group = rest[:end]
        yield node, group, shown[place + 1 : place + 5]


def _with_mark(mark: str, blocks: Iterable[str]) -> Iterator[str]:
    """The blocks with a mark before the first, in its line if that is running text."""
    rest = iter(blocks)
    first = next(rest, "")
    if re.match(r"[-|>#]|\d+\. |`{3}|\*\*.*\*\*$", first):
        yield mark
        yield first
    else:
        yield f"{mark} {first}".rstrip()
    yield from rest


def _quoted(blocks: Iterable[str]) -> Iterator[str]:
    if text := "\n\n".join(blocks):
        yield "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _before(block: str, place: int) -> str:
    """What stands before a block of a list item: nested lists follow at once."""
    if not place:
        return ""
    return "\n" if _MARKED.match(block) else "\n\n"


def _indented(text: str, by: int) -> str:
    return "\n".join(f"{' ' * by}{line}".rstrip() for line in text.split("\n"))
