"""Sends a request: within a time limit, to where it was meant to go, and again only where that is harmless."""

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from time import monotonic, sleep
from typing import TYPE_CHECKING

from kit.playbooks.tools.openapi.request import Request
from kit.playbooks.tools.tools import ToolFailure
from kit.retrying import retry_after

if TYPE_CHECKING:
    import httpx

__all__ = ["MAX_BYTES", "RETRIES", "Answer", "send"]

MAX_BYTES = 2**20
RETRIES = 2
SECONDS_BEFORE_RETRY = 0.25  # doubled each time, where the server does not say when


@dataclass(frozen=True)
class Answer:
    """What came back with a good status, or with 404, of which nothing but that is kept."""

    status: int
    body: bytes


def send(
    client: "httpx.Client", request: Request, headers: Mapping[str, str], *, timeout: float, changes: bool, retry: bool
) -> Answer:
    """Send it and wait for the answer.

    Args:
        client: follows no redirects.
        request: what to send.
        headers: those beside the request's own, secrets among them.
        timeout: seconds for everything together, waiting to try again included.
        changes: whether it is to change something, so that it matters whether it arrived.
        retry: whether it may be sent again, twice at most: when no connection came about, and on 429 and 5xx after
            the time that the server's Retry-After asks for. Where that would take too long it fails at once.

    Raises:
        ToolFailure: there is no good answer, and no 404.
    """
    deadline = monotonic() + timeout
    attempt = 0
    while True:
        try:
            return _sent(client, request, headers, deadline, changes=changes)
        except _Again as again:
            wait = SECONDS_BEFORE_RETRY * 2**attempt if again.after is None else again.after
            if not retry or attempt >= RETRIES or monotonic() + wait >= deadline:
                raise again.failure from None
        sleep(wait)
        attempt += 1


class _Again(Exception):
    """Failed in a way that may pass; `after` holds the seconds that the server asks to wait."""

    def __init__(self, failure: ToolFailure, after: float | None = None) -> None:
        super().__init__(str(failure))
        self.failure, self.after = failure, after


def _sent(
    client: "httpx.Client", request: Request, headers: Mapping[str, str], deadline: float, *, changes: bool
) -> Answer:
    """One try. No error is chained: those of the client hold the address, and with it arguments."""
    import httpx

    left = max(0.001, deadline - monotonic())
    try:
        written = _written(client, request, headers, left)
    except (httpx.InvalidURL, ValueError, TypeError):  # NaN, half a character, a host that is none
        raise ToolFailure("the request could not be written") from None
    try:
        with _unlogged(), closing(client.send(written, stream=True)) as response:
            _check_status(response, changes=changes)
            found = b"" if response.status_code == 404 else _body(response, deadline, changes=changes)
            return Answer(response.status_code, found)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
        kind = "timeout" if isinstance(error, httpx.TimeoutException) else "failed"
        raise _Again(ToolFailure("the server cannot be reached", kind=kind)) from None  # type: ignore[arg-type]
    except httpx.TimeoutException:
        raise ToolFailure("the server did not answer in time", kind="timeout", unknown=changes) from None
    except (httpx.LocalProtocolError, httpx.UnsupportedProtocol):
        raise ToolFailure("the request could not be written") from None
    except httpx.HTTPError as error:
        raise ToolFailure(f"the connection broke off ({type(error).__name__})", unknown=changes) from None


def _written(client: "httpx.Client", request: Request, headers: Mapping[str, str], timeout: float) -> "httpx.Request":
    # Nothing compressed: a small answer could unfold into a huge one.
    sent = {"Accept": "application/json", "Accept-Encoding": "identity", **dict(request.headers), **headers}
    content = None
    if request.body is not None:
        content = json.dumps(request.body, allow_nan=False).encode()
        sent["Content-Type"] = "application/json"
    return client.build_request(
        request.method, request.url, params=request.query or None, headers=sent, content=content, timeout=timeout
    )


def _check_status(response: "httpx.Response", *, changes: bool) -> None:
    status = response.status_code
    if response.is_success or status == 404:
        return
    if status in (408, 429) or status >= 500:
        # A server that is asked too often has not begun; any other may have got half-way.
        failure = ToolFailure(f"the server failed (HTTP {status})", unknown=changes and status != 429)
        raise _Again(failure, retry_after(response.headers.get("Retry-After", "")))
    if status >= 400:
        raise ToolFailure(f"the server refused (HTTP {status})", kind="refused")
    # Not followed: it would carry secrets and personal data to wherever it points.
    raise ToolFailure(f"the server answered with a redirect (HTTP {status})", unknown=changes)


def _body(response: "httpx.Response", deadline: float, *, changes: bool) -> bytes:
    found = bytearray()
    for piece in response.iter_raw():
        found += piece
        if len(found) > MAX_BYTES:
            raise ToolFailure(f"the answer is larger than {MAX_BYTES // 2**20} MB", kind="nonsense", unknown=changes)
        # The client's own time limit starts anew with each piece.
        if monotonic() > deadline:
            raise ToolFailure("the server did not answer in time", kind="timeout", unknown=changes)
    return bytes(found)


# The client logs each address, which holds arguments, and answers' headers. Calls of others stay logged.
_silent: ContextVar[bool] = ContextVar("silent", default=False)
_LOGGERS = ("httpx", *(f"httpcore.{part}" for part in ("connection", "http11", "http2", "proxy", "socks")))


def _is_heard(_: logging.LogRecord) -> bool:
    return not _silent.get()


@contextmanager
def _unlogged() -> Iterator[None]:
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_is_heard)  # the same filter is added only once
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)
