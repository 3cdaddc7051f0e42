"""The CSAT index: the weighted mean of the signals, with what each of them did to it.

It is an index, not a CSAT: nothing has fitted it to ratings, so it may rank versions of an assistant and may not be
quoted as a share of satisfied customers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from kit.evals.csat.signals import SIGNALS, SignalName
from kit.evals.csat.transcript import Talk, View

__all__ = ["WEIGHTS", "Part", "Reading", "Values", "read_signals", "values_of", "weigh"]

WEIGHTS: dict[SignalName, float] = {signal.name: signal.weight for signal in SIGNALS}

Values = dict[SignalName, float | None]


@dataclass(frozen=True)
class Part:
    """A signal's part in an index: its value, its share of the weight, and how far it moved the index.

    `moved` is what the index would gain or lose without it: below 0 the signal spoke against it.
    """

    value: float
    weight: float
    moved: float


@dataclass(frozen=True)
class Reading:
    """What one conversation shows.

    Attributes:
        talk: the conversation.
        index: from 0 to 1.
        parts: each signal's part in it.
    """

    talk: Talk
    index: float
    parts: dict[SignalName, Part]

    @cached_property
    def values(self) -> tuple[Values, ...]:
        """The values of each view."""
        return tuple(map(values_of, self.talk.views))

    @cached_property
    def turns(self) -> tuple[float, ...]:
        """The index of each view."""
        return tuple(map(weigh, self.values))

    @property
    def reason(self) -> str:
        """The parts in words, those that moved the index most first."""
        ranked = sorted(self.parts.items(), key=lambda item: -abs(item[1].moved))
        return ", ".join(f"{name} {part.value:.2f}×{part.weight:.2f} ({part.moved:+.2f})" for name, part in ranked)


def values_of(view: View) -> Values:
    """Each signal's value; None where the view does not show it."""
    return {signal.name: signal.value(view) for signal in SIGNALS}


def weigh(values: Values) -> float:
    """The weighted mean of the values that there are; one half where there are none."""
    known = {name: value for name, value in values.items() if value is not None}
    total = sum(WEIGHTS[name] for name in known)
    return sum(WEIGHTS[name] * value for name, value in known.items()) / total if total else 0.5


def read_signals(talk: Talk) -> Reading:
    """The index of a conversation: of each signal the mean over the replies, and of these the weighted mean."""
    means = _means([values_of(view) for view in talk.judged])
    index = weigh(means)
    known = {name: value for name, value in means.items() if value is not None}
    total = sum(WEIGHTS[name] for name in known)
    summed = index * total
    parts: dict[SignalName, Part] = {}
    for name, value in known.items():
        weight = WEIGHTS[name]
        without = (summed - weight * value) / (total - weight) if len(known) > 1 else 0.5
        parts[name] = Part(value, weight / total, index - without)
    return Reading(talk, index, parts)


def _means(rows: Sequence[Values]) -> Values:
    means: Values = {}
    for signal in SIGNALS:
        known = [value for row in rows if (value := row[signal.name]) is not None]
        means[signal.name] = sum(known) / len(known) if known else None
    return means
