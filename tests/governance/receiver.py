"""A receiver of hand-offs on loopback, as well or as ill behaved as a test wants it, and records of turns."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from kit.assistant import Conversation, Reply, TurnRecord
from kit.playbooks import Handoff, SeenPassage

Behaviour = Callable[[BaseHTTPRequestHandler], None]


def status(code: int, headers: dict[str, str] | None = None, body: bytes = b"{}") -> Behaviour:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in (headers or {}).items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.close()


def babbles(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"this is not HTTP\r\n\r\n")


def drips(handler: BaseHTTPRequestHandler) -> None:
    """One byte of a header at a time: each read is in time, the whole never is."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(400):
        handler.wfile.write(b"a")
        handler.wfile.flush()
        time.sleep(0.05)


def says_nothing(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(20)


@dataclass
class Post:
    path: str
    headers: dict[str, str]
    body: bytes
    method: str = "POST"

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass
class Receiver:
    """Behaves as listed, one for each request, the last one repeating; `posts` is what came."""

    behaviours: list[Behaviour] = field(default_factory=lambda: [status(200)])
    posts: list[Post] = field(default_factory=list)

    def __enter__(self) -> "Receiver":
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.posts.append(Post(self.path, headers, body, self.command))
                behaviours = receiver.behaviours
                try:
                    (behaviours.pop(0) if len(behaviours) > 1 else behaviours[0])(self)
                except OSError:
                    self.close_connection = True

            do_PUT = do_GET = do_POST

            def log_message(self, *args: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

            def handle_error(self, *args: Any) -> None:
                pass

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/hook"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *rest: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def handed_off(
    message: str = "a human please", *, id: str = "c1", before: tuple[str, ...] = (), update: bool = False, **rest: Any
) -> TurnRecord:
    """The record of a turn that passed to a person, or was written while one had the conversation."""
    conversation = Conversation(id=id, handed_off=True)
    for text in before:
        conversation = conversation.said("customer", text).said("assistant", f"About {text}")
    conversation = conversation.said("customer", message).said("assistant", "A colleague will help.")
    seen = SeenPassage(article_id="plans", passage_id="plans#1", title="Plans", url="https://help.example/plans")
    fields = {"reason": "customer_request", "summary": f"Wants: “{message}”\nStopped because: …", "passages": (seen,)}
    handoff = Handoff.model_validate({**fields, **rest})
    reply = Reply(outcome="handed_off", text="A colleague will help.", handoff=handoff, playbook="refund")
    return TurnRecord(conversation, message, reply, began=1_790_000_000.0, was_with_person=update)
