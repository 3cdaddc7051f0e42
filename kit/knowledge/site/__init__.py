"""Reads a live help centre into files that the readers understand."""

import email.utils
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kit.errors import KitError
from kit.knowledge.readers.origin import origin_file
from kit.knowledge.site.addresses import Address
from kit.knowledge.site.journal import Journal, Visit
from kit.knowledge.site.names import Names, folder_name
from kit.knowledge.site.page import stamped
from kit.knowledge.site.types import Clock, LeftOut, SiteLimits, SiteReport
from kit.progress import Progress
from kit.text import digest

if TYPE_CHECKING:
    from kit.knowledge.site.guard import Resolve

__all__ = ["Clock", "Site", "SiteLimits", "SiteReport", "read_site"]


@dataclass(frozen=True)
class _File:
    """A page and the name that it gets."""

    name: str
    visit: Visit
    updated: date


@dataclass(frozen=True)
class Site:
    """A site that has been read; its pages lie in the cache."""

    report: SiteReport
    cache: Path
    files: tuple[_File, ...]

    def copy_to(self, knowledge: Path) -> None:
        """Write the pages into a folder of articles, where each says its address and its dates.

        Raises:
            KitError: a page is no longer in the cache, or a file with its name is already there.
        """
        for file in self.files:
            target = knowledge / file.name
            body = Journal.read(self.cache, file.visit.body)
            if body is None:
                raise KitError("A page is gone from here.", path=self.cache, remedy="Run the command again.")
            if target.exists():
                problem = "A page of the site and another document would have this name."
                raise KitError(problem, path=file.name, remedy="Give the folder that has the document another name.")
            if file.visit.kind == "html":
                body = stamped(
                    body, file.visit.charset, url=file.visit.url, updated=file.updated, fetched=file.visit.day
                )
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(body)
            if file.visit.kind == "pdf":  # which has no place for its address
                facts = {"url": file.visit.url, "updated": file.updated.isoformat()}
                origin_file(target).write_text(json.dumps(facts) + "\n", encoding="utf-8")


def read_site(
    address: str,
    *,
    cache: Path,
    limits: SiteLimits | None = None,
    allow_private: bool = False,
    progress: Progress | None = None,
    clock: Clock | None = None,
    resolve: "Resolve | None" = None,
) -> Site:
    """Read a help centre, beginning at `address`, as far as its robots.txt and the limits allow.

    Pages are found in the site's sitemaps, or else by following links; either way only those in the folder of
    `address`, and PDFs linked from them. What has been read is kept in `cache`: after an interruption the next call
    goes on where the last one stopped, and after a complete reading it fetches only what has changed.

    Args:
        address: where the help centre begins.
        cache: a folder for what is fetched; each address has its own in it.
        limits: how much is read, and how fast.
        allow_private: whether the site may be on this machine or its network.
        progress: told after each page.
        clock: where time comes from.
        resolve: from a host and a port to its IP addresses; by default as the system does.

    Raises:
        KitError: the address is not right, the site cannot be reached or forbids it, or it has no pages.
    """
    from filelock import FileLock, Timeout

    clock = clock or Clock()
    try:
        start = Address.parse(address)
    except ValueError as error:
        shown = address if "@" not in address else "--docs"  # a password is not to be repeated
        problem = f"This address cannot be read: {error}"
        raise KitError(problem, path=shown, remedy="Give it as in https://help.example.com/") from error
    folder = cache / f"{folder_name(start)}-{digest(str(start))[:10]}"
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "lock", blocking=False)
    try:
        with lock:
            return _read(start, folder, limits or SiteLimits(), allow_private, progress, clock, resolve)
    except Timeout as error:
        raise KitError("Another run is reading this site.", path=str(start), remedy="Wait for its end.") from error


def _read(
    start: Address,
    folder: Path,
    limits: SiteLimits,
    allow_private: bool,
    progress: Progress | None,
    clock: Clock,
    resolve: "Resolve | None",
) -> Site:
    from kit.knowledge.site.crawl import Crawl
    from kit.knowledge.site.fetch import Fetcher

    journal = Journal(folder, now=clock.wall())
    fetcher = Fetcher(limits, clock=clock, allow_private=allow_private, resolve=resolve)
    crawl = Crawl(start, fetcher=fetcher, journal=journal, clock=clock, progress=progress)
    try:
        crawl.run()
    finally:
        fetcher.close()
        journal.close()
    chosen, left_out = _chosen(crawl.visits)
    report = SiteReport(
        start=str(start),
        stored=len(chosen),
        unchanged=sum(visit.unchanged for visit in chosen),
        left_out=(*left_out, *crawl.forbidden),
        stopped=crawl.stopped,
    )
    if not chosen:
        why = "; ".join(line.strip() for line in report.lines()[1:4])
        problem = f"No page was found that can be stored{': ' + why if why else ''}."
        raise KitError(problem, path=str(start), remedy="Check the address, or give the articles as files.")
    names, files = Names(), []
    # In the order of addresses, so that the same pages have the same names whatever was read first.
    for visit in sorted(chosen, key=lambda one: one.final):
        final = Address.parse(visit.final)
        name = f"{folder_name(start)}/{names.give(final, f'.{visit.kind}')}"
        files.append(_File(name, visit, crawl.updated.get(final.key) or _day(visit.modified) or visit.day))
    return Site(report, folder, tuple(files))


def _chosen(visits: list[Visit]) -> tuple[list[Visit], list[LeftOut]]:
    """The visits whose pages are stored, each page once; and why the others are not."""
    left_out = [LeftOut(one.address, one.reason) for one in visits if one.reason]
    stored: dict[str, Visit] = {}
    bodies: set[str] = set()
    # A page that gives another as its own address counts only if that other one could not be read.
    for visit in sorted((one for one in visits if not one.reason), key=lambda one: bool(one.canonical)):
        key = Address.parse(visit.canonical or visit.final).key
        if key in stored:
            reason = "It gives another page as its address." if visit.canonical else "It is stored once already."
            left_out.append(LeftOut(visit.address, reason))
        elif visit.body in bodies:
            left_out.append(LeftOut(visit.address, "It is, to the letter, another page that is stored."))
        else:
            stored[key] = visit
            bodies.add(visit.body)
    return list(stored.values()), left_out


def _day(header: str) -> date | None:
    """The day that a Last-Modified header names."""
    try:
        return email.utils.parsedate_to_datetime(header).date()
    except (ValueError, OverflowError):
        return None
