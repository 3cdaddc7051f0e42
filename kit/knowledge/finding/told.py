"""The sentences of a passage with the vectors that the index holds of them."""

import numpy as np
from numpy.typing import NDArray

from kit.knowledge.keeping import Build
from kit.knowledge.keeping.fields import told

__all__ = ["sentence_vectors"]


def sentence_vectors(build: Build, row: int) -> tuple[list[str], NDArray[np.float32]]:
    """A passage's sentences, and their vectors: shape (sentences, dimension), unit length.

    Args:
        build: the index.
        row: the passage's row in it.
    """
    start, stop = int(build.sentence_starts[row]), int(build.sentence_starts[row + 1])
    return told(build.passages[row]), build.sentences.read([(start, stop)]).astype(np.float32)
