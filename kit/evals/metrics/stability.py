"""Figures that only several cases, or several tries of one, have together."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from kit.evals.metrics.base import Measured, RunMetric, run_metric
from kit.evals.metrics.curves import Areas, areas_under, would_be_wrong
from kit.evals.metrics.right import faults
from kit.evals.statistics import bootstrap_mean, pass_hat_k, variation
from kit.evals.types import Record

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["Augrc", "Aurc", "PassK", "WithinVariance"]

RESAMPLES = 400
_CELLS = 500_000  # resampled cells held at a time: 4 MB in each of half a dozen arrays


class _Sure(NamedTuple):
    """A case's confidence and whether its answer is wrong, as far as both are known."""

    found: tuple[float, float] | None
    weight: float
    group: str


class _Area(RunMetric):
    """An area under risk against coverage, with an interval from resampling clusters."""

    group = "stability"
    unit = "index"
    better = "lower"
    needs = ("a confidence",)

    @abstractmethod
    def area(self, areas: Areas) -> "Floats":
        """The area that is meant."""

    def note(self, record: Record) -> _Sure | None:
        if record.transcript is not None and record.transcript.misplayed:
            return None
        return _Sure(would_be_wrong(record), record.case.weight, record.case.group)

    def measure(self, notes: Sequence[_Sure], *, seed: int = 0) -> Measured:
        known = [note for note in notes if note.found is not None]
        lacking = len(notes) - len(known)
        causes = {"no confidence, or not known whether the answer would be right": lacking} if lacking else {}
        if not known:
            return Measured(None, 0, causes=causes)
        confidences, losses = np.array([note.found for note in known], dtype=np.float64).T
        weights = np.array([note.weight for note in known], dtype=np.float64)
        groups = np.unique([note.group for note in known], return_inverse=True)[1].astype(np.int64)
        value = float(self.area(areas_under(confidences, losses, weights[None]))[0])
        areas = [self.area(areas_under(confidences, losses, weights * drawn)) for drawn in _times(groups, seed)]
        if not areas:
            return Measured(value, len(known), causes=causes)
        low, high = np.quantile(np.concatenate(areas), [0.025, 0.975])
        return Measured(value, len(known), float(low), float(high), causes)


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


class _Try(NamedTuple):
    """One try of a case; the same id in two suites is two cases."""

    case: tuple[str, str]
    right: float
    weight: float
    group: str


class _OfTries(RunMetric):
    group = "stability"
    needs = ("several tries",)

    def note(self, record: Record) -> _Try | None:
        if record.transcript is not None and record.transcript.misplayed:
            return None
        right = record.transcript is not None and not faults(record.case, record.transcript)
        return _Try((record.suite, record.case.id), float(right), record.case.weight, record.case.group)


def _by_case(notes: Sequence[_Try]) -> list[list[_Try]]:
    found: dict[tuple[str, str], list[_Try]] = {}
    for one in notes:
        found.setdefault(one.case, []).append(one)
    return list(found.values())


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

    def measure(self, notes: Sequence[_Try], *, seed: int = 0) -> Measured:
        cases = _by_case(notes)
        k = max(map(len, cases), default=0)
        if k < 2:
            return Measured(None, 0, causes={"was tried once": len(cases)} if cases else {})
        whole = [tries for tries in cases if len(tries) == k]
        values = np.array([pass_hat_k([int(sum(one.right for one in tries))], [k], k) for tries in whole])
        weights = np.array([tries[0].weight for tries in whole], dtype=np.float64)
        groups = np.unique([tries[0].group for tries in whole], return_inverse=True)[1].astype(np.int64)
        interval = bootstrap_mean(values, weights, groups, seed=seed)
        causes = {f"has fewer than {k} tries": len(cases) - len(whole)} if len(whole) < len(cases) else {}
        return Measured(float(np.average(values, weights=weights)), len(whole), *interval, causes)


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

    def measure(self, notes: Sequence[_Try], *, seed: int = 0) -> Measured:
        cases = _by_case(notes)
        several = [[one.right for one in tries] for tries in cases if len(tries) > 1]
        causes = {"was tried once": len(cases) - len(several)} if len(several) < len(cases) else {}
        found = variation(several)
        if found is None:
            return Measured(None, 0, causes=causes)
        if found.within + found.between == 0:
            return Measured(None, 0, causes={"every try of every case is the same": len(several)})
        return Measured(found.within / (found.within + found.between), len(several), causes=causes)
