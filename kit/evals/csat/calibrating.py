"""`kit calibrate --csat`: from a file of rated conversations to a model and what it is worth."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kit.errors import KitError, TooLittle
from kit.evals.csat.agreement import Agreement, agreement, spearman
from kit.evals.csat.figures import CsatFigure, auc, calibration_error, figure, kendall, mean_error
from kit.evals.csat.fitting import LOW, Fitted, fit, folds_of, reaction_seen
from kit.evals.csat.model import CsatModel, Line, Terms
from kit.evals.csat.peer import peer_talks, peer_turns
from kit.evals.csat.reading import read_talk
from kit.evals.csat.transcript import Talk
from kit.text import digest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kit.models import Embedder

__all__ = ["FEWEST", "Calibration", "calibrate", "read_rated"]

FEWEST = 30


@dataclass(frozen=True)
class Calibration:
    """A model, its figures on unseen folds, and how far the raters agree.

    `unrated` counts the conversations left out because nobody rated them.
    """

    model: CsatModel
    figures: tuple[CsatFigure, ...]
    raters: dict[str, Agreement]
    unrated: int

    def to_json(self) -> dict[str, Any]:
        """What `kit calibrate --csat --json` prints."""
        return {
            "conversations": self.model.conversations,
            "unrated": self.unrated,
            "data": self.model.data,
            "blocks": {"turn": list(self.model.turn.blocks), "conversation": list(self.model.talk.blocks)},
            "figures": {
                one.name: {"value": one.value, "low": one.interval.low, "high": one.interval.high, "n": one.n}
                for one in self.figures
            },
            "raters": {name: vars(one) for name, one in self.raters.items()},
        }


def read_rated(path: Path) -> tuple[Talk, ...]:
    """The conversations of a file, JSON lines.

    Raises:
        KitError: the file or one of its lines is not right; names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise KitError("This is not UTF-8 text.", path=path, remedy="Save the file as UTF-8.") from error
    except OSError as error:
        raise KitError(f"This file cannot be read: {error.strerror}.", path=path) from error
    talks: dict[str, Talk] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if not isinstance(row, dict):
                raise KitError("This is not a JSON object.")
            talk = read_talk({"id": str(number), **row})
        except KitError as error:
            raise KitError(error.problem, path=path, line=number) from error
        except (ValueError, RecursionError) as error:
            raise KitError(f"This is not JSON ({error}).", path=path, line=number) from error
        if talk.id in talks:
            # The same conversation in two folds would let the model see what it is judged on.
            raise KitError(f"There is a conversation `{talk.id}` already.", path=path, line=number, remedy="Drop one.")
        talks[talk.id] = talk
    return tuple(talks.values())


def calibrate(path: Path, embedder: "Embedder | None") -> Calibration:
    """Fit a model to a file of rated conversations, and judge it on folds that it did not see.

    Raises:
        KitError: the file is not right.
        TooLittle: fewer than 30 conversations are rated, or all are rated alike.
    """
    everything = read_rated(path)
    talks = [talk for talk in everything if talk.rating is not None]
    if len(talks) < FEWEST:
        problem = f"{len(talks)} of {len(everything)} conversations are rated; fewer than {FEWEST} calibrate nothing."
        raise TooLittle(problem, path=path, remedy="Rate more, or use the index as it is: kit csat --from FILE.jsonl")
    ratings = np.array([talk.rating for talk in talks], dtype=np.float64)
    if np.ptp(ratings) == 0:
        problem = f"All {len(talks)} conversations are rated {ratings[0]:g}, so there is nothing to tell apart."
        raise TooLittle(problem, path=path, remedy="Rate conversations that went well and ones that did not.")
    fitted = fit(talks, embedder.encode if embedder else None)
    figures = _figures(talks, ratings, fitted)
    model = CsatModel(
        data=digest(path.read_bytes()),
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        conversations=len(talks),
        embedder=embedder.fingerprint if embedder else "",
        dimension=fitted.features.dimension,
        sides=fitted.rows.sides,
        customer=Terms(terms=fitted.features.customer.terms, idf=fitted.features.customer.idf),
        reply=Terms(terms=fitted.features.reply.terms, idf=fitted.features.reply.idf),
        turn=Line.of(fitted.turn, fitted.turn_sheet),
        talk=Line.of(fitted.talk, fitted.talk_sheet),
        stack=fitted.stack,
        logistic=fitted.logistic,
        figures={one.name: one.value for one in figures},
    )
    return Calibration(model, figures, _raters(talks), len(everything) - len(talks))


def _raters(talks: Sequence[Talk]) -> dict[str, Agreement]:
    lists = {
        "conversations": [talk.ratings for talk in talks],
        "turns": [turn.ratings for talk in talks for turn in talk.turns],
    }
    return {name: found for name, rows in lists.items() if (found := agreement(rows)) is not None}


def _figures(talks: Sequence[Talk], ratings: "NDArray[np.float64]", fitted: Fitted) -> tuple[CsatFigure, ...]:
    alone, folds, rows = np.arange(len(talks)), folds_of(ratings), fitted.rows
    peer = peer_talks(talks, ratings, folds)

    def versus(found: "NDArray[np.float64]") -> Any:
        return lambda drawn: spearman(found[drawn], ratings[drawn])

    def ahead(drawn: "NDArray[np.int64]") -> float | None:
        mine, other = versus(fitted.csat)(drawn), versus(peer)(drawn)
        return None if mine is None else mine - (other or 0.0)

    csat = fitted.csat
    figures = [
        figure("spearman", "Spearman, conversations", versus(csat), alone),
        figure("kendall", "Kendall's tau-b, conversations", lambda drawn: kendall(csat[drawn], ratings[drawn]), alone),
        figure("mae", "mean absolute error, in ratings", lambda drawn: mean_error(csat[drawn], ratings[drawn]), alone),
        figure(
            "calibration_error",
            "calibration error, in ratings",
            lambda drawn: calibration_error(csat[drawn], ratings[drawn]),
            alone,
            biased=True,
        ),
        figure("peer_spearman", "  Spearman of TF-IDF with ridge", versus(peer), alone),
        figure("ahead_spearman", "  the model's minus that", ahead, alone),
        figure("index_spearman", "  Spearman of the uncalibrated index", versus(fitted.index), alone),
    ]
    views = [talks[talk].views[place] for talk, place in rows.places]
    seen = np.flatnonzero(rows.own & np.array([reaction_seen(view) for view in views], dtype=bool))
    if len(seen):
        low, mine, clusters = rows.means[seen] <= LOW, fitted.chances[seen], rows.talks[seen]
        others = -peer_turns(talks, rows.places, rows.means, folds[rows.talks])[seen]
        share = rows.low[seen]
        figures += [
            figure(
                "auc", "AUC of dissatisfied turns, reaction seen", lambda drawn: auc(mine[drawn], low[drawn]), clusters
            ),
            figure("peer_auc", "  AUC of TF-IDF with ridge", lambda drawn: auc(others[drawn], low[drawn]), clusters),
            figure(
                "chance_error",
                "calibration error of that chance",
                lambda drawn: calibration_error(mine[drawn], share[drawn]),
                clusters,
                biased=True,
            ),
        ]
    return tuple(figures)
