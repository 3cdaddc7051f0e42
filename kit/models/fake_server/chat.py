"""A chat model that is none: speaks the OpenAI protocol."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from kit.models.fake_server.behaviour import Behaviour, Kind, Script
from kit.models.fake_server.server import MODEL, FakeServer, Handler
from kit.text import sentences

__all__ = ["FakeOpenAI", "answer_from_passages"]

NO_PASSAGE = "I have no passage to answer from."
_ID = "chatcmpl-fake"
_HUGE = ("This answer is far too long. [1] " * 32_000)[:1_048_576]
_MOST_PIECES = 200
# The first passage in the kit's prompt: its heading line, then its text up to the next one, the question or the end.
_FIRST_PASSAGE = re.compile(r"^\[([^\]\s]+)\] [^\n]*\n(.*?)(?=^\[[^\]\s]+\] |^Question:|\Z)", re.MULTILINE | re.DOTALL)


class FakeOpenAI(FakeServer):
    """The fake chat model, running while its `with` block is.

    Args:
        reply: the text to answer with; or a list, one for each whole answer (`ok`, `slow`), the last one repeating; or
            a function of the decoded request body, called from several threads. What it raises is sent as status 500.
        behaviour: one for each request (a client's retries are requests too), the last one repeating.
        port: 0 takes any free one. The server listens on the loopback address only.

    Raises:
        KitError: an empty list; on entering, a port that cannot be used.
    """

    route = "/chat/completions"

    def __init__(
        self,
        *,
        reply: Callable[[dict[str, Any]], str] | str | Sequence[str] | None = None,
        behaviour: Behaviour | Kind | Sequence[Behaviour | Kind] = "ok",
        port: int = 0,
    ) -> None:
        super().__init__(behaviour=behaviour, port=port)
        self._reply: Callable[[dict[str, Any]], str] | Script[str]
        if reply is None or callable(reply):
            self._reply = reply or answer_from_passages
        else:
            self._reply = Script([reply] if isinstance(reply, str) else reply)

    def problem(self, request: dict[str, Any]) -> str | None:
        messages = request.get("messages")
        if messages and isinstance(messages, list) and all(isinstance(message, dict) for message in messages):
            return None
        return "'messages' must be a list of one or more objects."

    def answer(self, handler: Handler, request: dict[str, Any], kind: Kind) -> None:
        try:
            text = self._text(request, kind)
        except Exception as error:  # The reply is the user's own code: its fault is told in the protocol's form.
            return handler.refuse(500, f"The reply function raised {type(error).__name__}: {error}")
        if request.get("stream"):
            return _stream(handler, list(_events(request, text)), kind)
        if kind == "unfinished":
            body = _completion(request, text[: len(text) // 2], finish="length")
        else:
            body = _completion(request, text)
        handler.send_json(json.dumps(body), kind)

    def _text(self, request: dict[str, Any], kind: Kind) -> str:
        if kind in ("empty", "huge"):
            return _HUGE if kind == "huge" else ""
        if isinstance(self._reply, Script):
            return self._reply.take() if kind in ("ok", "slow") else self._reply.peek()
        return self._reply(request)


def answer_from_passages(request: dict[str, Any]) -> str:
    """The answer that is given by default: what a faithful model might say.

    Args:
        request: the body of a chat request; its last user message holds passages as lines `[id] Title > Heading`,
            each followed by the passage's text.

    Returns:
        The first two sentences of the first passage, each as a line of JSON with its text and the passage's id; a fixed
        sentence where there is no passage.
    """
    prompts = [_content(message) for message in request["messages"] if message.get("role") == "user"]
    found = _FIRST_PASSAGE.search(prompts[-1] if prompts else "")
    said = sentences(found[2])[:2] if found else []
    lines = [{"text": sentence, "passages": [found[1]]} for sentence in said] if found else []
    return "\n".join(json.dumps(line, ensure_ascii=False) for line in lines) or NO_PASSAGE


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
        "model": request.get("model", MODEL),
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": finish}],
        "usage": _usage(request, text),
    }


def _events(request: dict[str, Any], text: str) -> Iterator[str]:
    """The data of a stream's events, `[DONE]` included."""
    head = {"id": _ID, "object": "chat.completion.chunk", "created": 0, "model": request.get("model", MODEL)}

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


def _stream(handler: Handler, events: list[str], kind: Kind) -> None:
    """Send server-sent events, each in a chunk of its own."""
    middle = len(events) // 2
    if kind == "bad_json":
        events = [*events[:middle], "This is not JSON."]
    elif kind == "truncated_json":
        events = [*events[:middle], events[middle][: len(events[middle]) // 2]]
    elif kind in ("cut", "unfinished"):
        events = events[:middle]
    handler.send_response(200)
    handler.send_header("Content-Type", "text/event-stream")
    handler.send_header("Transfer-Encoding", "chunked")
    handler.send_header("Connection", "close")
    handler.end_headers()
    for event in events:
        data = f"data: {event}\n\n".encode()
        handler.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
    # Without the empty last chunk the client can tell that the connection broke.
    if kind != "cut":
        handler.wfile.write(b"0\r\n\r\n")
