"""What texts are known by: a hash of each, so that what was made of them is found again without holding them."""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np

__all__ = ["keys_of", "read_keys", "write_keys"]

_SIZE = 16


def keys_of(texts: Iterable[str]) -> list[bytes]:
    """The key of each text."""
    return [blake2b(text.encode(), digest_size=_SIZE).digest() for text in texts]


def write_keys(path: Path, keys: Sequence[bytes]) -> None:
    """Write keys beside the rows in `path` that they stand for."""
    np.save(_file(path), np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(-1, _SIZE))


def read_keys(path: Path) -> Iterator[bytes]:
    """The keys that `write_keys` wrote.

    Raises:
        OSError: they cannot be read.
        ValueError: there are none in the file.
    """
    rows = np.load(_file(path))
    return (row.tobytes() for row in rows)


def _file(path: Path) -> Path:
    return path.with_name(f"{path.name}.keys.npy")
