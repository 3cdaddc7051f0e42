"""Takes hand-offs over the web: posted as JSON, within a time limit for the whole."""

import asyncio
import hmac
import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from kit.governance.handoffs.outbox import Waiting
from kit.governance.handoffs.senders import DeliveryFailure, Shape
from kit.retrying import retry_after

__all__ = ["Web", "WebSender"]

T = TypeVar("T")
_LOCAL = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Web:
    """Makes requests.

    With a `secret`, `X-Kit-Signature: sha256=…` holds the HMAC-SHA-256 (RFC 2104) of the body in hexadecimal.
    `authorization` is sent as it is.
    """

    seconds: float
    secret: str = ""
    authorization: str = ""

    def ask(
        self, method: str, url: str, *, body: Mapping[str, Any] | None = None, key: str = "", read: int = 0
    ) -> bytes:
        """Make a request; gives the first `read` bytes of the answer.

        Args:
            method: such as POST.
            url: where to.
            body: sent as JSON.
            key: the `Idempotency-Key`: an answer may be lost on its way back, and the request comes again then.
            read: how much of the answer counts.

        Raises:
            DeliveryFailure: the answer is no 2xx, or there is none in time.
        """
        content = b"" if body is None else json.dumps(body).encode()
        headers = {"User-Agent": "support-kit", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        if self.secret:
            headers["X-Kit-Signature"] = f"sha256={hmac.digest(self.secret.encode(), content, 'sha256').hex()}"
        if self.authorization:
            headers["Authorization"] = self.authorization
        host = urlsplit(url).hostname or "The address"
        try:
            asked = self._asked(method, url, content, headers, read)
            status, after, answer = _in_thread(lambda: asyncio.run(asked))
        except TimeoutError:
            raise DeliveryFailure(f"{host} did not answer within {self.seconds:g} s.") from None
        except Exception as error:
            # Not chained: the address may hold a token that must not be shown.
            raise DeliveryFailure(f"{host} could not be reached ({type(error).__name__}).") from None
        if not 200 <= status < 300:
            # A redirect is not followed: it would carry the customer's words to wherever it points.
            final = status < 500 and status not in (408, 409, 425, 429)
            problem = f"{host} answered with HTTP {status}."
            raise DeliveryFailure(problem, final=final, wait=retry_after(after), status=status)
        return answer

    async def _asked(
        self, method: str, url: str, content: bytes, headers: dict[str, str], read: int
    ) -> tuple[int, str, bytes]:
        import httpx

        local = urlsplit(url).hostname in _LOCAL
        # httpx's own limits start anew with each piece; this one is for the whole.
        async with (
            asyncio.timeout(self.seconds),
            httpx.AsyncClient(timeout=self.seconds, follow_redirects=False, trust_env=not local) as client,
            client.stream(method, url, content=content, headers=headers) as response,
        ):
            answer = bytearray()
            if read:
                async for piece in response.aiter_bytes():
                    answer += piece
                    if len(answer) >= read:
                        break
            return response.status_code, response.headers.get("Retry-After", ""), bytes(answer[:read])


@dataclass(frozen=True)
class WebSender:
    """Posts each hand-off as JSON; nothing of the answer is read but its status."""

    web: Web
    url: str
    shape: Shape

    def send(self, waiting: Waiting) -> None:
        """Post it."""
        self.web.ask("POST", self.url, body=self.shape(waiting.parcel), key=waiting.id)


def _in_thread(work: Callable[[], T]) -> T:
    """What `work` returns, also where the caller runs an event loop, as notebooks do."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()
