"""Connects only where it is allowed to: the address that was checked is the one that is connected to.

A name may resolve to a public address when it is checked and to a private one a moment later (DNS rebinding). So a
name is resolved once for each connection, what it gives is checked, and the connection goes to that very address;
`Host` and the name in TLS stay those of the site.
"""

import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterable
from typing import Any

import httpcore

from kit.knowledge.site.types import Clock, Failure

__all__ = ["GuardedBackend", "Resolve", "is_public", "lookup"]

Resolve = Callable[[str, int], list[str]]

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_SITE_LOCAL = ipaddress.IPv6Network("fec0::/10")


def lookup(host: str, port: int) -> list[str]:
    """The IP addresses of a host, in the order in which they are to be tried."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def is_public(text: str) -> bool:
    """Whether an IP address is one of the public Internet; an IPv4 address within an IPv6 address is taken out."""
    address = ipaddress.ip_address(text)
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if address in _SITE_LOCAL:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_private)


class GuardedBackend(httpcore.NetworkBackend):
    """The network as httpcore sees it.

    Attributes:
        deadline: when what is being read has to be there, by the clock.
    """

    def __init__(self, *, allow_private: bool, clock: Clock, resolve: Resolve | None = None) -> None:
        self.deadline = float("inf")
        self._allow_private, self._clock, self._resolve = allow_private, clock, resolve or lookup
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            found = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            passing = isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN
            problem = f"There is no host {host}."
            raise Failure(problem, again=passing, remedy="Check the address and the connection.") from error
        if not self._allow_private and not all(is_public(one) for one in found):
            raise Failure(
                f"{host} is a private address, of this machine or its network.",
                remedy="If it is the one you mean, add `--allow-private`.",
            )
        last: Exception = httpcore.ConnectError("The host has no address.")
        for one in found:
            try:
                stream = self._network.connect_tcp(one, port, self._within(timeout), local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as problem:
                last = problem
            else:
                return _Stream(stream, self._within)
        raise last

    def _within(self, timeout: float | None) -> float:
        """The time-out of one step, so that many small steps do not pass the deadline either."""
        left = self.deadline - self._clock.now()
        if left <= 0:
            raise Failure("It comes too slowly.")
        return left if timeout is None else min(left, timeout)


class _Stream(httpcore.NetworkStream):
    """A connection whose every step ends by the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, within: Callable[[float | None], float]) -> None:
        self._stream, self._within = stream, within

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._within(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._within(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            stream = self._stream.start_tls(ssl_context, server_hostname, self._within(timeout))
        except httpcore.ConnectError as error:
            cause = error.__cause__ or error.__context__
            if isinstance(cause, ssl.SSLCertVerificationError):
                raise Failure(
                    f"Its TLS certificate is not trusted: {cause.verify_message}.",
                    remedy="For a certificate of your own, set SSL_CERT_FILE to the file of its authority.",
                ) from error
            if isinstance(cause, ssl.SSLError):
                raise Failure("It does not speak TLS as https:// needs it.", remedy="Check the address.") from error
            raise
        return _Stream(stream, self._within)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
