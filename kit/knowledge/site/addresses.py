"""Addresses of pages: parsed strictly, written in one way, compared by what they name."""

import ipaddress
import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, urljoin, urlsplit

__all__ = ["Address"]

_LONGEST = 2000
_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
# They say where a visitor comes from or who it is, not what page is meant.
_TRACKING = re.compile(
    r"(utm_\w+|gclid|gbraid|wbraid|dclid|fbclid|msclkid|yclid|igshid|mc_cid|mc_eid|_ga|_gl|phpsessid|jsessionid"
    r"|aspsessionid\w*)",
    re.IGNORECASE,
)
_SESSION = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


@dataclass(frozen=True)
class Address:
    """The address of a page, without fragment and without what only tracks its visitor.

    Attributes:
        scheme: `http` or `https`.
        host: lower-case ASCII; an IPv6 address stands without its brackets.
        port: also where the address does not name it.
        path: percent-encoded, begins with a slash, without `.` and `..`.
        query: percent-encoded, without the question mark.
    """

    scheme: str
    host: str
    port: int
    path: str
    query: str = ""

    @classmethod
    def parse(cls, text: str, *, base: "Address | None" = None) -> "Address":
        """The address that `text` names, as it stands on the page `base`.

        Raises:
            ValueError: it names none that can be read; the message says why.
        """
        text = re.sub(r"[\t\r\n]", "", text).strip("\0 \x0b\x0c")
        before, question, after = text.partition("?")
        text = before.replace("\\", "/") + question + after  # as browsers do
        if base is not None:
            text = urljoin(str(base), text)
        if len(text) > _LONGEST:
            raise ValueError(f"It has more than {_LONGEST} characters.")
        parts = urlsplit(text)
        scheme = parts.scheme.lower()
        if scheme not in _PORTS:
            raise ValueError("It begins with neither http:// nor https://.")
        if "@" in parts.netloc:
            raise ValueError("It holds a user name or password.")
        path, query = _normal(_SESSION.sub("", parts.path), "/:!$&'()*+,;=@"), _query(parts.query)
        return cls(scheme, _host(parts.hostname or ""), parts.port or _PORTS[scheme], _without_dots(path), query)

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"

    @property
    def authority(self) -> str:
        """Host and port as they stand in an address and in the `Host` header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def target(self) -> str:
        """What a request asks the host for."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @cached_property
    def key(self) -> str:
        """Equal for two addresses of one page: `/a`, `/a/` and `/a/index.html`, in whatever order the query stands."""
        path = re.sub(r"/(index\.html?)?$", "", self.path)
        return f"{path}?{'&'.join(sorted(self.query.split('&')))}"

    @property
    def folder(self) -> str:
        """The path that all pages below this one begin with."""
        name = self.path.rpartition("/")[2]
        if "." in name:
            return self.path.removesuffix(name)
        return self.path if not name else f"{self.path}/"

    def within(self, folder: str) -> bool:
        """Whether this is the page of the folder or lies in it."""
        return f"{self.path}/".startswith(folder)

    def same_site(self, other: "Address") -> bool:
        """Whether host and port are the same; http and https are, on their own ports."""
        return self.host == other.host and (
            (self.scheme, self.port) == (other.scheme, other.port)
            or (self.port == _PORTS[self.scheme] and other.port == _PORTS[other.scheme])
        )


def _host(host: str) -> str:
    if ":" in host:
        # A zone, as in fe80::1%eth0, names a card of this machine.
        return str(ipaddress.IPv6Address(host)) if "%" not in host else _no_host(host)
    if not host.isascii():
        import idna

        host = idna.encode(host, uts46=True).decode("ascii")  # its errors are ValueErrors
    host = host.lower().removesuffix(".")
    return host if _HOST.fullmatch(host) and len(host) <= 253 else _no_host(host)


def _no_host(host: str) -> str:
    raise ValueError(f"{host!r} is no name of a host." if host else "It names no host.")


def _query(query: str) -> str:
    parts = (_normal(part, "/:!$'()*+,;=@?") for part in query.split("&") if part)
    return "&".join(part for part in parts if not _TRACKING.fullmatch(part.partition("=")[0]))


def _normal(text: str, safe: str) -> str:
    """Percent-encoded where it must be and nowhere else, in capitals."""

    def decoded(match: "re.Match[str]") -> str:
        char = chr(int(match.group(1), 16))
        return char if char in _UNRESERVED else match.group().upper()

    text = re.sub(r"%(?![0-9a-fA-F]{2})", "%25", text)
    return quote(re.sub(r"%([0-9a-fA-F]{2})", decoded, text), safe=safe + "%")


def _without_dots(path: str) -> str:
    kept: list[str] = []
    parts = path.split("/")[1:] or [""]
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        if part == "..":
            kept = kept[:-1]
        if part not in (".", ".."):
            kept.append(part)
        elif last:
            kept.append("")
    return "/" + "/".join(kept)
