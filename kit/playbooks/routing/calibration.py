"""Makes probabilities of the regression's odds, from the examples themselves.

Each example is judged by a regression that has not seen it, nor anything of a fifth of the kinds. Two things are read
off. How far to trust the odds between the kinds: one temperature (Guo et al. 2017, "On Calibration of Modern Neural
Networks"). And whether a message is of any such kind at all, or one for the knowledge base: a logistic curve (Platt
1999) over the odds of the knowledge base and the log-sum-exp of all others, the energy of Liu et al. 2020,
"Energy-based Out-of-distribution Detection". For the second, the left-out kinds stand for all that nobody gave
examples of: about one message in five is supposed to be such, beside the knowledge base's own.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kit.playbooks.routing.regression import balanced, fit, softmax

__all__ = ["Calibration", "calibrate"]

Matrix = NDArray[np.float32]
Labels = NDArray[np.int64]

FOLDS = 5
# Four numbers are fitted: a few hundred examples judged are plenty, and each fold costs a regression.
ENOUGH = 400
_TEMPERATURES = np.geomspace(0.1, 10, 81)


class Calibration(NamedTuple):
    """What makes probabilities of odds.

    Attributes:
        temperature: divides the odds between the kinds.
        energy, open, at: a message of energy e, with odds o of the knowledge base, is of a kind with bounds with a
            chance of 1 / (1 + exp(-energy * e - open * o - at)).
    """

    temperature: float = 1.0
    energy: float = 0.0
    open: float = 0.0
    at: float = 9.0

    def shares(self, odds: Matrix, open_odds: Matrix) -> NDArray[np.float64]:
        """The probability of each kind with bounds; what they lack to 1 is the knowledge base's.

        Args:
            odds: those of the kinds with bounds; shape (rows, kinds).
            open_odds: those of the knowledge base; shape (rows,).
        """
        signs = np.stack((_energy(odds), open_odds, np.ones(len(odds))), axis=1)
        bounded = _sigmoid(signs @ np.array(self[1:]))
        return softmax(odds / np.float32(self.temperature))[0].astype(np.float64) * bounded[:, None]


def calibrate(
    features: Matrix, labels: Labels, *, said: NDArray[np.bool_], open_kind: int | None, prior: float
) -> Calibration:
    """Fit on the examples, without which each is judged.

    Args:
        features: shape (examples, width).
        labels: for each example its kind, from 0.
        said: for each example whether it is as customers would put it; only those are judged.
        prior: the share of what customers write that is of no kind with bounds.
        open_kind: the kind that has no bounds, the knowledge base, if it has examples.
    """
    fold = _rank_within(labels) % FOLDS
    judged: list[tuple[Matrix, Labels]] = []
    signs: list[tuple[Matrix, NDArray[np.bool_]]] = []
    for number in range(FOLDS):
        held, absent = fold == number, (labels % FOLDS == number) & (labels != open_kind)
        learned = ~held & ~absent
        present = np.unique(labels[learned])
        if len(present) < 3:
            continue
        seen = np.searchsorted(present, labels[learned])
        place = None if open_kind is None else int(np.searchsorted(present, open_kind))
        held &= said
        odds = fit(features[learned], seen, balanced(seen, open_kind=place)).odds(features[held])
        open_odds = np.zeros(len(odds), dtype=np.float32) if place is None else odds[:, place]
        odds = odds if place is None else np.delete(odds, place, axis=1)
        bounded = present if place is None else np.delete(present, place)
        within = np.isin(labels[held], bounded)
        judged.append((odds[within], np.searchsorted(bounded, labels[held][within])))
        signs.append((np.stack((_energy(odds), open_odds), axis=1), within))
        if sum(len(right) for _, right in judged) >= ENOUGH:
            break
    if not sum(len(right) for _, right in judged):
        return Calibration()
    losses = [sum(_loss(odds / np.float32(heat), right) for odds, right in judged) for heat in _TEMPERATURES]
    temperature = float(_TEMPERATURES[int(np.argmin(losses))])
    pairs, known = (np.concatenate(part) for part in zip(*signs, strict=True))
    return Calibration(temperature, *_curve(pairs, known, prior))


def _rank_within(labels: Labels) -> Labels:
    """For each example how many of its kind came before it."""
    order = np.argsort(labels, kind="stable")
    starts = np.concatenate(([0], np.cumsum(np.bincount(labels))))
    ranks = np.empty_like(labels)
    ranks[order] = np.arange(len(labels)) - starts[labels[order]]
    return ranks


def _energy(odds: Matrix) -> Matrix:
    top = odds.max(axis=-1, keepdims=True)
    return np.asarray((top + np.log(np.exp(odds - top).sum(axis=-1, keepdims=True)))[..., 0], dtype=np.float32)


def _loss(odds: Matrix, right: Labels) -> float:
    return -float(softmax(odds)[1][np.arange(len(right)), right].sum())


def _sigmoid(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -30, 30))))


def _curve(signs: Matrix, known: NDArray[np.bool_], prior: float) -> tuple[float, float, float]:
    """The logistic curve that tells what is of a known kind: Newton's steps, with a little ridge."""
    if min(known.sum(), (~known).sum()) < FOLDS:
        return 0.0, 0.0, 9.0
    middle, scale = signs.mean(axis=0, dtype=np.float64), signs.std(axis=0, dtype=np.float64) + 1e-9
    design = np.column_stack(((signs - middle) / scale, np.ones(len(signs))))
    worth = np.where(known, (1 - prior) / known.mean(), prior / (~known).mean())
    weights, ridge = np.zeros(3), np.diag([1.0, 1.0, 1e-6])
    for _ in range(25):
        chance = _sigmoid(design @ weights)
        slope = design.T @ (worth * (chance - known)) + ridge @ weights
        bend = (design * (worth * chance * (1 - chance))[:, None]).T @ design + ridge
        weights = weights - np.linalg.solve(bend, slope)
    energy, opened = (float(one) for one in weights[:2] / scale)
    return energy, opened, float(weights[2]) - energy * float(middle[0]) - opened * float(middle[1])
