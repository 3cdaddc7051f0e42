"""What a web page says about itself and where it leads; and the page as it is stored."""

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kit.knowledge.readers.document import Unreadable, decoded
from kit.knowledge.site.addresses import Address
from kit.knowledge.site.types import AGENT, Failure

__all__ = ["Page", "charset", "kind", "read_page", "stamped"]

_KINDS = {"text/html": "html", "application/xhtml+xml": "html", "application/pdf": "pdf", "application/x-pdf": "pdf"}
_LINKS = 5000  # of one page
_LONG_TAG = re.compile(r"<[^<>]{10000,}")
_PROLOGUE = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")
_DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_REFRESH = re.compile(r"\s*(\d+)(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?[\"']?([^\"']+)", re.IGNORECASE)
# Python decodes more than web pages are written in; some of it in a time that grows with the square of the length.
_NO_CHARSETS = frozenset("punycode idna unicode-escape raw-unicode-escape undefined utf-7 mbcs oem".split())


@dataclass(frozen=True)
class Page:
    """What a page says.

    Attributes:
        links: where it leads, as far as it lets itself be followed.
        stored: whether it lets itself be stored.
        canonical: the address that it gives as its own.
        onward: where it sends its visitor at once.
    """

    links: tuple[Address, ...] = ()
    stored: bool = True
    canonical: Address | None = None
    onward: Address | None = None


def kind(headers: Mapping[str, str]) -> str:
    """`html` or `pdf`.

    Raises:
        Failure: it is neither.
    """
    media = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media and media not in _KINDS:
        raise Failure("It is neither a web page nor a PDF.")
    return _KINDS.get(media, "html")


def charset(headers: Mapping[str, str]) -> str:
    """The charset that the header names, if Python knows it; else nothing."""
    found = re.search(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", headers.get("content-type", ""), re.IGNORECASE)
    return _known(found.group(1)) if found else ""


def _known(name: str) -> str:
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return ""
    # What calls itself Latin-1 on the web is Windows-1252.
    return {"iso8859-1": "cp1252", "ascii": "cp1252"}.get(found, "" if found in _NO_CHARSETS else found)


def read_page(body: bytes, headers: Mapping[str, str], address: Address) -> Page:
    """What a web page at `address` says.

    Raises:
        Failure: it is no web page.
    """
    rules = _rules(headers.get("x-robots-tag", ""))
    if kind(headers) == "pdf":
        if b"%PDF-" not in body[:1024]:
            raise Failure("It says that it is a PDF, and is none.")
        return Page(stored="noindex" not in rules)
    tree = _tree(_text(body, charset(headers)))
    base, links, onward, canonical = address, [], None, None
    for element in tree.iter("base", "meta", "link", "a", "area"):
        href = element.get("href") or ""
        if element.tag == "base" and href and base is address:
            base = _address(href, address) or address
        elif element.tag == "meta":
            name = (element.get("name") or "").strip().lower()
            content = element.get("content") or ""
            if name in ("robots", AGENT):
                rules |= _rules(content)
            elif (element.get("http-equiv") or "").strip().lower() == "refresh" and (found := _REFRESH.match(content)):
                onward = _address(found.group(2), base) if int(found.group(1)[:6]) <= 5 else onward
        elif element.tag == "link":
            if "canonical" in (element.get("rel") or "").lower().split() and canonical is None:
                canonical = _address(href, base)
        elif href and element.tag in ("a", "area") and "nofollow" not in (element.get("rel") or "").lower().split():
            links.append(href)
    found_links = dict.fromkeys(link for href in _distinct(links) if (link := _address(href, base)))
    follows = () if "nofollow" in rules else tuple(found_links)
    reloads = onward is not None and onward.key == address.key
    return Page(follows, "noindex" not in rules, canonical, None if reloads else onward)


def stamped(body: bytes, headers_charset: str, *, url: str, updated: date, fetched: date) -> bytes:
    """The page as UTF-8, its head naming its address, when it was fetched, and a date if it names none itself.

    Raises:
        Failure: it is no web page.
    """
    from lxml import etree, html

    tree = _tree(_text(body, headers_charset))
    head = tree.find("head")
    if head is None:
        head = html.Element("head")
        tree.insert(0, head)
    for element in list(tree.iter("meta", "link")):
        declared = element.get("charset") or (element.get("http-equiv") or "").strip().lower() == "content-type"
        if declared or "canonical" in (element.get("rel") or "").lower().split():
            element.drop_tree()
    head.insert(0, html.Element("meta", charset="utf-8"))
    head.insert(1, html.Element("link", rel="canonical", href=url))
    # `dc.date` is the last name that the reader asks for, and this the last of that name: the page's own date wins.
    for name, day in ((f"{AGENT}-fetched", fetched), ("dc.date", updated)):
        head.append(html.Element("meta", name=name, content=day.isoformat()))
    return bytes(etree.tostring(tree, method="html", encoding="utf-8", doctype="<!DOCTYPE html>"))


def _text(body: bytes, named: str) -> str:
    if not named and (declared := _DECLARED.search(body[:4096])):
        named = _known(declared.group(1).decode("ascii"))
    # Other charsets give valid UTF-8 beyond ASCII by no accident; a wrong header is frequent.
    if not body.isascii() and _is_utf8(body):
        named = "utf-8"
    try:
        return _PROLOGUE.sub("", decoded(body, declared=named, limit=len(body) + 1)).replace("\0", "")
    except Unreadable as error:
        raise Failure("It is no text.") from error


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _tree(text: str) -> Any:
    from lxml import etree, html

    # The parser's time grows with the square of the attributes of one tag.
    if any(len(tag.split()) > 5000 for tag in _LONG_TAG.findall(text)):
        raise Failure("It is broken: a tag has thousands of attributes.")
    parser = html.HTMLParser(remove_pis=True, remove_comments=True, encoding="utf-8")
    try:
        return html.document_fromstring(text.encode("utf-8", errors="replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise Failure("It holds no text.") from error


def _rules(text: str) -> set[str]:
    """The rules for the kit in a robots meta element or header: `noindex`, `nofollow`; `none` is both."""
    found: set[str] = set()
    agent = ""
    for part in text.lower().split(","):
        name, colon, rest = part.strip().partition(":")
        named = colon and name not in ("max-snippet", "max-image-preview", "max-video-preview", "unavailable_after")
        agent = name.strip() if named else agent  # what follows is for this robot only
        if agent in ("", AGENT):
            found.add(rest.strip() if named else part.strip())
    return found | {"noindex", "nofollow"} if "none" in found else found


def _distinct(links: list[str]) -> Iterator[str]:
    yield from list(dict.fromkeys(links))[:_LINKS]


def _address(href: str, base: Address) -> Address | None:
    try:
        return Address.parse(href, base=base)
    except ValueError:
        return None
