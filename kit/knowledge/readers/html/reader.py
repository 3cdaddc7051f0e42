"""Reads web pages: the main part, as Markdown."""

import json
import re
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.knowledge.readers.document import Document, Unreadable, anchored, decoded, parsed_date
from kit.knowledge.readers.html.parts import remove_around
from kit.knowledge.readers.html.writer import HtmlWriter, heading_text
from kit.text import squash

if TYPE_CHECKING:
    Element = Any

__all__ = ["html_to_markdown", "read_html"]

MAX_SOURCE = 10_000_000
_ENOUGH = 250  # letters; of less than this trafilatura itself is not sure

_DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_LONG_TAG = re.compile(r"<[^<>]{10000,}")
_SPAN = re.compile(r"\b(?:col|row)span\b", re.IGNORECASE)
_PROLOGUE = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")
_SUFFIX = re.compile(r"^(.*\S)\s+[|–—·-]\s+.*$", re.DOTALL)
_DATES = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "last-modified",
    "dcterms.modified",
    "date",
)
_CREATED = ("article:published_time", "datepublished", "dcterms.created", "dc.date.created", "created")

# The one element that holds the text of an article, in the themes of help centres and makers of documentation.
_BODIES = frozenset(
    "article-body article__body article_body articlebody theme-doc-markdown markdown-body entry-content".split()
)
_FOOT = re.compile(
    r"(?:was this (?:article|page|answer)? ?(?:helpful|useful)|did this (?:article )?(?:answer your question|help)|"
    r"(?:have|any) more questions|still (?:need help|have questions))\b.{0,60}",
    re.IGNORECASE,
)
_UPDATED = re.compile(r"(?:last )?(?:updated|modified|reviewed)(?: on|:)*\s+(?P<day>.{6,40})", re.IGNORECASE)


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
    created, updated = _dates(page, facts)
    remove_around(page)
    title = next((text for one in page.iter("h1") if (text := heading_text(one))), "") or _short_title(page, facts)

    region, marked = _region(page)
    writer = HtmlWriter()
    blocks = list(writer.blocks(region))
    if not marked:
        blocks = _main(blocks, source)
    blocks = [one for one in blocks if one.lstrip("# ").casefold() != title.casefold()]
    while blocks and _FOOT.fullmatch(blocks[-1].strip("#* ")):
        del blocks[-1]
    # When it was written stands at the top or at the end.
    for place in (-1, 1, 0):
        found = _UPDATED.fullmatch(blocks[place]) if -len(blocks) <= place < len(blocks) else None
        if found and (day := parsed_date(found["day"].rstrip("."))):
            updated = updated or day
            del blocks[place]
    # What a page names so may be when it was fetched.
    updated = updated or parsed_date(facts.get("dc.date", ""))
    # A last section that only links to other articles would be found in place of those.
    while len(blocks) > 2 and blocks[-1] in writer.link_lists and blocks[-2].startswith("#"):
        del blocks[-2:]
    return Document(
        "\n\n".join(blocks),
        title,
        url=_address(page, facts),
        updated=updated,
        language=squash(page.get("lang") or page.get("xml:lang") or ""),
        audience=facts.get("audience", ""),
        product=facts.get("product", ""),
        labels=tuple(label for part in facts.get("keywords", "").split(",") if (label := part.strip())),
        created=created,
        anchors=_anchors(blocks, writer.headings),
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
    blocks = HtmlWriter().blocks(_parsed(source))
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


def _anchors(blocks: list[str], headings: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The anchors of the headings that are still among the blocks, of all that were written, in order."""
    written = iter(headings)
    kept: list[tuple[str, str]] = []
    for block in blocks:
        if found := re.fullmatch(r"#{1,6} (.*)", block):
            fragment = next((fragment for text, fragment in written if text == found[1]), "")
            kept.append((found[1], fragment))
    return anchored(kept)


def _dates(page: "Element", facts: dict[str, str]) -> tuple[date | None, date | None]:
    """When the article was published and when it was changed: by its `<meta>`, its JSON-LD, its `<time>`."""
    stated = {**_linked_data(page), **facts}
    for one in islice(page.iter("time"), 20):
        parent = one.getparent()
        around = parent.getparent() if parent is not None and parent.getparent() is not None else parent
        says = f"{one.get('itemprop')} {one.get('class')} {squash(around.text_content())[:200]}".lower()
        named = re.search(r"updated|modified", says) or re.search(r"published|created", says)
        name = {"updated": "datemodified", "modified": "datemodified"}.get(named[0], "datepublished") if named else ""
        stated.setdefault("datepublished" if one.get("pubdate") is not None else name, one.get("datetime") or "")
    created, updated = (
        next((day for name in names if (day := parsed_date(stated.get(name, "")))), None)
        for names in (_CREATED, _DATES)
    )
    return created, updated


def _linked_data(page: "Element") -> dict[str, str]:
    """The dates that JSON-LD states, by lower-case name."""
    found: dict[str, str] = {}
    for script in page.iter("script"):
        if (script.get("type") or "").lower() != "application/ld+json" or len(script.text or "") > 100_000:
            continue
        try:
            data = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        items = data if isinstance(data, list) else [data]
        graphs = [item.get("@graph") for item in items if isinstance(item, dict)]
        for item in [*items, *chain.from_iterable(graph for graph in graphs if isinstance(graph, list))]:
            for name in ("datePublished", "dateModified"):
                if isinstance(item, dict) and isinstance(item.get(name), str):
                    found.setdefault(name.lower(), item[name])
    return found


def _meta(page: "Element") -> dict[str, str]:
    """What the page's `<meta>` elements say, by lower-case name; the first of each name."""
    facts: dict[str, str] = {}
    for meta in page.iter("meta"):
        name = meta.get("name") or meta.get("property") or meta.get("itemprop") or meta.get("http-equiv") or ""
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
    inner = whole if region is None else region
    for one in inner.iter("div", "section", "article"):
        named = _BODIES & set((one.get("class") or "").lower().split()) or one.get("itemprop") == "articleBody"
        if named and 3 * len(squash(one.text_content())) > len(squash(inner.text_content())):
            return one, True
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
