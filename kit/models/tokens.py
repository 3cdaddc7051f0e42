"""A text's tokens as a model takes them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

__all__ = ["Tokens", "cut", "uncut"]


@dataclass(frozen=True)
class Tokens:
    """A text's ids, marks of start and end included; those from `first` up to `last` are its own."""

    ids: NDArray[np.int32]
    first: int
    last: int


def uncut(tokenizer: "Tokenizer") -> "Tokenizer":
    """The tokenizer, set to neither cut nor pad: done by itself, that would also change what is counted."""
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def cut(encoding: "Encoding", *, limit: int, prompt: int = 0) -> Tokens:
    """A text's tokens, cut to what the model reads; the marks at its end stay.

    Args:
        encoding: what the tokenizer made of prompt and text.
        limit: how many the model reads, marks included.
        prompt: the length of the prompt in characters; its tokens do not count as the text's own.
    """
    ids, marks = encoding.ids, encoding.special_tokens_mask
    first = next((place for place, mark in enumerate(marks) if not mark), None)
    if first is None:
        # Nothing but marks: an empty text.
        return Tokens(np.array(ids[:limit], dtype=np.int32), 0, 0)
    ending = next(place for place, mark in enumerate(reversed(marks)) if not mark)
    if len(ids) > limit:
        ids = ids[: limit - ending] + ids[len(ids) - ending :]
    last = max(first, len(ids) - ending)
    if prompt:
        offsets = encoding.offsets
        first = next((place for place in range(first, last) if offsets[place][1] > prompt), last)
    return Tokens(np.array(ids, dtype=np.int32), first, last)
