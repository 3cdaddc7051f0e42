"""Reading a live help centre, from a web server on loopback that misbehaves in every way."""

import gzip
import json
import re
import signal
import socket
import ssl
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import KitError
from kit.knowledge import Article, Site, SiteLimits, read_folder, read_site
from kit.knowledge.site.addresses import Address
from kit.knowledge.site.guard import is_public
from kit.knowledge.site.names import Names, folder_name
from kit.safety import strip_hidden
from kit.scaffold import create_workspace
from tests.conftest import Run
from tests.site_server import FakeClock, Page, SiteServer, article, wait_for

Read = Callable[..., Site]


@pytest.fixture
def server() -> Iterator[SiteServer]:
    with SiteServer() as server:
        yield server


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def read(server: SiteServer, clock: FakeClock, tmp_path: Path) -> Read:
    """Reads the server from a path, with a clock that is not waited for."""

    def read(path: str = "/help/", **options: Any) -> Site:
        given = {"cache": tmp_path / "cache", "allow_private": True, "clock": clock.clock, **options}
        return read_site(path if "://" in path else server.root + path, **given)

    return read


def articles(site: Site, folder: Path) -> dict[str, Article]:
    """What the readers make of the site, by path below the site's own folder."""
    site.copy_to(folder)
    return {one.source.partition("/")[2]: one for one in read_folder(folder).articles}


def reasons(site: Site) -> dict[str, str]:
    """Why an address is left out, by path."""
    return {re.sub(r"^https?://[^/]+", "", one.address): one.reason for one in site.report.left_out}


def names(site: Site) -> list[str]:
    return sorted(file.name.partition("/")[2] for file in site.files)


# Finding pages


def test_links_are_followed_under_the_start_on_its_host_only(server: SiteServer, read: Read, tmp_path: Path) -> None:
    server.pages = {
        "/help/": article(
            "Help", "returns", "./shipping.html#costs", "/about", "http://other.test/help/x", "mailto:a@b.c"
        ),
        "/help/returns": article("Returns", "/help/", "/helpful/", "deep/er/", "/files/manual.pdf", "logo.png"),
        "/help/shipping.html": article("Shipping", "/help/returns/", "returns?utm_source=mail&gclid=1", "../../etc"),
        "/help/deep/er/": article("Deeper", "../../shipping.html"),
        "/files/manual.pdf": Page(b"%PDF-1.4 and so on", headers={"Content-Type": "application/pdf"}),
    }
    site = read()
    assert names(site) == ["files/manual.pdf", "help/deep/er/index.html", "help/index.html", "help/returns.html",
                           "help/shipping.html"]  # fmt: skip
    assert server.paths == ["/robots.txt", "/help/", "/sitemap.xml", "/help/returns", "/help/shipping.html",
                            "/help/deep/er/", "/files/manual.pdf"]  # fmt: skip
    assert site.report.stopped == "" and site.report.left_out == () and site.report.stored == 5
    assert server.asked[1][1]["user-agent"].startswith("support-kit/")
    found = articles(site, tmp_path / "knowledge")
    assert found["help/returns.html"].url == f"{server.root}/help/returns"
    assert found["help/returns.html"].title == "Returns" and found["help/returns.html"].language == "en"
    assert found["help/returns.html"].article_id == f"127.0.0.1-{server.port}/help/returns"


def test_the_start_may_be_the_root_or_a_page_without_a_slash(server: SiteServer, read: Read, tmp_path: Path) -> None:
    server.pages = {
        "/": article("Home", "/a"),
        "/a": article("A", "/b"),
        "/b": article("B"),
        "/help": article("Help", "/help/one", "/a"),
        "/help/one": article("One"),
    }
    assert names(read("/")) == ["a.html", "b.html", "index.html"]
    assert names(read("/help")) == ["help.html", "help/one.html"]


def test_a_start_that_leads_elsewhere_on_its_host_begins_there(server: SiteServer, read: Read) -> None:
    server.pages = {
        "/help": Page(status=302, headers={"Location": "/hc/en/"}),
        "/hc/en/": article("Help", "/hc/en/a", "/hc/de/a"),
        "/hc/en/a": article("A"),
    }
    assert names(read("/help")) == ["hc/en/a.html", "hc/en/index.html"]


SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
INDEX = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</sitemapindex>'


def test_pages_come_from_the_sitemaps_that_robots_txt_names(server: SiteServer, read: Read, tmp_path: Path) -> None:
    entry = "<url><loc>{}/help/{}</loc>{}</url>"
    one = SITEMAP.format(entry.format(server.root, "one", "<lastmod>2024-03-02T10:00:00Z</lastmod>"))
    two = SITEMAP.format(entry.format(server.root, "two", "") + f"<url><loc>{server.root}/shop</loc></url>")
    listed = f"<sitemap><loc>{server.root}/maps/1.xml</loc></sitemap><sitemap><loc>/maps/2.xml.gz</loc></sitemap>"
    server.pages = {
        "/robots.txt": Page(f"User-agent: *\nDisallow: /admin\nSitemap: {server.root}/maps/index.xml\n"),
        "/maps/index.xml": Page(INDEX.format(listed)),
        "/maps/1.xml": Page(one),
        "/maps/2.xml.gz": Page(gzip.compress(two.encode()), headers={"Content-Type": "application/gzip"}),
        "/help/": article("Help", "unlisted"),
        "/help/one": article("One", "unlisted", "/files/a.pdf"),
        "/help/two": article("Two"),
        "/help/unlisted": article("Unlisted"),
        "/files/a.pdf": Page(b"%PDF-1.7", headers={"Content-Type": "application/pdf"}),
    }
    site = read()
    assert names(site) == ["files/a.pdf", "help/index.html", "help/one.html", "help/two.html"]
    assert "/sitemap.xml" not in server.paths and "/help/unlisted" not in server.paths
    assert articles(site, tmp_path / "knowledge")["help/one.html"].updated == date(2024, 3, 2)


def test_a_sitemap_without_pages_of_the_help_centre_is_of_no_use(server: SiteServer, read: Read) -> None:
    server.pages = {
        "/sitemap.xml": Page(f"{server.root}/help/\n{server.root}/shop\nftp://nope\n"),
        "/help/": article("Help", "a"),
        "/help/a": article("A"),
    }
    assert names(read()) == ["help/a.html", "help/index.html"]


BOMB = (
    '<!DOCTYPE b [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1 if n > 1 else str()};" * 10}">' for n in range(1, 9))
    + "]>"
)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (BOMB + SITEMAP.format("<url><loc>http://x/&a8;</loc></url>"), "It is a sitemap with a document type"),
        ('<!DOCTYPE urlset SYSTEM "file:///etc/passwd">' + SITEMAP.format(""), "It is a sitemap with a document type"),
        ("<html><p>Not found, but with status 200.</p></html>", "It is no sitemap."),
        ("\n<!doctype html><p>Not found", "It is no sitemap."),
        (('<!DOCTYPE a [<!ENTITY b "c">]>' + SITEMAP.format("")).encode("utf-16"), "It is a sitemap with a document"),
        ("<urlset><url>", "It is a sitemap that is no XML."),
        (gzip.compress(b"<" + b"a" * 20_000_000), "It has more than 10 MB."),
        (gzip.compress(b"<urlset/>" * 99)[:-20], "It is packed, and"),
    ],
)
def test_a_bad_sitemap_is_left_out_and_links_are_followed(
    server: SiteServer, read: Read, body: str | bytes, reason: str
) -> None:
    server.pages = {
        "/robots.txt": Page("Sitemap: /map"),
        "/map": Page(body),
        "/help/": article("Help", "a"),
        "/help/a": article("A"),
    }
    site = read()
    assert names(site) == ["help/a.html", "help/index.html"]
    assert reasons(site)["/map"].startswith(reason)


def test_sitemaps_that_lead_to_sitemaps_without_end(server: SiteServer, read: Read) -> None:
    def index(path: str) -> Page:
        number = int(path.rpartition("/")[2]) if path.startswith("/maps/") else 0
        links = "".join(f"<sitemap><loc>/maps/{number * 9 + i}</loc></sitemap>" for i in range(1, 10))
        return Page(INDEX.format(links)) if number else Page(status=404)

    server.pages = {
        "/robots.txt": Page("Sitemap: /maps/1\nSitemap: http://other.test/map.xml"),
        "/help/": article("Help"),
    }
    server.otherwise = index
    site = read()
    assert site.report.stored == 1
    assert Counter(reasons(site).values())["It is one sitemap too many, or too deep."] > 0
    assert reasons(site)["/map.xml"] == "It is a sitemap on another host."
    assert sum(path.startswith("/maps/") for path in server.paths) <= 100


# What a site does not want


def test_robots_txt_is_honoured(server: SiteServer, read: Read, clock: FakeClock) -> None:
    server.pages = {
        "/robots.txt": Page(
            "User-agent: other\nDisallow: /\n\nUser-agent: support-kit\nDisallow: /help/private*\nDisallow: /*.pdf$\n"
            "Allow: /help/private-but-open\nCrawl-delay: 7\n"
        ),
        "/help/": article("Help", "private/a", "private-but-open", "b.pdf", "moved"),
        "/help/private-but-open": article("Open"),
        "/help/moved": Page(status=301, headers={"Location": "/help/private/b"}),
    }
    site = read()
    assert names(site) == ["help/index.html", "help/private-but-open.html"]
    assert reasons(site) == {
        "/help/private/a": "robots.txt forbids it.",
        "/help/b.pdf": "robots.txt forbids it.",
        "/help/moved": "It leads to another address. robots.txt forbids it.",
    }
    assert not any("private/" in path or ".pdf" in path for path in server.paths)
    assert clock.slept and set(clock.slept[1:]) == {7.0}  # the first wait is before the rules are known


@pytest.mark.parametrize(
    ("robots", "words"),
    [
        (Page("User-agent: *\nDisallow: /"), "robots.txt forbids reading it. Ask its owner to allow `support-kit`"),
        (Page("", 503), "robots.txt cannot be read (error 503), so nothing else may be. Try again later."),
    ],
)
def test_a_site_that_forbids_everything(server: SiteServer, read: Read, robots: Page, words: str) -> None:
    server.pages = {"/robots.txt": robots, "/help/": article("Help")}
    with pytest.raises(KitError) as caught:
        read()
    assert words in str(caught.value) and str(caught.value).startswith(f"{server.root}/help/: ")
    assert set(server.paths) == {"/robots.txt"}


@pytest.mark.parametrize(
    "robots",
    [
        Page("<html>This page does not exist</html>"),
        Page("", 403),
        Page(b"\xff\xfe\x00User-agent: *", headers={"Content-Type": "text/plain"}),
        Page(status=302, headers={"Location": "http://other.test/robots.txt"}),
    ],
)
def test_a_robots_txt_that_says_nothing_forbids_nothing(server: SiteServer, read: Read, robots: Page) -> None:
    server.pages = {"/robots.txt": robots, "/help/": article("Help")}
    assert read().report.stored == 1


def test_noindex_and_nofollow(server: SiteServer, read: Read) -> None:
    def with_header(page: Page, rule: str) -> Page:
        return replace(page, headers={"X-Robots-Tag": rule})

    server.pages = {
        "/help/": article("Help", "a", "b", "c", "d", "e"),
        "/help/a": article("A", "from-a", head='<meta name="robots" content="noindex">'),
        "/help/b": article("B", "from-b", head='<META NAME=ROBOTS CONTENT="NoFollow, max-snippet:-1">'),
        "/help/c": with_header(article("C", "from-c"), "otherbot: noindex, nofollow"),
        "/help/d": with_header(article("D", "from-d"), "unavailable_after: 1 Jan 2030, none"),
        "/help/e": Page('<title>E</title><p>Words.</p><a rel="nofollow noopener" href="from-e">x</a>'),
        "/help/from-a": article("From A"),
        "/help/from-c": article("From C"),
    }
    site = read()
    assert names(site) == [f"help/{name}.html" for name in ("b", "c", "e", "from-a", "from-c", "index")]
    assert reasons(site) == dict.fromkeys(["/help/a", "/help/d"], "It asks not to be indexed (noindex).")


def test_a_page_of_several_addresses_is_stored_once(server: SiteServer, read: Read, tmp_path: Path) -> None:
    def canonical(address: str) -> str:
        return f'<link rel="canonical" href="{address}">'

    server.pages = {
        "/help/": article("Help", "a?print=1", "b/", "b/index.html", "copy", "broken", "abroad", "old", "onward"),
        "/help/a?print=1": article("A", head=canonical("/help/a")),
        "/help/a": article("A", head=canonical(f"{server.root}/help/a")),
        "/help/b/": article("B", text="Twice."),
        "/help/copy": article("B", text="Twice."),
        "/help/broken": article("Broken", head=canonical("/help/gone")),
        "/help/abroad": article("Abroad", head=canonical("https://www.example.com/help/abroad")),
        "/help/old": Page(status=301, headers={"Location": "/help/new"}),
        "/help/new": article("New", "old"),
        "/help/onward": Page('<meta http-equiv="refresh" content="0; url=/help/target">Redirecting.'),
        "/help/target": article("Target"),
    }
    site = read()
    found = articles(site, tmp_path / "knowledge")
    kept = ("a", "abroad", "b/index", "broken", "index", "new", "target")
    assert sorted(found) == [f"help/{name}.html" for name in kept]
    assert reasons(site) == {
        "/help/a?print=1": "It gives another page as its address.",
        "/help/copy": "It is, to the letter, another page that is stored.",
        "/help/gone": "It gives error 404.",
        "/help/onward": "It only sends its visitor on.",
    }
    assert found["help/abroad.html"].url == "https://www.example.com/help/abroad"
    assert found["help/broken.html"].url == f"{server.root}/help/broken"
    assert Counter(server.paths).most_common(1)[0][1] == 1


# What goes wrong


def test_errors_that_pass_are_met_with_another_try(server: SiteServer, read: Read, clock: FakeClock) -> None:
    tries: Counter[str] = Counter()

    def after(count: int, page: Page, name: str) -> Callable[[SiteServer], Page]:
        def answer(_: SiteServer) -> Page:
            tries[name] += 1
            return page if tries[name] <= count else article(name)

        return answer

    later = datetime.fromtimestamp(clock.clock.wall() + 300, UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
    cut_off = Page("half", headers={"Content-Length": "4000"})
    server.pages = {
        "/help/": article("Help", "twice", "ever", "slow-down", "date", "cut", "always-cut", "gone"),
        "/help/twice": after(2, Page("Oops", 500), "twice"),
        "/help/ever": after(99, Page("Oops", 502), "ever"),
        "/help/slow-down": after(1, Page("", 429, {"Retry-After": "33"}), "slow-down"),
        "/help/date": after(1, Page("", 503, {"Retry-After": later}), "date"),
        "/help/cut": after(1, cut_off, "cut"),
        "/help/always-cut": after(99, cut_off, "always-cut"),
    }
    site = read()
    assert names(site) == [f"help/{name}.html" for name in ("cut", "date", "index", "slow-down", "twice")]
    assert reasons(site) == {
        "/help/ever": "It gives error 502.",
        "/help/always-cut": "The connection broke off.",
        "/help/gone": "It gives error 404.",
    }
    assert tries == {"twice": 3, "ever": 4, "slow-down": 2, "date": 2, "cut": 2, "always-cut": 4}
    assert 33.0 in clock.slept and any(200 < seconds <= 300 for seconds in clock.slept)
    assert {1.0, 2.0, 4.0} <= set(clock.slept)


def test_redirects_that_are_not_followed(server: SiteServer, read: Read) -> None:
    def to(address: str) -> Page:
        return Page(status=302, headers={"Location": address})

    with SiteServer() as other:
        server.pages = {
            "/help/": article("Help", "loop", "abroad", "out", "file", "endless/1", "user", "fine"),
            "/help/loop": to("/help/loop"),
            "/help/abroad": to(f"{other.root}/help/secret"),
            "/help/out": to("/login"),
            "/help/file": to("file:///etc/passwd"),
            "/help/user": to(f"http://me:secret@127.0.0.1:{server.port}/help/x"),
            "/help/fine": to("/help/caf%C3%A9"),
            "/help/caf%C3%A9": article("Café"),
        }
        server.otherwise = lambda path: (
            to(f"/help/endless/{int(path.rpartition('/')[2]) + 1}") if "endless" in path else Page("", 404)
        )
        site = read()
        assert other.asked == []
    assert names(site) == ["help/café.html", "help/index.html"]
    assert reasons(site) == {
        "/help/loop": "It leads from one address to the next without end.",
        "/help/endless/1": "It leads from one address to the next without end.",
        "/help/abroad": "It leads to another host, 127.0.0.1.",
        "/help/out": "It leads out of the folder of the start address.",
        "/help/file": "It leads to an address that cannot be read.",
        "/help/user": "It leads to an address that cannot be read.",
    }
    assert sum("endless" in path for path in server.paths) == 6


def test_pages_that_are_too_much(server: SiteServer, read: Read, clock: FakeClock) -> None:
    def endless(write: Callable[[bytes], object]) -> None:
        while True:
            write(b"<p>and so on</p>" * 500)

    def drip(write: Callable[[bytes], object]) -> None:
        for _ in range(20):
            write(b"<p>drop</p>")
            clock.time += 5
        wait_for(lambda: "/help/bomb" in server.paths)  # so that the reader gave up of itself

    server.pages = {
        "/help/": article("Help", "endless", "drip", "bomb", "announced", "brotli", "broken", "small"),
        "/help/endless": Page(write=endless),
        "/help/drip": Page(write=drip),
        "/help/bomb": Page(gzip.compress(b"<p>" + b"a" * 50_000_000), headers={"Content-Encoding": "gzip"}),
        "/help/announced": Page("", headers={"Content-Length": "5000001"}),
        "/help/brotli": Page("?", headers={"Content-Encoding": "br"}),
        "/help/broken": Page("not gzip", headers={"Content-Encoding": "gzip"}),
        "/help/small": Page(gzip.compress(article("Small").data), headers={"Content-Encoding": "gzip"}),
    }
    site = read()
    assert names(site) == ["help/index.html", "help/small.html"]
    assert reasons(site) == {
        "/help/endless": "It has more than 5 MB.",
        "/help/drip": "It comes too slowly.",
        "/help/bomb": "It has more than 5 MB.",
        "/help/announced": "It has more than 5 MB.",
        "/help/brotli": "It is packed in a way that was not asked for.",
        "/help/broken": "It is packed, and damaged.",
    }
    assert Counter(server.paths)["/help/drip"] == 1


def test_what_is_no_page_is_left_out(server: SiteServer, read: Read) -> None:
    server.pages = {
        "/help/": article("Help", "video", "fake", "empty", "binary", "attributes", "untyped"),
        "/help/video": Page(b"....", headers={"Content-Type": "video/mp4"}),
        "/help/fake": Page("<p>no PDF</p>", headers={"Content-Type": "application/pdf"}),
        "/help/empty": Page(""),
        "/help/binary": Page(bytes(range(20)) * 50),
        "/help/attributes": Page("<p " + " ".join(f"a{n}=1" for n in range(20_000)) + ">x</p>"),
        "/help/untyped": replace(article("Untyped"), headers={"Content-Type": ""}),
    }
    site = read()
    assert names(site) == ["help/index.html", "help/untyped.html"]
    assert reasons(site) == {
        "/help/video": "It is neither a web page nor a PDF.",
        "/help/fake": "It says that it is a PDF, and is none.",
        "/help/empty": "It holds no text.",
        "/help/binary": "It is no text.",
        "/help/attributes": "It is broken: a tag has thousands of attributes.",
    }


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("text/html; charset=windows-1251", "windows-1251"),
        ('text/html; charset="ISO-8859-1"', "utf-8"),  # a header that lies
        ("text/html; charset=punycode", "utf-8"),
        ("text/html; charset=x-no-such-thing", "utf-8"),
        ("text/html; charset=shift_jis", "shift_jis"),
        ("text/html", "utf-8"),
        ("text/html", "utf-16"),
    ],
)
def test_charsets(server: SiteServer, read: Read, tmp_path: Path, header: str, encoding: str) -> None:
    words = "Возврат товара"
    text = f"<html><head><meta charset='koi8-r'></head><body><main><h1>Help</h1><p>{words}</p></main></body></html>"
    server.pages = {"/help/": Page(text.encode(encoding), headers={"Content-Type": header})}
    site = read()
    assert words in articles(site, tmp_path / "knowledge")["help/index.html"].text


def test_dates(server: SiteServer, read: Read, tmp_path: Path, clock: FakeClock) -> None:
    changed = {"Last-Modified": "Tue, 05 Mar 2024 10:00:00 GMT"}
    server.pages = {
        "/help/": article("Help", "own", "header"),
        "/help/own": replace(article("Own", head='<meta name="date" content="2023-01-31">'), headers=changed),
        "/help/header": replace(article("Header"), headers=changed),
    }
    found = articles(read(), tmp_path / "knowledge")
    today = datetime.fromtimestamp(clock.clock.wall(), UTC).date()
    assert {name: one.updated for name, one in found.items()} == {
        "help/own.html": date(2023, 1, 31),
        "help/header.html": date(2024, 3, 5),
        "help/index.html": today,
    }


def test_a_pdf_keeps_its_address_and_date(server: SiteServer, read: Read, tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    pdf = Canvas(str(tmp_path / "manual.pdf"), invariant=True)  # its own date is that of the year 2000
    pdf.drawString(72, 700, "Press the dial for ten seconds.")
    pdf.save()
    typed = {"Content-Type": "application/pdf"}
    data = (tmp_path / "manual.pdf").read_bytes()
    undated = re.sub(rb"/(Mod|Creation)Date \([^)]*\)", lambda found: b" " * len(found.group()), data)
    server.pages = {
        "/help/": article("Help", "/files/Manual%20A.pdf", "undated.pdf"),
        "/files/Manual%20A.pdf": Page(data, headers=typed),
        "/help/undated.pdf": Page(undated, headers={**typed, "Last-Modified": "Tue, 05 Mar 2024 10:00:00 GMT"}),
    }
    found = articles(read(), tmp_path / "knowledge")
    manual, undated_one = found["files/Manual-A.pdf"], found["help/undated.pdf"]
    assert manual.url == f"{server.root}/files/Manual%20A.pdf" and manual.updated == date(2000, 1, 1)
    assert undated_one.updated == date(2024, 3, 5) and "ten seconds" in undated_one.text
    [beside] = (tmp_path / "knowledge").rglob(".Manual*.json")
    beside.write_text("{}")
    [left_out] = read_folder(tmp_path / "knowledge").skipped
    assert left_out.reason == ".Manual-A.pdf.json, which says where it comes from, is damaged. Remove that file."


# Limits and traps


def test_a_trap_ends_by_the_limits(server: SiteServer, read: Read) -> None:
    def endless(path: str) -> Page:
        if not path.startswith("/help/"):
            return Page("", 404)
        number = int("0" + re.sub(r"\D", "", path)) + 1
        return article(
            f"Page {number}", f"/help/calendar/{number}", f"/help/?page={number}", f"/help/x;jsessionid={number}"
        )

    server.otherwise = endless
    site = read(limits=SiteLimits(pages=40))
    assert 10 < site.report.stored < 40 and len(server.asked) == 42  # with robots.txt and the sitemap
    assert "It is, to the letter, another page that is stored." in reasons(site).values()
    assert "Stopped at 40 pages, the limit" in site.report.stopped and "--max-pages" in site.report.stopped
    assert not any("jsessionid" in path for path in server.paths)
    deep = read("/help/?deep", limits=SiteLimits(depth=3))
    assert deep.report.stored < 20 and deep.report.stopped == ""


def test_more_addresses_than_are_remembered(server: SiteServer, read: Read) -> None:
    server.pages = {
        "/robots.txt": Page("User-agent: *\nDisallow: /help/x"),
        "/help/": article("Help", *(f"x{n}" for n in range(100))),
    }
    report = read(limits=SiteLimits(pages=3)).report
    assert len(report.left_out) == 59 and report.stopped.startswith("There are more than 60 addresses")


def test_a_page_that_reloads_itself_is_stored(server: SiteServer, read: Read) -> None:
    server.pages = {"/help/": article("Help", head='<meta http-equiv="refresh" content="5; /help/index.html">')}
    assert read().report.stored == 1


def test_connections_are_used_again(server: SiteServer, read: Read) -> None:
    server.pages = {"/help/": article("Help", "a", "b"), "/help/b": replace(article("B"), headers={"ETag": '"1"'})}
    server.pages["/help/a"] = Page(status=301, headers={"Location": "/help/c"})
    server.pages["/help/c"] = article("C")
    read()
    server.pages["/help/b"] = Page(status=304)
    server.connections.clear()
    assert read().report.unchanged == 3
    assert len(server.connections) == 3  # the errors for robots.txt and the sitemap end theirs


def test_no_more_than_two_requests_a_second_by_default(server: SiteServer, read: Read, clock: FakeClock) -> None:
    server.pages = {"/help/": article("Help", "a", "b"), "/help/a": article("A"), "/help/b": article("B")}
    read()
    assert len(server.asked) == 5 and clock.slept == [0.5] * 4


def test_when_time_is_over_it_goes_on_the_next_time(server: SiteServer, read: Read, clock: FakeClock) -> None:
    server.pages = {"/help/": article("Help", *(f"a{n}" for n in range(19)))}
    server.pages |= {f"/help/a{n}": article(f"A{n}") for n in range(19)}
    first = read(limits=SiteLimits(minutes=0.1))
    assert 3 < first.report.stored < 20
    assert "0.1 minutes, the limit. To go on" in first.report.stopped
    assert first.report.lines()[-1].strip() == first.report.stopped
    before = set(server.paths)
    server.asked.clear()
    second = read()
    assert second.report.stored == 20 and second.report.stopped == ""
    assert set(server.paths) & before == {"/robots.txt", "/sitemap.xml"}


def test_a_wait_that_is_asked_for_and_too_long_ends_the_run(server: SiteServer, read: Read) -> None:
    server.pages = {"/help/": article("Help", "a"), "/help/a": Page("", 429, {"Retry-After": "86400"})}
    site = read()
    assert site.report.stored == 1 and "minutes, the limit" in site.report.stopped
    server.pages["/help/"] = Page("", 429, {"Retry-After": "86400"})
    with pytest.raises(KitError, match="before its first page has come"):
        read(cache=site.cache / "new")


def test_a_site_that_falls_silent_is_left_alone(server: SiteServer, read: Read) -> None:
    server.pages = {"/help/": article("Help", *(f"a{n}" for n in range(50)))}
    server.otherwise = lambda path: Page("", 500 if "/a" in path else 404)
    site = read()
    assert site.report.stored == 1 and "no answer 8 times in a row" in site.report.stopped
    assert len([path for path in server.paths if "/a" in path]) == 8 * 4


# Reading again


def test_only_what_has_changed_is_fetched_again(server: SiteServer, read: Read, clock: FakeClock) -> None:
    versions = {"/help/": '"1"', "/help/a": '"1"', "/help/b": '"1"'}

    def answer(path: str) -> Callable[[SiteServer], Page]:
        def page(site: SiteServer) -> Page:
            if site.asked[-1][1].get("if-none-match") == versions[path]:
                return Page(status=304)
            body = article(path, "a", "b", text=f"Version {versions[path]}.")
            return replace(body, headers={"ETag": versions[path], "Last-Modified": "Tue, 05 Mar 2024 10:00:00 GMT"})

        return page

    server.pages = {path: answer(path) for path in versions}
    first = read()
    assert (first.report.stored, first.report.unchanged) == (3, 0)
    versions["/help/b"] = '"2"'
    clock.time += 10 * 86400
    second = read()
    assert (second.report.stored, second.report.unchanged) == (3, 2)
    assert "of which 2 are as they were the last time" in second.report.lines()[0]
    assert [file.visit.fetched for file in second.files] == [file.visit.fetched for file in first.files[:2]] + [
        (date.fromisoformat(first.files[2].visit.fetched) + timedelta(days=10)).isoformat()
    ]
    del server.pages["/help/b"]
    third = read()
    assert third.report.stored == 2 and reasons(third)["/help/b"] == "It gives error 404."
    assert len(list(third.cache.glob("*.body"))) == 2  # what nobody needs is gone


def test_a_damaged_cache_is_mended(server: SiteServer, read: Read, tmp_path: Path) -> None:
    server.pages = {"/help/": replace(article("Help", "a"), headers={"ETag": '"1"'}), "/help/a": article("A")}
    site = read(limits=SiteLimits(pages=1))
    journal = site.cache / "journal.jsonl"
    journal.write_text(journal.read_text() + '{"address": "' + server.root + '/help/a", "rea')
    for body in site.cache.glob("*.body"):
        body.write_bytes(body.read_bytes()[:10])
    again = read()
    assert again.report.stored == 2
    assert {"help/a.html", "help/index.html"} == set(articles(again, tmp_path / "knowledge"))
    journal.write_bytes(b"\0\xff" * 100)
    assert read().report.stored == 2


def test_an_old_interruption_does_not_keep_old_pages(server: SiteServer, read: Read, clock: FakeClock) -> None:
    server.pages = {"/help/": article("Help", "a"), "/help/a": article("A")}
    read(limits=SiteLimits(pages=1))
    clock.time += 2 * 86400
    server.asked.clear()
    read()
    assert "/help/" in server.paths


def test_two_runs_do_not_read_one_site_at_once(server: SiteServer, read: Read) -> None:
    server.pages = {"/help/": article("Help")}

    def inner(what: str, done: int, total: int) -> None:
        with pytest.raises(KitError, match="Another run is reading this site"):
            read()

    assert read(progress=inner).report.stored == 1


def test_progress(server: SiteServer, read: Read) -> None:
    server.pages = {"/help/": article("Help", "a", "b"), "/help/a": article("A"), "/help/b": article("B")}
    told: list[tuple[str, int, int]] = []
    read(progress=lambda *step: told.append(step))
    assert told == [("reading 127.0.0.1", done, 3) for done in (1, 2, 3)]


# Where it connects to


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "0", "[::1]", "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]", "\uff11\uff12\uff17.0.0.1", "127。0。0。1", "10.1.2.3", "192.168.0.1", "169.254.169.254",
        "100.64.0.1", "224.0.0.1", "[fe80::1]", "[fd00::1]", "[ff02::1]", "[64:ff9b::a00:1]", "[2002:7f00:1::]",
        "240.0.0.1", "[::]",
    ],
)  # fmt: skip
def test_private_addresses_are_refused(tmp_path: Path, clock: FakeClock, host: str) -> None:
    with pytest.raises(KitError, match="is a private address") as caught:
        read_site(f"http://{host}:9/", cache=tmp_path, clock=clock.clock)
    assert "--allow-private" in str(caught.value)


@pytest.mark.parametrize(
    ("address", "public"),
    [("93.184.216.34", True), ("2606:2800:220:1::1", True), ("::ffff:8.8.8.8", True), ("64:ff9b::808:808", True),
     ("fec0::1", False), ("198.18.0.1", False), ("255.255.255.255", False), ("2001:db8::1", False)],
)  # fmt: skip
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) == public


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("ftp://help.test/", "ftp://help.test/: This address cannot be read: It begins with neither"),
        ("https://", "It names no host."),
        ("https://me:secret@help.test/", "--docs: This address cannot be read: It holds a user name or password."),
        ("https://help.test:99999/", "This address cannot be read: Port out of range"),
        ("https://help test/", "is no name of a host"),
        ("https://help.test%2f.evil.test/", "is no name of a host"),
        ("https://[fe80::1%25eth0]/", "cannot be read"),
        ("https://[::1/", "cannot be read"),
        ("https://" + "a" * 64 + ".test/", "is no name of a host"),
        ("https://help.test/" + "a" * 2000, "more than 2000 characters"),
    ],
)
def test_addresses_that_are_refused(tmp_path: Path, address: str, words: str) -> None:
    with pytest.raises(KitError) as caught:
        read_site(address, cache=tmp_path)
    assert words in str(caught.value) and "secret" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_the_address_that_was_checked_is_connected_to(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is public when it is checked and private a moment later leads nowhere else."""
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    connected: list[str] = []

    def connect(self: object, host: str, port: int, *rest: object) -> httpcore.NetworkStream:
        connected.append(host)
        raise httpcore.ConnectError("not now")

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    with pytest.raises(KitError, match=r"rebind\.test is a private address"):
        read_site("http://rebind.test/", cache=tmp_path, clock=clock.clock, resolve=lambda host, port: next(answers))
    assert connected == ["93.184.216.34"]
    with pytest.raises(KitError, match=r"both\.test is a private address"):
        read_site("http://both.test/", cache=tmp_path, clock=clock.clock, resolve=lambda *_: ["8.8.8.8", "10.0.0.1"])
    assert connected == ["93.184.216.34"]


def test_a_host_keeps_its_name_and_its_second_address_is_tried(server: SiteServer, read: Read) -> None:
    server.pages = {"/help/": article("Help")}
    site = read(f"http://bücher.test:{server.port}/help/", resolve=lambda host, port: ["127.0.0.2", "127.0.0.1"])
    assert site.report.stored == 1
    assert {headers["host"] for _, headers in server.asked} == {f"xn--bcher-kva.test:{server.port}"}
    assert site.files[0].name == f"xn--bcher-kva.test-{server.port}/help/index.html"


def test_a_host_that_is_not_there(tmp_path: Path, clock: FakeClock, server: SiteServer, read: Read) -> None:
    def nowhere(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(KitError, match=r"There is no host help\.test\. Check the address"):
        read_site("https://help.test/", cache=tmp_path, clock=clock.clock, resolve=nowhere)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(KitError, match="The site takes no connection"):
            read(f"http://127.0.0.1:{free.getsockname()[1]}/")
    with pytest.raises(KitError, match="error 404"):
        read("/nothing/")
    server.pages["/help/"] = Page(status=301, headers={"Location": "https://www.example.com/help/"})
    with pytest.raises(KitError, match=r"another host, www\.example\.com\. .* give its address: https://www\.example"):
        read()
    server.pages["/help/"] = article("Help", head='<meta name="robots" content="none">')
    with pytest.raises(KitError, match=r"No page was found that can be stored: left out 1: .*noindex"):
        read()


@pytest.fixture
def tls(tmp_path: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for help.test that nobody has signed but itself, and a server's context with it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "help.test")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("help.test")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "help.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(signed.public_bytes(serialization.Encoding.PEM) + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return pem, context


def test_tls(
    tls: tuple[Path, ssl.SSLContext],
    server: SiteServer,
    tmp_path: Path,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pem, context = tls

    def read(host: str, port: int) -> Site:
        return read_site(
            f"https://{host}:{port}/help/",
            cache=tmp_path / "cache",
            allow_private=True,
            clock=clock.clock,
            resolve=lambda host, port: ["127.0.0.1"],
        )

    with SiteServer(context=context) as secure:
        secure.pages = {"/help/": article("Help")}
        with pytest.raises(
            KitError, match=r"Its TLS certificate is not trusted: self.signed certificate\. .*SSL_CERT_FILE"
        ):
            read("help.test", secure.port)
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        assert read("help.test", secure.port).report.stored == 1
        with pytest.raises(KitError, match="Its TLS certificate is not trusted: Hostname mismatch"):
            read("other.test", secure.port)
    with pytest.raises(KitError, match="It does not speak TLS"):
        read("help.test", server.port)


# Addresses and names


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("a b/ä?q=ö&utm_medium=x#top", "http://help.test/en/a%20b/%C3%A4?q=%C3%B6"),
        ("../../../x/./y/..", "http://help.test/x/"),
        ("%7euser/%2e%2e/%c3%a9%zz", "http://help.test/en/%C3%A9%25zz"),
        ("//HELP.test.:80/A?b=1&fbclid=2&&c", "http://help.test/A?b=1&c"),
        (" \n\\back\\slash ", "http://help.test/back/slash"),
        ("https://help.test", "https://help.test/"),
        ("x;jsessionid=1A?PHPSESSID=2", "http://help.test/en/x"),
        ("http://[2001:DB8:0::1]:8080/", "http://[2001:db8::1]:8080/"),
        ("http://faß.test/", "http://xn--fa-hia.test/"),
    ],
)
def test_addresses_are_written_in_one_way(text: str, address: str) -> None:
    found = Address.parse(text, base=Address.parse("http://help.test/en/start"))
    assert str(found) == address and Address.parse(address) == found


@given(st.text(max_size=60) | st.text("ab/.%2e?&=#:@[]\\\\;é\u3002\uff11", max_size=30))
def test_whatever_stands_in_a_link_is_an_address_or_a_value_error(text: str) -> None:
    base = Address.parse("http://help.test/en/start")
    for one in (text, f"http://{text}", f"http://help.test/{text}"):
        try:
            found = Address.parse(one, base=base)
        except ValueError:
            continue
        assert Address.parse(str(found)) == found and str(found).isascii() and " " not in str(found)
        assert not re.search(r"/\.\.?(/|$)", found.path)
        name = Names().give(found, ".html")
        parts = name.split("/")
        assert all(part and not part.startswith(".") and strip_hidden(part) == part for part in parts)
        assert len(name.encode()) < 200


def test_addresses_of_one_page() -> None:
    same = [
        "http://h.test/a",
        "http://h.test/a/",
        "https://h.test/a/index.html",
        "http://h.test/a#x",
        "http://h.test/a?utm_id=1",
    ]
    assert len({Address.parse(one).key for one in same}) == 1
    assert Address.parse("http://h.test/?a=1&b=2").key == Address.parse("http://h.test/?b=2&a=1").key
    assert Address.parse("http://h.test/a").key != Address.parse("http://h.test/A").key


def test_names_of_files_are_safe_and_never_taken_twice() -> None:
    given = Names()
    paths = [
        "/", "/index.php", "/a", "/A", "/a.html/b", "/a.pdf", "/con", "/x/aux.html", "/.git/config",
        "/%2e%2e%2fetc%2fpasswd", "/%00nul", "/a%5Cb", "/~$draft", "/" + "long-" * 100, "/" + "long-" * 100 + "x",
        "/" + "deep/" * 100, "/%E3%83%98%E3%83%AB%E3%83%97",
        "/%F0%9F%98%80", "/x.", "/x...", "/q?id=../../1&b=2", "/e%CC%81", "/%C3%A9", "/%E2%80%8Bhidden", "/%FF",
    ]  # fmt: skip
    names = [
        given.give(Address.parse(f"http://h.test{path}"), ".pdf" if path.endswith("pdf") else ".html") for path in paths
    ]
    assert len({re.sub(r"\.\w+$", "", name).casefold() for name in names}) == len(paths)
    for name in names:
        assert len(name.encode()) < 200 and not re.search(r'[\\:*?"<>|\x00-\x1f]', name), name
        for part in name.split("/"):
            assert part and not part.startswith((".", "~")) and not part.endswith((".", " ")), name
            assert not re.match(r"(con|prn|aux|nul)(\.|$)", part, re.IGNORECASE), name
    files = set(names)
    assert not any(
        "/".join(name.split("/")[:depth]) in files for name in names for depth in range(1, name.count("/") + 1)
    )
    assert names[0] == "index.html" and names[16] == "ヘルプ.html"
    assert (
        folder_name(Address.parse("http://[::1]:8080/")) == "1--8080"
        and folder_name(Address.parse("https://h.test/")) == "h.test"
    )


# The command


def test_from_a_live_help_centre_to_hits(kit: Run, server: SiteServer, tmp_path: Path) -> None:
    server.pages = {
        "/robots.txt": Page("User-agent: *\nDisallow: /help/staff"),
        "/help/": article("Help", "returns", "shipping", "staff/notes"),
        "/help/returns": article("Returns", text="You can send a lamp back within 30 days of delivery."),
        "/help/shipping": article("Shipping", text="Standard shipping takes four days and costs 4.95."),
    }
    notes = tmp_path / "letter.md"
    notes.write_text("# Opening hours\n\nWe are open on Sundays.\n")
    options = ["--docs", f"{server.root}/help/", "--docs", notes, "--delay", "0"]
    shop = tmp_path / "shop"
    refused = kit("init", shop, *options)
    assert refused.returncode == 2 and "is a private address" in refused.stderr and not shop.exists()

    made = kit("init", shop, *options, "--allow-private")
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout.splitlines() == [
        f"{server.root}/help/: stored 3 pages.",
        f"  left out 1: robots.txt forbids it. ({server.root}/help/staff/notes)",
        f"Made the workspace {shop}.",
        f"Next: kit index -w {shop}",
    ]
    assert kit("index", "-w", shop).stdout.startswith("Indexed 4 articles")
    found = json.loads(kit("search", "how do I send something back", "--json", "-w", shop).stdout)
    assert found["hits"][0]["article_id"] == f"127.0.0.1-{server.port}/help/returns"
    page = shop / "playbooks/knowledge" / f"{found['hits'][0]['article_id']}.html"
    assert f'<link rel="canonical" href="{server.root}/help/returns">' in page.read_text()

    limited = kit("init", tmp_path / "part", *options, "--allow-private", "--max-pages", "2")
    assert limited.returncode == 0 and "Stopped at 2 pages, the limit; 1 more" in limited.stdout
    assert (tmp_path / "part" / "kit.toml").is_file()


@pytest.mark.parametrize("stop", [signal.SIGKILL, signal.SIGINT])
def test_what_is_killed_in_the_middle_goes_on(
    kit: Run, server: SiteServer, tmp_path: Path, stop: signal.Signals
) -> None:
    pages = [f"a{n}" for n in range(6)]
    server.pages = {"/help/": article("Help", *pages)} | {f"/help/{one}": article(one) for one in pages}

    def hang(write: Callable[[bytes], object]) -> None:
        write(b"<p>wait</p>")
        wait_for(lambda: process.poll() is not None)

    server.pages["/help/a3"] = Page(write=hang)
    arguments = ["init", str(tmp_path / "shop"), "--docs", f"{server.root}/help/", "--allow-private", "--delay", "0"]
    command = [sys.executable, "-m", "kit", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: "/help/a3" in server.paths)
    process.send_signal(stop)
    _, said = process.communicate(timeout=60)
    assert process.returncode == (-signal.SIGKILL if stop == signal.SIGKILL else 130)
    if stop == signal.SIGINT:
        assert "What was fetched is kept: the same command goes on from there." in said
    assert not (tmp_path / "shop").exists()

    server.pages["/help/a3"] = article("a3")
    server.asked.clear()
    again = kit(*arguments)
    assert again.returncode == 0 and "stored 7 pages" in again.stdout
    assert sorted(server.paths) == ["/help/a3", "/help/a4", "/help/a5", "/robots.txt", "/sitemap.xml"]
    assert len(list((tmp_path / "shop" / "playbooks" / "knowledge").rglob("*.html"))) == 7


def test_a_site_that_cannot_be_read_makes_no_workspace(server: SiteServer, tmp_path: Path) -> None:
    with pytest.raises(KitError, match="error 404"):
        create_workspace(tmp_path / "shop", sites=[f"{server.root}/none/"], allow_private=True)
    assert list(tmp_path.iterdir()) == []


def test_a_document_and_a_page_of_one_name(server: SiteServer, read: Read, tmp_path: Path) -> None:
    server.pages = {"/help/": article("Help")}
    site = read()
    site.copy_to(tmp_path / "knowledge")
    with pytest.raises(KitError, match="A page of the site and another document would have this name"):
        site.copy_to(tmp_path / "knowledge")
    for body in site.cache.glob("*.body"):
        body.unlink()
    with pytest.raises(KitError, match="A page is gone from here"):
        site.copy_to(tmp_path / "other")
