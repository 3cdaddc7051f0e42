"""What a calibrated model sees of a turn and of a conversation, in blocks of columns.

index      the uncalibrated index: of the turn, of the reply after it
signals    the signals' values, lengths, places, and how the replies read
likeness   cosines between what was asked, replied and said next
words      TF-IDF of the reply, of the reaction, and of what follows
vectors    sentence vectors of the same
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np

from kit.evals.csat import wording
from kit.evals.csat.index import Reading, Values, weigh
from kit.evals.csat.lexicon import Lexicon
from kit.evals.csat.signals import SIGNALS, compound
from kit.evals.csat.transcript import Spoken, Talk, View
from kit.text import content_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

__all__ = ["BLOCKS", "Block", "Embed", "Features", "Known", "Sheet", "embedded"]

Block = Literal["index", "signals", "likeness", "words", "vectors"]
BLOCKS: tuple[Block, ...] = ("index", "signals", "likeness", "words", "vectors")
Embed = Callable[[Sequence[str]], "Matrix"]


@dataclass(frozen=True)
class Known:
    """A conversation with its signals read."""

    talk: Talk
    reading: Reading


@dataclass(frozen=True)
class Sheet:
    """One row for each thing that is judged; `spans` says from which column to which a block goes."""

    values: "Matrix"
    spans: dict[Block, tuple[int, int]]


def embedded(talks: Iterable[Talk], embed: Embed) -> "dict[str, Matrix]":
    """The vector of each different text, made in one go."""
    texts = sorted({turn.text for talk in talks for turn in talk.turns if turn.text.strip()})
    return dict(zip(texts, embed(texts), strict=True)) if texts else {}


@dataclass(frozen=True)
class Features:
    """Turns views and conversations into rows.

    Attributes:
        customer: the terms of customers.
        reply: the terms of replies.
        dimension: of the sentence vectors; 0 where there are none.
    """

    customer: Lexicon
    reply: Lexicon
    dimension: int

    def of_views(self, rows: Sequence[tuple[Known, int]], vectors: "dict[str, Matrix]") -> Sheet:
        """A row for each view, named by its conversation and place."""
        views = [known.talk.views[place] for known, place in rows]
        after = [_after(known.talk, view) for (known, _), view in zip(rows, views, strict=True)]
        parts: dict[Block, list[Matrix]] = {
            "index": [
                _table([_indices(known, place, next_) for (known, place), next_ in zip(rows, after, strict=True)])
            ],
            "signals": [
                _table([_numbers(known, place, next_) for (known, place), next_ in zip(rows, after, strict=True)])
            ],
            "likeness": [],
            "words": [
                self.reply.vectors([_text(view.reply) for view in views]),
                self.customer.vectors([_text(view.reaction) for view in views]),
                self.customer.vectors([_text(view.next_reaction) for view in views]),
            ],
            "vectors": [],
        }
        if self.dimension:
            slots = {
                slot: self._rows([[_text(getattr(view, slot))] for view in views], vectors)
                for slot in ("ask", "reply", "reaction", "next_reply", "next_reaction")
            }
            parts["vectors"] = [slots["reply"], slots["reaction"], slots["next_reaction"]]
            pairs = (
                ("ask", "reply"), ("reply", "reaction"), ("ask", "reaction"),
                ("reaction", "next_reply"), ("reply", "next_reply"), ("reaction", "next_reaction"),
            )  # fmt: skip
            parts["likeness"] = [np.stack([(slots[one] * slots[two]).sum(1) for one, two in pairs], 1)]
        return _sheet(parts, len(rows))

    def of_talks(self, talks: Sequence[Known], vectors: "dict[str, Matrix]") -> Sheet:
        """A row for each conversation."""
        customers = [[turn.text for turn in known.talk.turns if turn.side == "customer"] for known in talks]
        replies = [[turn.text for turn in known.talk.turns if turn.side == "reply"] for known in talks]
        last = [said[-1:] for said in customers]
        parts: dict[Block, list[Matrix]] = {
            "index": [_table([_talk_indices(known.reading) for known in talks])],
            "signals": [_table([_talk_numbers(known) for known in talks])],
            "likeness": [],
            "words": [
                self.reply.vectors(["\n".join(said) for said in replies]),
                self.customer.vectors(["\n".join(said) for said in customers]),
                self.customer.vectors(["\n".join(said) for said in last]),
            ],
            "vectors": [self._rows(said, vectors) for said in (replies, customers, last)] if self.dimension else [],
        }
        return _sheet(parts, len(talks))

    def _rows(self, texts: Sequence[Sequence[str]], vectors: "dict[str, Matrix]") -> "Matrix":
        """The mean vector of each list of texts; zeros where nothing is said."""
        none = np.zeros(self.dimension, np.float32)
        found = [[vectors[text] for text in said if text.strip()] for said in texts]
        return np.stack([np.mean(said, axis=0) if said else none for said in found]).astype(np.float32)


def _sheet(parts: "dict[Block, list[Matrix]]", rows: int) -> Sheet:
    blocks = {name: np.hstack([np.zeros((rows, 0), np.float32), *parts[name]]) for name in BLOCKS}
    ends = np.cumsum([0, *(block.shape[1] for block in blocks.values())])
    spans = {name: (int(ends[place]), int(ends[place + 1])) for place, name in enumerate(BLOCKS)}
    return Sheet(np.hstack(list(blocks.values())), spans)


def _table(rows: Sequence[Sequence[float]]) -> "Matrix":
    return np.array(rows, dtype=np.float32)


def _text(turn: Spoken | None) -> str:
    return "" if turn is None else turn.text


def _after(talk: Talk, view: View) -> int | None:
    """The place of the view of the next reply."""
    return None if view.next_reply is None else talk.turns.index(view.next_reply)


def _indices(known: Known, place: int, after: int | None) -> list[float]:
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


def _numbers(known: Known, place: int, after: int | None) -> list[float]:
    view, turns = known.talk.views[place], known.talk.turns
    slots = (view.ask, view.reply, view.reaction, view.next_reply, view.next_reaction)
    reply, reaction, next_reply, next_reaction = (_text(slot) for slot in slots[1:])
    neutral: Values = {signal.name: None for signal in SIGNALS}
    return [
        *_flat(known.reading.values[place]),
        *_flat(neutral if after is None else known.reading.values[after]),
        *(float(np.log1p(len(_text(slot).split()))) for slot in slots),
        *(float(slot is not None) for slot in slots),
        *(float("?" in text) for text in (reply, reaction, next_reply, next_reaction)),
        *(float(any(map(str.isdigit, text))) for text in (reply, reaction, next_reply)),
        *_manner(reply),
        *_manner(next_reply),
        *_mood(reaction),
        *_mood(next_reaction),
        *(_overlap(_text(slots[one]), _text(slots[two])) for one, two in ((0, 1), (0, 2), (1, 3), (2, 3), (2, 4))),
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


def _talk_indices(reading: Reading) -> list[float]:
    turns = reading.turns
    return [reading.index, sum(turns) / len(turns), min(turns), turns[-1], sum(turns[-3:]) / len(turns[-3:])]


def _talk_numbers(known: Known) -> list[float]:
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
