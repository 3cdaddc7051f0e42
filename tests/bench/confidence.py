"""Fits the shipped confidence model on one half of two sets, and reports how well it does on the other.

The sets are the TechQA sample (real questions, a fifth of them unanswerable) and Brightloom's own cases.
"""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

import kit.assistant
from kit.assistant import ConfidenceModel, shipped_confidence
from kit.knowledge import HybridRetriever, Signals, open_index, refresh_index
from kit.models import load_embedder
from kit.settings import cache_folder
from tests.bench.data import Question, brightloom, techqa

__all__ = ["run"]

# Signals that mean the same in every help centre; likeness of titles depends on how a company writes them.
NAMES = ["similarity", "margin", "coverage", "agreement"]
Labelled = list[tuple[Signals, bool, bool]]  # signals, first hit right, answerable at all


def run(*, write: bool = False) -> None:
    """Print the table; with `write` put the newly fitted coefficients into the package."""
    data = techqa()
    if data is None:
        print("confidence: left out, the TechQA sample is not here (set KIT_BENCH_DATA).")
        return
    folder, questions = data
    sets = {
        "TechQA": _labelled(folder, questions),
        "Brightloom": _labelled(*brightloom()),
    }
    fitted = _fit([row for rows in sets.values() for row in rows[::2]])
    if write:
        target = Path(kit.assistant.__file__).with_name("confidence.json")
        target.write_text(json.dumps(asdict(fitted), indent=1) + "\n", encoding="utf-8")
    model = fitted if write else shipped_confidence()
    print(f"\nConfidence ({model.fitted_on}), on the half not used")
    print(f"{'set':<12}{'n':>5}{'AUC first right':>18}{'AUC answerable':>17}{'answered at ≤ 5 % wrong':>26}{'ECE':>8}")
    for name, rows in sets.items():
        print(f"{name:<12}" + _figures(model, rows[1::2]))


def _labelled(folder: Path, questions: list[Question]) -> Labelled:
    embedder = load_embedder("packaged", cache=cache_folder())
    with tempfile.TemporaryDirectory() as scratch:
        refresh_index(Path(scratch) / "index", knowledge=folder, embedder=embedder, passage_tokens=180)
        retriever = HybridRetriever(build=open_index(Path(scratch) / "index", embedder))
        rows = []
        for question in questions:
            found = retriever.find(question.text)
            right = found.hits[0].passage.article_id in question.articles
            rows.append((found.signals, right, bool(question.articles)))
    return rows


def _fit(rows: Labelled, names: Sequence[str] = NAMES) -> ConfidenceModel:
    """The model over all signals whose weight is positive: none of them speaks against a hit when it is high."""
    from sklearn.linear_model import LogisticRegression

    values = np.array([[getattr(signals, name) for name in names] for signals, _, _ in rows])
    centre, spread = values.mean(0), values.std(0)
    model = LogisticRegression(C=1.0, max_iter=1000).fit((values - centre) / spread, [right for _, right, _ in rows])
    weights = model.coef_[0] / spread
    if weights.min() < 0:
        return _fit(rows, [name for name, weight in zip(names, weights, strict=True) if weight != weights.min()])
    return ConfidenceModel(
        intercept=round(float(model.intercept_[0] - weights @ centre), 4),
        weights={name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)},
        fitted_on=f"every other question of TechQA's sample and Brightloom's suites, n = {len(rows)}",
    )


def _figures(model: ConfidenceModel, rows: Labelled) -> str:
    from sklearn.metrics import roc_auc_score

    confidence = np.array([model.confidence(signals) for signals, _, _ in rows])
    right = np.array([right for _, right, _ in rows])
    answerable = np.array([answerable for _, _, answerable in rows])
    order = np.argsort(-confidence)
    wrong = np.cumsum(~right[order]) / np.arange(1, len(order) + 1)
    kept = np.flatnonzero(wrong <= 0.05)
    share = (kept[-1] + 1) / len(order) if len(kept) else 0.0
    bins = np.clip((confidence * 10).astype(int), 0, 9)
    gaps = [abs(confidence[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in np.unique(bins)]
    return (
        f"{len(rows):>5}{roc_auc_score(right, confidence):>18.3f}{roc_auc_score(answerable, confidence):>17.3f}"
        f"{share:>26.3f}{sum(gaps):>8.3f}"
    )
