"""Fits what is sent to a chat model into its budget: the oldest turns go first, then the least relevant passages."""

import re
from collections.abc import Sequence
from dataclasses import replace

from kit.assistant.types import Turn
from kit.knowledge import Passage
from kit.text import content_words, sentences

__all__ = ["fitted"]

# The history may take this share of the budget, and no more turns than this.
HISTORY = 0.25
TURNS = 6
# For a passage's heading line and the roles around a turn.
_AROUND = 60


def fitted(
    question: str, passages: Sequence[Passage], first: Passage, history: Sequence[Turn], *, budget: int
) -> tuple[list[Turn], list[Passage]]:
    """The turns and passages that fit, each in their order.

    A passage is kept whole or left out; where not even the best one fits, its last sentences are left out.

    Args:
        question: what the customer asks.
        passages: what may be cited.
        first: the best of them.
        history: the turns before.
        budget: characters for all of it.
    """
    left = budget - len(question)
    turns = _last_turns(history, int(HISTORY * budget))
    left -= sum(len(turn.read) + _AROUND for turn in turns)
    kept: set[str] = set()
    cut: Passage | None = None
    for passage in _by_relevance(question, passages, first):
        if len(passage.text) + _AROUND <= left:
            kept.add(passage.passage_id)
            left -= len(passage.text) + _AROUND
        elif not kept and cut is None:
            cut = replace(passage, text=_first_sentences(passage.text, left - _AROUND))
            left -= len(cut.text) + _AROUND
    if cut is not None and not kept:
        return turns, [cut] if cut.text else []
    return turns, [passage for passage in passages if passage.passage_id in kept]


def _last_turns(history: Sequence[Turn], budget: int) -> list[Turn]:
    turns: list[Turn] = []
    for turn in reversed(history[-TURNS:]):
        budget -= len(turn.read) + _AROUND
        if budget < 0:
            break
        turns.insert(0, turn)
    return turns


def _by_relevance(question: str, passages: Sequence[Passage], first: Passage) -> list[Passage]:
    """The best passage, then those with most of the question's words, and of equals those nearest to it."""
    wanted = set(content_words(question))

    def rank(passage: Passage) -> tuple[bool, int, bool, int]:
        shared = len(wanted.intersection(content_words(passage.text)))
        near = passage.article_id == first.article_id
        return passage.passage_id != first.passage_id, -shared, not near, abs(passage.number - first.number)

    return sorted(passages, key=rank)


def _first_sentences(text: str, budget: int) -> str:
    """The text up to the end of a sentence that still fits."""
    end = 0
    for sentence in sentences(text):
        # They are given with their white space squashed.
        found = re.compile(r"\s+".join(map(re.escape, sentence.split()))).search(text, end)
        if found is None or found.end() > budget:
            break
        end = found.end()
    return text[:end].rstrip()
