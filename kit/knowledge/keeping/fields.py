"""What is searched: which texts have vectors, and which have their words counted.

A field is added by naming it here; old builds are then made anew, since the code that made them has changed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kit.knowledge.article import Article, Passage

__all__ = ["FILTERS", "VECTORS", "WORDS", "Corpus"]


@dataclass(frozen=True)
class Corpus:
    """All that a build is made from; the passages stand in the order of their articles."""

    articles: Sequence[Article]
    passages: Sequence[Passage]


Texts = Callable[[Corpus], Iterable[str]]

VECTORS: dict[str, Texts] = {
    "passages": lambda corpus: (passage.indexed_text for passage in corpus.passages),
    "titles": lambda corpus: (article.title for article in corpus.articles),
}
"""The fields with vectors; each text has a row in the field's matrix."""

WORDS: dict[str, Texts] = {
    "passages": lambda corpus: (passage.indexed_text for passage in corpus.passages),
    "articles": lambda corpus: (f"{article.title}\n{article.text}" for article in corpus.articles),
}
"""The fields with a BM25 index; each text has a row in it."""

FILTERS = ("language", "audience", "product")
"""What a search can be narrowed to: attributes of articles."""
