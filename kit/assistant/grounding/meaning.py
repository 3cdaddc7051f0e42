"""Which words mean much the same as a word of the passage, by the vectors that an embedder gives to its tokens."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kit.assistant.grounding.statement import Reading
from kit.assistant.grounding.wording import Word

if TYPE_CHECKING:
    from kit.models import Embedder

__all__ = ["Meaning"]

# The least cosine of a word's vector with that of a token of the passage. Chosen on sentences of the tuning halves with
# half of the synonyms of `words.txt` taken away: false alarms fell from 10 to 4 of 146, and of 20 additions 16 were
# still found instead of 18. At .42 only 10 were, at .65 the false alarms were the same 4.
NEAR = 0.55
_KEPT = 256


class Meaning:
    """Late interaction (Khattab and Zaharia, 2020): tokens in their context are compared, not sentences.

    A sentence with something added is as near to its passage as a paraphrase is; the added words are not.
    """

    def __init__(self, embedder: "Embedder") -> None:
        self._embedder = embedder
        self._passages: OrderedDict[str, NDArray[np.float32]] = OrderedDict()

    def near(self, text: str, words: Sequence[Word], reading: Reading) -> set[str]:
        """Those of the sentence's words that are near to one of the passage's."""
        rows = self._vectors(reading)
        if not words or not len(rows):
            return set()
        offsets = self._embedder.tokenizer.encode(text, add_special_tokens=False).offsets
        (own,) = self._embedder.encode_tokens([text])
        found, lower = set(), text.lower()
        for word in words:
            start = lower.find(word.text)
            spans = enumerate(offsets[: len(own.vectors)])
            places = [place for place, (one, other) in spans if one < start + len(word.text) and other > start]
            if start < 0 or not places:
                continue
            vector = own.vectors[places].mean(axis=0)
            if float((rows @ vector).max()) >= NEAR * float(np.linalg.norm(vector)):
                found.add(word.text)
        return found

    def _vectors(self, reading: Reading) -> NDArray[np.float32]:
        # Taken out and put back, so that threads may share it: one that finds nothing reads the passage again.
        found = self._passages.pop(reading.text, None)
        if found is None:
            texts = list(dict.fromkeys(one.whole for one in reading.statements))
            parts = [tokens.vectors for tokens in self._embedder.encode_tokens(texts)]
            found = np.vstack(parts) if parts else np.zeros((0, 0), dtype=np.float32)
            if len(self._passages) >= _KEPT:
                self._passages.popitem(last=False)
        self._passages[reading.text] = found
        return found
