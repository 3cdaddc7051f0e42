"""An embedder without a model: fast, the same everywhere, and near where words are shared."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from kit.models import Embedder
from kit.text import content_words


class _Batch(NamedTuple):
    rows: Sequence[int]
    vectors: NDArray[np.float32]
    tokens: Sequence[object] = ()


class FakeEmbedder(Embedder):
    """Each stem has a direction of its own; a text points to where its stems point together."""

    max_tokens = 256

    def __init__(self, fingerprint: str = "fake@1", dimension: int = 32) -> None:
        self.fingerprint, self.dimension = fingerprint, dimension
        self.seen: list[str] = []

    def _encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.seen += texts
        return np.stack([self._vector(text) for text in texts])

    def _stream(self, texts: Sequence[str], *, query: bool, tokens: bool) -> Iterator[_Batch]:
        yield _Batch(range(len(texts)), self._encode(texts))

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def _vector(self, text: str) -> NDArray[np.float32]:
        found = np.full(self.dimension, 1e-3)
        for word in content_words(text):
            found += np.random.default_rng(crc32(word.encode())).standard_normal(self.dimension)
        return np.asarray(found / np.linalg.norm(found), dtype=np.float32)
