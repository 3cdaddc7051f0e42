"""Searches an index: candidates, two stages of ranking, one passage for each article."""

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from kit.knowledge.article import Hit
from kit.knowledge.finding.fusion import contributions
from kit.knowledge.finding.query import questions, read_query, standalone
from kit.knowledge.finding.rankers import DEPTH, Candidates, add_late, gather
from kit.knowledge.finding.signals import Signals, read_signals
from kit.knowledge.finding.types import Found
from kit.knowledge.keeping import Build, Where
from kit.safety import strip_hidden

__all__ = ["search"]

# How many candidates are compared token by token.
SECOND = 40
# How many passages are looked through for each article that is wanted, where few articles are found.
PASSAGES = 8


def search(
    build: Build,
    query: str,
    *,
    top: int,
    where: Where | None = None,
    without: Collection[str] = (),
    history: Sequence[str] = (),
) -> Found:
    """The `top` best articles for a message, each with its best passage.

    Args:
        build: the index.
        query: the message. If it asks several questions, the first article of each stands before all others.
        top: how many articles, at most.
        where: only articles with these values of language, audience or product.
        without: articles that are passed over, as if they were not there.
        history: what the customer said before, oldest first; a message that leans on it is searched with it.
    """
    # As articles are read: what nobody sees separates no words, and half of a character is none.
    query, history = strip_hidden(query), [strip_hidden(one) for one in history]
    text = standalone(query, history)
    found = _search(build, text, top, where, without)
    asked = questions(query) if text == query else [text]
    if len(asked) < 2 or len(found.hits) < 2:
        return found
    return _merged(found, [_search(build, one, 1, where, without) for one in asked], top)


def _search(build: Build, text: str, top: int, where: Where | None, without: Collection[str]) -> Found:
    query = read_query(text, build.embedder)
    first = gather(build, query, where)
    if len(first) < min(top, len(build.articles)):  # they are passages of few articles
        first = gather(build, query, where, depth=max(DEPTH, PASSAGES * top))
    if without:
        first = first.keep(np.flatnonzero([build.columns.article_ids[row] not in without for row in first.articles]))
    if not len(first):
        return Found(text, (), Signals())
    order = _order(_total(contributions(first.scores, "first")))
    candidates = add_late(build, query, first.keep(order[: max(SECOND, top)]))
    parts = contributions(candidates.scores, "second")
    total = _total(parts)
    order = _order(total)
    hits = tuple(
        Hit(
            rank=rank,
            passage=build.passages[_best_passage(candidates, int(place))],
            score=float(total[place]),
            parts={name: float(values[place]) for name, values in parts.items()},
        )
        for rank, place in enumerate(order[:top], start=1)
    )
    return Found(text, hits, read_signals(build, query, first, candidates, parts))


def _total(parts: dict[str, NDArray[np.float32]]) -> NDArray[np.float32]:
    return np.asarray(np.sum(list(parts.values()), axis=0), dtype=np.float32)


def _order(total: NDArray[np.float32]) -> NDArray[np.int64]:
    return np.argsort(-total, kind="stable")


def _best_passage(candidates: Candidates, place: int) -> int:
    """The passage of an article that is cited: by meaning, by tokens and by words together."""
    rows, tokens = candidates.late[place]
    offset = rows - candidates.passages[place].start
    words = candidates.words[place][offset]
    most = max(float(words.max()), 1e-9)
    return int(rows[np.argmax(candidates.near[place][offset] + tokens + 0.3 * words / most)])


def _merged(whole: Found, parts: Sequence[Found], top: int) -> Found:
    """The hits of a message, the first hit of each of its questions before all others."""
    firsts = {part.hits[0].passage.article_id: part.hits[0] for part in parts if part.hits}
    by_id = {hit.passage.article_id: hit for hit in whole.hits}
    leading = whole.hits[0].passage.article_id
    ids = dict.fromkeys([leading, *firsts, *by_id])
    hits = [firsts.get(id) or by_id[id] for id in ids]
    return Found(whole.query, tuple(_descending(hits[:top])), whole.signals)


def _descending(hits: Sequence[Hit]) -> list[Hit]:
    """The hits in their order, ranked; one that scores less than what stands below it is lifted, and says so."""
    lowest, found = -np.inf, list[Hit]()
    for rank, hit in zip(range(len(hits), 0, -1), reversed(hits), strict=True):
        lift = max(lowest - hit.score, 0.0)
        parts = {**hit.parts, "own_question": lift} if lift else hit.parts
        lowest = hit.score + lift
        found.append(Hit(rank, hit.passage, lowest, parts))
    return found[::-1]
