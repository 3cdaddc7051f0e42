"""The signals of satisfaction in a transcript: each with its published weight, and a value from 0 (bad) to 1 (good).

The weights are set by judgement. What the customer says next is the strongest signal of a transcript; how long a
conversation is hardly correlates with ratings, so effort counts least.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from kit.assistant import Outcome
from kit.evals.csat import wording
from kit.evals.csat.transcript import View
from kit.playbooks import asks_for_person
from kit.text import words

__all__ = ["SIGNALS", "Signal", "SignalName", "compound", "repeats"]

SignalName = Literal[
    "outcome", "sentiment", "failure", "frustration", "repetition", "asks_for_person", "thanks", "stuck", "unanswered",
    "abandonment", "politeness", "effort",
]  # fmt: skip
_RIGHT: dict[Outcome, float] = {"answered": 1.0, "handed_off": 0.7, "clarified": 0.6, "declined": 0.5}
_WRONG: dict[Outcome, float] = {"answered": 0.0, "handed_off": 0.3, "clarified": 0.3, "declined": 0.1}
_UNKNOWN: dict[Outcome, float] = {"answered": 0.7, "handed_off": 0.5, "clarified": 0.6, "declined": 0.3}
SAME_PERCENT = 85  # likeness from which two messages say the same
TURNS_OF_NO_JOY = 10  # replies, and
WORDS_OF_NO_JOY = 60  # words of the customer's in one message, at which the effort signal reaches 0


@dataclass(frozen=True)
class Signal:
    """One thing that a transcript tells.

    Attributes:
        weight: its share of the index, before what is missing is left out.
        definition: what is 1 and what is 0, for people.
        value: from a view to its value; None where the view does not show it.
    """

    name: SignalName
    weight: float
    definition: str
    value: Callable[[View], float | None]


@lru_cache(maxsize=1024)
def compound(text: str) -> float:
    """VADER's compound score (Hutto and Gilbert, 2014), from −1 to 1."""
    return float(_vader().polarity_scores(text)["compound"])


def repeats(text: str, earlier: Sequence[str]) -> bool:
    """Whether a message says again what an earlier one said; short ones such as "yes" may recur."""
    from rapidfuzz import fuzz

    plain = _sorted(text)
    return len(plain.split()) > 2 and any(
        fuzz.ratio(plain, _sorted(other), score_cutoff=SAME_PERCENT) for other in earlier
    )


@lru_cache(maxsize=4096)
def _sorted(text: str) -> str:
    return " ".join(sorted(words(text)))


def _outcome(view: View) -> float | None:
    """As the assistant says; else as the reply reads."""
    if view.reply is None:
        return None
    if view.reply.outcome is not None:
        table = _UNKNOWN if view.reply.right is None else _RIGHT if view.reply.right else _WRONG
        return table[view.reply.outcome]
    text = view.reply.text
    if wording.hands_over(text):
        return 0.5
    if wording.fails(text):
        return 0.25
    return 1.0 if wording.settles(text) else 0.6 if wording.asks_back(text) else 0.7


def _of_reaction(judge: Callable[[str], bool], *, good: bool = False) -> Callable[[View], float | None]:
    def value(view: View) -> float | None:
        return None if view.reaction is None else float(judge(view.reaction.text) == good)

    return value


def _sentiment(view: View) -> float | None:
    return None if view.reaction is None else (compound(view.reaction.text) + 1) / 2


def _repetition(view: View) -> float | None:
    return None if view.reaction is None else 1.0 - repeats(view.reaction.text, view.said)


def _thanks(view: View) -> float | None:
    """Counts only where it is heard: most contented customers do not say so."""
    return 1.0 if view.reaction is not None and wording.thanks(view.reaction.text) else None


def _stuck(view: View) -> float | None:
    return None if view.reply is None or not view.replied else 1.0 - repeats(view.reply.text, view.replied)


def _unanswered(view: View) -> float | None:
    return 0.0 if view.unanswered else None if view.ask is None else 1.0


def _abandonment(view: View) -> float | None:
    """Silence is no success, so a last reply that asked nothing says nothing."""
    if not view.last:
        return None
    if view.reaction is not None:
        return 1.0 if wording.closes(view.reaction.text) else None
    return 0.0 if view.reply is not None and wording.asks_back(view.reply.text) else None


def _politeness(view: View) -> float | None:
    if view.reply is None:
        return None
    return (wording.is_polite(view.reply.text) + wording.apologises(view.reply.text) + 1) / 3


def _effort(view: View) -> float | None:
    if view.number == 0:
        return None
    length = len(view.reaction.text.split()) if view.reaction else 0
    turns = min(1.0, (view.number - 1) / (TURNS_OF_NO_JOY - 1))
    return 1 - (turns + min(1.0, length / WORDS_OF_NO_JOY)) / 2


SIGNALS: tuple[Signal, ...] = (
    Signal(
        "outcome",
        0.20,
        "what the reply did: 1 a right answer, 0 a wrong one; guessed from its words if unknown",
        _outcome,
    ),
    Signal("sentiment", 0.10, "VADER's score of what the customer says next, moved to 0–1", _sentiment),
    Signal(
        "failure",
        0.14,
        "0 where the customer says that the reply missed or did not work",
        _of_reaction(wording.complains),
    ),
    Signal("frustration", 0.10, "0 where the customer is angry or shouts", _of_reaction(wording.is_frustrated)),
    Signal("repetition", 0.12, "0 where the customer has to say again what was said", _repetition),
    Signal(
        "asks_for_person",
        0.08,
        "0 where the customer asks for a person",
        _of_reaction(lru_cache(maxsize=1024)(asks_for_person)),
    ),
    Signal("thanks", 0.08, "1 where the customer thanks or is pleased; left out elsewhere", _thanks),
    Signal("stuck", 0.06, "0 where the reply repeats an earlier one", _stuck),
    Signal("unanswered", 0.05, "0 where the customer gets no reply", _unanswered),
    Signal(
        "abandonment",
        0.03,
        "0 where the customer leaves a question open at the end, 1 where they take leave",
        _abandonment,
    ),
    Signal("politeness", 0.02, "courtesy and sympathy of the reply", _politeness),
    Signal(
        "effort", 0.02, "falls with the number of replies and the length of what the customer has to write", _effort
    ),
)


@lru_cache(maxsize=1)
def _vader() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()
