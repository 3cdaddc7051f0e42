"""Text to vectors, behind LangChain's `Embeddings` interface."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from kit.progress import Progress

if TYPE_CHECKING:
    from tokenizers import Tokenizer

__all__ = ["Batch", "Embedder", "Encoded", "TokenVectors", "Vectors"]

Vectors = NDArray[np.float32]


class TokenVectors(NamedTuple):
    """A text's tokens in their order, without prompt, padding and the marks of start and end."""

    ids: NDArray[np.int32]
    """Their numbers in the model's vocabulary; shape (tokens,)."""
    vectors: Vectors
    """One vector of unit length for each; shape (tokens, dimension)."""


class Encoded(NamedTuple):
    """One text with its vector and those of its tokens."""

    row: int
    """The text's place among those that were given."""
    vector: Vectors
    tokens: TokenVectors


class Batch(NamedTuple):
    """What one pass through the model gives; `tokens` is empty where it was not asked for."""

    rows: Sequence[int]
    vectors: Vectors
    tokens: Sequence[TokenVectors] = ()


class Embedder(Embeddings):
    """Unit-length sentence vectors, and on request those of the single tokens.

    Attributes:
        fingerprint: equal for two embedders whose vectors may be compared.
        max_tokens: what is longer is cut, so passages are made shorter than this.
        tokenizer: cuts nothing and pads nothing.
    """

    fingerprint: str
    max_tokens: int
    tokenizer: "Tokenizer"

    @abstractmethod
    def _stream(self, texts: Sequence[str], *, query: bool, tokens: bool) -> Iterator[Batch]:
        """The texts in batches, in whatever order suits the model.

        Args:
            texts: at least one.
            query: they are searched with, not searched: some models prefix the two differently.
            tokens: the vectors of the single tokens are wanted too.
        """

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Vectors of the texts, in their order: shape (len(texts), dimension), float32, unit length."""
        found = np.zeros((0, 0), dtype=np.float32)
        for batch in self._told(texts, query=False, tokens=False, progress=progress):
            if not len(found):
                found = np.empty((len(texts), batch.vectors.shape[1]), dtype=np.float32)
            found[batch.rows] = batch.vectors
        return found

    def encode_both(
        self, texts: Sequence[str], *, query: bool = False, progress: Progress | None = None
    ) -> Iterator[Encoded]:
        """The texts with their vectors and those of their tokens, from one pass.

        They come as they are ready, in another order than given: all of them at once would be too much for memory,
        so take what is needed of each and let go of it.

        Args:
            texts: what to encode.
            query: they are searched with, not searched.
            progress: told after each batch.
        """
        for batch in self._told(texts, query=query, tokens=True, progress=progress):
            for row, vector, tokens in zip(batch.rows, batch.vectors, batch.tokens, strict=True):
                yield Encoded(row, vector, tokens)

    def encode_tokens(self, texts: Sequence[str], *, query: bool = False) -> list[TokenVectors]:
        """The vectors of each text's tokens, in the order of the texts."""
        found = {encoded.row: encoded.tokens for encoded in self.encode_both(texts, query=query)}
        return [found[row] for row in range(len(texts))]

    def encode_layers(self, texts: Sequence[str]) -> Vectors:
        """What the model makes of each text at several depths: shape (len(texts), layers, dimension), unit length.

        The first layer is what `encode` gives; a model that shows nothing else gives that alone.
        """
        return self.encode(texts)[:, None, :]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [[float(x) for x in row] for row in self.encode(texts)]

    def embed_query(self, text: str) -> list[float]:
        (batch,) = self._stream([text], query=True, tokens=False)
        return [float(x) for x in batch.vectors[0]]

    def count_tokens(self, text: str) -> int:
        """The text's length in this model's tokens, without the marks of start and end."""
        return len(self.tokenizer.encode(text, add_special_tokens=False).ids)

    def _told(self, texts: Sequence[str], *, query: bool, tokens: bool, progress: Progress | None) -> Iterator[Batch]:
        """Batches, each of which is told to `progress`."""
        done = 0
        for batch in self._stream(texts, query=query, tokens=tokens) if len(texts) else ():
            yield batch
            done += len(batch.rows)
            if progress:
                progress("embedding passages", done, len(texts))
