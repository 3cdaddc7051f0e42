"""What a search gives."""

from dataclasses import dataclass

from kit.knowledge.article import Hit

__all__ = ["Found", "Signals"]


@dataclass(frozen=True)
class Signals:
    """What a search says about itself; the features of the confidence.

    Attributes:
        similarity: cosine of the question and the best passage of the first hit.
        title_similarity: cosine of the question and the first hit's best heading, its title in front.
        margin: fused score of the first hit over the second.
        coverage: share of the question's content words, weighted by rarity, that the first hit's article contains.
        agreement: share of the rankers whose own first article is the first hit.
        scope: highest cosine of the question and any passage or heading.
    """

    similarity: float = 0.0
    title_similarity: float = 0.0
    margin: float = 0.0
    coverage: float = 0.0
    agreement: float = 0.0
    scope: float = 0.0


@dataclass(frozen=True)
class Found:
    """The hits of a search, best first, one passage for each article.

    Attributes:
        query: what was searched for: the message, or the message with what it leans on.
        hits: one for each article.
        signals: what the search says about itself.
        note: what did not go as it should, in a sentence; empty if nothing.
    """

    query: str
    hits: tuple[Hit, ...]
    signals: Signals
    note: str = ""
