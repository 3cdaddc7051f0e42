"""`kit csat`: what the index and, once there is one, the calibrated model say of transcripts from anywhere."""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from kit.errors import KitError
from kit.evals.csat.index import Reading, read_signals
from kit.evals.csat.model import CsatModel, Judged
from kit.evals.csat.reading import read_talk
from kit.evals.csat.transcript import Talk, View

if TYPE_CHECKING:
    from kit.models import Embedder

__all__ = ["CsatScorer"]

AHEAD = 256  # conversations that are judged together, so that their texts are embedded in full batches


class CsatScorer:
    """Scores conversations one after the other; with a model, those that come next are judged along with each.

    Args:
        model: the calibrated model; without one there are indices only.
        embedder: gives the embedder; called only if the model needs vectors.
        coming: the rows that `score` will be asked for, in order.

    Raises:
        KitError: the model was calibrated with another embedder.
    """

    def __init__(
        self,
        model: CsatModel | None = None,
        embedder: "Callable[[], Embedder] | None" = None,
        *,
        coming: Iterable[Mapping[str, Any]] = (),
    ) -> None:
        self._model, self._coming = model, iter(coming)
        self._ready: dict[int, Judged] = {}
        self._embedder = embedder() if embedder is not None and model is not None and model.needs_vectors else None
        if (
            model is not None
            and model.needs_vectors
            and (self._embedder is None or self._embedder.fingerprint != model.embedder)
        ):
            problem = "The CSAT model was calibrated with another embedder than `kit.toml` names now."
            raise KitError(problem, remedy="Calibrate again: kit calibrate --csat FILE.jsonl")

    @property
    def calibrated(self) -> bool:
        """Whether there is a model."""
        return self._model is not None

    def score(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """What `kit csat` writes of a row, but for its id.

        Raises:
            KitError: the row is no transcript.
        """
        talk = read_talk(row)
        reading, judged = read_signals(talk), self._judged(row, talk)
        # Before calibration this is how far the turn's index lies below 1: it ranks turns, and is no chance.
        low = judged.dissatisfied if judged else [1 - value for value in reading.turns]
        turns = [
            {"index": view.of.index, "dissatisfied": round(value, 4)}
            for view, value in zip(talk.views, low, strict=True)
            if self._can_judge(view)
        ]
        csat = {"csat": round(judged.csat, 3)} if judged else {}
        return {
            "index": round(reading.index, 4),
            **csat,
            "calibrated": judged is not None,
            "turns": turns,
            "signals": _parts(reading),
        }

    def _can_judge(self, view: View) -> bool:
        """Without a reply before it a customer's turn judges none, unless such turns were rated."""
        return view.reply is not None or self._model is None or view.of.side in self._model.sides

    def _judged(self, row: Mapping[str, Any], talk: Talk) -> Judged | None:
        if self._model is None:
            return None
        if id(row) not in self._ready:
            self._ready.clear()
            batch: dict[int, Talk] = {}
            for other in islice(self._coming, AHEAD):
                try:
                    batch[id(other)] = read_talk(other)
                except KitError:
                    continue  # It will be said when its turn comes.
            batch[id(row)] = talk
            embed = self._embedder.encode if self._embedder else None
            self._ready = dict(zip(batch, self._model.judge(list(batch.values()), embed), strict=True))
        return self._ready.pop(id(row))


def _parts(reading: Reading) -> dict[str, dict[str, float]]:
    ranked = sorted(reading.parts.items(), key=lambda item: -abs(item[1].moved))
    return {
        name: {"value": round(part.value, 4), "weight": round(part.weight, 4), "moved": round(part.moved, 4)}
        for name, part in ranked
    }
