"""A chat model that is none: an HTTP server on this machine that speaks the OpenAI protocol as it is told to.

It lets tests and demos run the whole way that a hosted model would take, with no network and no key:

    with FakeOpenAI(reply="Hold the dial for ten seconds. [1]") as server:
        model = load_chat_model(Chat(model="openai:fake", base_url=server.base_url))

`python -m kit.models.fake_server --port 8001` serves until Ctrl-C.
"""

import argparse
import json
import re
import signal
import socket
import socketserver
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import KW_ONLY, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Generic, Literal, Self, TypeVar

from kit.errors import KitError
from kit.text import sentences

__all__ = ["Behaviour", "FakeOpenAI", "Kind", "answer_from_passages"]

Kind = Literal["ok", "slow", "status", "empty", "huge", "bad_json", "truncated_json", "web_page", "cut", "unfinished"]
T = TypeVar("T")

NO_PASSAGE = "I have no passage to answer from."
_HOST = "127.0.0.1"
_MODEL = "fake"
_ID = "chatcmpl-fake"
_HUGE = ("This answer is far too long. [1] " * 32_000)[:1_048_576]
_MOST_PIECES = 200
_MESSAGES = {401: "Incorrect API key provided.", 429: "Rate limit reached.", 500: "The server had an error."}
# Passage 1 in the kit's prompt: its heading line, then its text up to the next passage, the question or the end.
_FIRST_PASSAGE = re.compile(r"^\[1\] [^\n]*\n(.*?)(?=^\[\d+\] |^Question:|\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Behaviour:
    """What the server does with one request.

    Attributes:
        kind: `ok`; `slow` (waits `seconds`, then answers); `status` (an error with the HTTP code `status`); `empty`
            (an answer without text); `huge` (1 MiB of text); `bad_json` (a body, or an event, that is not JSON);
            `truncated_json` (half of one, in a response that is otherwise whole); `web_page` (HTML, as a proxy's
            log-in page); `cut` (the connection breaks in the middle); `unfinished` (half an answer that ends
            politely: no finish reason and no `[DONE]` in a stream, the finish reason `length` otherwise).
        seconds: the wait of `slow`.
        status: the code of `status`.
        retry_after: seconds in the `Retry-After` header of `status`; none is sent when None.
    """

    kind: Kind = "ok"
    _: KW_ONLY
    seconds: float = 2.0
    status: int = 500
    retry_after: float | None = None


class FakeOpenAI:
    """The fake server, running while its `with` block is.

    Args:
        reply: the text to answer with; or a list, one for each whole answer (`ok`, `slow`), the last one repeating; or
            a function of the decoded request body, called from several threads. What it raises is sent as status 500.
        behaviour: one for each chat request (a client's retries are requests too), the last one repeating.
        port: 0 takes any free one. The server listens on the loopback address only.

    Raises:
        KitError: an empty list; on entering, a port that cannot be used.
    """

    def __init__(
        self,
        *,
        reply: Callable[[dict[str, Any]], str] | str | Sequence[str] | None = None,
        behaviour: Behaviour | Kind | Sequence[Behaviour | Kind] = "ok",
        port: int = 0,
    ) -> None:
        steps = [behaviour] if isinstance(behaviour, str | Behaviour) else behaviour
        self._behaviours = _Script([Behaviour(step) if isinstance(step, str) else step for step in steps])
        self._reply: Callable[[dict[str, Any]], str] | _Script[str]
        if reply is None or callable(reply):
            self._reply = reply or answer_from_passages
        else:
            self._reply = _Script([reply] if isinstance(reply, str) else reply)
        self._port = port
        self._seen: list[dict[str, Any]] = []
        self._lock = threading.Lock()
        self._server: _Server | None = None

    @property
    def base_url(self) -> str:
        """The address to configure, `http://127.0.0.1:PORT/v1`; still readable after the server has stopped.

        Raises:
            KitError: the server was never started.
        """
        if not self._port:
            raise KitError("The fake server is not running.", remedy="Use it in a `with` block.")
        return f"http://{_HOST}:{self._port}/v1"

    @property
    def requests(self) -> list[dict[str, Any]]:
        """The decoded bodies of the chat requests so far, oldest first; a copy."""
        with self._lock:
            return list(self._seen)

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

    def _take(self, request: dict[str, Any]) -> Behaviour:
        with self._lock:
            self._seen.append(request)
        return self._behaviours.take()

    def _text(self, request: dict[str, Any], kind: Kind) -> str:
        if kind in ("empty", "huge"):
            return _HUGE if kind == "huge" else ""
        if isinstance(self._reply, _Script):
            return self._reply.take() if kind in ("ok", "slow") else self._reply.peek()
        return self._reply(request)


def answer_from_passages(request: dict[str, Any]) -> str:
    """The answer that is given by default: what a faithful model might say.

    Args:
        request: the body of a chat request; its last user message holds passages as lines `[1] Title > Heading`,
            each followed by the passage's text.

    Returns:
        The first two sentences of passage 1, each followed by ` [1]`; a fixed sentence where there is no passage.
    """
    prompts = [_content(message) for message in request["messages"] if message.get("role") == "user"]
    found = _FIRST_PASSAGE.search(prompts[-1] if prompts else "")
    said = sentences(found[1])[:2] if found else []
    return " ".join(f"{sentence} [1]" for sentence in said) or NO_PASSAGE


class _Script(Generic[T]):
    """Things taken one by one by several threads; the last one repeats."""

    def __init__(self, things: Sequence[T]) -> None:
        if not things:
            raise KitError("The fake server was given an empty list.", remedy="Give it one or more.")
        self._things = deque(things)
        self._lock = threading.Lock()

    def take(self) -> T:
        with self._lock:
            return self._things.popleft() if len(self._things) > 1 else self._things[0]

    def peek(self) -> T:
        with self._lock:
            return self._things[0]


class _Server(ThreadingHTTPServer):
    # Threads are waited for when the server stops, so none outlives the `with` block.
    daemon_threads = False
    request_queue_size = 128

    def __init__(self, fake: FakeOpenAI, port: int) -> None:
        self.fake, self.stopping = fake, threading.Event()
        self._open: set[Any] = set()
        self._lock = threading.Lock()
        super().__init__((_HOST, port), _Handler)
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


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the standard handler writes every request to stderr."""

    def do_GET(self) -> None:
        if self.path != "/v1/models":
            return self._refuse(404, f"Unknown address: GET {self.path}")
        model = {"id": _MODEL, "object": "model", "created": 0, "owned_by": "kit"}
        self._send(json.dumps({"object": "list", "data": [model]}))

    def do_POST(self) -> None:
        # Read even what will be refused: closing with unread input resets the connection before the answer arrives.
        length = self.headers.get("Content-Length", "")
        raw = self.rfile.read(int(length)) if length.isdecimal() else b""
        if self.path != "/v1/chat/completions":
            return self._refuse(404, f"Unknown address: POST {self.path}")
        try:
            request = json.loads(raw)
        except ValueError:
            return self._refuse(400, "The body is not JSON.")
        messages = request.get("messages") if isinstance(request, dict) else None
        if not (messages and isinstance(messages, list) and all(isinstance(message, dict) for message in messages)):
            return self._refuse(400, "'messages' must be a list of one or more objects.")
        behaviour = self.server.fake._take(request)
        if behaviour.kind == "slow" and self.server.stopping.wait(behaviour.seconds):
            self.close_connection = True
        elif behaviour.kind == "status":
            self._refuse(behaviour.status, _MESSAGES.get(behaviour.status, "Error."), behaviour.retry_after)
        elif behaviour.kind == "web_page":
            self._send("<!doctype html><title>Log in</title>", content_type="text/html")
        else:
            self._answer(request, behaviour.kind)

    def _answer(self, request: dict[str, Any], kind: Kind) -> None:
        try:
            text = self.server.fake._text(request, kind)
        except Exception as error:  # The reply is the user's own code: its fault is told in the protocol's form.
            return self._refuse(500, f"The reply function raised {type(error).__name__}: {error}")
        if request.get("stream"):
            return self._stream(list(_events(request, text)), kind)
        if kind == "unfinished":
            body = json.dumps(_completion(request, text[: len(text) // 2], finish="length"))
        else:
            body = json.dumps(_completion(request, text))
        if kind == "truncated_json":
            body = body[: len(body) // 2]
        self._send("This is not JSON." if kind == "bad_json" else body, cut=kind == "cut")

    def _stream(self, events: list[str], kind: Kind) -> None:
        """Send server-sent events, each in a chunk of its own."""
        middle = len(events) // 2
        if kind == "bad_json":
            events = [*events[:middle], "This is not JSON."]
        elif kind == "truncated_json":
            events = [*events[:middle], events[middle][: len(events[middle]) // 2]]
        elif kind in ("cut", "unfinished"):
            events = events[:middle]
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Connection", "close")
        self.end_headers()
        for event in events:
            data = f"data: {event}\n\n".encode()
            self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
        # Without the empty last chunk the client can tell that the connection broke.
        if kind != "cut":
            self.wfile.write(b"0\r\n\r\n")

    def _send(
        self,
        body: str,
        *,
        status: int = 200,
        content_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
        cut: bool = False,
    ) -> None:
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Connection", "close")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data[: len(data) // 2] if cut else data)

    def _refuse(self, status: int, message: str, retry_after: float | None = None) -> None:
        body = json.dumps({"error": {"message": message, "type": "fake_error", "param": None, "code": None}})
        self._send(body, status=status, headers={} if retry_after is None else {"Retry-After": f"{retry_after:g}"})


def _content(message: dict[str, Any]) -> str:
    """A message's text, which the protocol allows as one string or as a list of parts."""
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "\n".join(str(part.get("text", "")) for part in content if isinstance(part, dict))


def _usage(request: dict[str, Any], text: str) -> dict[str, int]:
    """Token counts, taking four characters for a token, which is near enough for English."""
    prompt = sum(len(_content(message)) for message in request["messages"]) // 4 + 1
    answer = (len(text) + 3) // 4
    return {"prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer}


def _completion(request: dict[str, Any], text: str, *, finish: str = "stop") -> dict[str, Any]:
    message = {"role": "assistant", "content": text, "refusal": None}
    return {
        "id": _ID,
        "object": "chat.completion",
        "created": 0,
        "model": request.get("model", _MODEL),
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": finish}],
        "usage": _usage(request, text),
    }


def _events(request: dict[str, Any], text: str) -> Iterator[str]:
    """The data of a stream's events, `[DONE]` included."""
    head = {"id": _ID, "object": "chat.completion.chunk", "created": 0, "model": request.get("model", _MODEL)}

    def event(delta: dict[str, str], finish: str | None = None) -> str:
        return json.dumps({**head, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})

    yield event({"role": "assistant", "content": ""})
    pieces = re.findall(r"\S+\s*|\s+", text)
    each = max(1, -(-len(pieces) // _MOST_PIECES))
    for start in range(0, len(pieces), each):
        yield event({"content": "".join(pieces[start : start + each])})
    yield event({}, "stop")
    if (request.get("stream_options") or {}).get("include_usage"):
        yield json.dumps({**head, "choices": [], "usage": _usage(request, text)})
    yield "[DONE]"


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until Ctrl-C; prints the address to configure. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m kit.models.fake_server", description=__doc__.split("\n")[0])
    parser.add_argument("--port", type=int, default=0, help="port to listen on (default: any free one)")
    options = parser.parse_args(arguments)
    # A shell that starts this in the background makes it deaf to Ctrl-C, and SIGTERM would end it without closing.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        with FakeOpenAI(port=options.port) as server:
            print(server.base_url, flush=True)
            threading.Event().wait()
    except KitError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
