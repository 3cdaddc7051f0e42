"""The words and pairs of words that a calibrated model knows, and their TF-IDF weights."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Lexicon"]

# Signs of scripts that put no spaces between words stand alone; so do marks that carry a tone.
_UNSPACED = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f"
_TOKEN = rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+(?:['’][^\W_]+)?|[?!]"
_NUMBER = re.compile(r"\d+")
MOST = 700
IN_AT_LEAST = 3  # conversations: what only one customer wrote generalises to nobody, and may tell who it was


@dataclass(frozen=True)
class Lexicon:
    """Terms in their order, and the inverse document frequency of each."""

    terms: tuple[str, ...]
    idf: tuple[float, ...]

    @classmethod
    def learn(cls, documents: Sequence[str]) -> "Lexicon":
        """The most frequent terms of these texts, one text for each conversation; numbers are alike."""
        vectorizer = _vectorizer(min_df=min(IN_AT_LEAST, max(1, len(documents))), max_features=MOST)
        try:
            vectorizer.fit(documents)
        except ValueError:  # No term is in enough of them.
            return cls((), ())
        # How common a term is among turns, not conversations, is what their vectors need; it is near enough.
        return cls(tuple(map(str, vectorizer.get_feature_names_out())), tuple(map(float, vectorizer.idf_)))

    def vectors(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Shape (texts, terms): rows of length 1, or 0 where no term occurs."""
        if not self.terms or not texts:
            return np.zeros((len(texts), len(self.terms)), np.float32)
        return np.asarray(self._ready.transform(texts).toarray(), dtype=np.float32)

    @cached_property
    def _ready(self) -> Any:
        vectorizer = _vectorizer(vocabulary={term: place for place, term in enumerate(self.terms)})
        vectorizer.idf_ = np.array(self.idf)
        return vectorizer


def _vectorizer(**options: Any) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(
        preprocessor=_plain, token_pattern=_TOKEN, ngram_range=(1, 2), sublinear_tf=True, dtype=np.float32, **options
    )


def _plain(text: str) -> str:
    return _NUMBER.sub("0", text.lower().replace("’", "'"))
