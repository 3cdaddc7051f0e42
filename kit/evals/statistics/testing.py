"""Tests of whether two runs of the same cases differ by more than chance."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kit.evals.statistics.intervals import Floats, Ints
    from kit.evals.statistics.pairs import Pairs

__all__ = ["Side", "holm", "mcnemar", "swap_test"]

Side = Literal["two-sided", "less", "greater"]
DRAWS = 10_000
_MOST_LISTED = 14  # clusters of which all 2¹⁴ ways to swap are looked at
_CELLS = 2_000_000


def mcnemar(lost: int, won: int, *, side: Side = "two-sided") -> float:
    """The p-value of McNemar's exact test (1947): `lost` cases got worse and `won` got better, all independent.

    `less` is the alternative that it got worse, `greater` that it got better.
    """
    from scipy.special import bdtr

    if lost + won == 0:
        return 1.0
    worse, better = float(bdtr(won, lost + won, 0.5)), float(bdtr(lost, lost + won, 0.5))
    return {"less": worse, "greater": better, "two-sided": min(1.0, 2 * min(worse, better))}[side]


def swap_test(pairs: "Pairs", *, side: Side = "two-sided", seed: int = 0) -> float:
    """The p-value of the permutation test that swaps before and after within whole clusters.

    If nothing changed, a cluster could as well have come out the other way round (Fisher, 1935; Good, 2005, section
    3.7). For differences of pairs this flips their signs; for independent cases of 0 and 1 it is McNemar's exact test.
    All ways to swap are counted where they are few or the differences whole numbers; else `DRAWS` are drawn, and what
    was seen counts as one of them, so that the test stays valid (Phipson and Smyth, 2010).

    Args:
        pairs: the cases.
        side: `less`: after is lower; `greater`: after is higher.
        seed: of the draws.
    """
    tops, totals = _sums(pairs)
    differ = (tops[0] != tops[1]) | (totals[0] != totals[1])
    count = int(differ.sum())
    if count == 0:
        return 1.0
    if np.array_equal(totals[0], totals[1]):
        flips = (tops[1] - tops[0])[differ]
        if np.abs(flips - flips.round()).max() < 1e-9 and np.abs(flips).sum() < 100_000:
            return _counted(flips.round().astype(np.int64), side)
    fixed = [float(one[~differ].sum()) for one in (*tops, *totals)]
    moved = [one[differ] for one in (*tops, *totals)]

    def outcome(swapped: "Floats") -> "Floats":
        top_was, top_now, was, now = moved
        shift_top, shift = swapped @ (top_now - top_was), swapped @ (now - was)
        tops_was, tops_now = fixed[0] + top_was.sum() + shift_top, fixed[1] + top_now.sum() - shift_top
        all_was, all_now = fixed[2] + was.sum() + shift, fixed[3] + now.sum() - shift
        with np.errstate(divide="ignore", invalid="ignore"):
            # Swapped so that one side has nothing left that could be scored, it shows no difference.
            found = np.where((all_was > 0) & (all_now > 0), tops_now / all_now - tops_was / all_was, 0.0)
        return np.asarray(found, dtype=np.float64)

    seen = float(outcome(np.zeros((1, count)))[0])
    if count <= _MOST_LISTED:
        every = (np.arange(2**count)[:, None] >> np.arange(count)) & 1
        return float(_as_far(outcome(every.astype(np.float64)), seen, side).mean())
    random, step, extreme = np.random.default_rng(seed), max(1, _CELLS // count), 1
    for start in range(0, DRAWS, step):
        swapped = random.integers(0, 2, (min(step, DRAWS - start), count), dtype=np.uint8).astype(np.float64)
        extreme += int(_as_far(outcome(swapped), seen, side).sum())
    return extreme / (DRAWS + 1)


def holm(values: Sequence[float]) -> list[float]:
    """The p-values adjusted by Holm (1979), in the order given: the level holds for all tests together."""
    adjusted, highest, count = [0.0] * len(values), 0.0, len(values)
    for rank, place in enumerate(sorted(range(count), key=lambda place: values[place])):
        highest = max(highest, min(1.0, (count - rank) * values[place]))
        adjusted[place] = highest
    return adjusted


def _sums(pairs: "Pairs") -> tuple[tuple["Floats", "Floats"], tuple["Floats", "Floats"]]:
    """By cluster, before and after: the weighted sums of values, and the weights of what was scored."""
    tops: list[Floats] = []
    totals: list[Floats] = []
    for values in (pairs.before, pairs.after):
        scored = ~np.isnan(values)
        weights = np.where(scored, pairs.weights, 0.0)
        sums = np.bincount(pairs.clusters, weights * np.where(scored, values, 0.0), pairs.groups)
        tops.append(sums.astype(np.float64))
        totals.append(np.bincount(pairs.clusters, weights, pairs.groups).astype(np.float64))
    return (tops[0], tops[1]), (totals[0], totals[1])


def _counted(flips: "Ints", side: Side) -> float:
    """The share of all ways to flip the signs of whole numbers that are as extreme, by adding one number at a time."""
    reach = int(np.abs(flips).sum())
    chances = np.zeros(2 * reach + 1)
    chances[reach] = 1.0
    for flip in np.abs(flips):
        if flip:
            chances = (np.roll(chances, flip) + np.roll(chances, -flip)) / 2
    sums = np.arange(-reach, reach + 1).astype(np.float64)
    return float(min(1.0, chances[_as_far(sums, float(flips.sum()), side)].sum()))


def _as_far(found: "Floats", seen: float, side: Side) -> "NDArray[np.bool_]":
    slack = 1e-9 * max(1.0, abs(seen))
    if side == "less":
        return np.asarray(found <= seen + slack)
    if side == "greater":
        return np.asarray(found >= seen - slack)
    return np.asarray(np.abs(found) >= abs(seen) - slack)
