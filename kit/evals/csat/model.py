"""A calibrated model: what it is made of, kept as JSON, and what it says of conversations."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kit.errors import KitError
from kit.evals.csat.features import BLOCKS, Block, Embed, Features, Sheet, embedded
from kit.evals.csat.index import read_signals
from kit.evals.csat.lexicon import Lexicon
from kit.evals.csat.numbers import Known
from kit.evals.csat.reading import HIGHEST, LOWEST
from kit.evals.csat.ridge import Linear
from kit.evals.csat.transcript import Side, Talk
from kit.files import write_whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["CsatModel", "Judged", "Line", "Terms", "dissatisfaction", "stacked"]

_AGAIN = "Calibrate again: kit calibrate --csat FILE.jsonl"


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Line(_Value):
    """A `Linear`: one list of coefficients for each output, over the columns of its blocks alone."""

    blocks: tuple[Block, ...]
    penalty: float
    columns: int
    coefficients: tuple[tuple[float, ...], ...]
    intercept: tuple[float, ...]

    @classmethod
    def of(cls, line: Linear, sheet: Sheet) -> "Line":
        """As it is kept."""
        used = _used(line.setup.blocks, sheet)
        kept = tuple(tuple(float(f"{value:.6g}") for value in line.coefficients[used, out]) for out in (0, 1))
        return cls(
            blocks=line.setup.blocks,
            penalty=line.setup.penalty,
            columns=len(used),
            coefficients=kept,
            intercept=tuple(map(float, line.intercept)),
        )

    def __call__(self, sheet: Sheet) -> "Floats":
        """What it says of each row: shape (rows, outputs)."""
        used = _used(self.blocks, sheet)
        if len(used) != self.columns:
            raise KitError("The CSAT model was made by another version of the kit.", remedy=_AGAIN)
        return np.asarray(
            sheet.values[:, used].astype(np.float64) @ np.array(self.coefficients).T + np.array(self.intercept)
        )


def _used(blocks: Sequence[Block], sheet: Sheet) -> "NDArray[np.int64]":
    return np.concatenate([np.arange(*sheet.spans[name]) for name in BLOCKS if name in blocks])


class Terms(_Value):
    """A `Lexicon`."""

    terms: tuple[str, ...]
    idf: tuple[float, ...]

    def lexicon(self) -> Lexicon:
        """As it is used."""
        return Lexicon(self.terms, self.idf)


class Judged(_Value):
    """What the model says of a conversation: the expected rating, and for each turn how likely it dissatisfied."""

    csat: float
    dissatisfied: tuple[float, ...]


class CsatModel(_Value):
    """All that `kit calibrate --csat` learned.

    Attributes:
        data: SHA-256 of the file of ratings.
        made_at: when, ISO 8601.
        conversations: how many rated ones it was fitted on.
        embedder: the fingerprint of the model whose vectors it uses; empty where it uses none.
        sides: whose turns were rated; the mean over these is the conversation's.
        turn: from a turn to its rating and its chance of dissatisfaction, both not yet calibrated.
        talk: the same from a conversation as a whole.
        stack: intercept and weights of the two for a conversation's rating.
        logistic: intercept and weights of a turn's two outputs for the chance of dissatisfaction.
        figures: how good it is on conversations that it was not fitted on.
    """

    version: Literal[1] = 1
    data: str
    made_at: str
    conversations: Annotated[int, Field(ge=1)]
    embedder: str
    dimension: int
    sides: tuple[Side, ...]
    customer: Terms
    reply: Terms
    turn: Line
    talk: Line
    stack: tuple[float, float, float]
    logistic: tuple[float, float, float]
    figures: dict[str, float | int | str | None] = {}

    @property
    def needs_vectors(self) -> bool:
        """Whether conversations have to be embedded to be judged."""
        of_vectors = ("vectors", "likeness", "later")
        used = [block for line in (self.turn, self.talk) for block in line.blocks]
        return self.dimension > 0 and any(block in of_vectors for block in used)

    def judge(self, talks: Sequence[Talk], embed: Embed | None = None) -> list[Judged]:
        """Judge conversations; a text that occurs often is embedded once.

        Args:
            talks: the conversations.
            embed: the embedder that the model was calibrated with; not called where it needs no vectors.
        """
        known = [Known(talk, read_signals(talk)) for talk in talks]
        dimension = self.dimension if self.needs_vectors else 0
        features = Features(self.customer.lexicon(), self.reply.lexicon(), dimension)
        vectors = embedded(talks, embed) if dimension and embed else {}
        rows = [(one, place) for one in known for place in range(len(one.talk.turns))]
        turns = self.turn(features.of_views(rows, vectors))
        whole = self.talk(features.of_talks(known, vectors))[:, 0]
        chances = dissatisfaction(turns, self.logistic)
        found, start = [], 0
        for talk, overall in zip(talks, whole, strict=True):
            mine = slice(start, start + len(talk.turns))
            start = mine.stop
            counted = [turn.side in self.sides for turn in talk.turns]
            means = turns[mine, 0][counted if any(counted) else slice(None)]
            csat = stacked(np.array([overall]), np.array([means.mean()]), self.stack)[0]
            found.append(Judged(csat=float(csat), dissatisfied=tuple(map(float, chances[mine]))))
        return found

    def save(self, path: Path) -> None:
        """Keep it as JSON."""
        write_whole(path, json.dumps(self.model_dump(mode="json"), ensure_ascii=False, separators=(",", ":")) + "\n")

    @classmethod
    def load(cls, path: Path) -> "CsatModel":
        """Read what `save` wrote.

        Raises:
            KitError: the file is damaged or from another version.
        """
        try:
            return cls.model_validate_json(path.read_bytes())
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise KitError(f"This is no CSAT model: `{where}`: {first['msg']}.", path=path, remedy=_AGAIN) from error


def stacked(whole: "Floats", turns: "Floats", weights: tuple[float, float, float]) -> "Floats":
    """The expected rating from that of the conversation as a whole and the mean of its turns'."""
    found: Floats = np.clip(weights[0] + weights[1] * whole + weights[2] * turns, LOWEST, HIGHEST)
    return found


def dissatisfaction(outputs: "Floats", weights: tuple[float, float, float]) -> "Floats":
    """The chance that a turn would be rated 2 or lower, from the two outputs of its line."""
    found: Floats = 1 / (1 + np.exp(-np.clip(weights[0] + outputs @ np.array(weights[1:]), -30, 30)))
    return found
