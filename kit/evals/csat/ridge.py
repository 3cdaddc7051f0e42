"""Ridge regression over blocks of columns, with blocks and penalty chosen by cross-validation, nested for honesty."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from kit.evals.csat.features import Block, Sheet

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["Crossed", "Linear", "Setup", "cross_fit"]

FOLDS = 5


@dataclass(frozen=True)
class Setup:
    """What is chosen: which blocks, and the penalty on rows whose blocks each have a mean squared length of 1."""

    blocks: tuple[Block, ...]
    penalty: float


_MIXES: tuple[tuple[Block, ...], ...] = (
    ("index",),
    ("index", "signals"),
    ("index", "signals", "likeness", "words"),
    ("index", "signals", "likeness", "vectors"),
    ("index", "signals", "likeness", "words", "vectors"),
)
_DIRECTIONS: dict[Block, int] = {"words": 400, "vectors": 300}
_PENALTIES = (0.5, 2.0, 8.0, 32.0, 128.0)


@dataclass(frozen=True)
class Linear:
    """A fitted line for each output: `coefficients` of shape (columns, outputs) over a sheet's own columns."""

    coefficients: "Floats"
    intercept: "Floats"
    setup: Setup

    def __call__(self, sheet: Sheet) -> "Floats":
        """Shape (rows, outputs)."""
        found: Floats = sheet.values.astype(np.float64) @ self.coefficients + self.intercept
        return found


@dataclass(frozen=True)
class Crossed:
    """Predictions that each come from a model without the row's own fold.

    Attributes:
        out: shape (rows, outputs); blocks and penalty too were chosen without the row's fold.
        without: by fold, predictions for the rows of the other folds, made without either fold: what a second stage
            learns from if it is to be judged on that fold. Rows of the fold itself are NaN.
        final: fitted on all rows.
    """

    out: "Floats"
    without: dict[int, "Floats"]
    final: Linear


def cross_fit(sheet: Sheet, targets: "Floats", folds: "Ints") -> Crossed:
    """Fit with nested cross-validation.

    The model for a fold is chosen and fitted on the others alone. Scales of columns are taken from all rows, which
    knows nothing of their targets.

    Args:
        sheet: n rows.
        targets: shape (n, outputs); the first is the one that blocks and penalty are chosen by.
        folds: n numbers from 0 to FOLDS − 1; what belongs together has one fold.
    """
    from threadpoolctl import threadpool_limits

    # Many small systems: threads that wait for each other take longer than one alone.
    with threadpool_limits(1):
        return _cross_fit(_Work(sheet, targets, folds))


def _cross_fit(work: "_Work") -> Crossed:
    targets, folds, names = work.targets, work.folds, range(FOLDS)
    setups = work.setups
    found: dict[frozenset[int], Mapping[Setup, Floats]] = {
        frozenset(left): work.predictions(frozenset(left))
        for size in (1, 2)
        for left in combinations(names, size)
    }  # fmt: skip
    out, without = np.full_like(targets, np.nan), {}
    for fold in names:
        inner = {setup: np.full_like(targets, np.nan) for setup in setups}
        for other in set(names) - {fold}:
            rows = folds == other
            for setup in setups:
                inner[setup][rows] = found[frozenset({fold, other})][setup][rows]
        best = min(setups, key=lambda setup: _error(inner[setup], targets))
        without[fold], mine = inner[best], folds == fold
        out[mine] = found[frozenset({fold})][best][mine]
    errors = {setup: 0.0 for setup in setups}
    for setup in setups:
        whole = np.vstack([found[frozenset({fold})][setup][folds == fold] for fold in names])
        errors[setup] = _error(whole, np.vstack([targets[folds == fold] for fold in names]))
    return Crossed(out, without, work.line(min(setups, key=errors.__getitem__)))


def _error(found: "Floats", targets: "Floats") -> float:
    return float(np.nanmean((found[:, 0] - targets[:, 0]) ** 2))


@dataclass(frozen=True)
class _Work:
    sheet: Sheet
    targets: "Floats"
    folds: "Ints"

    @cached_property
    def scale(self) -> "NDArray[np.float32]":
        """What a column is divided by, so that each block has a mean squared row length of 1; 0 drops it."""
        values = self.sheet.values
        spread = values.std(axis=0)
        scale = np.ones(values.shape[1], np.float32)
        for name, (start, end) in self.sheet.spans.items():
            if start == end:
                continue
            mine = spread[start:end]
            if name in ("words", "vectors"):
                scale[start:end] = float(np.sqrt((mine.astype(np.float64) ** 2).sum())) or 0.0
            else:
                live = mine > 1e-6
                scale[start:end] = np.where(live, mine * np.sqrt(max(1, live.sum())), 0.0)
        return scale

    @cached_property
    def scaled(self) -> "NDArray[np.float32]":
        inverse = np.divide(1.0, self.scale, out=np.zeros_like(self.scale), where=self.scale > 0)
        found: NDArray[np.float32] = (self.sheet.values - self.sheet.values.mean(axis=0)) * inverse
        return found

    @cached_property
    def bases(self) -> "dict[Block, NDArray[np.float32]]":
        """By block the directions in which it varies most, one a column; narrow blocks keep their own columns.

        Ridge regression hardly uses the directions that are left out, and a fit takes a hundredth of the time.
        """
        found: dict[Block, NDArray[np.float32]] = {}
        for name, (start, end) in self.sheet.spans.items():
            most = _DIRECTIONS.get(name)
            if most is None or end - start <= most:
                found[name] = np.eye(end - start, dtype=np.float32)
            else:
                found[name] = _directions(self.scaled[:, start:end], most)
        return found

    @cached_property
    def projected(self) -> "dict[Block, NDArray[np.float32]]":
        return {name: self.scaled[:, start:end] @ self.bases[name] for name, (start, end) in self.sheet.spans.items()}

    @cached_property
    def setups(self) -> Sequence[Setup]:
        there = {name for name, (start, end) in self.sheet.spans.items() if end > start}
        mixes = dict.fromkeys(tuple(name for name in mix if name in there) for mix in _MIXES)
        return [Setup(mix, penalty) for mix in mixes for penalty in _PENALTIES]

    def predictions(self, left_out: frozenset[int]) -> "dict[Setup, Floats]":
        """For each setup the predictions of the rows left out; the others are NaN."""
        away = np.isin(self.folds, list(left_out))
        found = {}
        for blocks in dict.fromkeys(setup.blocks for setup in self.setups):
            rows = np.hstack([self.projected[name] for name in blocks])
            solved = _Solver(rows[~away], self.targets[~away])
            for penalty in _PENALTIES:
                coefficients, intercept = solved(penalty)
                mine = found[Setup(blocks, penalty)] = np.full_like(self.targets, np.nan)
                mine[away] = rows[away] @ coefficients + intercept
        return found

    def line(self, setup: Setup) -> Linear:
        """The line over the sheet's own columns, fitted on all rows."""
        rows = np.hstack([self.projected[name] for name in setup.blocks])
        solved, intercept = _Solver(rows, self.targets)(setup.penalty)
        coefficients, done = np.zeros((self.sheet.values.shape[1], self.targets.shape[1])), 0
        for name in setup.blocks:
            basis, (start, end) = self.bases[name], self.sheet.spans[name]
            back = basis @ solved[done : done + basis.shape[1]]
            done += basis.shape[1]
            live = self.scale[start:end] > 0
            coefficients[start:end][live] = back[live] / self.scale[start:end][live, None]
        return Linear(coefficients, intercept - self.sheet.values.mean(axis=0) @ coefficients, setup)


def _directions(rows: "NDArray[np.float32]", most: int) -> "NDArray[np.float32]":
    from sklearn.utils.extmath import randomized_svd

    if len(rows) <= most:
        _, _, found = np.linalg.svd(rows, full_matrices=False)
    else:
        _, _, found = randomized_svd(rows, most, n_iter=3, random_state=0)
    return np.asarray(found.T, dtype=np.float32)


class _Solver:
    """Ridge regression on these rows, in the smaller of its two forms; what all penalties share is done once.

    Hastie, Tibshirani and Friedman (2009), section 12.3.7.
    """

    def __init__(self, rows: "NDArray[np.float32]", targets: "Floats") -> None:
        self.middle, self.mean = rows.mean(axis=0), targets.mean(axis=0)
        self.rows, self.targets = rows - self.middle, targets - self.mean
        self.wide = rows.shape[1] > rows.shape[0]
        self.square = self.rows @ self.rows.T if self.wide else self.rows.T @ self.rows
        self.right = self.targets if self.wide else self.rows.T @ self.targets

    def __call__(self, penalty: float) -> "tuple[Floats, Floats]":
        from scipy.linalg import cho_factor, cho_solve

        square = self.square.copy()
        square[np.diag_indices_from(square)] += penalty
        factor = cho_factor(square, overwrite_a=True, check_finite=False)
        found = cho_solve(factor, self.right.astype(square.dtype), check_finite=False)
        coefficients = (self.rows.T @ found if self.wide else found).astype(np.float64)
        return coefficients, self.mean - self.middle @ coefficients
