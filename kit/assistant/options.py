"""Reads which of the articles that the assistant asked about the customer means."""

import re
from collections.abc import Sequence
from dataclasses import replace

from kit.assistant.types import Conversation
from kit.knowledge import Found, Hit, HybridRetriever
from kit.text import content_words

__all__ = ["picked", "picked_article", "put_first"]

_NUMBER = re.compile(r"\W*(?:(?:number|option|no|nr)\b\W*)?(\d{1,2})\W*", re.IGNORECASE)
_ORDINAL = re.compile(r"\W*(?:the\s+)?(first|second|third|last)(?:\s+(?:one|option|article))?\W*", re.IGNORECASE)
_PLACES = {"first": 0, "second": 1, "third": 2, "last": -1}


def picked(titles: Sequence[str], message: str) -> int | None:
    """The place (from 0) of the title that the message picks by number or by its words; None if by neither."""
    if match := _NUMBER.fullmatch(message):
        number = int(match[1])
        return number - 1 if 1 <= number <= len(titles) else None
    if match := _ORDINAL.fullmatch(message):
        place = _PLACES[match[1].lower()]
        return place % len(titles) if place < len(titles) else None
    said = set(content_words(message))
    meant = [place for place, title in enumerate(titles) if said and said <= set(content_words(title))]
    return meant[0] if len(meant) == 1 else None


def picked_article(retriever: HybridRetriever, conversation: Conversation, message: str) -> str | None:
    """The article that the message picks out of those that the last reply asked about."""
    articles, offered = retriever.build.article, conversation.offered
    place = picked([articles[id].title if id in articles else "" for id in offered], message) if offered else None
    # An article may be gone since; the others keep the numbers that the customer saw.
    return offered[place] if place is not None and offered[place] in articles else None


def put_first(retriever: HybridRetriever, found: Found, article_id: str) -> Found:
    """What was found, with one article before all others."""
    own = [hit for hit in found.hits if hit.passage.article_id == article_id]
    own = own or [Hit(rank=1, passage=retriever.passages_of(article_id)[0], score=0.0)]
    others = [hit for hit in found.hits if hit.passage.article_id != article_id]
    hits = [replace(hit, rank=rank) for rank, hit in enumerate([*own, *others], start=1)]
    return replace(found, hits=tuple(hits))
