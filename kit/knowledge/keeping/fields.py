"""What is searched: which texts have vectors, and which have their words counted.

A field is added by naming it here; old builds are then made anew, since the code that made them has changed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kit.knowledge.article import Article, Passage
from kit.text import sentences

__all__ = ["FILTERS", "VECTORS", "WORDS", "Corpus", "told"]


@dataclass(frozen=True)
class Corpus:
    """All that a build is made from; the passages stand in the order of their articles."""

    articles: Sequence[Article]
    passages: Sequence[Passage]


Texts = Callable[[Corpus], Iterable[str]]

VECTORS: dict[str, Texts] = {
    "passages": lambda corpus: (passage.indexed_text for passage in corpus.passages),
    "headings": lambda corpus: (" > ".join((one.title, *one.headings)) for one in corpus.passages),
    "sentences": lambda corpus: (sentence for one in corpus.passages for sentence in told(one)),
}
"""The fields with vectors; each text has a row in the field's matrix."""

WORDS: dict[str, Texts] = {
    "passages": lambda corpus: (passage.indexed_text for passage in corpus.passages),
    "articles": lambda corpus: (f"{article.title}\n{article.text}" for article in corpus.articles),
}
"""The fields with a BM25 index; each text has a row in it."""


def told(passage: Passage) -> list[str]:
    """The sentences of a passage that are long enough to say something."""
    return [sentence for sentence in sentences(passage.text) if len(sentence) > 15]


FILTERS = ("language", "audience", "product")
"""What a search can be narrowed to: attributes of articles."""
