"""What a calibrated model sees of a turn and a conversation besides the words: signals, places, lengths, manner."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from kit.evals.csat import wording
from kit.evals.csat.index import Reading, Values, weigh
from kit.evals.csat.signals import SIGNALS, compound
from kit.evals.csat.transcript import Spoken, Talk, View
from kit.text import content_words

__all__ = ["Known", "after_of", "indices", "numbers", "talk_indices", "talk_numbers", "text_of"]


@dataclass(frozen=True)
class Known:
    """A conversation with its signals read."""

    talk: Talk
    reading: Reading


def text_of(turn: Spoken | None) -> str:
    """What was said, if anything."""
    return "" if turn is None else turn.text


def after_of(talk: Talk, view: View) -> int | None:
    """The place of the view of the next reply."""
    return None if view.next_reply is None else talk.turns.index(view.next_reply)


def indices(known: Known, place: int, after: int | None) -> list[float]:
    """The index of a turn, of the next reply, and of what went before."""
    turns = known.reading.turns
    earlier = turns[:place]
    return [
        turns[place],
        turns[place] if after is None else turns[after],
        sum(earlier) / len(earlier) if earlier else 0.5,
        min(earlier, default=0.5),
    ]


def _flat(values: Values) -> list[float]:
    given = [values[signal.name] for signal in SIGNALS]
    return [0.5 if value is None else value for value in given] + [float(value is not None) for value in given]


def numbers(known: Known, place: int, after: int | None) -> list[float]:
    """The signals of a turn and of the next reply (at `after`), how both read, and where they stand."""
    view, turns = known.talk.views[place], known.talk.turns
    slots = (view.ask, view.reply, view.reaction, view.next_reply, view.next_reaction)
    reply, reaction, next_reply, next_reaction = (text_of(slot) for slot in slots[1:])
    neutral: Values = {signal.name: None for signal in SIGNALS}
    return [
        *_flat(known.reading.values[place]),
        *_flat(neutral if after is None else known.reading.values[after]),
        *(float(np.log1p(len(text_of(slot).split()))) for slot in slots),
        *(float(slot is not None) for slot in slots),
        *(float("?" in text) for text in (reply, reaction, next_reply, next_reaction)),
        *(float(any(map(str.isdigit, text))) for text in (reply, reaction, next_reply)),
        *_manner(reply),
        *_manner(next_reply),
        *_mood(reaction),
        *_mood(next_reaction),
        *(_overlap(text_of(slots[one]), text_of(slots[two])) for one, two in ((0, 1), (0, 2), (1, 3), (2, 3), (2, 4))),
        place / max(1, len(turns) - 1),
        float(np.log1p(place)),
        float(np.log1p(len(turns) - 1 - place)),
        float(view.of.side == "customer"),
    ]


def _manner(reply: str) -> list[float]:
    judges = (
        wording.fails,
        wording.settles,
        wording.asks_back,
        wording.apologises,
        wording.hands_over,
        wording.is_polite,
    )
    return [*(float(judge(reply)) for judge in judges), compound(reply) if reply else 0.0]


def _mood(said: str) -> list[float]:
    judges = (wording.thanks, wording.closes, wording.complains, wording.is_frustrated)
    return [*(float(judge(said)) for judge in judges), compound(said) if said else 0.0]


@lru_cache(maxsize=4096)
def _content(text: str) -> frozenset[str]:
    return frozenset(content_words(text))


def _overlap(one: str, two: str) -> float:
    """Shared words that carry the subject ÷ those of the shorter text."""
    first, second = _content(one), _content(two)
    return len(first & second) / min(len(first), len(second)) if first and second else 0.0


def talk_indices(reading: Reading) -> list[float]:
    """The index of a conversation, of its worst turn and of its end."""
    turns = reading.turns
    return [reading.index, sum(turns) / len(turns), min(turns), turns[-1], sum(turns[-3:]) / len(turns[-3:])]


def talk_numbers(known: Known) -> list[float]:
    """The signals of a conversation, their worst values, and how it ends."""
    reading, turns = known.reading, known.talk.turns
    means: Values = {s.name: reading.parts[s.name].value if s.name in reading.parts else None for s in SIGNALS}
    worst = [min((v for row in reading.values if (v := row[s.name]) is not None), default=0.5) for s in SIGNALS]
    sides = [[turn.text for turn in turns if turn.side == side] for side in ("customer", "reply")]
    return [
        *_flat(means),
        *worst,
        *_mood(sides[0][-1] if sides[0] else ""),
        *_manner(sides[1][-1] if sides[1] else ""),
        *(np.mean([_manner(text) for text in sides[1]], axis=0).tolist() if sides[1] else [0.0] * 7),
        float(np.log1p(len(turns))),
        *(float(np.log1p(np.mean([len(text.split()) for text in side]))) if side else 0.0 for side in sides),
        float(turns[-1].side == "customer"),
        weigh(reading.values[-1]),
    ]
