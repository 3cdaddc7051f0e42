"""Makes the question back: short, and about what distinguishes the articles that fit nearly equally well."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kit.knowledge import Article, Found, Hit
from kit.playbooks import numbered
from kit.text import content_words, squash

__all__ = ["Clarification", "clarification"]

_MOST = 3
# Of two articles whose fused scores are this far apart the lower one has an eighth of the higher one's chance.
_NEAR = 2.0
_LONGEST = 4  # words of what two titles differ in; what is longer is read more easily in the list alone
_ELSE: Final = "If none fits, tell me in your own words."
_WHICH: Final = (f"Which of these do you mean? {_ELSE}", f"Is it one of these, then? {_ELSE}")
_SMALL: Final = frozenset("a an the my your our of for to in on at with and or by from is are".split())


@dataclass(frozen=True)
class Clarification:
    """A question between articles: its text, and the articles with the labels that it lists them under."""

    text: str
    articles: tuple[str, ...]
    labels: tuple[str, ...]


def clarification(
    found: Found, articles: Mapping[str, Article], *, offered: Collection[str] = (), said: Sequence[str] = ()
) -> Clarification | None:
    """The question that tells the best hits apart; None where there is none, or it was asked before.

    Args:
        found: what was found.
        articles: all articles, by their id.
        offered: articles that were just asked about, and not picked.
        said: what the assistant has said in this conversation.
    """
    hits = [hit for hit in found.hits if hit.passage.article_id not in offered]
    near = [hit for place, hit in enumerate(hits) if place < 2 or hits[0].score - hit.score <= _NEAR][:_MOST]
    labels = _labels(near, articles)
    if len(near) < 2 or len({label.casefold() for label in labels}) < len(labels):
        return None
    listed = numbered(labels)
    if any(listed in text for text in said):
        return None
    lead = _lead(labels) or _WHICH[bool(offered)]
    return Clarification(f"{lead}\n\n{listed}", tuple(hit.passage.article_id for hit in near), tuple(labels))


def _labels(hits: Sequence[Hit], articles: Mapping[str, Article]) -> list[str]:
    """What each article is listed as: its title; where several have the same, with what else tells them apart."""
    titles = [squash(hit.passage.title) for hit in hits]
    if len({title.casefold() for title in titles}) == len(titles):
        return titles
    facts = [articles[hit.passage.article_id] for hit in hits]
    details = (
        [one.product for one in facts],
        [one.audience for one in facts],
        [squash(hit.passage.headings[-1]) if hit.passage.headings else "" for hit in hits],
    )
    for detail in details:
        if all(detail) and len({one.casefold() for one in detail}) == len(detail):
            return [f"{title} ({one})" for title, one in zip(titles, detail, strict=True)]
    return titles


def _lead(labels: Sequence[str]) -> str:
    """The question that names what the labels differ in; empty where that is not short.

    "Install the Dial" and "Install the Sense" differ in "the Dial" and "the Sense".
    """
    rows = [label.split() for label in labels]
    folded = [[word.casefold() for word in row] for row in rows]
    start = _shared(folded)
    stop = _shared([row[start:][::-1] for row in folded])
    end = rows[0][len(rows[0]) - stop :]
    # What they share has to say something: "How to" alone is no common subject.
    if not content_words(" ".join(rows[0][:start] + end)):
        return ""
    while start > 1 and folded[0][start - 1] in _SMALL:
        start -= 1
    names = [" ".join(row[start : len(row) - stop]).strip(" .,:;–-") for row in rows]
    if not all(content_words(name) and len(name.split()) <= _LONGEST for name in names):
        return ""
    *others, last = names
    return f"Is it about {', '.join(others)} or {' '.join((last, *end)).rstrip('.?!')}? {_ELSE}"


def _shared(rows: Sequence[Sequence[str]]) -> int:
    """How many words all rows begin with; one word of each is left."""
    count = 0
    while all(len(row) > count + 1 for row in rows) and len({row[count] for row in rows}) == 1:
        count += 1
    return count
