"""How much of an expert's answer a text says: token F1, as SQuAD's evaluation counts it."""

import re
import string
from collections import Counter

__all__ = ["overlap"]

_PUNCTUATION = str.maketrans("", "", string.punctuation + "“”‘’…–—•")


def overlap(text: str, reference: str) -> float:
    """F1 of the words of `text` against those of `reference`, in 0…1.

    Lower case, without punctuation and articles, each word as often as it stands there (Rajpurkar et al. 2016).
    """
    said, wanted = Counter(_words(text)), Counter(_words(reference))
    common = (said & wanted).total()
    return 2 * common / (said.total() + wanted.total()) if common else 0.0


def _words(text: str) -> list[str]:
    return re.sub(r"\b(?:a|an|the)\b", " ", text.lower().translate(_PUNCTUATION)).split()
