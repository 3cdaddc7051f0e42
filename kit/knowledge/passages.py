"""Cuts an article into passages along its own structure, so that each is about one thing and says where it stands."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from kit.knowledge.article import Article, Passage
from kit.knowledge.blocks import Block, Unit, cut, is_warning, numbers, parse
from kit.knowledge.links import Linker

__all__ = ["split"]

_ROOT = 0


@dataclass
class _Section:
    """A heading and what stands under it before the next heading; the first section has no heading.

    `parent` is the number of the section that this one is part of; `headings` leads from the top to this one, and
    `fragments` are those of these headings.
    """

    number: int
    parent: int
    level: int
    headings: tuple[str, ...]
    fragments: tuple[str, ...] = ()
    blocks: list[Block] = field(default_factory=list)
    has_parts: bool = False
    size: int = 0


def split(article: Article, *, limit: int, count: Callable[[str], int]) -> list[Passage]:
    """Cut an article into passages of at most `limit` tokens.

    Sections are kept apart, except that short neighbours under one heading share a passage. Within a section whole
    blocks are packed; a list or a table is cut only if it does not fit by itself, a table's header row then stands
    above each part. Every word of the article is in some passage's headings or text, in order.

    Args:
        article: what to cut.
        limit: the most tokens that a passage's `indexed_text` may have. Only a single longer word is let through.
        count: tokens in a text, as the embedder counts them, without truncation.

    Returns:
        At least one passage; for an article without text its title is the text.
    """
    return _Splitter(article, limit, count).passages()


class _Splitter:
    """The work of `split` on one article."""

    def __init__(self, article: Article, limit: int, count: Callable[[str], int]) -> None:
        self.article, self.limit, self.count = article, limit, count
        self.base = count("")  # marks of start and end, if `count` counts them, come once a passage
        self.size = cache(self._size)
        self.linker = Linker(article)
        title, words = article.title, article.title.split()
        while len(words) > 1 and count(title + "\n") > limit / 2:
            words = words[: max(1, min(len(words) - 1, len(words) * limit // (2 * count(title + "\n"))))]
            title = " ".join(words) + "…"
        self.title = title

    def _size(self, text: str) -> int:
        return self.count(text) - self.base

    def passages(self) -> list[Passage]:
        found: list[Passage] = []
        for group in self.groups(self.sections()):
            found.extend(self.pack(*self.laid_out(group), group[0], len(found)))
        return found or list(self.pack((), parse(self.article.title), _Section(_ROOT, -1, 0, ()), 0))

    def sections(self) -> list[_Section]:
        """The article's sections in order, without those that say nothing but what their parts repeat."""
        sections = [_Section(_ROOT, -1, 0, ())]
        open_ones = [_ROOT]
        for block in parse(self.article.text):
            if block.kind == "heading" and block.name:
                while sections[open_ones[-1]].level >= block.level:
                    open_ones.pop()
                parent = sections[open_ones[-1]]
                parent.has_parts = True
                headings = (*parent.headings, block.name)
                fragments = (*parent.fragments, self.linker.fragment_of(block.name))
                sections.append(_Section(len(sections), parent.number, block.level, headings, fragments))
                open_ones.append(sections[-1].number)
            elif block.kind not in ("heading", "rule") and block.text.strip():
                sections[-1].blocks.append(block)
        return [one for one in sections if one.blocks or (one.number != _ROOT and not one.has_parts)]

    def groups(self, sections: list[_Section]) -> Iterator[list[_Section]]:
        """The sections that share passages: neighbours that are parts of one section, or that section and its parts.

        Together they have at most a third of the limit, so that a passage stays about one thing.
        """
        group: list[_Section] = []
        for section in sections:
            section.size = sum(self.size(block.text) for block in (_heading(section), *section.blocks))
            if group and 3 * sum(one.size for one in (*group, section)) <= self.limit and _related(group, section):
                group.append(section)
                continue
            if group:
                yield group
            group = [section]
        if group:
            yield group

    def laid_out(self, group: list[_Section]) -> tuple[tuple[str, ...], list[Block]]:
        """The headings above a group of sections and all the blocks below; headings in between become blocks."""
        first = group[0]
        alone = len(group) == 1 and first.blocks
        over = alone or (len(group) > 1 and group[1].parent == first.number)
        headings = first.headings if over else first.headings[:-1]
        blocks: list[Block] = []
        for section in group:
            if section.headings != headings:
                blocks.append(_heading(section))
            blocks.extend(section.blocks)
        # Headings that leave no room for the text go into it.
        inner = []
        while headings and self.count(self.above(headings)) > self.limit / 2:
            inner.append(_line(headings[-1], len(headings)))
            headings = headings[:-1]
        return headings, inner[::-1] + blocks

    def above(self, headings: tuple[str, ...]) -> str:
        return Passage(self.article.article_id, 0, self.title, headings, "").indexed_text

    def pack(self, headings: tuple[str, ...], blocks: list[Block], section: _Section, done: int) -> Iterator[Passage]:
        """Passages that hold the blocks in order, as few as can be; the blocks begin with those of `section`."""
        room = self.limit - self.count(self.above(headings))
        clusters = [(units, *self.needs(units)) for units in self.clusters(blocks, room)]
        heading, first = section.headings[-1] if section.headings else "", True
        for units in _filled(clusters, room):
            for text in self.fitting(headings, units):
                done += 1
                link = self.linker.link(section.fragments, heading, text, first=first)
                first = False
                yield Passage(self.article.article_id, done, self.title, headings, text, self.article.url, link)

    def clusters(self, blocks: list[Block], room: int) -> list[list[Unit]]:
        """Units, those together that belong together: a heading or "Do this:" and the list, a step and its warning.

        A warning before a numbered list belongs to the list, any other to what is before it; a list that counts on
        belongs to the one before.
        """
        clusters: list[list[Unit]] = []
        leads, warned = False, False  # whether the block before leads, and whether it is a warning that does
        begun, due = 0, 0  # the last cluster of the last numbered list, and the number it would go on with
        for block, after in zip(blocks, [*blocks[1:], None], strict=True):
            units = [[unit] for unit in cut(block, room, self.size)]
            steps = numbers(block)
            warns = is_warning(block)
            precedes = warns and after is not None and numbers(after)[:1] == range(1, 2)
            if due and steps and steps[0] == due and len(clusters) - begun < 8:
                together = [unit for one in (*clusters[begun:], units[0]) for unit in one]
                if self.fits(together, room):
                    clusters[begun:], units = [together], units[1:]
            elif clusters and units and (leads or (warns and not precedes)):
                last = clusters[-1]
                if self.fits(last + units[0], room):
                    clusters[-1], units = last + units[0], units[1:]
                elif warned and len(last) > 1 and self.fits(last[-1:] + units[0], room):
                    clusters[-1:], units = [last[:-1], last[-1:] + units[0]], units[1:]
            clusters.extend(units)
            leads, warned = _leads(block) or precedes, precedes
            if steps or block.kind == "heading":
                begun, due = len(clusters) - 1, steps[-1] + 1 if steps else 0
        return clusters

    def fits(self, units: list[Unit], room: int) -> bool:
        return sum(self.needs(units)) <= room

    def needs(self, units: Sequence[Unit]) -> tuple[int, int]:
        """The tokens of a cluster after another, and those of its frame, which it needs where it opens one."""
        total, frame = 0, units[0].frame
        for unit in units:
            total += unit.size + self.size(f"a{unit.glue}a") - 2 * self.size("a")
            if unit.frame is not None and unit.frame is not frame:
                total += unit.frame.size
            frame = unit.frame
        return total, units[0].frame.size if units[0].frame else 0

    def fitting(self, headings: tuple[str, ...], units: list[Unit]) -> Iterator[str]:
        """The text of the units; in parts where a count of the whole exceeds the sum of its parts and the limit."""
        text = _written(units)
        if self.count(self.above(headings) + text) <= self.limit:
            yield text
        elif len(units) > 1:
            yield from self.fitting(headings, units[: len(units) // 2])
            yield from self.fitting(headings, units[len(units) // 2 :])
        elif len(words := text.split()) > 1:
            for half in (words[: len(words) // 2], words[len(words) // 2 :]):
                yield from self.fitting(headings, [Unit(" ".join(half), "", 0)])
        else:
            yield text


def _related(group: list[_Section], section: _Section) -> bool:
    """Whether a section is a part of the section that all others of the group are parts of, or that begins it."""
    first, *others = group
    siblings = all(one.parent == first.parent for one in others) and section.parent == first.parent
    return siblings or all(one.parent == first.number for one in (*others, section))


def _filled(clusters: list[tuple[list[Unit], int, int]], room: int) -> list[list[Unit]]:
    """The clusters in order in as few passages as there is room for, and of these ways the most even.

    Even is what has the least sum of squared lengths (found by dynamic programming): no scrap is left at the end. A
    cluster that is too long stands alone.
    """
    sums, frame = [0], None
    for units, size, around in clusters:
        sums.append(sums[-1] + max(1, size) + (around if units[0].frame is not frame else 0))
        frame = units[-1].frame
    # For each number of clusters: passages needed, their squared lengths, and with which cluster the last begins.
    best = [(0, 0, 0)]
    for end in range(1, len(clusters) + 1):
        ways: list[tuple[int, int, int]] = []
        for first in range(end - 1, -1, -1):
            _, size, around = clusters[first]
            used = sums[end] - sums[first + 1] + size + around
            if used > room and ways:
                break
            ways.append((best[first][0] + 1, best[first][1] + used * used, first))
        best.append(min(ways))
    filled: list[list[Unit]] = []
    end = len(clusters)
    while end:
        first = best[end][2]
        filled.append([unit for units, _, _ in clusters[first:end] for unit in units])
        end = first
    return filled[::-1]


def _leads(block: Block) -> bool:
    """Whether a block is nothing without the next: a heading, a heading by looks, or "Do this:"."""
    text = block.text.strip()
    alone = "\n" not in text and len(text) <= 80 and (text.isupper() or re.fullmatch(r"\*\*[^*]+\*\*:?", text))
    return block.kind == "heading" or (block.kind == "paragraph" and (text.endswith(":") or bool(alone)))


def _heading(section: _Section) -> Block:
    return _line(section.headings[-1], section.level) if section.headings else Block("heading", (), 0)


def _line(name: str, level: int) -> Block:
    return Block("heading", (f"{'#' * level} {name}",), 0)


def _written(units: Sequence[Unit]) -> str:
    """The units as Markdown, each run of one frame inside it."""
    text, frame = "", None
    for unit in units:
        opens = unit.frame if unit.frame is not frame else None
        if unit.frame is not frame:
            text += f"\n{frame.tail}" if frame and frame.tail else ""
            frame = unit.frame
        text += (unit.glue if text else "") + (f"{opens.lead}\n" if opens else "") + unit.text
    text += f"\n{frame.tail}" if frame and frame.tail else ""
    if units[0].verbatim:
        return text
    # What was indented as part of a list must not become code where it begins a passage.
    depth = len(text) - len(text.lstrip(" "))
    return re.sub(rf"(?m)^ {{1,{depth}}}", "", text) if depth else text
