"""What the fake models share: how they behave, and the server that listens for them."""

import json
import socket
import socketserver
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar, Self

from kit.errors import KitError
from kit.models.fake_server.behaviour import HOST, Behaviour, Kind, Script

__all__ = ["MODEL", "FakeServer", "Handler"]


MODEL = "fake"
_MESSAGES = {401: "Incorrect API key provided.", 429: "Rate limit reached.", 500: "The server had an error."}


class FakeServer(ABC):
    """A server for one protocol, running while its `with` block is.

    Args:
        behaviour: one for each request (a client's retries are requests too), the last one repeating.
        port: 0 takes any free one. The server listens on the loopback address only.

    Raises:
        KitError: an empty list; on entering, a port that cannot be used.
    """

    route: ClassVar[str]
    """Where requests go, below `/v1`."""

    def __init__(self, *, behaviour: Behaviour | Kind | Sequence[Behaviour | Kind] = "ok", port: int = 0) -> None:
        steps = [behaviour] if isinstance(behaviour, str | Behaviour) else behaviour
        self._behaviours = Script([Behaviour(step) if isinstance(step, str) else step for step in steps])
        self._port = port
        self._seen: list[tuple[dict[str, Any], dict[str, str]]] = []
        self._lock = threading.Lock()
        self._server: _Server | None = None

    @abstractmethod
    def problem(self, request: dict[str, Any]) -> str | None:
        """What is wrong with a decoded request body; None where nothing is."""

    @abstractmethod
    def answer(self, handler: "Handler", request: dict[str, Any], kind: Kind) -> None:
        """Answer a request that is in order; called from several threads."""

    @property
    def base_url(self) -> str:
        """The address to configure, `http://127.0.0.1:PORT/v1`; still readable after the server has stopped.

        Raises:
            KitError: the server was never started.
        """
        if not self._port:
            raise KitError("The fake server is not running.", remedy="Use it in a `with` block.")
        return f"http://{HOST}:{self._port}/v1"

    @property
    def requests(self) -> list[dict[str, Any]]:
        """The decoded bodies of the requests so far, oldest first; a copy."""
        with self._lock:
            return [body for body, _ in self._seen]

    @property
    def headers(self) -> list[dict[str, str]]:
        """The headers of the same requests, their names in lower case."""
        with self._lock:
            return [headers for _, headers in self._seen]

    def __enter__(self) -> Self:
        try:
            self._server = _Server(self, self._port)
        except (OSError, OverflowError) as error:
            raise KitError(
                f"Port {self._port} cannot be used: {getattr(error, 'strerror', None) or error}.",
                remedy="Choose another, or 0 for any free one.",
            ) from error
        self._port = int(self._server.server_address[1])
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if self._server:
            self._server.stop()

    def take(self, request: dict[str, Any], headers: dict[str, str]) -> Behaviour:
        """Note a request, and say what to do with it."""
        with self._lock:
            self._seen.append((request, headers))
        return self._behaviours.take()


class _Server(ThreadingHTTPServer):
    # Threads are waited for when the server stops, so none outlives the `with` block.
    daemon_threads = False
    request_queue_size = 128

    def __init__(self, fake: FakeServer, port: int) -> None:
        self.fake, self.stopping = fake, threading.Event()
        self._open: set[Any] = set()
        self._lock = threading.Lock()
        super().__init__((HOST, port), Handler)
        # A short poll, because stopping takes as long as one.
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def server_bind(self) -> None:
        # HTTPServer would look up the host's full name, which can take seconds where name service is broken.
        socketserver.TCPServer.server_bind(self)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that gave up waiting is an expected event; anything else is a fault of this file and is shown.
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Break off what is under way, wait for every thread, close the port."""
        self.stopping.set()
        self.shutdown()
        with self._lock:
            for request in self._open:
                with suppress(OSError):
                    request.shutdown(socket.SHUT_RDWR)
        self.server_close()
        self._thread.join()


class Handler(BaseHTTPRequestHandler):
    """One connection: reads the request, and sends what the fake model says."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the standard handler writes every request to stderr."""

    def do_GET(self) -> None:
        if self.path != "/v1/models":
            return self.refuse(404, f"Unknown address: GET {self.path}")
        model = {"id": MODEL, "object": "model", "created": 0, "owned_by": "kit"}
        self.send(json.dumps({"object": "list", "data": [model]}))

    def do_POST(self) -> None:
        # Read even what will be refused: closing with unread input resets the connection before the answer arrives.
        length = self.headers.get("Content-Length", "")
        raw = self.rfile.read(int(length)) if length.isdecimal() else b""
        fake = self.server.fake
        if self.path != f"/v1{fake.route}":
            return self.refuse(404, f"Unknown address: POST {self.path}")
        try:
            request = json.loads(raw)
        except ValueError:
            return self.refuse(400, "The body is not JSON.")
        problem = fake.problem(request) if isinstance(request, dict) else "The body must be an object."
        if problem:
            return self.refuse(400, problem)
        behaviour = fake.take(request, {name.lower(): value for name, value in self.headers.items()})
        if behaviour.kind == "slow" and self.server.stopping.wait(behaviour.seconds):
            self.close_connection = True
        elif behaviour.kind == "drips":
            self.drip(behaviour.seconds)
        elif behaviour.kind == "status":
            self.refuse(behaviour.status, _MESSAGES.get(behaviour.status, "Error."), behaviour.retry_after)
        elif behaviour.kind == "web_page":
            self.send("<!doctype html><title>Log in</title>", content_type="text/html")
        else:
            fake.answer(self, request, behaviour.kind)

    def send(
        self,
        body: str,
        *,
        status: int = 200,
        content_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
        cut: bool = False,
    ) -> None:
        """Send a whole response; with `cut` only half of the body that it promises."""
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Connection", "close")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data[: len(data) // 2] if cut else data)

    def send_json(self, body: str, kind: Kind) -> None:
        """Send a body of JSON, spoilt as `kind` says."""
        if kind == "truncated_json":
            body = body[: len(body) // 2]
        self.send("This is not JSON." if kind == "bad_json" else body, cut=kind == "cut")

    def drip(self, seconds: float) -> None:
        """Begin an answer, and keep it open with comments (or white space, before JSON) until somebody has enough."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        while not self.server.stopping.wait(seconds):
            self.wfile.write(b"\n")
            self.wfile.flush()
        self.close_connection = True

    def refuse(self, status: int, message: str, retry_after: float | str | None = None) -> None:
        """Send an error in the form that both protocols' clients read."""
        body = json.dumps({"error": {"message": message, "type": "fake_error", "param": None, "code": None}})
        if isinstance(retry_after, float | int):
            retry_after = f"{retry_after:g}"
        self.send(body, status=status, headers={} if retry_after is None else {"Retry-After": retry_after})
