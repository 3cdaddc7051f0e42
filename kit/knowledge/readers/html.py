"""Reads web pages: the main part, as Markdown."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.knowledge.readers.document import Document, Unreadable, decoded, parsed_date
from kit.text import squash

if TYPE_CHECKING:
    Element = Any

__all__ = ["html_to_markdown", "read_html"]

MAX_SOURCE = 10_000_000
_COLUMNS = 100  # of a table; cells further to the right join the last
_ENOUGH = 250  # letters; of less than this trafilatura itself is not sure

_DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_LONG_TAG = re.compile(r"<[^<>]{10000,}")
_SPAN = re.compile(r"\b(?:col|row)span\b", re.IGNORECASE)
_PROLOGUE = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")
_SUFFIX = re.compile(r"^(.*\S)\s+[|–—·-]\s+.*$", re.DOTALL)
_DATES = ("article:modified_time", "og:updated_time", "last-modified", "dcterms.modified", "date", "dc.date")

_DROPPED = frozenset(
    """script style noscript template svg math iframe object embed canvas audio video map head nav
    input select textarea dialog""".split()
)
_ROLES = frozenset("navigation banner contentinfo search complementary".split())
_CALLOUT = frozenset("note warning caution danger tip important callout admonition".split())
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = frozenset(
    """p div section article main header footer aside figure figcaption address fieldset legend center form body html
    details summary blockquote pre hr dl dt dd ul ol menu li table caption thead tbody tfoot tr td th""".split()
) | frozenset(_HEADINGS)


def read_html(path: Path) -> Document:
    """Read a web page.

    The main part is what the page marks as `<main>` or `<article>`; without such a mark it reaches from the first to
    the last block that trafilatura (Barbaresi 2021) takes for main text. Headings, numbered lists, tables, quotations
    and code keep their form; links keep their words only.

    Raises:
        Unreadable: not text, or no page.
    """
    data = path.read_bytes()
    declared = _DECLARED.search(data[:4096])
    source = decoded(data, declared=declared.group(1).decode("ascii") if declared else "", limit=MAX_SOURCE)
    page = _parsed(source)
    facts = _meta(page)
    headings = chain.from_iterable(_heading(one, 1) for one in page.iter("h1"))
    title = next(headings, "").lstrip("# ") or _short_title(page, facts)

    region, marked = _region(page)
    writer = _Writer()
    blocks = list(writer.blocks(region))
    if not marked:
        blocks = _main(blocks, source)
    blocks = [one for one in blocks if one.lstrip("# ").casefold() != title.casefold()]
    # A last section that only links to other articles would be found in place of those.
    while len(blocks) > 2 and blocks[-1] in writer.link_lists and blocks[-2].startswith("#"):
        del blocks[-2:]
    updated = next((day for name in _DATES if (day := parsed_date(facts.get(name, "")))), None)
    return Document(
        "\n\n".join(blocks),
        title,
        url=_address(page, facts),
        updated=updated,
        language=squash(page.get("lang") or page.get("xml:lang") or ""),
        audience=facts.get("audience", ""),
        product=facts.get("product", ""),
        labels=tuple(label for part in facts.get("keywords", "").split(",") if (label := part.strip())),
    )


def html_to_markdown(source: str, *, title: str = "") -> str:
    """A piece of HTML, such as the body of an article in an export, as Markdown.

    Args:
        source: the HTML; all of it is text of the article.
        title: the article's title; headings that only repeat it are left out.

    Raises:
        Unreadable: it is far too long, or broken so that it cannot be parsed.
    """
    if len(source) > MAX_SOURCE:
        raise Unreadable(f"It has {len(source):,} characters, which is too long for one article. Split it.")
    if not source.strip():
        return ""
    blocks = _Writer().blocks(_parsed(source))
    return "\n\n".join(one for one in blocks if one.lstrip("# ").casefold() != title.casefold())


def _parsed(source: str) -> "Element":
    from lxml import etree, html

    source = _PROLOGUE.sub("", source).replace("\0", "")
    # The parser's time grows with the square of the attributes of one tag.
    if any(len(tag.split()) > 5000 for tag in _LONG_TAG.findall(source)):
        raise Unreadable("It is broken: a tag has thousands of attributes.")
    try:
        return html.document_fromstring(source, parser=html.HTMLParser(remove_comments=True, remove_pis=True))
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise Unreadable("It holds no text.") from error


def _meta(page: "Element") -> dict[str, str]:
    """What the page's `<meta>` elements say, by lower-case name; the first of each name."""
    facts: dict[str, str] = {}
    for meta in page.iter("meta"):
        name = meta.get("name") or meta.get("property") or meta.get("http-equiv") or ""
        facts.setdefault(name.lower(), squash(meta.get("content") or ""))
    return facts


def _short_title(page: "Element", facts: dict[str, str]) -> str:
    """The page's title without the name of the site, which stands behind the last separator."""
    title = squash(page.findtext(".//title") or facts.get("og:title", ""))
    found = _SUFFIX.match(title)
    return found.group(1) if found else title


def _address(page: "Element", facts: dict[str, str]) -> str:
    links = (link.get("href") for link in page.iter("link") if (link.get("rel") or "").lower() == "canonical")
    addresses = (squash(one) for one in chain(links, [facts.get("og:url", "")]) if one)
    return next((one for one in addresses if one.startswith(("https://", "http://"))), "")


def _region(page: "Element") -> tuple["Element", bool]:
    """The element that holds the main part, and whether the page marks it as that."""
    body = page.find("body")
    whole = page if body is None else body
    region = _only(whole.xpath(".//main | .//*[@role='main']"))
    article = _only((whole if region is None else region).xpath(".//article"))
    # An article that is but a small part of the main part is a teaser.
    if article is not None and (region is None or 2 * len(article.text_content()) > len(region.text_content())):
        region = article
    return (whole, False) if region is None else (region, True)


def _only(elements: list["Element"]) -> "Element | None":
    """The one element with text, if it is one: several articles are a list, or an article and its comments."""
    found = [one for one in elements if one.text_content().strip()]
    return found[0] if len(found) == 1 else None


def _main(blocks: list[str], source: str) -> list[str]:
    """The blocks from the first to the last of those that trafilatura keeps."""
    import trafilatura

    # It writes out every place that a cell claims to span.
    source = _SPAN.sub("data-span", source)
    text = trafilatura.extract(source, fast=True, favor_recall=True, include_comments=False)
    kept = _letters(text or "")
    if len(kept) < _ENOUGH:
        return blocks
    # Lists and tables may be kept in part: what counts is how they begin.
    found = [i for i, block in enumerate(blocks) if (start := _letters(block)[:40]) and start in kept]
    return blocks[found[0] : found[-1] + 1] if found else blocks


def _letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


class _Writer:
    """Writes elements as blocks of Markdown."""

    def __init__(self) -> None:
        self.level = 1  # of the last heading
        self.link_lists: set[str] = set()

    def blocks(self, element: "Element") -> Iterator[str]:
        """The Markdown blocks of an element's content."""
        run: list[str] = [element.text or ""]
        for child in element:
            if _is_block(child):
                yield from _paragraphs(run)
                run = []
                if not _is_dropped(child):
                    yield from self.block(child)
            else:
                run.append(_inline(child))
            run.append(child.tail or "")
        yield from _paragraphs(run)

    def block(self, element: "Element") -> Iterator[str]:
        tag = element.tag
        if tag in _HEADINGS:
            self.level = int(tag[1])
            yield from _heading(element, self.level)
        elif tag == "summary":
            yield from _heading(element, min(self.level + 1, 6))
        elif tag in ("ul", "ol", "menu"):
            yield from self.list(element)
        elif tag == "table":
            yield from self.table(element)
        elif tag == "pre":
            code = element.text_content().strip("\n")
            fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", code)), default=0))
            yield from [f"{fence}\n{code}\n{fence}"] if code.strip() else []
        elif tag == "blockquote" or _is_callout(element):
            if text := "\n\n".join(self.blocks(element)):
                yield "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
        elif tag == "dt":
            yield from (f"**{one}**" for one in _lines(_inline_content(element, plain=True)))
        else:
            yield from self.blocks(element)

    def list(self, element: "Element") -> Iterator[str]:
        """A list as one block; the numbers are those that a browser shows."""
        number = _integer(element.get("start"), 1)
        items: list[str] = []
        for item in element:
            if _is_dropped(item) or not isinstance(item.tag, str):
                continue
            number = _integer(item.get("value"), number)
            mark = f"{number}. " if element.tag == "ol" else "- "
            blocks = list(self.blocks(item)) if item.tag == "li" else list(self.block(item))
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

    def table(self, element: "Element") -> Iterator[str]:
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


def _after(block: str, position: int) -> str:
    """What stands before a block of a list item: nested lists follow at once."""
    if not position:
        return ""
    return "\n" if re.match(r"- |\d+\. ", block) else "\n\n"


def _grid(cells: list[list["Element"]]) -> list[list[str]]:
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


def _is_block(element: "Element") -> bool:
    """Whether an element breaks the line: by its kind, or because something within it does."""
    if not isinstance(element.tag, str):
        return False
    return (
        element.tag in _BLOCKS or _is_dropped(element) or any(one.tag in _BLOCKS for one in element.iterdescendants())
    )


def _is_dropped(element: "Element") -> bool:
    """Whether an element is no part of the text: scripts, navigation, controls, the page's head and foot."""
    tag = element.tag
    if not isinstance(tag, str) or tag in _DROPPED or element.get("role") in _ROLES:
        return True
    if tag == "footer":
        return True
    if tag in ("header", "aside"):
        return next(element.iterancestors("article"), None) is None and element.find(".//h1") is None
    # The question of an accordion may be a button; "Yes", "Sign in" and "Copy" are controls.
    return tag == "button" and len(element.text_content().split()) < 4 and not _in_heading(element)


def _in_heading(element: "Element") -> bool:
    return next(element.iterancestors(*_HEADINGS, "summary", "dt"), None) is not None


def _is_callout(element: "Element") -> bool:
    names = set((element.get("class") or "").lower().split())
    return (
        bool(names & _CALLOUT) and element.tag in ("div", "aside", "section", "p") and not _has(element, _HEADINGS[:2])
    )


def _has(element: "Element", tags: Iterable[str]) -> bool:
    return next(element.iter(*tags), None) is not None


def _heading(element: "Element", level: int) -> Iterator[str]:
    if text := squash(_inline_content(element, plain=True, spaced=True)):
        yield f"{'#' * level} {text}"


def _paragraphs(run: list[str]) -> Iterator[str]:
    """Text with its line breaks as paragraphs; an empty line ends one."""
    text = "".join(run)
    for part in re.split(r"\v[ \t\n\r]*\v", text):
        if lines := list(_lines(part)):
            yield "\n".join(lines)


def _lines(text: str) -> Iterator[str]:
    return (line for one in text.split("\v") if (line := squash(one)))


def _inline(element: "Element", *, plain: bool = False, spaced: bool = False) -> str:
    """An element within a line; a vertical tab stands for a line break of the page."""
    tag = element.tag
    if not isinstance(tag, str) or _is_dropped(element):
        return ""
    if tag == "br":
        return "\v"
    if tag == "img":
        return squash(element.get("alt") or "")
    text = _inline_content(element, plain=plain, spaced=spaced)
    if spaced and tag in _BLOCKS:
        return f" {text} "
    mark = {"b": "**", "strong": "**", "code": "`", "kbd": "`", "samp": "`"}.get(tag, "")
    if not mark or plain or not text.strip() or mark in text:
        return text
    inner = " ".join(_lines(text))
    return f"{text[: len(text) - len(text.lstrip())]}{mark}{inner}{mark}{text[len(text.rstrip()) :]}"


def _inline_content(element: "Element", *, plain: bool = False, spaced: bool = False) -> str:
    parts = [element.text or ""]
    for child in element:
        parts += [_inline(child, plain=plain, spaced=spaced), child.tail or ""]
    return "".join(parts)
