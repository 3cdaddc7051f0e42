"""A CSAT index from a transcript: named signals between 0 and 1, averaged with the weights published here.

It is an index, not a CSAT: nothing has fitted it to ratings, so it may rank versions of an assistant and may not be
quoted as a share of satisfied customers. The weights are set by judgement: the outcome counts most, what the customer
says next is the strongest signal of a transcript, and the number of turns hardly correlates with ratings.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal

from kit.assistant import Outcome, Turn
from kit.text import words

__all__ = ["WEIGHTS", "Signal", "asks_for_person", "index", "outcome_signal", "signals"]

Signal = Literal["outcome", "sentiment", "asks_for_person", "repetition", "effort"]
WEIGHTS: dict[Signal, float] = {
    "outcome": 0.45,
    "sentiment": 0.25,
    "asks_for_person": 0.15,
    "repetition": 0.10,
    "effort": 0.05,
}
_RIGHT: dict[Outcome, float] = {"answered": 1.0, "handed_off": 0.7, "clarified": 0.6, "declined": 0.5}
_WRONG: dict[Outcome, float] = {"answered": 0.0, "handed_off": 0.3, "clarified": 0.3, "declined": 0.1}

_PERSON = re.compile(
    r"\b(?:real|actual|live) (?:person|human|agent)\b|\b(?:a|any) human\b|\bhuman (?:being|agent|please)\b"
    r"|\b(?:speak|talk|chat|connect|transfer|put)\b.{0,20}\b(?:to|with|through)\b.{0,25}"
    r"\b(?:human|person|agent|representative|rep|manager|supervisor|operator|advis[eo]r|someone|somebody|people)\b",
    re.IGNORECASE,
)
TURNS_OF_NO_JOY = 10  # customer turns at which the effort signal reaches 0
SAME_PERCENT = 85  # likeness from which two messages say the same


def outcome_signal(outcome: Outcome, *, right: bool) -> float:
    """How content an outcome leaves a customer: a wrong answer is the worst, then a refusal without need."""
    return (_RIGHT if right else _WRONG)[outcome]


def signals(turns: Sequence[Turn], *, outcome: float) -> dict[Signal, float]:
    """The signals of one conversation, each between 0 (bad) and 1 (good).

    `sentiment` is the mean VADER compound score (Hutto and Gilbert, 2014) of what the customer says after the first
    reply, or of the opening message where nothing follows, moved to 0–1.

    Args:
        turns: the conversation, with at least one turn of the customer.
        outcome: the value of the signal of that name.
    """
    said = [turn.text for turn in turns if turn.role == "customer"]
    first_reply = next((i for i, turn in enumerate(turns) if turn.role != "customer"), len(turns))
    reactions = [turn.text for turn in turns[first_reply:] if turn.role == "customer"] or said[:1]
    feelings = [_sentiment().polarity_scores(text)["compound"] for text in reactions]
    return {
        "outcome": outcome,
        "sentiment": (sum(feelings) / len(feelings) + 1) / 2,
        "asks_for_person": 0.0 if any(map(asks_for_person, said)) else 1.0,
        "repetition": 1 - _repeats(said) / max(1, len(said) - 1),
        "effort": max(0.0, 1 - (len(said) - 1) / (TURNS_OF_NO_JOY - 1)),
    }


def index(values: Mapping[Signal, float]) -> float:
    """The weighted mean of the signals, from 0 to 1."""
    return sum(WEIGHTS[name] * value for name, value in values.items()) / sum(WEIGHTS[name] for name in values)


def asks_for_person(text: str) -> bool:
    """Whether the customer asks to be put through to a person."""
    return _PERSON.search(text) is not None


def _repeats(said: Sequence[str]) -> int:
    """How many messages say again what an earlier one said; short ones such as "yes" may recur."""
    from rapidfuzz import fuzz

    plain = [" ".join(words(text)) for text in said]
    long = [(i, text) for i, text in enumerate(plain) if len(text.split()) > 2]
    return sum(
        any(j < i and fuzz.token_sort_ratio(text, other) >= SAME_PERCENT for j, other in long) for i, text in long
    )


@lru_cache(maxsize=1)
def _sentiment() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()
