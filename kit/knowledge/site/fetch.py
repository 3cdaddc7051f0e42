"""Fetches one address: politely, within limits, with another try where that may help."""

import email.utils
import math
import ssl
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import certifi
import httpcore

from kit import __version__
from kit.knowledge.site.addresses import Address
from kit.knowledge.site.guard import GuardedBackend, Resolve
from kit.knowledge.site.types import AGENT, Clock, Failure, OutOfTime, SiteLimits

__all__ = ["Fetcher", "Response", "unpacked"]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SHORT = _REDIRECTS | {304}
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_TIMEOUTS = {"connect": 10.0, "read": 20.0, "write": 10.0, "pool": 10.0}


@dataclass(frozen=True)
class Response:
    """What came back, from the address at the end of all redirects; the names of headers are in lower case."""

    address: Address
    status: int
    headers: Mapping[str, str]
    body: bytes = b""


def _anything(headers: Mapping[str, str]) -> None:
    """Take whatever comes."""


class Fetcher:
    """Makes one request at a time.

    Attributes:
        delay: seconds from the start of one request to that of the next.
        end: when the time of this run is over, by the clock.
    """

    def __init__(
        self, limits: SiteLimits, *, clock: Clock, allow_private: bool = False, resolve: Resolve | None = None
    ) -> None:
        self.limits, self.delay = limits, limits.delay
        self.end = clock.now() + limits.minutes * 60
        self._clock, self._next = clock, -math.inf
        self._backend = GuardedBackend(allow_private=allow_private, clock=clock, resolve=resolve)
        # The system's authorities, or those that SSL_CERT_FILE names, and those that most programs of Python trust.
        context = ssl.create_default_context()
        context.load_verify_locations(certifi.where())
        self._pool = httpcore.ConnectionPool(ssl_context=context, max_connections=1, network_backend=self._backend)

    def close(self) -> None:
        self._pool.close()

    def get(
        self,
        address: Address,
        *,
        limit: int = 0,
        known: Mapping[str, Mapping[str, str]] | None = None,
        enter: Callable[[Address], None] = lambda address: None,
        take: Callable[[Mapping[str, str]], None] = _anything,
    ) -> Response:
        """Fetch an address, over its redirects.

        Args:
            address: where to begin.
            limit: the most bytes that are taken, by default those of a page.
            known: for an address the headers that ask only for what has changed.
            enter: called with the address of each redirect; raises Failure if it is not to be followed.
            take: called with the headers of a page; raises Failure if its body is not wanted.

        Raises:
            Failure: it gives nothing.
            OutOfTime: there is not enough time left to ask.
        """
        for _ in range(self.limits.redirects + 1):
            conditions = (known or {}).get(str(address), {})
            response = self._tried(address, conditions, limit or self.limits.page_bytes, take)
            location = response.headers.get("location", "")
            if response.status not in _REDIRECTS or not location:
                return response
            try:
                # Headers are Latin-1 by their standard; what is not ASCII in them is UTF-8 in practice.
                text = location.encode("latin-1").decode("utf-8", errors="replace")
                target = Address.parse(text, base=address)
            except ValueError as error:
                raise Failure("It leads to an address that cannot be read.") from error
            enter(target)
            address = target
        raise Failure("It leads from one address to the next without end.")

    def _tried(
        self, address: Address, conditions: Mapping[str, str], limit: int, take: Callable[[Mapping[str, str]], None]
    ) -> Response:
        for attempt in range(self.limits.retries + 1):
            self.wait(self._next - self._clock.now())
            self._next = self._clock.now() + self.delay
            wait = 2.0**attempt
            try:
                response = self._once(address, conditions, limit, take)
            except Failure as failure:
                if not failure.again or attempt == self.limits.retries:
                    raise
            else:
                if response.status not in _PASSING or attempt == self.limits.retries:
                    return response
                wait = max(wait, self._retry_after(response.headers.get("retry-after", "")))
            self.wait(wait)
        raise AssertionError("the last try returns or raises")

    def wait(self, seconds: float) -> None:
        """Sleep.

        Raises:
            OutOfTime: the time of this run would be over before.
        """
        if self._clock.now() + max(seconds, 0) >= self.end:
            raise OutOfTime
        if seconds > 0:
            self._clock.sleep(seconds)

    def _retry_after(self, text: str) -> float:
        """The seconds that a header asks to wait, as a number or a date; 0 if it says neither."""
        if text.strip().isascii() and text.strip().isdigit():
            return float(text.strip()[:9])
        try:
            return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - self._clock.wall())
        except (ValueError, OverflowError):
            return 0.0

    def _once(
        self, address: Address, conditions: Mapping[str, str], limit: int, take: Callable[[Mapping[str, str]], None]
    ) -> Response:
        self._backend.deadline = self._clock.now() + self.limits.page_seconds
        # Given in parts, so that nobody else's reading of the text decides where the request goes.
        url = httpcore.URL(
            scheme=address.scheme.encode(),
            host=address.host.encode(),
            port=address.port,
            target=address.target.encode(),
        )
        sent = {
            "Host": address.authority,
            "User-Agent": f"{AGENT}/{__version__}",
            "Accept": "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.5",
            "Accept-Encoding": "gzip",
            **conditions,
        }
        request = [(name.encode(), value.encode("latin-1")) for name, value in sent.items()]
        try:
            with self._pool.stream("GET", url, headers=request, extensions={"timeout": _TIMEOUTS}) as raw:
                headers = _headers(raw.headers)
                if raw.status != 200:
                    if raw.status in _SHORT:  # what is read to its end leaves the connection open for the next
                        _joined(raw.iter_stream(), limit)
                    return Response(address, raw.status, headers)
                take(headers)
                body = _body(raw.iter_stream(), headers, limit)
                return Response(address, raw.status, headers, body)
        except httpcore.ConnectTimeout as error:
            raise Failure("The site does not answer.", again=True) from error
        except httpcore.ConnectError as error:
            raise Failure("The site takes no connection.", again=True) from error
        except httpcore.TimeoutException as error:
            raise Failure("It takes too long to answer.", again=True) from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise Failure("The connection broke off.", again=True) from error


def _headers(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in pairs:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1").strip()
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


def _body(chunks: Iterable[bytes], headers: Mapping[str, str], limit: int) -> bytes:
    """The whole body, unpacked.

    Raises:
        Failure: it is larger than the limit, or packed in a way that was not asked for.
    """
    length = headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length[:15]) > limit:
        raise _too_large(limit)
    encoding = headers.get("content-encoding", "").lower()
    if encoding in ("", "identity"):
        return _joined(chunks, limit)
    if encoding not in ("gzip", "x-gzip"):
        raise Failure("It is packed in a way that was not asked for.")
    return _joined(_gunzipped(chunks, limit), limit)


def unpacked(data: bytes, *, limit: int) -> bytes:
    """The content of a gzip file.

    Raises:
        Failure: it is damaged, or its content is larger than the limit.
    """
    return _joined(_gunzipped([data], limit), limit)


def _gunzipped(chunks: Iterable[bytes], limit: int) -> Iterator[bytes]:
    """The content piece by piece, none of them larger than the limit: a small file may hold a very large one."""
    packer, finished, packed = zlib.decompressobj(wbits=31), True, 0
    for chunk in chunks:
        packed += len(chunk)
        if packed > limit:
            raise _too_large(limit)
        rest = chunk
        while rest:
            if packer.eof:  # several files one behind the other are one file; what else follows is padding
                if not rest.startswith(b"\x1f"):
                    break
                packer = zlib.decompressobj(wbits=31)
            try:
                piece = packer.decompress(rest, limit + 1)
            except zlib.error as error:
                raise Failure("It is packed, and damaged.") from error
            finished = packer.eof
            rest = packer.unused_data if packer.eof else packer.unconsumed_tail
            yield piece
    if not finished:
        raise Failure("It is packed, and ends too early.", again=True)


def _joined(chunks: Iterable[bytes], limit: int) -> bytes:
    taken = bytearray()
    for chunk in chunks:
        taken += chunk
        if len(taken) > limit:
            raise _too_large(limit)
    return bytes(taken)


def _too_large(limit: int) -> Failure:
    return Failure(f"It has more than {limit / 1e6:g} MB.")
