"""What a calibrated model sees of a turn and of a conversation, in blocks of columns.

index      the uncalibrated index: of the turn, of the reply after it
signals    the signals' values, lengths, places, and how the replies read
likeness   cosines between what was asked, replied and said next
words      TF-IDF of the reply, of the reaction, and of what follows
vectors    sentence vectors of the same
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from kit.evals.csat.lexicon import Lexicon
from kit.evals.csat.numbers import Known, after_of, indices, numbers, talk_indices, talk_numbers, text_of
from kit.evals.csat.transcript import Talk

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

__all__ = ["BLOCKS", "Block", "Embed", "Features", "Sheet", "embedded"]

Block = Literal["index", "signals", "likeness", "words", "vectors"]
BLOCKS: tuple[Block, ...] = ("index", "signals", "likeness", "words", "vectors")
Embed = Callable[[Sequence[str]], "Matrix"]


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
        after = [after_of(known.talk, view) for (known, _), view in zip(rows, views, strict=True)]
        parts: dict[Block, list[Matrix]] = {
            "index": [
                _table([indices(known, place, next_) for (known, place), next_ in zip(rows, after, strict=True)])
            ],
            "signals": [
                _table([numbers(known, place, next_) for (known, place), next_ in zip(rows, after, strict=True)])
            ],
            "likeness": [],
            "words": [
                self.reply.vectors([text_of(view.reply) for view in views]),
                self.customer.vectors([text_of(view.reaction) for view in views]),
                self.customer.vectors([text_of(view.next_reaction) for view in views]),
            ],
            "vectors": [],
        }
        if self.dimension:
            slots = {
                slot: self._rows([[text_of(getattr(view, slot))] for view in views], vectors)
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
            "index": [_table([talk_indices(known.reading) for known in talks])],
            "signals": [_table([talk_numbers(known) for known in talks])],
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
