"""Fits the confidence that comes with the kit, and reports how good it is on questions that it was not fitted to.

It is fitted to every other question of TechQA's sample (real questions, a fifth of them unanswerable) and to all of
three other help centres', each help centre counting alike. Where every question has an answer, as in no help centre
there is, every eighth is asked of the help centre without the articles that answer it. TechQA's other half is what is
reported of it. Of the others each question is judged by a model fitted without its fifth of them ("cross-fitted"), and
every help centre by one fitted to the other three alone ("left out"), which is what a new help centre may expect. The
questions that the rankers' weights were learned on have right first hits a little more often than unseen ones.
"""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import kit.assistant.deciding
from kit.assistant import FEATURES, shipped_confidence
from kit.feasibility.operating import Fit, auc, fit, quality, rows_of
from kit.knowledge import HybridRetriever, Signals, open_index, refresh_index
from kit.models import load_embedder
from kit.settings import cache_folder
from tests.bench.data import Question, help_centres

__all__ = ["run"]

Floats = NDArray[np.float64]
# Chosen by cross-validation on every other question of all help centres.
_STRENGTH = 10.0
_FOLDS = 5
_NONE = Fit(0.0, np.zeros(len(FEATURES)))


@dataclass(frozen=True, eq=False)
class Rows:
    """A help centre's questions: signals, whether the first hit is right, whether anything answers."""

    values: Floats
    right: Floats
    answerable: Floats

    def some(self, which: slice | NDArray[np.bool_]) -> "Rows":
        return Rows(self.values[which], self.right[which], self.answerable[which])


def run(*, write: bool = False) -> None:
    """Print the table; with `write` put the newly fitted coefficients into the package."""
    with tempfile.TemporaryDirectory() as scratch:
        every = {
            name: _rows(Path(scratch) / "index" / name, folder, asked)
            for name, folder, asked in help_centres(Path(scratch) / "bank")
        }
    if len(every) < 4:
        print("confidence: left out, it needs all four help centres (set KIT_BENCH_DATA).")
        return
    used = {name: rows.some(slice(0, None, 2)) if name == "TechQA" else rows for name, rows in every.items()}
    fitted = _fit(list(used.values()))
    if write:
        counts = ", ".join(f"{len(rows.right)} {name}" for name, rows in used.items())
        model = fitted.model(f"questions of four help centres: {counts}")
        target = Path(kit.assistant.deciding.__file__).with_name("confidence.json")
        target.write_text(json.dumps(model.model_dump(), indent=1) + "\n", encoding="utf-8")
    shipped = Fit.of(shipped_confidence())
    print(f"\nConfidence (fitted on {shipped_confidence().fitted_on})")
    titles = {"n": 5, "right": 7, "answerable": 12, "answered": 10, "of right": 10, "ECE": 7, "chance": 8, "bias": 7}
    print(f"{'':<26}" + "".join(f"{title:>{width}}" for title, width in titles.items()))
    other = every["TechQA"].some(slice(1, None, 2))
    _line("TechQA, half not used", other, shipped.confidence(other.values))
    for name, rows in used.items():
        _line(f"{name}, cross-fitted", rows, _cross_fitted(used, name))
    for name, rows in every.items():
        alone = _fit([one for key, one in every.items() if key != name])
        _line(f"{name}, left out", rows, alone.confidence(rows.values))


def _rows(index: Path, folder: Path, asked: Sequence[Question]) -> Rows:
    embedder = load_embedder("packaged", cache=cache_folder())
    refresh_index(index, knowledge=folder, embedder=embedder, passage_tokens=180)
    retriever = HybridRetriever(build=open_index(index, embedder))
    whole = all(question.articles for question in asked)
    signals, right, answerable = list[Signals](), list[bool](), list[bool]()
    for number, question in enumerate(asked):
        gone = whole and number % 8 == 7
        found = retriever.find(question.text, without=question.articles if gone else ())
        signals.append(found.signals)
        right.append(bool(found.hits) and found.hits[0].passage.article_id in question.articles)
        answerable.append(not gone and bool(question.articles))
    return Rows(rows_of(signals), np.array(right, dtype=np.float64), np.array(answerable, dtype=np.float64))


def _fit(sets: Sequence[Rows]) -> Fit:
    """The coefficients that fit all sets, each counting alike."""
    weights = np.concatenate([np.full(len(rows.right), 1 / len(rows.right)) for rows in sets])
    values, right = np.concatenate([rows.values for rows in sets]), np.concatenate([rows.right for rows in sets])
    return fit(values, right, weights, start=_NONE, strength=_STRENGTH)


def _cross_fitted(sets: dict[str, Rows], name: str) -> Floats:
    """The confidence of a set's rows, each from a fit without its fold; the other sets stay whole."""
    rows = sets[name]
    folds = np.random.default_rng(0).permutation(len(rows.right)) % _FOLDS
    found = np.empty(len(rows.right))
    for fold in range(_FOLDS):
        kept = [one for key, one in sets.items() if key != name]
        found[folds == fold] = _fit([*kept, rows.some(folds != fold)]).confidence(rows.values[folds == fold])
    return found


def _line(title: str, rows: Rows, confidence: Floats) -> None:
    answered, of_right = _at_most_wrong(confidence, rows.right, 0.05)
    judged = quality(confidence, rows.right)
    cells = (judged.auc, auc(confidence, rows.answerable))
    right, answerable = (f"{one:.3f}" if one is not None else "–" for one in cells)
    bias = float(confidence.mean() - rows.right.mean())
    print(
        f"{title:<26}{len(rows.right):>5}{right:>7}{answerable:>12}{answered:>10.3f}{of_right:>10.3f}"
        f"{judged.ece:>7.3f}{judged.chance_ece:>8.3f}{bias:>+7.3f}"
    )


def _at_most_wrong(confidence: Floats, right: Floats, share: float) -> tuple[float, float]:
    """The share of all questions, and of those with a right first hit, that is answered with so few wrong answers."""
    order = np.argsort(-confidence, kind="stable")
    wrong = np.cumsum(1 - right[order]) / np.arange(1, len(order) + 1)
    kept = np.flatnonzero(wrong <= share)
    count = int(kept[-1]) + 1 if len(kept) else 0
    return count / len(order), float(right[order][:count].sum() / right.sum())
