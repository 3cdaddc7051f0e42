"""What the modules that read a site share: its limits, the clock, what goes wrong, and the report."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

__all__ = ["AGENT", "Clock", "Failure", "LeftOut", "OutOfTime", "SiteLimits", "SiteReport"]

AGENT = "support-kit"  # what robots.txt calls the kit


@dataclass(frozen=True)
class SiteLimits:
    """How much of a site is read, and how fast.

    Attributes:
        pages: the most pages that are asked for.
        minutes: the longest that one run takes.
        delay: seconds from one request to the next; robots.txt may ask for more.
        depth: the most links from the start to a page.
        page_bytes: the most that a page may have, unpacked.
        page_seconds: the longest that one page may take.
        retries: how often a passing error is met with another try.
        redirects: the most redirects from an address to its page.
    """

    pages: int = 2000
    minutes: float = 30.0
    delay: float = 0.5
    depth: int = 30
    page_bytes: int = 5_000_000
    page_seconds: float = 60.0
    retries: int = 3
    redirects: int = 5


@dataclass(frozen=True)
class Clock:
    """Where time comes from, so that tests need not wait."""

    now: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


class Failure(Exception):
    """An address that gives no page; the message says why, in plain words.

    Args:
        reason: one sentence, the same for all addresses of the kind, so that they can be counted.
        again: whether another try may help.
        remedy: what the reader can do, if the address is the one they gave.
    """

    def __init__(self, reason: str, *, again: bool = False, remedy: str = "") -> None:
        self.reason, self.again, self.remedy = reason, again, remedy
        super().__init__(reason)


class OutOfTime(Exception):
    """The time of this run does not suffice for what comes next."""


@dataclass(frozen=True)
class LeftOut:
    """An address whose page is not stored, and why."""

    address: str
    reason: str


@dataclass(frozen=True)
class SiteReport:
    """What reading a site gave.

    Attributes:
        start: the address that was given.
        stored: how many pages are stored.
        unchanged: how many of them the site said are as they were the last time.
        left_out: the other addresses.
        stopped: what ended the reading before its end, and how to go on; empty when it is complete.
    """

    start: str
    stored: int
    unchanged: int = 0
    left_out: tuple[LeftOut, ...] = field(default=())
    stopped: str = ""

    def lines(self) -> list[str]:
        """The report in words: a line for each reason with an example, most frequent first."""
        unchanged = f", of which {self.unchanged} are as they were the last time" if self.unchanged else ""
        said = [f"{self.start}: stored {self.stored} page{'' if self.stored == 1 else 's'}{unchanged}."]
        examples: dict[str, str] = {}
        for one in self.left_out:
            examples.setdefault(one.reason, one.address)
        for reason, count in Counter(one.reason for one in self.left_out).most_common():
            example = f"such as {examples[reason]}" if count > 1 else examples[reason]
            said.append(f"  left out {count}: {reason} ({example})")
        return [*said, f"  {self.stopped}"] if self.stopped else said
