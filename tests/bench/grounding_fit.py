"""Fits how the grounding check weighs what it finds, on the sentences that nothing is reported on.

A fault may never speak for a sentence, so the weights are bounded. The threshold is that of the cross-fitted chances
below which 5 % of the good sentences lie; sentences of one article are always in the same fold.
"""

import json
from collections.abc import Sequence
from dataclasses import astuple, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kit.assistant import Meaning, Support
from kit.assistant.grounding.belief import Signs
from kit.assistant.grounding.check import examine
from kit.files import write_whole
from tests.assistant.grounding_rows import LITERAL, Row
from tests.bench.learning import chance, logistic

__all__ = ["fit"]

TARGET = Path(__file__).parents[2] / "kit" / "assistant" / "grounding" / "belief.json"
# Signs that speak for a sentence or that may do either; all others can only speak against it.
FOR, EITHER = ("told",), ("negated", "figured")
FOLDS = 8

Matrix = NDArray[np.float64]


def fit(rows: Sequence[Row], meaning: Meaning) -> None:
    """Write the weights and print what they reach, cross-fitted, on the rows that they are fitted on."""
    found = [examine(row.text, row.passage, headings=row.headings, meaning=meaning) for row in rows]
    names = [field.name for field in fields(Signs)]
    table = np.array([[0.0] * len(names) if isinstance(one, Support) else astuple(one.signs) for one in found], float)
    weighed = np.array([not isinstance(one, Support) for one in found])
    good = np.array([row.supported for row in rows])
    chances = np.array([float(isinstance(one, Support) and one.supported) for one in found])
    articles = sorted({row.article for row in rows})
    folds = np.array([articles.index(row.article) % FOLDS for row in rows])
    for fold in range(FOLDS):
        there, here = weighed & (folds != fold), weighed & (folds == fold)
        weights, constant = _fitted(table[there], good[there], names)
        chances[here] = chance(table[here] @ weights + constant)
    least = float(np.quantile(chances[good], 0.05))
    caught = chances < least
    literal = np.array([row.kind in LITERAL for row in rows]) & ~good
    print(
        f"\nFitted on {len(rows)} sentences; cross-fitted at {caught[good].mean():.3f} false alarms they catch "
        f"{caught[literal].mean():.3f} of {literal.sum()} of the literal kinds, {caught[~good].mean():.3f} of all bad."
    )
    weights, constant = _fitted(table[weighed], good[weighed], names)
    held = {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}
    written = {"least": round(least, 4), "constant": round(float(constant), 4), "weights": held}
    write_whole(TARGET, json.dumps(written, indent=1) + "\n")


def _fitted(table: Matrix, good: NDArray[np.bool_], names: Sequence[str]) -> tuple[Matrix, float]:
    bounds = [(None, None) if name in EITHER else (0, None) if name in FOR else (None, 0) for name in names]
    return logistic(table, good, bounds=bounds, penalty=3.0)
