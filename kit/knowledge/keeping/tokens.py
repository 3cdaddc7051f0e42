"""The vectors of the passages' single tokens, small enough to be kept: one byte for each number.

Only tokens that carry the subject are kept. Function words and punctuation are half of a text, and a question's words
that find nothing better than a comma say nothing about a passage.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kit.knowledge.keeping.spans import Spans
from kit.models import Embedder, TokenVectors
from kit.text import STOPWORDS

__all__ = ["KnownTokens", "Packed", "TokenWriter", "Tokens", "content_tokens"]

Packed = NDArray[np.int8]
# Numbers of unit vectors beyond this are so rare that cutting them changes no ranking.
_MOST = 0.5
SCALE = np.float32(_MOST / 127)


def content_tokens(embedder: Embedder) -> NDArray[np.bool_]:
    """Which tokens of the embedder's vocabulary carry the subject; shape (vocabulary,)."""
    vocabulary = embedder.tokenizer.get_vocab()
    found = np.zeros(max(vocabulary.values(), default=-1) + 1, dtype=np.bool_)
    for token, number in vocabulary.items():
        word = token.removeprefix("##").lstrip("Ġ▁").lower()  # as WordPiece, byte-level BPE and Unigram mark words
        found[number] = any(letter.isalnum() for letter in word) and (token.startswith("##") or word not in STOPWORDS)
    return found


def pack(tokens: TokenVectors, content: NDArray[np.bool_]) -> Packed:
    """The vectors of the tokens that carry the subject; of all tokens, if none does."""
    kept = content[tokens.ids]
    vectors = tokens.vectors[kept] if kept.any() else tokens.vectors
    packed: Packed = np.clip(np.rint(vectors / SCALE), -127, 127).astype(np.int8)
    return packed


class Tokens:
    """Token vectors that `TokenWriter` wrote, passage after passage.

    Attributes:
        dimension: the length of each.
    """

    def __init__(self, folder: Path) -> None:
        self._starts: NDArray[np.int64] = np.load(folder / "tokens.starts.npy")
        self._rows = Spans(folder / "tokens.npy")
        self.dimension = int(self._rows.shape[1])

    def packed(self, passage: int) -> Packed:
        """The tokens of a passage as they are kept."""
        return self._rows.read([self._span(passage)])

    def count(self, passage: int) -> int:
        """How many tokens a passage has."""
        start, stop = self._span(passage)
        return stop - start

    def of(self, passages: Iterable[int]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """The vectors of some passages, one passage after the other, and where each of them begins."""
        spans = [self._span(passage) for passage in passages]
        starts = np.cumsum([0, *(stop - start for start, stop in spans)])[:-1]
        vectors = self._rows.read(spans).astype(np.float32)
        vectors *= SCALE
        return vectors, starts

    def _span(self, passage: int) -> tuple[int, int]:
        return int(self._starts[passage]), int(self._starts[passage + 1])


class KnownTokens:
    """Token vectors that need not be made again, by the keys of their texts."""

    def __init__(self) -> None:
        self._places: dict[bytes, tuple[Tokens, int]] = {}
        self.dimension = 0

    def add_build(self, tokens: Tokens, keys: Iterable[bytes]) -> None:
        """Remember those of a build, which stay on the disk."""
        self.dimension = tokens.dimension
        self._places.update((key, (tokens, passage)) for passage, key in enumerate(keys))

    def __contains__(self, key: bytes) -> bool:
        return key in self._places

    def count(self, key: bytes) -> int:
        """How many tokens the text with this key has."""
        tokens, passage = self._places[key]
        return tokens.count(passage)

    def __getitem__(self, key: bytes) -> Packed:
        tokens, passage = self._places[key]
        return tokens.packed(passage)


class TokenWriter:
    """Takes the packed tokens of texts as they are made, in any order, and writes them in the order of the passages.

    What is made waits in a file of its own: all tokens at once would be too much for memory.
    """

    def __init__(self, folder: Path, known: KnownTokens, embedder: Embedder) -> None:
        self._folder, self._known, self._content = folder, known, content_tokens(embedder)
        self._waiting = folder / "tokens.waiting"
        self._file = self._waiting.open("w+b")
        self._places: dict[bytes, tuple[int, int]] = {}
        self._dimension = 0

    def __enter__(self) -> "TokenWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._waiting.unlink(missing_ok=True)

    def __contains__(self, key: bytes) -> bool:
        return key in self._places or key in self._known

    def add(self, key: bytes, tokens: TokenVectors) -> None:
        """Take the tokens of a text."""
        packed = pack(tokens, self._content)
        self._dimension = packed.shape[1]
        self._places[key] = self._file.tell(), len(packed)
        self._file.write(packed.tobytes())

    def finish(self, keys: Sequence[bytes]) -> None:
        """Write the tokens of the passages with these keys."""
        dimension = self._dimension or self._known.dimension
        counts = [self._places[key][1] if key in self._places else self._known.count(key) for key in keys]
        starts = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(counts, dtype=np.int64)))
        np.save(self._folder / "tokens.starts.npy", starts)
        with (self._folder / "tokens.npy").open("wb") as target:
            header = {"descr": "|i1", "fortran_order": False, "shape": (int(starts[-1]), dimension)}
            np.lib.format.write_array_header_1_0(target, header)
            for part in self._parts(keys):
                target.write(part)

    def _parts(self, keys: Sequence[bytes]) -> Iterator[bytes]:
        for key in keys:
            if key in self._places:
                offset, count = self._places[key]
                self._file.seek(offset)
                yield self._file.read(count * self._dimension)
            else:
                yield self._known[key].tobytes()
