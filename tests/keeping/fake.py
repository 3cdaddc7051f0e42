"""An embedder without a model: fast, the same everywhere, and near where words are shared."""

from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from kit.models import Embedder, TokenVectors
from kit.models.embedder import Batch
from kit.text import STOPWORDS, content_words, words

# All that the index asks a tokenizer is which tokens are function words.
_VOCABULARY = {"the": 0, "lamp": 1}


class FakeEmbedder(Embedder):
    """Each stem has a direction of its own; a text points to where its stems point together."""

    max_tokens = 256
    tokenizer = SimpleNamespace(get_vocab=lambda: _VOCABULARY)  # type: ignore[assignment]

    def __init__(self, fingerprint: str = "fake@1", dimension: int = 32) -> None:
        self.fingerprint, self.dimension = fingerprint, dimension
        self.seen: list[str] = []

    def _encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.seen += texts
        return np.stack([self._vector(text) for text in texts])

    def _stream(self, texts: Sequence[str], *, query: bool, tokens: bool) -> Iterator[Batch]:
        found = [self._tokens(text) for text in texts] if tokens else []
        yield Batch(range(len(texts)), self._encode(texts), found)

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def _tokens(self, text: str) -> TokenVectors:
        ids = [int(word not in STOPWORDS) for word in words(text)]
        vectors = [self._vector(word) for word in words(text)]
        shape = (len(ids), self.dimension)
        return TokenVectors(np.array(ids, dtype=np.int32), np.array(vectors, dtype=np.float32).reshape(shape))

    def _vector(self, text: str) -> NDArray[np.float32]:
        found = np.full(self.dimension, 1e-3)
        for word in content_words(text):
            found += np.random.default_rng(crc32(word.encode())).standard_normal(self.dimension)
        return np.asarray(found / np.linalg.norm(found), dtype=np.float32)
