"""Learns what each ranker counts, on one half of four help centres' questions, and reports the other half.

The loss is the listwise softmax cross-entropy (Cao et al. 2007, "Learning to rank: from pairwise approach to listwise
approach"): the fused scores of a question's candidates are turned into probabilities, and the right articles shall have
most. Each help centre counts alike, and no weight is negative, so that what is learned on one carries over to others:
"left out" is each help centre ranked with weights learned on the other three alone.
"""

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import kit.knowledge.finding
from kit.knowledge import HybridRetriever, open_index, refresh_index
from kit.knowledge.finding.fusion import standardised, weights
from kit.knowledge.finding.query import read_query
from kit.knowledge.finding.rankers import FIRST, LATE, Candidates, add_late, gather
from kit.knowledge.finding.search import SECOND
from kit.models import Embedder, load_embedder
from kit.settings import cache_folder
from tests.bench.data import Question, help_centres

__all__ = ["run"]

Weights = Mapping[str, float]
Scores = NDArray[np.float32]
_L2 = 0.01
# No question of these sets hangs on a code alone, so that they cannot teach what a code is worth; between articles
# that differ in nothing else it has to decide.
_LEAST = {"codes": 0.3}
_RANKERS = {"first": FIRST, "second": (*FIRST, *LATE)}


@dataclass(frozen=True, eq=False)
class Asked:
    """A question's candidates: the scores of each ranker, standardised; which articles are right."""

    scores: dict[str, Scores]
    right: NDArray[np.bool_]


Sets = dict[str, list[Asked]]


def run(*, write: bool = False) -> None:
    """Print the tables; with `write` put the newly learned weights into the package."""
    with tempfile.TemporaryDirectory() as scratch:
        retrievers = list(_retrievers(Path(scratch)))
        first = {name: [_asked(_gather(one, q), one, q) for q in asked] for name, one, asked in retrievers}
        learned = {"first": fit(_halves(first, 0), _RANKERS["first"])}
        _report("first stage", first, "first", learned["first"])
        second = {}
        for name, one, asked in retrievers:
            second[name] = [_asked(_second(one, q, learned["first"]), one, q) for q in asked]
        learned["second"] = fit(_halves(second, 0), _RANKERS["second"])
        _report("second stage", second, "second", learned["second"])
        for left_out in _RANKERS["second"]:
            names = [name for name in _RANKERS["second"] if name != left_out]
            _line(f"without {left_out}", _halves(second, 1), fit(_halves(second, 0), names))
    if write:
        rounded = {stage: {name: round(value, 2) for name, value in of.items()} for stage, of in learned.items()}
        target = Path(kit.knowledge.finding.__file__).with_name("weights.json")
        target.write_text(json.dumps(rounded, indent=1) + "\n", encoding="utf-8")


def fit(sets: Sets, names: Sequence[str]) -> dict[str, float]:
    """The weights of these rankers that make the right articles most probable."""
    from scipy.optimize import minimize

    def loss(values: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, slope = _L2 * float(values @ values), 2 * _L2 * values
        for asked in sets.values():
            for one in asked:
                matrix = np.stack([one.scores[name] for name in names], axis=1)
                scores = matrix @ values
                share = np.exp(scores - scores.max())
                share /= share.sum()
                right = float(share[one.right].sum()) + 1e-12
                total -= np.log(right) / len(asked) / len(sets)
                target = np.where(one.right, share / right, 0)
                slope = slope - (target - share) @ matrix / len(asked) / len(sets)
        return total, slope

    sets = {name: [one for one in asked if one.right.any()] for name, asked in sets.items()}
    bounds = [(_LEAST.get(name, 0.0), None) for name in names]
    found = minimize(loss, np.full(len(names), 0.3), jac=True, bounds=bounds, method="L-BFGS-B")
    return dict(zip(names, map(float, found.x), strict=True))


def _report(title: str, sets: Sets, stage: str, learned: Weights) -> None:
    print(f"\nRanking, {title}: right article first / among three")
    print(f"{'':<26}" + "".join(f"{name:>16}" for name in sets) + f"{'mean':>16}")
    _line("shipped, half chosen on", _halves(sets, 0), weights()[stage])
    _line("shipped, half reported", _halves(sets, 1), weights()[stage])
    _line("learned, half chosen on", _halves(sets, 0), learned)
    _line("learned, half reported", _halves(sets, 1), learned)
    left_out = {
        name: fit({other: asked for other, asked in sets.items() if other != name}, list(learned)) for name in sets
    }
    cells = [_shares(sets[name], left_out[name]) for name in sets]
    _print("left out", cells)
    print("  " + ", ".join(f"{name} {value:.2f}" for name, value in learned.items()))


def _line(title: str, sets: Sets, using: Weights) -> None:
    _print(title, [_shares(asked, using) for asked in sets.values()])


def _print(title: str, cells: Iterable[tuple[float, float]]) -> None:
    cells = list(cells)
    mean = tuple(float(np.mean(column)) for column in zip(*cells, strict=True))
    print(f"{title:<26}" + "".join(f"{one:>9.3f}/{three:.3f}" for one, three in (*cells, mean)))


def _shares(asked: Sequence[Asked], using: Weights) -> tuple[float, float]:
    places = []
    for one in asked:
        total = sum((value * one.scores[name] for name, value in using.items()), np.zeros(len(one.right)))
        order = np.argsort(-total, kind="stable")
        places.append(next((place for place, index in enumerate(order) if one.right[index]), 99))
    return float(np.mean([place < 1 for place in places])), float(np.mean([place < 3 for place in places]))


def _halves(sets: Sets, half: int) -> Sets:
    return {name: asked[half::2] for name, asked in sets.items()}


def _asked(candidates: Candidates, retriever: HybridRetriever, question: Question) -> Asked:
    ids = [retriever.build.columns.article_ids[row] for row in candidates.articles]
    scores = {name: standardised(name, of) for name, of in candidates.scores.items()}
    return Asked(scores, np.array([id in question.articles for id in ids], dtype=np.bool_))


def _gather(retriever: HybridRetriever, question: Question) -> Candidates:
    return gather(retriever.build, read_query(question.text, retriever.build.embedder))


def _second(retriever: HybridRetriever, question: Question, using: Weights) -> Candidates:
    query = read_query(question.text, retriever.build.embedder)
    first = gather(retriever.build, query)
    total = np.sum([value * standardised(name, first.scores[name]) for name, value in using.items()], axis=0)
    return add_late(retriever.build, query, first.keep(np.argsort(-total, kind="stable")[:SECOND]))


def _retrievers(scratch: Path) -> Iterator[tuple[str, HybridRetriever, list[Question]]]:
    embedder = load_embedder("packaged", cache=cache_folder())
    for name, folder, asked in help_centres(scratch / "bank-articles"):
        yield name, _opened(scratch / name, folder, embedder), [one for one in asked if one.articles]


def _opened(folder: Path, articles: Path, embedder: Embedder) -> HybridRetriever:
    refresh_index(folder, knowledge=articles, embedder=embedder, passage_tokens=180)
    return HybridRetriever(build=open_index(folder, embedder))
