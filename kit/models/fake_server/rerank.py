"""A reranker that is none: speaks the protocol of Cohere, Jina and vLLM."""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from kit.models.fake_server.behaviour import Behaviour, Kind
from kit.models.fake_server.server import FakeServer, Handler

__all__ = ["FakeReranker", "score_by_words"]

_HUGE = "This is far too long. " * 800_000
_WORD = re.compile(r"\w+")


class FakeReranker(FakeServer):
    """The fake reranker, running while its `with` block is.

    Args:
        reply: a function of the decoded request body that gives a score for each document, or a whole body as text;
            called from several threads. What it raises is sent as status 500.
        behaviour: one for each request (a client's retries are requests too), the last one repeating.
        port: 0 takes any free one. The server listens on the loopback address only.

    Raises:
        KitError: an empty list; on entering, a port that cannot be used.
    """

    route = "/rerank"

    def __init__(
        self,
        *,
        reply: Callable[[dict[str, Any]], Sequence[float] | str] | None = None,
        behaviour: Behaviour | Kind | Sequence[Behaviour | Kind] = "ok",
        port: int = 0,
    ) -> None:
        super().__init__(behaviour=behaviour, port=port)
        self._reply = reply or score_by_words

    def problem(self, request: dict[str, Any]) -> str | None:
        if not isinstance(request.get("query"), str):
            return "'query' must be text."
        texts = request.get("documents")
        if not (texts and isinstance(texts, list) and all(isinstance(text, str) for text in texts)):
            return "'documents' must be a list of one or more texts."
        top = request.get("top_n", len(texts))
        return None if type(top) is int and top > 0 else "'top_n' must be a number above 0."

    def answer(self, handler: Handler, request: dict[str, Any], kind: Kind) -> None:
        try:
            reply = self._reply(request)
        except Exception as error:  # The reply is the user's own code: its fault is told in the protocol's form.
            return handler.refuse(500, f"The reply function raised {type(error).__name__}: {error}")
        if isinstance(reply, str):
            return handler.send_json(reply, kind)
        results = [{"index": place, "relevance_score": score} for place, score in enumerate(reply)]
        results.sort(key=lambda result: -result["relevance_score"])
        results = results[: request.get("top_n", len(results))]
        if kind in ("empty", "unfinished"):
            results = [] if kind == "empty" else results[::2]
        body: dict[str, Any] = {"id": "rerank-fake", "model": request.get("model"), "results": results}
        if kind == "huge":
            body["padding"] = _HUGE
        handler.send_json(json.dumps(body), kind)


def score_by_words(request: dict[str, Any]) -> list[float]:
    """The scores that are given by default: the share of the query's words that a document has.

    Args:
        request: the body of a request.
    """
    wanted = set(_WORD.findall(request["query"].lower()))
    return [
        len(wanted.intersection(_WORD.findall(text.lower()))) / max(1, len(wanted)) for text in request["documents"]
    ]
