"""Whether two articles say the same, contradict each other, or are about two things after all."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from kit.knowledge.article import Article
from kit.knowledge.health.facts import Statement, differences, statements, values_apart
from kit.knowledge.health.overlap import Hashes, hashed_runs, shared, tokens
from kit.knowledge.health.titles import Title
from kit.text import content_words

__all__ = ["LEAST", "Pair", "Text", "compare"]

# Shares of runs of three words; one changed word in twenty costs .26 of them. On 686 articles of four help centres the
# likest pair with titles of their own has .64, the likest with one title that an editor would leave alone .24.
LEAST = 0.5
_SAME = 0.7
_WORD_FOR_WORD = 0.95
_WITHIN = 0.9
_SHORTER = 0.8
# What is shorter may stand in another article by right: a note, an address.
_FEWEST = 30
_LOOSE = 0.3
# Bounded, so that a text of nothing but opening brackets costs no more than another.
_ADDRESSES = re.compile(r"!\[[^\]\n]{0,300}\]\([^)\n]{0,1000}\)|(?<=\])\([^)\s]{0,1000}\)|https?://\S+")
_VERSION = re.compile(r"v?\d+(?:\.\d+)*|old|draft|archived|deprecated|superseded")


@dataclass(frozen=True)
class Text:
    """An article, and what of it is compared."""

    article: Article
    title: Title
    count: int
    runs: Hashes
    plain: Hashes

    @classmethod
    def of(cls, article: Article, known: dict[str, int]) -> "Text":
        """Prepare an article; `known` is shared between articles."""
        # Addresses and pictures are not what an article says.
        text = _ADDRESSES.sub(" ", article.text)
        found = tokens(text)
        # In `plain` all figures are the same, so that versions with other figures are still alike.
        plain = ["#" if any(sign.isdigit() for sign in one) else one for one in found]
        title = Title(article.title)
        return cls(article, title, len(found), hashed_runs(found, known), hashed_runs(plain, known))

    @cached_property
    def statements(self) -> list[Statement]:
        return statements(self.article.text)

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(content_words(self.article.text))

    @property
    def marks(self) -> tuple[str, ...]:
        """What title and labels say about the version."""
        return self.title.marks + tuple(sorted(one for one in self.article.labels if _VERSION.fullmatch(one.lower())))


@dataclass(frozen=True)
class Pair:
    """Two articles of which one should go. `shared` is the share of text, `within` whether one is part of the other."""

    kind: Literal["conflict", "duplicate"]
    left: Text
    right: Text
    shared: float
    within: bool = False
    differences: tuple[tuple[str, str], ...] = ()


def compare(left: Text, right: Text) -> Pair | None:
    """What is wrong with a pair of articles; None where nothing is."""
    one, other = left.article, right.article
    if _differ(one.language, other.language):
        return None
    share, within = shared(left.runs, right.runs)
    alike = shared(left.plain, right.plain)[0]
    twins = _differ(one.product, other.product) or _differ(one.audience, other.audience)
    subject = left.title.subject == right.title.subject
    common = left.stems & right.stems
    if left.title.names_another(right.title, common) or (twins and _named(left, right)):
        # Other titles over what is to the word the same text are still one article too many.
        copy = None if twins else _copy(left, right, share, within, least=_WORD_FOR_WORD)
        return None if copy and differences(left.statements, right.statements) else copy
    if alike >= _SAME or (subject and _related(left, right, alike)):
        apart = differences(left.statements, right.statements)
        if not apart and alike < LEAST:
            apart = values_apart(left.statements, right.statements)
        if not apart and subject and share < 1 and alike >= LEAST:
            apart = _versions(left, right, rewritten=share < _SAME)
        if apart:
            return Pair("conflict", left, right, share, differences=tuple(apart))
    if twins:
        return None
    return _copy(left, right, share, within, least=LEAST if subject else _SAME)


def _copy(left: Text, right: Text, share: float, within: float, *, least: float) -> Pair | None:
    if share >= least:
        return Pair("duplicate", left, right, share)
    short, long = sorted((len(left.runs), len(right.runs)))
    if within >= max(least, _WITHIN) and _FEWEST <= short <= _SHORTER * long:
        return Pair("duplicate", left, right, within, within=True)
    return None


def _differ(one: str, other: str) -> bool:
    return bool(one and other) and one.casefold() != other.casefold()


def _named(left: Text, right: Text) -> bool:
    """Whether each title names the product or audience that only this article is about."""
    return any(
        _differ(mine, others) and _holds(left.title, mine) and _holds(right.title, others)
        for mine, others in (
            (left.article.product, right.article.product),
            (left.article.audience, right.article.audience),
        )
    )


def _holds(title: Title, name: str) -> bool:
    return set(content_words(name)) <= set(content_words(title.text))


def _related(left: Text, right: Text, alike: float) -> bool:
    """Whether texts under one title are about one thing: "Overview" is the title of many."""
    if alike >= LEAST:
        return True
    return len(left.stems & right.stems) >= _LOOSE * len(left.stems | right.stems)


def _versions(left: Text, right: Text, *, rewritten: bool) -> list[tuple[str, str]]:
    if left.marks != right.marks:
        return [(", ".join(left.marks) or left.article.title, ", ".join(right.marks) or right.article.title)]
    dates = left.article.updated, right.article.updated
    if rewritten and all(dates) and dates[0] != dates[1]:
        return [(f"updated {dates[0]}", f"updated {dates[1]}")]
    return []
