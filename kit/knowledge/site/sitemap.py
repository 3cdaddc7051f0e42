"""Finds a site's pages in its sitemaps: those that robots.txt names, else /sitemap.xml."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from kit.knowledge.readers.document import parsed_date
from kit.knowledge.site.addresses import Address
from kit.knowledge.site.fetch import Fetcher, unpacked
from kit.knowledge.site.robots import Robots
from kit.knowledge.site.types import Failure, LeftOut

__all__ = ["Listed", "read_sitemaps"]

_FILES = 100
_DEPTH = 3
_MAX_BYTES = 10_000_000
_ADDRESSES = 50_000


@dataclass(frozen=True)
class Listed:
    """A page that a sitemap names, and when it says that the page was changed."""

    address: Address
    updated: date | None


def read_sitemaps(fetcher: Fetcher, start: Address, robots: Robots) -> tuple[list[Listed], list[LeftOut]]:
    """All addresses that the site's sitemaps name, in their order, and the sitemaps that could not be read.

    Raises:
        OutOfTime: there is not enough time left.
    """
    named = [_named(text, start) for text in robots.sitemaps]
    waiting = [(one, 1) for one in named if one is not None]
    usual = replace(start, path="/sitemap.xml", query="")
    if not waiting and robots.allow(usual):
        waiting = [(usual, 1)]
    seen: set[str] = set()
    pages: dict[str, Listed] = {}
    left_out: list[LeftOut] = []

    def enter(target: Address) -> None:
        if not target.same_site(start):
            raise Failure("It is a sitemap on another host.")

    while waiting:
        address, depth = waiting.pop(0)
        if address.key in seen:
            continue
        seen.add(address.key)
        try:
            if len(seen) > _FILES or depth > _DEPTH:
                raise Failure("It is one sitemap too many, or too deep.")
            enter(address)
            response = fetcher.get(address, limit=_MAX_BYTES, enter=enter)
            if response.status != 200:
                if address == usual and not robots.sitemaps:
                    continue  # nobody said that there is one
                raise Failure(f"It is a sitemap that gives error {response.status}.")
            found, inner = _entries(response.body, start)
        except Failure as failure:
            left_out.append(LeftOut(str(address), failure.reason))
            continue
        waiting += [(one, depth + 1) for one in inner]
        for page in found:
            if len(pages) < _ADDRESSES:
                pages.setdefault(page.address.key, page)
    return list(pages.values()), left_out


def _entries(data: bytes, start: Address) -> tuple[list[Listed], list[Address]]:
    """The pages and the further sitemaps that a file names; a plain text file has an address on each line.

    Raises:
        Failure: it is no sitemap, or one that is not safe to read.
    """
    if data.startswith(b"\x1f\x8b"):
        data = unpacked(data, limit=_MAX_BYTES)
    if b"<" not in data[:1000]:
        lines = data.decode("utf-8-sig", errors="replace").split("\n")
        return [Listed(one, None) for line in lines if line.strip() and (one := _named(line, start))], []
    root = _parsed(data)
    pages: list[Listed] = []
    inner: list[Address] = []
    for entry in root:
        facts = dict(_facts(entry))
        address = _named(facts.get("loc", ""), start) if facts.get("loc") else None
        if address is None:
            continue
        if _name(entry) == "sitemap":
            inner.append(address)
        elif _name(entry) == "url":
            pages.append(Listed(address, parsed_date(facts.get("lastmod", ""))))
    return pages, inner


def _parsed(data: bytes) -> Any:
    from lxml import etree

    # A sitemap needs no document type, so one that has it is refused: at once, or, if it is written in UTF-16, after it
    # was parsed, in which entities stay unresolved and nothing else is loaded.
    if declared := re.search(rb"<!DOCTYPE\s+(html\b)?", data, re.IGNORECASE):
        raise Failure("It is no sitemap.") if declared.group(1) else _bomb()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Failure("It is a sitemap that is no XML.") from error
    if root.getroottree().docinfo.doctype:
        raise _bomb()
    if _name(root) not in ("urlset", "sitemapindex"):
        raise Failure("It is no sitemap.")
    return root


def _bomb() -> Failure:
    return Failure("It is a sitemap with a document type, which may hide an XML bomb.")


def _facts(entry: Any) -> Iterator[tuple[str, str]]:
    for child in entry:
        # An image of the page has a `loc` too, in a name space of its own.
        if isinstance(child.tag, str) and child.tag.rpartition("}")[0] == str(entry.tag).rpartition("}")[0]:
            yield _name(child), (child.text or "").strip()


def _name(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _named(text: str, start: Address) -> Address | None:
    try:
        return Address.parse(text, base=start)
    except ValueError:
        return None
