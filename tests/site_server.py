"""A web server on loopback that is as good or as bad as a test wants it, and a clock that need not be waited for."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from kit.knowledge import Clock


@dataclass
class Page:
    """What the server says: status, headers, body; `write` takes over the connection after the headers."""

    body: str | bytes = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    write: Callable[[Any], None] | None = None

    @property
    def data(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else self.body


Answer = Page | Callable[["SiteServer"], Page]


class FakeClock:
    """A clock that only moves when somebody sleeps."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds

    @property
    def clock(self) -> Clock:
        return Clock(now=lambda: self.time, wall=lambda: 1_790_000_000.0 + self.time, sleep=self.sleep)


class SiteServer:
    """Serves `pages`, by path with query; anything else is a 404. `asked` has every request: path and headers."""

    def __init__(self, *, context: Any = None) -> None:
        self.pages: dict[str, Answer] = {}
        self.otherwise: Callable[[str], Answer] = lambda path: Page("gone", 404)
        self.connections: set[tuple[str, int]] = set()
        self.asked: list[tuple[str, dict[str, str]]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                site.connections.add(self.client_address)
                site.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                answer = site.pages.get(self.path) or site.otherwise(self.path)
                page = answer(site) if callable(answer) else answer
                try:
                    self.send_response(page.status)
                    for name, value in {"Content-Type": "text/html; charset=utf-8", **page.headers}.items():
                        if value:
                            self.send_header(name, value)
                    if page.write is None:
                        if "Content-Length" not in page.headers and page.status != 304:
                            self.send_header("Content-Length", str(len(page.data)))
                        self.end_headers()
                        self.wfile.write(page.data)
                        self.close_connection = "Content-Length" in page.headers
                    else:
                        self.send_header("Connection", "close")
                        self.end_headers()
                        page.write(self.wfile.write)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True  # the reader had enough

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            def handle_error(self, request: Any, client_address: Any) -> None:
                """A reader that goes away is expected."""

        self._server = Server(("127.0.0.1", 0), Handler)
        if context is not None:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [path for path, _ in self.asked]

    def __enter__(self) -> "SiteServer":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def article(title: str, *links: str, text: str = "", head: str = "") -> Page:
    """A page of a help centre, with links."""
    listed = "".join(f'<li><a href="{link}">More</a></li>' for link in links)
    said = text or f"What there is to know about {title.lower()} stands here."
    return Page(
        f"<!doctype html><html lang='en'><head><title>{title}</title>{head}</head>"
        f"<body><main><h1>{title}</h1><p>{said}</p></main><ul>{listed}</ul></body></html>"
    )


def wait_for(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait until something that another process does has happened."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it has not happened"
        time.sleep(0.01)
