"""Reads which of the articles that the assistant asked about the customer means."""

from dataclasses import replace

from kit.assistant.types import Conversation
from kit.knowledge import Found, Hit, HybridRetriever
from kit.playbooks import picked

__all__ = ["picked_article", "put_first"]


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
