"""How near a question is to passages and to their sentences, by the vectors that the index holds where it can be."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kit.knowledge import Build, Passage, sentence_vectors
from kit.models import Embedder
from kit.text import sentences, squash

__all__ = ["Likeness", "Near"]

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Near:
    """Cosines with one question: of passages by their id, and of each passage's sentences."""

    passages: dict[str, float]
    sentences: dict[str, list[tuple[str, float]]]

    def part(self, passage_id: str, quote: str) -> float:
        """The cosine of a part of a passage: of the nearest sentence that is in it, or that it is in.

        That of the passage where the part has no sentence that is long enough to say something.
        """
        part = squash(quote)
        found = [near for text, near in self.sentences[passage_id] if text in part or part in text]
        return max(found, default=self.passages[passage_id])


class Likeness:
    """Compares questions with passages. What is not in the index, or without one everything, is embedded for it."""

    def __init__(self, embedder: Embedder, build: Build | None = None) -> None:
        self._embedder, self._build = embedder, build

    def near(self, question: str, passages: Iterable[Passage]) -> Near:
        """How near the question is to these passages and their sentences."""
        asked = np.asarray(self._embedder.embed_query(question), dtype=np.float32)
        near = Near({}, {})
        unknown = []
        for passage in passages:
            if passage.passage_id in near.passages:
                continue
            row = self._build.columns.passage_row(passage.passage_id) if self._build else None
            if self._build is None or row is None:
                unknown.append(passage)
                near.passages[passage.passage_id] = 0.0
                continue
            near.passages[passage.passage_id] = float(self._build.vectors["passages"][row] @ asked)
            texts, vectors = sentence_vectors(self._build, row)
            near.sentences[passage.passage_id] = list(zip(texts, (vectors @ asked).tolist(), strict=True))
        self._embed(unknown, asked, near)
        return near

    def rarity(self, stem: str) -> float:
        """How much a word of the question says; alike for all without an index."""
        return self._build.rarity(stem) if self._build else 1.0

    def _embed(self, passages: Sequence[Passage], asked: Vectors, near: Near) -> None:
        parts = [sentences(passage.text) for passage in passages]
        texts = dict.fromkeys(text for of in (*parts, [one.indexed_text for one in passages]) for text in of)
        found = dict(zip(texts, (self._embedder.encode(list(texts)) @ asked).tolist(), strict=True)) if texts else {}
        for passage, of in zip(passages, parts, strict=True):
            near.passages[passage.passage_id] = found[passage.indexed_text]
            near.sentences[passage.passage_id] = [(text, found[text]) for text in of]
