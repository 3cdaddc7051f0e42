"""Cases from what customers asked before, as far as the tickets say what was right."""

import random
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kit.errors import KitError
from kit.evals.case import Case
from kit.text import digest, slug, words

__all__ = ["Asked", "ticket_cases"]


@dataclass(frozen=True)
class Asked:
    """A past request, as far as cases need it. `articles` are those that the agent sent; None: not known."""

    id: str
    question: str
    articles: tuple[str, ...] = ()
    escalated: bool | None = None
    reference: str = ""
    tags: tuple[str, ...] = ()


def ticket_cases(
    asked: Sequence[Asked],
    *,
    n: int,
    seed: int = 0,
    prefix: str = "made",
    articles: Collection[str],
    taken: Collection[str] = (),
) -> tuple[Case, ...]:
    """Up to `n` cases: an answer where an agent sent articles that are there, a hand-off where it was escalated.

    Tickets that say neither, or the same as one before, give none. The same for the same tickets and seed.

    Raises:
        KitError: no ticket says what was right.
    """
    usable = {" ".join(words(one.question)): one for one in reversed(asked) if _says(one, articles)}
    if not usable:
        problem = (
            "No ticket says what was right: none has linked articles that are in the knowledge base or was escalated."
        )
        raise KitError(problem, remedy="Import tickets with `articles_linked` or `escalated`.")
    order = sorted(usable.values(), key=lambda one: one.id)
    random.Random(digest("tickets", str(seed))).shuffle(order)
    found = [_case(one, prefix, articles) for one in order]
    return tuple([case for case in found if case.id not in taken][:n])


def _says(one: Asked, articles: Collection[str]) -> bool:
    return bool(one.question.strip()) and (one.escalated is True or bool(set(one.articles) & set(articles)))


def _case(one: Asked, prefix: str, articles: Collection[str]) -> Case:
    id = f"{prefix}-{re.sub(r'[^A-Za-z0-9]+', '-', one.id).strip('-') or 'x'}"
    tags = tuple(dict.fromkeys(("made", "ticket", *(slug(tag) for tag in one.tags if tag.strip()))))
    if one.escalated:
        return Case(id=id, question=one.question, expect="hand_off", reference=one.reference, generated=True, tags=tags)
    known = tuple(dict.fromkeys(article for article in one.articles if article in articles))
    return Case(
        id=id,
        question=one.question,
        expect="answer",
        articles=known,
        reference=one.reference,
        generated=True,
        tags=tags,
    )
