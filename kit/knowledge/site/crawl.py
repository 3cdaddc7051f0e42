"""Goes through a site: from its sitemap, or from link to link, until all is read or a limit is reached."""

import sys
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from kit.errors import KitError
from kit.knowledge.site.addresses import Address
from kit.knowledge.site.fetch import Fetcher, Response
from kit.knowledge.site.journal import Journal, Visit
from kit.knowledge.site.page import Page, charset, kind, read_page
from kit.knowledge.site.robots import FORBIDDEN, Robots, read_robots
from kit.knowledge.site.sitemap import read_sitemaps
from kit.knowledge.site.types import AGENT, Clock, Failure, LeftOut, OutOfTime
from kit.progress import Progress

__all__ = ["Crawl"]

_SEEN = 20  # addresses that are remembered for each page that may be read
_SILENT = 8  # pages in a row without an answer, after which the site is taken to be down
_ASSETS = tuple(
    """.png .jpg .jpeg .gif .svg .webp .avif .ico .bmp .css .js .mjs .json .xml .rss .atom .zip .gz .tgz .rar .7z .exe
    .dmg .apk .msi .mp3 .mp4 .webm .mov .avi .wav .woff .woff2 .ttf .csv .xls .xlsx .ppt .pptx .doc .docx
    .txt""".split()
)


class Crawl:
    """One reading of a site.

    Attributes:
        visits: what came of each address, in the order of reading.
        forbidden: the addresses that were not asked for, and the sitemaps that could not be read.
        updated: by an address' key, when the sitemap says that its page was changed.
        stopped: what ended the reading early, and how to go on.
    """

    def __init__(
        self, start: Address, *, fetcher: Fetcher, journal: Journal, clock: Clock, progress: Progress | None = None
    ) -> None:
        self.visits: list[Visit] = []
        self.forbidden: list[LeftOut] = []
        self.updated: dict[str, date] = {}
        self.stopped = ""
        self._start, self._fetcher, self._journal, self._clock = start, fetcher, journal, clock
        self._limits, self._progress = fetcher.limits, progress
        self._site, self._folder = start, start.folder
        self._robots: Robots
        self._queue: deque[tuple[Address, int]] = deque()
        self._seen = {start.key}
        self._met: set[str] = set()
        self._silent = 0
        self._follow = True
        self._full = False

    def run(self) -> None:
        """Read the site; what is read is in the journal at once.

        Raises:
            KitError: the start cannot be read.
        """
        try:
            first = self._open()
        except Failure as failure:
            remedy = failure.remedy or "Check the address in a browser, or try again later."
            raise KitError(failure.reason, path=str(self._start), remedy=remedy) from failure
        except OutOfTime as error:
            problem = "The time for reading it is over before its first page has come."
            raise KitError(problem, path=str(self._start), remedy="Give it more with `--max-minutes`.") from error
        try:
            self._find(first)
        except OutOfTime:
            self._out_of_time()
        self._take(first, 0)
        while self._queue:
            if len(self.visits) >= self._limits.pages:
                self.stopped = (
                    f"Stopped at {self._limits.pages} pages, the limit; {len(self._queue)} more addresses are known."
                    " To go on, run the command again for a new folder with a larger `--max-pages`."
                )
                break
            address, depth = self._queue.popleft()
            visit = self._visit(address)
            if visit is not None:
                self._take(visit, depth)
        if not self.stopped:
            self._journal.finish()
            if self._full:
                self.stopped = (
                    f"There are more than {len(self._seen):,} addresses; the others were passed over. Give an address"
                    " that lies deeper, or a larger `--max-pages`."
                )

    def _open(self) -> Visit:
        """Read the rules and the start page, and learn from it where the site really is."""
        start = self._start
        self._robots = read_robots(self._fetcher, start)
        self._fetcher.delay = max(self._fetcher.delay, self._robots.delay)
        if not self._robots.allow(start):
            raise _forbidden_start(start)
        first = self._done(start) or self._fetch(start)
        if not first.final:
            raise Failure(first.reason)
        self._site = Address.parse(first.final)
        if not self._site.within(self._folder):
            self._folder = self._site.folder
        self._journal.add(first)
        return first

    def _find(self, first: Visit) -> None:
        """Take the pages from the sitemap; one that names none but the start is of no use, and links are followed."""
        listed, left_out = read_sitemaps(self._fetcher, self._site, self._robots)
        self.forbidden += left_out
        inside = [one for one in listed if one.address.same_site(self._site) and one.address.within(self._folder)]
        self.updated = {one.address.key: one.updated for one in inside if one.updated is not None}
        known = {self._start.key, Address.parse(first.final).key}
        self._follow = all(one.address.key in known for one in inside)
        self._seen |= known
        for one in inside:
            self._enter(one.address, 1)

    def _take(self, visit: Visit, depth: int) -> None:
        """Note a visit, and wait for where it leads."""
        self.visits.append(visit)
        if visit.final:
            self._seen.add(Address.parse(visit.final).key)
        if depth < self._limits.depth:
            onward = {visit.canonical, visit.url if visit.reason else ""}
            for text in visit.links:
                if text in self._met:  # as most links of a page are, being those of every page
                    continue
                link = Address.parse(text)
                if self._follow or text in onward or _is_pdf(link):
                    self._met.add(text)
                    self._enter(link, depth + 1)
        if self._progress:
            total = min(self._limits.pages, len(self.visits) + len(self._queue))
            self._progress(f"reading {self._site.host}", len(self.visits), total)

    def _enter(self, address: Address, depth: int) -> None:
        """Let an address wait for its turn, if it is a new one and allowed."""
        if address.scheme != self._site.scheme:
            address = replace(address, scheme=self._site.scheme, port=self._site.port)
        if address.key in self._seen:
            return
        if len(self._seen) >= _SEEN * self._limits.pages:
            self._full = True
            return
        self._seen.add(address.key)
        if self._robots.allow(address):
            self._queue.append((address, depth))
        else:
            self.forbidden.append(LeftOut(str(address), FORBIDDEN))

    def _done(self, address: Address) -> Visit | None:
        """What the reading that is going on has already found, if it need not be asked for again."""
        visit = self._journal.done.get(str(address))
        if visit is None or visit.again or (visit.body and self._journal.body(visit.body) is None):
            return None
        return visit

    def _visit(self, address: Address) -> Visit | None:
        if (visit := self._done(address)) is not None:
            return visit
        if not self.stopped:
            try:
                visit = self._fetch(address)
            except OutOfTime:
                self._out_of_time()
        if visit is None:
            # Of a page that could not be asked about in time, what was there the last time is kept.
            known = self._journal.known.get(str(address))
            kept = known is not None and not known.reason and self._journal.body(known.body) is not None
            return replace(known, unchanged=False) if known is not None and kept else None
        self._journal.add(visit)
        self._silent = self._silent + 1 if visit.again else 0
        if self._silent >= _SILENT:
            self.stopped = (
                f"Stopped, because the site gave no answer {_SILENT} times in a row. To go on, run the command again"
                " for a new folder."
            )
        return visit

    def _out_of_time(self) -> None:
        self.stopped = (
            f"Stopped, because what comes next would take longer than {self._limits.minutes:g} minutes, the limit."
            " To go on where this stopped, run the command again for a new folder."
        )

    def _fetch(self, address: Address) -> Visit:
        known = self._journal.known.get(str(address))
        if known is not None and self._journal.body(known.body) is None:
            known = None
        first = address == self._start

        def enter(target: Address) -> None:
            self._check_redirect(address, target, first=first)

        conditions = {known.final: known.conditions} if known else {}
        try:
            response = self._fetcher.get(address, known=conditions, enter=enter, take=_check_kind)
            if response.status == 304 and known and str(response.address) == known.final:
                return replace(known, again=False, unchanged=True)
            if response.status != 200:
                passing = response.status in (408, 425, 429) or response.status >= 500
                return Visit(str(address), f"It gives error {response.status}.", again=passing)
            page = read_page(response.body, response.headers, response.address)
        except Failure as failure:
            if first:
                raise
            return Visit(str(address), failure.reason, again=failure.again)
        return self._visited(address, response, page, known)

    def _check_redirect(self, address: Address, target: Address, *, first: bool) -> None:
        """Whether a redirect may be followed.

        Raises:
            Failure: it may not.
        """
        if not target.same_site(self._site):
            remedy = f"If that is the help centre, give its address: {target}"
            raise Failure(f"It leads to another host, {target.host}.", remedy=remedy)
        if target.scheme == "http" and address.scheme == "https":
            raise Failure("It leads from https to http.")
        if not self._robots.allow(target):
            raise Failure(f"It leads to another address. {FORBIDDEN}")
        if first or target.key == address.key:
            return
        if not target.within(self._folder):
            raise Failure("It leads out of the folder of the start address.")
        if target.key in self._seen:
            raise Failure("It leads to another page, which is read by itself.")

    def _visited(self, address: Address, response: Response, page: Page, known: Visit | None) -> Visit:
        final = response.address
        folder = self._folder if final.within(self._folder) else final.folder
        # What the page says of its address counts on its own site; on another it is where the page is at home.
        canonical = page.canonical
        other = (
            canonical is not None
            and canonical.same_site(final)
            and canonical.within(folder)
            and canonical.key != final.key
        )
        reason, body, url = "", "", str(final if canonical is None or other else canonical)
        special = [canonical] if other and canonical is not None else []
        if page.onward is not None:
            reason, url, special = "It only sends its visitor on.", str(page.onward), [page.onward]
        elif not page.stored:
            reason, special = "It asks not to be indexed (noindex).", []
        else:
            body = self._journal.keep(response.body)
        same = known is not None and known.body == body != ""
        return Visit(
            address=str(address),
            reason=reason,
            final=str(final),
            body=body,
            kind=kind(response.headers) if body else "",
            charset=charset(response.headers),
            canonical=str(canonical) if other and body else "",
            url=url,
            links=tuple(sys.intern(str(link)) for link in _inside([*special, *page.links], final, folder)),
            fetched=known.fetched if known is not None and same else self._today(),
            etag=response.headers.get("etag", ""),
            modified=response.headers.get("last-modified", ""),
            unchanged=same,
        )

    def _today(self) -> str:
        return datetime.fromtimestamp(self._clock.wall(), UTC).date().isoformat()


def _check_kind(headers: Mapping[str, str]) -> None:
    """Whether the body of a page is wanted.

    Raises:
        Failure: it is not.
    """
    kind(headers)


def _inside(links: list[Address], site: Address, folder: str) -> Iterator[Address]:
    """The links that may lead to pages of the site: in its folder, or to a PDF anywhere on it."""
    for link in dict.fromkeys(links):
        inside = link.same_site(site) and (_is_pdf(link) or link.within(folder))
        if inside and not link.path.lower().endswith(_ASSETS):
            yield link


def _is_pdf(address: Address) -> bool:
    return address.path.lower().endswith(".pdf")


def _forbidden_start(start: Address) -> Failure:
    return Failure(
        "The site's robots.txt forbids reading it.",
        remedy=f"Ask its owner to allow `{AGENT}` there, or to export the articles; `--docs` takes files too.",
    )
