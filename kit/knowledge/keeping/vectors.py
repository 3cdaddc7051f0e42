"""Exact vectors: a matrix for each field, mapped from disk, whose rows are known by the texts they stand for."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kit.errors import ModelUnavailable
from kit.knowledge.keeping.files import mapped
from kit.knowledge.keeping.keys import keys_of, read_keys, write_keys
from kit.knowledge.keeping.tokens import TokenWriter
from kit.models import Embedder
from kit.progress import Progress

__all__ = ["KnownVectors", "Vectors", "embed", "read_vectors", "write_vectors"]

Vectors = NDArray[np.float32]


def write_vectors(folder: Path, name: str, vectors: Vectors, keys: Sequence[bytes]) -> None:
    """Write the matrix of a field, and beside it the keys of its rows."""
    np.save(folder / f"{name}.npy", vectors)
    write_keys(folder / name, keys)


def read_vectors(folder: Path, name: str) -> Vectors:
    """The matrix of a field, mapped."""
    return mapped(folder / f"{name}.npy")


class KnownVectors:
    """Vectors that need not be made again, by the keys of their texts."""

    def __init__(self) -> None:
        self._matrices: list[Vectors] = []
        self._place: dict[bytes, tuple[int, int]] = {}

    def add(self, vectors: Vectors, keys: Iterable[bytes]) -> None:
        """Remember the rows of a matrix."""
        self._place.update((key, (len(self._matrices), row)) for row, key in enumerate(keys))
        self._matrices.append(vectors)

    def add_field(self, folder: Path, name: str) -> None:
        """Remember a field of a build.

        Raises:
            OSError: it cannot be read.
            ValueError: it is no matrix.
        """
        self.add(read_vectors(folder, name), read_keys(folder / name))

    def get(self, key: bytes) -> Vectors | None:
        """The vector of the text with this key."""
        place = self._place.get(key)
        return None if place is None else self._matrices[place[0]][place[1]]


def embed(
    fields: dict[str, list[str]],
    embedder: Embedder,
    known: KnownVectors,
    tokens: TokenWriter,
    progress: Progress | None = None,
) -> tuple[dict[str, tuple[Vectors, list[bytes]]], int]:
    """Vectors and keys of the texts of each field.

    Args:
        fields: the texts.
        embedder: makes the vectors that are not known; a text that stands twice is embedded once.
        known: what need not be made again.
        tokens: takes the token vectors of the passages.
        progress: told after each batch.

    Returns:
        The fields, and how many passages had to be embedded.

    Raises:
        ModelUnavailable: the embedder gives vectors of another length than before, or such as are no numbers.
    """
    keys = {name: keys_of(texts) for name, texts in fields.items()}
    new = {key: text for key, text in _pairs(keys, fields) if known.get(key) is None}
    whole = {key: text for key, text in zip(keys["passages"], fields["passages"], strict=True) if key not in tokens}
    new |= whole
    rest = {key: text for key, text in new.items() if key not in whole}
    _keep(known, whole, _encode_both(whole, embedder, tokens, _part(progress, 0, len(new))))
    _keep(known, rest, embedder.encode(list(rest.values()), progress=_part(progress, len(whole), len(new))))
    passages = len(new.keys() & set(keys["passages"]))
    return {name: (_stack(known, keys[name]), keys[name]) for name in fields}, passages


def _keep(known: KnownVectors, texts: dict[bytes, str], made: Vectors) -> None:
    if not np.isfinite(made).all():
        raise ModelUnavailable("The embedder gives vectors that are not numbers.", remedy="Choose another one.")
    known.add(made, texts)


def _part(progress: Progress | None, before: int, total: int) -> Progress | None:
    """Tells of a part of the work, before which some was done."""
    return progress and (lambda what, done, _: progress(what, before + done, total))


def _encode_both(
    texts: dict[bytes, str], embedder: Embedder, tokens: TokenWriter, progress: Progress | None
) -> Vectors:
    """The vectors of passages; those of their tokens are written as they come."""
    keys = list(texts)
    made = np.zeros((0, 0), dtype=np.float32)
    for encoded in embedder.encode_both(list(texts.values()), progress=progress):
        if not len(made):
            made = np.empty((len(keys), len(encoded.vector)), dtype=np.float32)
        made[encoded.row] = encoded.vector
        tokens.add(keys[encoded.row], encoded.tokens)
    return made


def _pairs(keys: dict[str, list[bytes]], fields: dict[str, list[str]]) -> Iterator[tuple[bytes, str]]:
    for name, texts in fields.items():
        yield from zip(keys[name], texts, strict=True)


def _stack(known: KnownVectors, keys: list[bytes]) -> Vectors:
    rows = [row for key in keys if (row := known.get(key)) is not None]
    if len({len(row) for row in rows}) > 1:
        raise ModelUnavailable(
            "The embedder gives vectors of different lengths.", remedy="Run `kit index --rebuild` to embed all again."
        )
    return np.stack(rows).astype(np.float32, copy=False) if rows else np.zeros((0, 0), dtype=np.float32)
