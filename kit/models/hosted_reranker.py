"""A reranker behind an HTTP address, in the protocol that Cohere, Jina and vLLM share: no package of theirs is needed.

Sent is `{"model", "query", "documents", "top_n"}`; what counts of the answer is
`{"results": [{"index", "relevance_score"}]}`.
"""

import json
import os
import weakref
from itertools import groupby
from operator import itemgetter
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit, urlunsplit

from langchain_core.cross_encoders import BaseCrossEncoder

from kit.errors import ModelUnavailable, RerankFailure
from kit.models.failure import call_failure, is_local
from kit.retrying import retry_after
from kit.settings import Reranker as Settings

if TYPE_CHECKING:
    import httpx

__all__ = ["PROVIDERS", "HostedReranker"]

_SECONDS_BEFORE_RETRY = 0.25
# Some servers send the documents back with their scores.
_MOST_BYTES = 8 * 2**20
_BROKEN = "The reranker's server sent a broken answer"
_TOO_LATE = "The reranker did not answer in time."


class Provider(NamedTuple):
    """Where a provider is, and the environment variable of its key.

    That is not a setting: a `kit.toml` from elsewhere could have any secret sent.
    """

    address: str
    key: str
    key_needed: bool


PROVIDERS = {
    "cohere": Provider("https://api.cohere.com/v2", "COHERE_API_KEY", key_needed=True),
    "jina": Provider("https://api.jina.ai/v1", "JINA_API_KEY", key_needed=True),
    "hosted": Provider("", "RERANKER_API_KEY", key_needed=False),
}


class HostedReranker(BaseCrossEncoder):
    """Asks a server for the scores.

    Args:
        provider: one of `PROVIDERS`.
        model: the model's name there.
        settings: address, time and tries.

    Raises:
        ModelUnavailable: a missing key or address, or an address that is none.
    """

    def __init__(self, provider: str, model: str, settings: Settings) -> None:
        import httpx

        place = PROVIDERS[provider]
        address = settings.base_url.strip() or place.address
        name = f"{provider}:{model}"
        if not address:
            raise ModelUnavailable(
                f"The reranker `{name}` needs an address.",
                remedy="Set `base_url` under [reranker] in kit.toml, such as `http://127.0.0.1:8000/v1`.",
            )
        local = is_local(address, section="reranker")
        key = os.environ.get(place.key, "").strip()
        if place.key_needed and not key and not local:
            raise ModelUnavailable(
                f"The reranker `{name}` needs the key {place.key}.",
                remedy="Set it in the environment, or remove `model` under [reranker] in kit.toml.",
            )
        self._address, self._model = _route(address), model
        self._seconds, self._retries = settings.timeout_seconds, settings.max_retries
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        # A proxy of the environment is not asked for what is on this machine.
        try:
            self._client = httpx.Client(trust_env=not local, follow_redirects=False)
        except (ImportError, ValueError, OSError) as error:
            raise ModelUnavailable(
                f"The reranker `{name}` cannot be set up ({type(error).__name__}).",
                remedy="Check the environment's variables for proxies and certificates.",
            ) from None
        weakref.finalize(self, self._client.close)

    def score(self, text_pairs: list[tuple[str, str]]) -> list[float]:
        """A score for each pair; one request for each run of pairs with the same query.

        Raises:
            RerankFailure: the server did not give them in time.
        """
        scores: list[float] = []
        for query, pairs in groupby(text_pairs, key=itemgetter(0)):
            scores += self._ask(query, [text for _, text in pairs])
        return scores

    def _ask(self, query: str, texts: list[str]) -> list[float]:
        deadline = monotonic() + self._seconds
        body = {"model": self._model, "query": query, "documents": texts, "top_n": len(texts)}
        attempt = 0
        while True:
            try:
                return _scores(self._post(body, deadline), len(texts))
            except RerankFailure:
                raise
            except Exception as error:
                wait = _wait(error, attempt)
                if attempt >= self._retries or wait is None or monotonic() + wait >= deadline:
                    # Not chained: the original text may show the address with its password.
                    raise RerankFailure(call_failure(error, "reranker")) from None
            sleep(wait)
            attempt += 1

    def _post(self, body: dict[str, Any], deadline: float) -> bytes:
        """The body of a good answer."""
        left = max(0.001, deadline - monotonic())
        with self._client.stream("POST", self._address, json=body, headers=self._headers, timeout=left) as response:
            if response.status_code >= 400:
                raise _Refused(response)
            if not response.is_success:
                # Not followed: it would carry query and key to wherever it points.
                raise RerankFailure(f"The reranker's server answered with no scores (HTTP {response.status_code}).")
            found = bytearray()
            for piece in response.iter_bytes():
                found += piece
                if len(found) > _MOST_BYTES:
                    raise RerankFailure(f"{_BROKEN}: it is longer than {_MOST_BYTES // 2**20} MiB.")
                # The time limit of the client starts anew with each piece.
                if monotonic() > deadline:
                    raise RerankFailure(_TOO_LATE)
        return bytes(found)


class _Refused(Exception):
    """An answer with a status that is no success."""

    def __init__(self, response: "httpx.Response") -> None:
        super().__init__(response.status_code)
        self.status_code, self.headers = response.status_code, response.headers


def _route(address: str) -> str:
    """The address of the reranker itself; given may be that, or what is above it."""
    parts = urlsplit(address)
    path = parts.path.rstrip("/")
    return urlunsplit(parts._replace(path=path if path.endswith("/rerank") else f"{path}/rerank"))


def _wait(error: Exception, attempt: int) -> float | None:
    """Seconds until another try is worth it; None where none is."""
    import httpx

    usual = _SECONDS_BEFORE_RETRY * 2**attempt
    if isinstance(error, _Refused):
        if error.status_code not in (408, 429) and error.status_code < 500:
            return None
        asked = retry_after(error.headers.get("Retry-After", ""))
        return usual if asked is None else asked
    return usual if isinstance(error, httpx.NetworkError | httpx.RemoteProtocolError) else None


def _scores(body: bytes, texts: int) -> list[float]:
    """The scores in the order of the texts.

    Raises:
        RerankFailure: there is not exactly one for each.
    """
    try:
        answer = json.loads(body)
    except ValueError:
        raise RerankFailure(f"{_BROKEN}: it is not JSON.") from None
    results = answer.get("results") if isinstance(answer, dict) else None
    if not isinstance(results, list):
        raise RerankFailure(f"{_BROKEN}: it has no list `results`.")
    scores: dict[int, float] = {}
    for result in results:
        place = result.get("index") if isinstance(result, dict) else None
        if type(place) is not int or not 0 <= place < texts or place in scores:
            raise RerankFailure(f"{_BROKEN}: an `index` is missing, given twice, or that of no text.")
        score = result.get("relevance_score")
        # Infinity and NaN are no JSON, but Python's reader takes them, and 1e999 for infinity.
        if not isinstance(score, int | float) or isinstance(score, bool) or not abs(score) < 1e300:
            raise RerankFailure(f"{_BROKEN}: a `relevance_score` is no number.")
        scores[place] = float(score)
    if len(scores) != texts:
        raise RerankFailure(f"{_BROKEN}: it has {len(scores)} scores for {texts} texts.")
    return [scores[place] for place in range(texts)]
