"""Lists that stand under what says of all their items that they are, or are not: "What isn't covered"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kit.assistant.grounding.statement import Statement
from kit.assistant.grounding.wording import Word, find_words

__all__ = ["Listing", "denied", "leading", "listing"]

_LISTS = re.compile(r"^\W*(?:what|who|which|where|things|items|not)\b(?!.*\?$)", re.IGNORECASE)
# A fragment says nothing by itself; what has one of these is a sentence of its own.
_SENTENCE = re.compile(
    r"\b(?:is|are|was|were|can|will|do|does|has|have|may|must|needs?|you|we|it|they|there)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Listing:
    """What is said of each item: its words, and whether it is denied."""

    words: tuple[Word, ...]
    denies: bool


def listing(heading: str, title: Sequence[Word] = ()) -> Listing | None:
    """What a plain heading says of what stands under it; None if it only names a subject.

    Args:
        heading: for example "What is not in the box".
        title: the words of the article's title, which a heading such as "What isn't" leans on.
    """
    if not _LISTS.match(heading):
        return None
    words, _, negations = find_words(heading)
    return Listing((*words, *(word for word in title if word not in words)), negations % 2 == 1)


def leading(lines: Sequence[str], found: Sequence[Statement]) -> Listing | None:
    """What the last line before a list says of its items, if it denies them: "No trial starts with:"."""
    if not lines or not lines[-1].rstrip().endswith(":") or not found or found[-1].negations % 2 == 0:
        return None
    return Listing(found[-1].words, True)


def denied(made: Sequence[Statement], over: Listing, is_item: bool) -> list[Statement]:
    """The statements of one sentence with what the list says of them, if they are items of it."""
    if not made or (not is_item and (len(made[0].whole.split()) > 5 or _SENTENCE.search(made[0].whole))):
        return list(made)
    lent = tuple(replace(word, negated=over.denies, head=over.denies) for word in over.words)
    return [
        replace(one, lent=(*one.lent, *lent), negations=one.negations + over.denies) if not one.offset else one
        for one in made
    ]
