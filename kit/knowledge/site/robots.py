"""What a site's robots.txt allows: RFC 9309, and the customary Crawl-delay, Request-rate and Sitemap lines."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kit.knowledge.site.addresses import Address
from kit.knowledge.site.fetch import Fetcher
from kit.knowledge.site.types import AGENT, Failure

if TYPE_CHECKING:
    from protego import Protego

__all__ = ["FORBIDDEN", "Robots", "read_robots"]

FORBIDDEN = "robots.txt forbids it."
_MAX_BYTES = 500 * 1024  # what RFC 9309 asks a reader to take at least


@dataclass(frozen=True)
class Robots:
    """The rules for the kit. `delay` is the least number of seconds between two requests."""

    rules: "Protego"
    delay: float
    sitemaps: tuple[str, ...]

    def allow(self, address: Address) -> bool:
        return bool(self.rules.can_fetch(str(address), AGENT))


def read_robots(fetcher: Fetcher, start: Address) -> Robots:
    """The rules of the site that `start` lies on. A site without the file, or that denies it, has no rules.

    Raises:
        Failure: it cannot be read for a reason that may pass; by RFC 9309 nothing may be fetched then.
        OutOfTime: there is not enough time left.
    """
    from protego import Protego

    address = replace(start, path="/robots.txt", query="")

    def enter(target: Address) -> None:
        if not target.same_site(start):
            raise Failure("It leads to another host.")

    text = ""
    try:
        response = fetcher.get(address, enter=enter)
    except Failure as failure:
        if failure.reason != "It leads to another host.":
            raise
    else:
        if response.status >= 500 or response.status == 429:
            raise Failure(
                f"The site's robots.txt cannot be read (error {response.status}), so nothing else may be.",
                remedy="Try again later.",
            )
        if response.status == 200:
            text = response.body[:_MAX_BYTES].decode("utf-8", errors="replace").removeprefix("\ufeff")
    rules = Protego.parse(text)
    rate = rules.request_rate(AGENT)
    asked = (rules.crawl_delay(AGENT) or 0.0, rate.seconds / rate.requests if rate and rate.requests else 0.0)
    return Robots(rules, max(0.0, *asked), tuple(rules.sitemaps))
