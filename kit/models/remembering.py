"""An embedder that turns each text into a vector only once: for the same conversations, had a hundred times."""

from collections.abc import Iterator, Sequence
from threading import Lock

import numpy as np

from kit.models.embedder import Batch, Embedder, TokenVectors, Vectors

__all__ = ["RememberingEmbedder"]


class RememberingEmbedder(Embedder):
    """Gives what another embedder gives, and keeps it in memory."""

    def __init__(self, embedder: Embedder) -> None:
        self.fingerprint, self.max_tokens, self.tokenizer = (
            embedder.fingerprint,
            embedder.max_tokens,
            embedder.tokenizer,
        )
        self._embedder = embedder
        self._known: dict[tuple[str, bool, bool], tuple[Vectors, TokenVectors | None]] = {}
        self._layers: dict[str, Vectors] = {}
        self._lock = Lock()

    def _stream(self, texts: Sequence[str], *, query: bool, tokens: bool) -> Iterator[Batch]:
        with self._lock:
            missing = [text for text in dict.fromkeys(texts) if (text, query, tokens) not in self._known]
            for batch in self._embedder._stream(missing, query=query, tokens=tokens) if missing else ():
                for place, row in enumerate(batch.rows):
                    found = batch.tokens[place] if tokens else None
                    self._known[missing[row], query, tokens] = (batch.vectors[place], found)
        got = [self._known[text, query, tokens] for text in texts]
        parts = [part for _, part in got if part is not None]
        yield Batch(range(len(texts)), np.stack([vector for vector, _ in got]), parts)

    def encode_layers(self, texts: Sequence[str]) -> Vectors:
        """As the embedder's."""
        with self._lock:
            missing = [text for text in dict.fromkeys(texts) if text not in self._layers]
            if missing:
                self._layers.update(zip(missing, self._embedder.encode_layers(missing), strict=True))
        return np.stack([self._layers[text] for text in texts]) if texts else self._embedder.encode_layers(texts)
