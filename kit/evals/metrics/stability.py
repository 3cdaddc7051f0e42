"""Figures that only several cases, or several tries of one, have together."""

from abc import abstractmethod
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from kit.evals.metrics.base import Measured, RunMetric, run_metric
from kit.evals.metrics.curves import Areas, areas_under, would_be_wrong
from kit.evals.metrics.right import faults
from kit.evals.spilling import key
from kit.evals.statistics import bootstrap_mean, pass_hat_k, variation
from kit.evals.types import Record

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["Augrc", "Aurc", "PassK", "WithinVariance"]

RESAMPLES = 400
_CELLS = 500_000  # resampled cells held at a time: 4 MB in each of half a dozen arrays


class _Area(RunMetric):
    """An area under risk against coverage, with an interval from resampling clusters.

    Notes are a case's confidence and whether its answer is wrong, NaN where that is not known, its weight and cluster.
    """

    group = "stability"
    unit = "index"
    better = "lower"
    needs = ("a confidence",)

    @abstractmethod
    def area(self, areas: Areas) -> "Floats":
        """The area that is meant."""

    def note(self, record: Record) -> tuple[float, float, float, int] | None:
        if record.transcript is not None and record.transcript.misplayed:
            return None
        found = would_be_wrong(record) or (np.nan, np.nan)
        return *found, record.case.weight, key(record.case.group)

    def measure(self, notes: Collection[Any], *, seed: int = 0) -> Measured:
        columns = _columns(notes, "dddq")
        known = ~np.isnan(columns[0])
        confidences, losses, weights, keys = (column[known] for column in columns)
        lacking = int((~known).sum())
        causes = {"no confidence, or not known whether the answer would be right": lacking} if lacking else {}
        if not len(keys):
            return Measured(None, 0, causes=causes)
        groups = np.unique(keys, return_inverse=True)[1].astype(np.int64)
        value = float(self.area(areas_under(confidences, losses, weights[None]))[0])
        areas = [self.area(areas_under(confidences, losses, weights * drawn)) for drawn in _times(groups, seed)]
        if not areas:
            return Measured(value, len(keys), causes=causes)
        low, high = np.quantile(np.concatenate(areas), [0.025, 0.975])
        return Measured(value, len(keys), float(low), float(high), causes)


def _columns(notes: Iterable[Sequence[float]], types: str) -> "list[NDArray[Any]]":
    """Notes as columns: `d` of floats, `q` of integers."""
    found: list[array[Any]] = [array(one) for one in types]
    for note in notes:
        for column, value in zip(found, note, strict=True):
            column.append(value)
    return [np.array(column, dtype=column.typecode) for column in found]


def _times(groups: "Ints", seed: int) -> "Iterator[Ints]":
    """How often each case is drawn, one row a resample of whole clusters, as many at a time as memory allows.

    One cluster says nothing of its spread, so there is none then.
    """
    count, random = int(groups.max()) + 1, np.random.default_rng(seed)
    step = max(1, _CELLS // len(groups))
    for start in range(0, RESAMPLES if count > 1 else 0, step):
        drawn = random.multinomial(count, np.full(count, 1 / count), min(step, RESAMPLES - start))
        yield drawn[:, groups]


@run_metric
class Aurc(_Area):
    """0 is perfect: right wherever it would answer, or surer of what is right than of what is wrong."""

    name = "aurc"
    title = "Area under risk against coverage"
    definition = (
        "Mean share of wrong answers among the cases that are at least as sure, over cases with a confidence whose "
        "answer is known to be right or wrong (any is wrong where none is expected; a withheld one if its best passage "
        "is)."
    )
    source = "Geifman, Uziel and El-Yaniv (2019)"

    def area(self, areas: Areas) -> "Floats":
        return areas.aurc


@run_metric
class Augrc(_Area):
    """Reads as the risk of a silent failure, averaged over all thresholds; at most one half."""

    name = "augrc"
    title = "Area under generalised risk"
    definition = (
        "Mean share of cases that are both answered and wrong, over thresholds of the confidence and cases as for the "
        "area under risk against coverage."
    )
    source = "Traub et al. (2024)"

    def area(self, areas: Areas) -> "Floats":
        return areas.augrc


class _OfTries(RunMetric):
    """Notes are a try's case (the same id in two suites is two cases), whether it is right, weight and cluster."""

    group = "stability"
    needs = ("several tries",)

    def note(self, record: Record) -> tuple[int, float, float, int] | None:
        if record.transcript is not None and record.transcript.misplayed:
            return None
        right = record.transcript is not None and not faults(record.case, record.transcript)
        return key(record.suite, record.case.id), float(right), record.case.weight, key(record.case.group)


class _Cases(NamedTuple):
    """The tries by case, one entry a case.

    Attributes:
        tries: how many there are, shape (n,).
        right: how many of them were right.
        first: the place of the first of them.
        place: the case of each try, shape (tries,).
    """

    tries: "Ints"
    right: "Ints"
    first: "Ints"
    place: "Ints"

    @classmethod
    def of(cls, cases: "Ints", right: "Floats") -> "_Cases":
        """Those of these tries."""
        _, first, place, tries = np.unique(cases, return_index=True, return_inverse=True, return_counts=True)
        return cls(tries, np.bincount(place, right, len(tries)).astype(np.int64), first, place)


@run_metric
class PassK(_OfTries):
    """What a customer relies on who asks again tomorrow. Needs more than one try of each case."""

    name = "pass_k"
    title = "All of k tries right (pass^k)"
    definition = (
        "Mean of C(right tries, k) ÷ C(tries, k), the chance that k tries of a case are all right, over cases; k is "
        "the number of tries that cases have."
    )
    source = "Yao et al. (2024), τ-bench: pass^k"

    def measure(self, notes: Collection[Any], *, seed: int = 0) -> Measured:
        names, right, weights, groups = _columns(notes, "qddq")
        cases = _Cases.of(names, right)
        k = int(cases.tries.max(initial=0))
        if k < 2:
            return Measured(None, 0, causes={"was tried once": len(cases.tries)} if len(cases.tries) else {})
        whole = cases.tries == k
        values = np.array([pass_hat_k([n], [k], k) for n in cases.right[whole].tolist()])
        first = cases.first[whole]
        clusters = np.unique(groups[first], return_inverse=True)[1].astype(np.int64)
        interval = bootstrap_mean(values, weights[first], clusters, seed=seed)
        lacking = int((~whole).sum())
        causes = {f"has fewer than {k} tries": lacking} if lacking else {}
        return Measured(float(np.average(values, weights=weights[first])), len(values), *interval, causes)


@run_metric
class WithinVariance(_OfTries):
    """Near 0, more tries teach nothing and more cases do; near 1, it is the other way round."""

    name = "within_variance"
    title = "Spread that is chance"
    definition = (
        "Variance of being right between tries of one case ÷ that variance and the one between cases, over cases with "
        "two or more tries."
    )
    unit = "index"
    better = "lower"
    source = "Miller (2024)"
    gated = False

    def measure(self, notes: Collection[Any], *, seed: int = 0) -> Measured:
        names, right, _, _ = _columns(notes, "qddq")
        cases = _Cases.of(names, right)
        order, ends = np.argsort(cases.place, kind="stable"), np.cumsum(cases.tries)
        tries = zip(cases.tries.tolist(), ends.tolist(), strict=True)
        several = [right[order[end - count : end]].tolist() for count, end in tries if count > 1]
        once = len(cases.tries) - len(several)
        causes = {"was tried once": once} if once else {}
        found = variation(several)
        if found is None:
            return Measured(None, 0, causes=causes)
        if found.within + found.between == 0:
            return Measured(None, 0, causes={"every try of every case is the same": len(several)})
        return Measured(found.within / (found.within + found.between), len(several), causes=causes)
