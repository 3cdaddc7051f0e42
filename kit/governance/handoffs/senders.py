"""Takes hand-offs to where people work: a file of JSON lines, or an address on the web."""

import asyncio
import hmac
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from kit.errors import KitError
from kit.governance.handoffs.outbox import Waiting
from kit.governance.lines import FolderLock, append_line
from kit.retrying import retry_after

__all__ = ["DeliveryFailure", "FileSender", "Sender", "WebSender"]

Shape = Callable[[Mapping[str, Any]], Mapping[str, Any]]
_LOCAL = ("localhost", "127.0.0.1", "::1")


class DeliveryFailure(KitError):
    """A hand-off was not delivered.

    Attributes:
        final: whether the same attempt would fail again: somebody has to mend something first.
        wait: seconds that the receiver asks to wait.
    """

    def __init__(self, problem: str, *, final: bool = False, wait: float | None = None) -> None:
        super().__init__(problem)
        self.final, self.wait = final, wait


class Sender(Protocol):
    """Delivers one hand-off."""

    def send(self, waiting: Waiting) -> None:
        """Deliver it, or raise `DeliveryFailure`."""


class FileSender:
    """Adds each hand-off to a file of JSON lines, under its `id`; one that stands there already is not added again."""

    def __init__(self, path: Path, shape: Shape) -> None:
        self.path, self._shape = path, shape
        self.lock = FolderLock(path.parent, f".{path.name}.lock")

    def send(self, waiting: Waiting) -> None:
        """Add it to the file, durably."""
        row = {"id": waiting.id, **self._shape(waiting.parcel)}
        try:
            with self.lock():
                if not self._has(waiting.id):
                    self.path.touch(mode=0o600)
                    append_line(self.path, row, durable=True)
        except OSError as error:
            raise DeliveryFailure(f"{self.path} cannot be written: {error.strerror or error}.") from error

    def _has(self, id: str) -> bool:
        start = json.dumps({"id": id})[:-1].encode()
        if not self.path.exists():
            return False
        with self.path.open("rb") as file:
            return any(line.startswith(start) and line.endswith(b"\n") for line in file)


class WebSender:
    """Posts each hand-off as JSON.

    The header `Idempotency-Key` holds the hand-off's id: an answer may be lost on its way back, and it is posted again
    then. With a secret, `X-Kit-Signature: sha256=…` holds the HMAC-SHA-256 (RFC 2104) of the body in hexadecimal.
    """

    def __init__(self, url: str, shape: Shape, *, seconds: float, secret: str = "", authorization: str = "") -> None:
        self._url, self._shape, self._seconds = url, shape, seconds
        self._secret, self._authorization = secret, authorization

    def send(self, waiting: Waiting) -> None:
        """Post it; any 2xx is a success, and nothing of the answer is read but its status."""
        body = json.dumps(self._shape(waiting.parcel)).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": waiting.id, "User-Agent": "support-kit"}
        if self._secret:
            headers["X-Kit-Signature"] = f"sha256={hmac.digest(self._secret.encode(), body, 'sha256').hex()}"
        if self._authorization:
            headers["Authorization"] = self._authorization
        try:
            status, after = asyncio.run(self._post(body, headers))
        except DeliveryFailure:
            raise
        except TimeoutError:
            raise DeliveryFailure(f"{self._host} did not answer within {self._seconds:g} s.") from None
        except Exception as error:
            # Not chained: the address may hold a token that must not be shown.
            raise DeliveryFailure(f"{self._host} could not be reached ({type(error).__name__}).") from None
        if not 200 <= status < 300:
            # A redirect is not followed: it would carry the customer's words to wherever it points.
            final = status < 500 and status not in (408, 409, 425, 429)
            raise DeliveryFailure(f"{self._host} answered with HTTP {status}.", final=final, wait=retry_after(after))

    @property
    def _host(self) -> str:
        return urlsplit(self._url).hostname or "The address"

    async def _post(self, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        import httpx

        local = urlsplit(self._url).hostname in _LOCAL
        # httpx's own limits start anew with each piece; this one is for the whole.
        async with (
            asyncio.timeout(self._seconds),
            httpx.AsyncClient(timeout=self._seconds, follow_redirects=False, trust_env=not local) as client,
            client.stream("POST", self._url, content=body, headers=headers) as response,
        ):
            return response.status_code, response.headers.get("Retry-After", "")
