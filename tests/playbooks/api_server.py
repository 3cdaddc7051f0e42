"""An HTTP API on loopback that answers as well or as badly as a test wants it to."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Reply:
    """What the server says. `pieces` are sent one by one as they come, instead of the body."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pieces: Callable[["ApiServer"], Iterator[bytes]] | None = None
    drops: bool = False

    @property
    def data(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return b"" if self.body is None else json.dumps(self.body).encode()


@dataclass(frozen=True)
class Asked:
    """A request that came in; `path` is as it was sent, still encoded."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    body: Any


def waits(server: "ApiServer") -> Iterator[bytes]:
    """Sends nothing until the test is over."""
    server.over.wait(60)
    yield b""


def drips(server: "ApiServer") -> Iterator[bytes]:
    """Sends a little, again and again, without ever coming to an end."""
    while not server.over.wait(0.02):
        yield b" "


class ApiServer:
    """Gives `replies` in order, the last one again and again; `asked` has every request."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies) or [Reply({})]
        self.asked: list[Asked] = []
        self.over = threading.Event()
        handler = type("Handler", (_Handler,), {"owner": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "ApiServer":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    owner: ApiServer
    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        sent = self.rfile.read(length)
        parts = urlsplit(self.path)
        self.owner.asked.append(
            Asked(
                self.command,
                parts.path,
                parse_qsl(parts.query, keep_blank_values=True),
                {name.lower(): value for name, value in self.headers.items()},
                json.loads(sent) if sent else None,
            )
        )
        reply = self.owner.replies[min(len(self.owner.asked), len(self.owner.replies)) - 1]
        self.close_connection = True
        if reply.drops:
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.pieces is None:
            self.send_header("Content-Length", str(len(reply.data)))
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            for piece in reply.pieces(self.owner) if reply.pieces else [reply.data]:
                self.wfile.write(piece)
                self.wfile.flush()
        except OSError:
            self.close_connection = True  # the client has heard enough

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _answer

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on the test's screen."""
