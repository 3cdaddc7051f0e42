"""Serves the page on this machine only, and ends when told to."""

import asyncio
import logging
import os
import signal
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from kit.errors import KitError

if TYPE_CHECKING:
    import gradio as gr

__all__ = ["Served", "choose_port", "in_loop", "serve"]

HOST = "127.0.0.1"
TRIES = 50
_HERE = Path(__file__).parent

# Whatever slips past the escaping: the browser loads nothing from elsewhere and sends nothing there.
# Gradio's own scripts need the two `unsafe` words.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
# What the page needs of Gradio. Its other routes take files, hand them out, fetch them from the web or edit the app.
OPEN = ("/assets/", "/static/", "/gradio_api/queue/", "/gradio_api/heartbeat/")
OPEN_WHOLE = ("/", "/config", "/theme.css", "/favicon.ico", "/gradio_api/cancel", "/gradio_api/startup-events")

T = TypeVar("T")
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass(frozen=True)
class Served:
    """A page that is being served."""

    url: str
    close: Callable[[], None]


def choose_port(wanted: int) -> int:
    """`wanted` when it is free, else the next free port, said on standard output.

    Raises:
        KitError: neither it nor the next 50 are free.
    """
    last = min(wanted + TRIES, 65535)
    for port in range(wanted, last + 1):
        if _free(port):
            if port != wanted:
                print(f"Port {wanted} is taken, using {port}.", flush=True)
            return port
    raise KitError(
        f"No port from {wanted} to {last} is free.", remedy="Name another one with `--port`, or stop what runs there."
    )


def in_loop(make: Callable[[], T]) -> T:
    """What `make` returns, called while an event loop runs.

    Where none runs, Gradio makes one for each of its locks and never closes it.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:

        async def call() -> T:
            return make()

        return asyncio.run(call())
    return make()


def _free(port: int) -> bool:
    with socket.socket() as probe:
        # As servers bind: a port whose last connections are still closing counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def serve(page: "gr.Blocks", *, port: int, block: bool = True) -> Served:
    """Serve a page, and print its address once it answers.

    Raises:
        KitError: the port was taken in the meantime.
    """
    _reach_this_machine_directly()
    try:
        in_loop(partial(page.launch, **_options(port)))
    except OSError as error:
        raise KitError(f"Port {port} is taken.", remedy="Name another one with `--port`.") from error
    served = Served(f"http://{HOST}:{port}", partial(_close, page))
    with _told_to_stop() if block else _never() as stop:
        print(f"Open {served.url}", flush=True)
        if block:
            stop.wait()
            served.close()
    return served


def _options(port: int) -> dict[str, Any]:
    """How Gradio is to serve: here only, with nothing reported, recorded, shared or uploaded."""
    from starlette.middleware import Middleware

    from kit.app.theme import theme

    return {
        "server_name": HOST,
        "server_port": port,
        "quiet": True,
        "prevent_thread_lock": True,
        "inbrowser": False,
        "share": False,
        "show_error": False,
        "footer_links": [],
        "run_history": False,
        "enable_monitoring": False,
        "max_file_size": "1kb",
        "ssr_mode": False,
        "mcp_server": False,
        "pwa": False,
        "theme": theme(),
        "css": (_HERE / "style.css").read_text(encoding="utf-8"),
        "favicon_path": _HERE / "favicon.svg",
        "app_kwargs": {"middleware": [Middleware(Guard)], "docs_url": None, "redoc_url": None},
    }


def _close(page: "gr.Blocks") -> None:
    # Open pages keep a connection for as long as they are open: after a second they are cut off, without a word in
    # the log about each.
    log = logging.getLogger("uvicorn.error")
    before = log.level
    log.setLevel(logging.CRITICAL)
    page.server.config.timeout_graceful_shutdown = 1
    try:
        page.close(verbose=False)
    finally:
        log.setLevel(before)


class Guard:
    """Answers only what the page needs, and tells browsers to load nothing from elsewhere."""

    def __init__(self, app: Asgi) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["path"] not in OPEN_WHOLE and not scope["path"].startswith(OPEN):
            await send({"type": "http.response.start", "status": 404, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return

        async def with_policy(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                extra = [(b"content-security-policy", POLICY.encode()), (b"referrer-policy", b"no-referrer")]
                message["headers"] = [*message.get("headers", ()), *extra]
            await send(message)

        await self.app(scope, receive, with_policy)


def _reach_this_machine_directly() -> None:
    # Gradio asks itself whether it is up, through the proxy where one is set.
    for name in ("NO_PROXY", "no_proxy"):
        known = os.environ.get(name, "")
        if HOST not in known.split(","):
            os.environ[name] = f"{known},{HOST}".strip(",")


@contextmanager
def _told_to_stop() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set, in place of what they usually do."""
    stop = threading.Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _never() -> Iterator[threading.Event]:
    yield threading.Event()
