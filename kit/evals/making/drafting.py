"""Cases from the articles: every heading that a customer could have asked for, in several wordings."""

import random
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from kit.errors import KitError
from kit.evals.case import Case
from kit.evals.making.asking import Asker, is_broad
from kit.evals.making.wording import joined, mistyped, rambling
from kit.knowledge import Article, HybridRetriever
from kit.text import digest, sentences, slug

__all__ = ["KINDS", "draft_cases"]

Kind = Literal["plain", "misspelt", "rambling", "two-questions", "unknown"]
KINDS: Final[dict[Kind, int]] = {"plain": 8, "misspelt": 3, "rambling": 3, "two-questions": 2, "unknown": 8}
"""How many of 24 questions are put in each kind, which cases carry as a tag. Few of them nothing else answers."""

# What may be left over of articles on other matters once those that answer are left out. The cosines of questions that
# a help centre does not answer lie from .2 to .6, those of questions with the article that answers them from .5 to .75.
_NEAR, _STILL_NEAR, _SHARE_LEFT, _MOST_LEFT_OUT = 0.5, 0.4, 0.7, 4


@dataclass(frozen=True)
class _Question:
    text: str
    articles: tuple[str, ...]
    reference: str


def draft_cases(
    retriever: HybridRetriever, *, n: int, seed: int = 0, prefix: str = "made", taken: Collection[str] = ()
) -> tuple[Case, ...]:
    """Up to `n` cases, evenly over the articles; the same for the same articles and seed.

    Args:
        retriever: over the articles; it also tells which of them would still answer when one is left out.
        n: how many; fewer where the headings do not give so many.
        seed: another one gives other cases.
        prefix: what their ids begin with.
        taken: ids that they may not have.

    Raises:
        KitError: no heading gives a question.
    """
    chance = random.Random(digest("cases", str(seed)))
    questions = _questions(retriever, chance)
    if not questions:
        problem = "No heading of these articles gives a question; only English ones can."
        raise KitError(problem, remedy="Make cases from tickets, or write them by hand.")
    found: list[Case] = []
    ids = set(taken)
    for place, kind in _plan(len(questions), chance):
        if len(found) == n:
            break
        question, other = questions[place], questions[(place + 1) % len(questions)]
        if (case := _case(question, other, kind, retriever, chance)) is not None:
            id = _id(prefix, question.articles[0], ids)
            found.append(case.model_copy(update={"id": id}))
    return tuple(found)


def _plan(questions: int, chance: random.Random) -> Iterator[tuple[int, Kind]]:
    """Each question in one kind first, as the kinds have their shares; when all were asked, once more in the next."""
    kinds: list[Kind] = [kind for kind, share in KINDS.items() for _ in range(share)]
    chance.shuffle(kinds)
    first = [kinds[place % len(kinds)] for place in range(questions)]
    yield from enumerate(first)
    for further in range(len(KINDS) - 1):
        for place in range(questions):
            yield place, [kind for kind in KINDS if kind != first[place]][further]


def _questions(retriever: HybridRetriever, chance: random.Random) -> list[_Question]:
    """What the headings answer, one question of each article after the other."""
    articles = [one for one in retriever.build.articles if one.language.partition("-")[0] in ("", "en")]
    asker = Asker.of((one.text for one in articles), chance.choice)
    rounds: dict[str, list[tuple[str, str]]] = {}
    asked: dict[str, list[str]] = {}
    for article in articles:
        own = [(text, part) for heading, part in _parts(article) if (text := asker.ask(article.title, heading))]
        chance.shuffle(own)
        rounds[article.article_id] = own
        for text, _ in own:
            asked.setdefault(text.casefold(), []).append(article.article_id)
    order = list(rounds)
    chance.shuffle(order)
    found: dict[str, _Question] = {}
    for depth in range(max(map(len, rounds.values()), default=0)):
        for article_id in order:
            if depth < len(rounds[article_id]):
                text, part = rounds[article_id][depth]
                # Where several articles have the same heading, each of them is right.
                owners = tuple(dict.fromkeys((article_id, *asked[text.casefold()])))
                found.setdefault(text.casefold(), _Question(text, owners, _reference(part)))
    return list(found.values())


def _parts(article: Article) -> list[tuple[str, str]]:
    """What stands under the title and under each heading."""
    text = re.sub(r"^```.*?^```", "", article.text, flags=re.MULTILINE | re.DOTALL)
    pieces = re.split(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", text, flags=re.MULTILINE)
    found = {article.title: pieces[0]}
    for heading, part in zip(pieces[1::2], pieces[2::2], strict=True):
        found.setdefault(heading, part)
    return list(found.items())


def _reference(part: str) -> str:
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", part).replace("**", "")
    return " ".join([one for one in sentences(plain) if not one.startswith(("|", ">", "#"))][:2])


def _case(
    question: _Question, other: _Question, kind: Kind, retriever: HybridRetriever, chance: random.Random
) -> Case | None:
    said, tags = question.text, ("made", kind)
    if kind == "unknown":
        without = _left_out(question, retriever)
        if without is None:
            return None
        return Case(
            id="x",
            question=said,
            expect="hand_off",
            reason=("missing_knowledge",),
            without=without,
            generated=True,
            tags=tags,
            cluster=question.articles[0],
        )
    articles, all_of, reference = question.articles, False, question.reference
    if kind == "two-questions":
        if set(other.articles) & set(articles):
            return None
        said = joined(question.text, other.text, chance)
        articles, all_of = (question.articles[0], other.articles[0]), True
        reference = f"{reference} {other.reference}".strip()
    elif kind == "misspelt":
        said = mistyped(said, chance)
    elif kind == "rambling":
        said = rambling(said, chance)
    return Case(
        id="x",
        question=said,
        expect="answer",
        articles=articles,
        articles_all=all_of,
        reference=reference,
        generated=True,
        tags=tags,
    )


def _left_out(question: _Question, retriever: HybridRetriever) -> tuple[str, ...] | None:
    """The articles without which nothing answers; None if the question is too near to too many, or too broad."""
    if is_broad(question.text):
        return None
    first = retriever.find(question.text)
    before = first.signals.scope
    if before < _NEAR or not first.hits or first.hits[0].passage.article_id not in question.articles:
        return None  # whether its article answers it is not sure, so neither is that without it nothing does
    out = list(question.articles)
    while len(out) <= _MOST_LEFT_OUT:
        left = retriever.model_copy(update={"without": frozenset(out)}).find(question.text)
        if not left.hits or left.signals.scope < min(_STILL_NEAR, _SHARE_LEFT * before):
            return tuple(out)
        out.append(left.hits[0].passage.article_id)
    return None


def _id(prefix: str, article_id: str, ids: set[str]) -> str:
    stem = f"{prefix}-{slug(article_id.rpartition('/')[2])}"
    number = next(number for number in _count() if f"{stem}-{number}" not in ids)
    ids.add(f"{stem}-{number}")
    return f"{stem}-{number}"


def _count() -> Iterator[int]:
    number = 0
    while True:
        yield (number := number + 1)
