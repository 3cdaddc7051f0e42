"""Reads which of the articles that the assistant asked about the customer means, in whatever words."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from kit.assistant.types import Conversation
from kit.knowledge import Found, Hit, HybridRetriever
from kit.playbooks import picked
from kit.text import content_words, words

__all__ = ["picked_all", "picked_article", "put_first", "refuses"]

# What people say around a pick: "I mean the second one, please".
_AROUND: Final = re.compile(
    r"\b(?:please|pls|thanks|thank you|thx|sorry|oh|ok|okay|yes|yeah|yep|well|um|i|we|mean|meant|think|guess|want|need"
    r"|it['’]?s|its|it is|that['’]?s|thats|would be|probably|maybe|definitely|rather|about|article|this)\b",
    re.IGNORECASE,
)
_REFUSED: Final = re.compile(
    r"\W*(?:no|nope|nah|none|neither|nothing|not (?:any|one|either|really)|(?:something|anything) else|other|wrong)\b"
    r"(?:\W+(?:of|something|anything|else|other|these|those|them|that|this|it|is|either|one|ones|fits?|the|two|three|here|else|really|sorry|thanks"
    r"|thank|you|i|it['’]?s|its|another|question|thing|not|no|none|neither))*\W*",
    re.IGNORECASE,
)
_ALL: Final = re.compile(
    r"\W*(?:both|either|all|each|every one|any)(?:\W+(?:of|them|these|those|the|two|three|options?|ones?))*\W*",
    re.IGNORECASE,
)
_ASKS: Final = re.compile(r"\?\s*$|^\W*(?:how|what|when|where|why|who|can|could|do|does|did|will|would)\b", re.I)
_LONG = 12  # a message with more words than this asks something of its own
_LEAST, _AHEAD = 0.30, 0.08  # cosine of a pick by meaning, and how far it is before the next


def picked_article(retriever: HybridRetriever, conversation: Conversation, message: str) -> str | None:
    """The article that the message picks out of those that the last reply asked about.

    By number or place, by words that only one of them has, misspelt or not, or by meaning.
    """
    offered = conversation.offered
    if not offered or refuses(message):
        return None
    articles = retriever.build.article
    # An article may be gone since; the others keep the numbers that the customer saw.
    titles = [articles[id].title if id in articles else "" for id in offered]
    place = picked(titles, message)
    if place is None:
        bare = " ".join(_AROUND.sub(" ", message).split())
        place = picked(titles, bare) if bare else None
    if place is None and len(words(message)) <= _LONG and not _ASKS.search(message):
        place = _by_words([_named(retriever, id) for id in offered], message)
        place = _by_meaning(retriever, offered, message) if place is None else place
    return offered[place] if place is not None and offered[place] in articles else None


def picked_all(retriever: HybridRetriever, conversation: Conversation, message: str) -> tuple[str, ...]:
    """All articles that the last reply asked about, if the message says no more than that it means them all."""
    bare = " ".join(_AROUND.sub(" ", message).split())
    if not _ALL.fullmatch(bare):
        return ()
    return tuple(id for id in conversation.offered if id in retriever.build.article)


def refuses(message: str) -> bool:
    """Whether the message only says that none of what was offered is meant."""
    return _REFUSED.fullmatch(message) is not None


def _named(retriever: HybridRetriever, article_id: str) -> list[str]:
    """The words that name an article: its title, product and headings."""
    if article_id not in retriever.build.article:
        return []
    article = retriever.build.article[article_id]
    headings = [heading for one in retriever.passages_of(article_id) for heading in one.headings]
    return content_words(" ".join((article.title, article.product, *headings)))


def _by_words(named: Sequence[Sequence[str]], message: str) -> int | None:
    """The only option with words in the message that the others have not; long words may be misspelt."""
    from rapidfuzz.distance import OSA

    said = set(content_words(message))

    def has(word: str) -> bool:
        far = len(word) >= 5
        return word in said or (far and any(one[0] == word[0] and OSA.distance(word, one) <= 1 for one in said))

    hit = [
        place
        for place, one in enumerate(named)
        if any(has(word) for word in set(one).difference(*named[:place], *named[place + 1 :]))
    ]
    return hit[0] if len(hit) == 1 else None


def _by_meaning(retriever: HybridRetriever, offered: Sequence[str], message: str) -> int | None:
    """The option whose best passage or heading is clearly nearest to the message."""
    build = retriever.build
    rows = [build.columns.article_row(id) for id in offered]
    if not content_words(message) or any(row is None for row in rows):
        return None
    (encoded,) = build.embedder.encode_both([message], query=True)
    found = []
    for row in rows:
        passages = list(build.columns.passages_of(int(row or 0)))
        near = [float(np.max(build.vectors[name][passages] @ encoded.vector)) for name in ("passages", "headings")]
        found.append(max(near))
    best, second = sorted(range(len(found)), key=lambda place: -found[place])[:2]
    return best if found[best] >= _LEAST and found[best] - found[second] >= _AHEAD else None


def put_first(retriever: HybridRetriever, found: Found, article_id: str) -> Found:
    """What was found, with one article before all others."""
    own = [hit for hit in found.hits if hit.passage.article_id == article_id]
    own = own or [Hit(rank=1, passage=retriever.passages_of(article_id)[0], score=0.0)]
    others = [hit for hit in found.hits if hit.passage.article_id != article_id]
    hits = [replace(hit, rank=rank) for rank, hit in enumerate([*own, *others], start=1)]
    return replace(found, hits=tuple(hits))
