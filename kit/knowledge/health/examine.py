"""Looks through a knowledge base for what an editor should mend, before customers find it."""

from collections.abc import Iterable, Mapping
from datetime import date

from kit.knowledge.article import Article
from kit.knowledge.health.groups import alike
from kit.knowledge.health.pairs import Text
from kit.knowledge.health.types import Finding, Health

__all__ = ["examine"]

_FEWEST_WORDS = 5
_MOST_WORDS = 20_000
_MOST_PASSAGES = 60


def examine(articles: Iterable[Article], passages: Mapping[str, int], *, today: date, stale_days: int = 730) -> Health:
    """Find duplicates, contradictions, empty and over-long articles, and what is out of date.

    Args:
        articles: in any order.
        passages: how many passages an article has, by its id.
        today: the day that ages are counted to.
        stale_days: the age in days from which an article is stale; 0 if none ever is.

    Returns:
        The findings, each once: of articles that are alike there is one for all of them.
    """
    known: dict[str, int] = {}
    texts = [Text.of(article, known) for article in sorted(articles, key=lambda one: one.article_id)]
    found = [
        *alike([text for text in texts if text.count >= _FEWEST_WORDS]),
        *(_empty(text) for text in texts if text.count < _FEWEST_WORDS),
    ]
    for text in texts:
        number = passages.get(text.article.article_id, 0)
        if text.count > _MOST_WORDS or number > _MOST_PASSAGES:
            found.append(_long(text, number))
    return Health(
        articles=len(texts),
        passages=sum(passages.get(text.article.article_id, 0) for text in texts),
        texts=tuple(found),
        updated={text.article.article_id: text.article.updated for text in texts if text.article.updated},
        today=today,
        stale_days=stale_days,
    )


def _empty(text: Text) -> Finding:
    said = {0: "no text", 1: "only one word of text"}.get(text.count, f"only {text.count} words of text")
    message = f"It has a title and {said}. Write it, or take it out."
    return Finding("empty", (text.article.article_id,), message, {"words": text.count})


def _long(text: Text, passages: int) -> Finding:
    message = (
        f"It has {text.count:,} words in {passages:,} passages. Split it by subject: one article that answers many"
        " questions is found worse than many that answer one."
    )
    return Finding("over_long", (text.article.article_id,), message, {"words": text.count, "passages": passages})
