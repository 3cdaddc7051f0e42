"""How much text articles share, and which pairs are worth a closer look, without comparing each with each."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from kit.text import words

__all__ = ["Hashes", "candidates", "hashed_runs", "shared", "tokens"]

Hashes = NDArray[np.uint64]
"""The distinct runs of three tokens of a text, each as a number, sorted."""

_RUN = 3
# Scripts that put no spaces between words: each sign counts as a word.
_SIGN = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_SAMPLE = 24
_LONGEST = 20


def tokens(text: str) -> list[str]:
    """The words of a text without regard to case, width and marks; what is written without spaces, sign by sign."""
    found = words(unicodedata.normalize("NFKC", text).casefold())
    if not _SIGN.search(text):
        return found
    return [part for word in found for part in re.split(f"({_SIGN.pattern})", word) if part]


def hashed_runs(found: Sequence[str], known: dict[str, int]) -> Hashes:
    """The runs of three tokens of one text.

    Args:
        found: its tokens.
        known: the numbers of words, shared between calls to save time.
    """
    numbers = []
    for token in found:
        if (number := known.get(token)) is None:
            number = known[token] = int.from_bytes(blake2b(token.encode("utf-8", "replace"), digest_size=8).digest())
        numbers.append(number)
    row = np.array(numbers, dtype=np.uint64)
    size = min(_RUN, len(row))
    runs = np.zeros(len(row) - size + 1 if size else 0, dtype=np.uint64)
    # A polynomial modulo 2^64 (Karp and Rabin 1987), mixed afterwards so that the smallest are an even sample.
    for place in range(size):
        runs = runs * np.uint64(0x9E3779B97F4A7C15) + row[place : place + len(runs)]
    runs ^= runs >> np.uint64(29)
    runs *= np.uint64(0xBF58476D1CE4E5B9)
    runs ^= runs >> np.uint64(32)
    return np.unique(runs)


def shared(left: Hashes, right: Hashes) -> tuple[float, float]:
    """The share of all runs that both have (Jaccard), and the share of the shorter text's that the other has too."""
    common = len(np.intersect1d(left, right, assume_unique=True))
    shorter = min(len(left), len(right))
    return (common / (len(left) + len(right) - common), common / shorter) if shorter else (0.0, 0.0)


def candidates(hashes: Sequence[Hashes], *, least: float) -> Iterator[tuple[int, int]]:
    """Pairs of rows, lower row first, in which one may have `least` of the runs of the other.

    Of each text a fixed sample is looked up: its smallest hashes (a bottom sketch, Broder 1997), in which the share
    that another text holds estimates the share of all. Of what very many texts hold only the first few holders count,
    so the work grows with the number of texts and not with its square; of a large group of copies each still meets
    the first few, which holds the group together.
    """
    samples = [one[:_SAMPLE] for one in hashes]
    if not samples:
        return
    wanted = np.unique(np.concatenate(samples))
    holders: dict[int, list[int]] = {int(one): [] for one in wanted}
    for row, own in enumerate(hashes):
        for one in np.intersect1d(own, wanted, assume_unique=True).tolist():
            if len(holders[one]) < _LONGEST:
                holders[one].append(row)
    seen: set[tuple[int, int]] = set()
    for row, sample in enumerate(samples):
        met = Counter(other for one in sample.tolist() for other in holders[one] if other != row)
        for other, times in met.items():
            pair = min(row, other), max(row, other)
            # Half of what is asked for leaves room for the chance of the sample.
            if times >= least * len(sample) / 2 and pair not in seen:
                seen.add(pair)
                yield pair
