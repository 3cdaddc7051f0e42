"""What differs between two runs of the same cases, with what it is worth."""

from collections.abc import Collection, Sequence
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from kit.evals.comparing.comparable import Across, Changed, Paired, pair_up
from kit.evals.comparing.side import Entry, Key, RunSide
from kit.evals.metrics import REGISTRY, Better, Kind, Metric, Unit, faults
from kit.evals.statistics import (
    Interval,
    Pairs,
    bootstrap_quantile,
    detectable,
    difference,
    holm,
    least_provable,
    swap_test,
)
from kit.evals.types import Record

__all__ = ["CaseChange", "Comparison", "MetricChange", "Seen", "compare"]

LEVEL = 0.05
Verdict = Literal["better", "worse", "no difference shown", "not tested"]
_SLACK = 1e-4  # as a baseline is rounded


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MetricChange(_Value):
    """One metric before and after, over the cases that both runs have.

    Attributes:
        difference: after less before, with its clustered 95 % interval `low` to `high`.
        n: cases that could be scored in one of the runs; `both` in both.
        clusters: into which they fall.
        p: of the two-sided paired test; None where there is no test (percentiles, figures of the machine).
        adjusted: p by Holm over all that was tested.
        detectable: the true difference that such a comparison would find four times in five; None if unknown.
    """

    metric: str
    title: str
    kind: Kind
    unit: Unit
    better: Better
    before: float
    after: float
    difference: float
    low: float | None
    high: float | None
    n: int
    both: int
    clusters: int
    p: float | None
    adjusted: float | None
    detectable: float | None
    verdict: Verdict


class Seen(_Value):
    """A case in one run, to look at: what was said, as (role, text), and what is wrong with the last reply."""

    outcome: str
    faults: tuple[str, ...]
    turns: tuple[tuple[str, str], ...]
    cited: tuple[str, ...]


class CaseChange(_Value):
    """A case that came out otherwise.

    Attributes:
        kind: `worse` and `better` by whether the reply is right, in how large a share of the tries; `other` if some
            score changed.
        right_before, right_after: the share of the tries that were right.
        scores: by metric, the values that changed.
        before, after: what was said; None where the run keeps no transcripts.
    """

    suite: str
    case: str
    kind: Literal["worse", "better", "other"]
    right_before: float
    right_after: float
    scores: dict[str, tuple[float | None, float | None]]
    before: Seen | None = None
    after: Seen | None = None


class Comparison(_Value):
    """Two runs side by side. `cases` holds the worse first, then the better, then the others."""

    before: str
    after: str
    n: int
    clusters: int
    left_out: int
    not_common: int
    chance: bool
    changed: tuple[Changed, ...]
    metrics: tuple[MetricChange, ...]
    cases: tuple[CaseChange, ...]

    def count(self, kind: Literal["worse", "better", "other"]) -> int:
        """How many cases changed this way."""
        return sum(one.kind == kind for one in self.cases)

    def metric(self, name: str) -> MetricChange | None:
        """One of the metrics."""
        return next((one for one in self.metrics if one.metric == name), None)

    @property
    def least(self) -> float | None:
        """The least difference of a share that these cases could show at all, as a fraction."""
        return least_provable(self.n) if self.n else None


def compare(
    before: RunSide,
    after: RunSide,
    *,
    common: bool = False,
    across: Collection[Across] = (),
    seed: int = 0,
) -> Comparison:
    """Compare two runs.

    Args:
        before: the run that is compared with.
        after: the run that is looked at.
        common: whether to pair only the cases that are the same in both, where others are not.
        across: what may differ because it is what is compared.
        seed: of resampling and permutations.

    Raises:
        NotComparable: they cannot be compared; says why.
    """
    paired = pair_up(before, after, common=common, across=across)
    found = [_metric_change(REGISTRY[name], paired, seed) for name in after.metrics if name in before.metrics]
    return Comparison(
        before=before.name,
        after=after.name,
        n=len(paired.keys),
        clusters=len({paired.after.entries[key].cluster for key in paired.keys}),
        left_out=paired.left_out,
        not_common=paired.not_common,
        chance=before.chance or after.chance,
        changed=paired.changed,
        metrics=_judged([one for one in found if one]),
        cases=_case_changes(paired),
    )


def pairs_of(metric: str, paired: Paired) -> Pairs | None:
    """A metric's values in both runs; None where one of them has none."""
    was = [paired.before.entries[key] for key in paired.keys]
    now = [paired.after.entries[key] for key in paired.keys]
    return Pairs.of(
        [entry.value(metric) for entry in was],
        [entry.value(metric) for entry in now],
        weights=[entry.weight for entry in now],
        clusters=[entry.cluster for entry in now],
    )


def _metric_change(metric: type[Metric], paired: Paired, seed: int) -> MetricChange | None:
    pairs = pairs_of(metric.name, paired)
    if pairs is None:
        return None
    p = spread = None
    if metric.kind in ("p50", "p95"):
        share, both = int(metric.kind[1:]) / 100, ~np.isnan(pairs.before) & ~np.isnan(pairs.after)
        before, after = (float(np.nanquantile(side, share)) for side in (pairs.before, pairs.after))
        value, interval = after - before, Interval(None, None)
        if both.any():
            groups = np.unique(pairs.clusters[both], return_inverse=True)[1].astype(np.int64)
            value, interval = bootstrap_quantile(pairs.before[both], pairs.after[both], groups, share, seed=seed)
    else:
        (before, after), found = pairs.values, difference(pairs)
        value, interval = found.value, found.interval
        p = swap_test(pairs, seed=seed) if metric.gated else None
        spread = _detectable(metric, pairs, found.error)
    return MetricChange(
        metric=metric.name,
        title=metric.title,
        kind=metric.kind,
        unit=metric.unit,
        better=metric.better,
        before=before,
        after=after,
        difference=value,
        low=interval[0],
        high=interval[1],
        n=len(pairs.weights),
        both=pairs.both,
        clusters=pairs.groups,
        p=p,
        adjusted=None,
        detectable=spread,
        verdict="not tested",
    )


def _detectable(metric: type[Metric], pairs: Pairs, error: float | None) -> float | None:
    """For shares never less than what the exact test could show at all."""
    found = None if error is None else detectable(error)
    if metric.kind != "share":
        return found
    return max(least_provable(len(pairs.weights)), found or 0.0)


def _judged(changes: Sequence[MetricChange]) -> tuple[MetricChange, ...]:
    adjusted = iter(holm([one.p for one in changes if one.p is not None]))
    judged = []
    for one in changes:
        if one.p is None:
            judged.append(one)
            continue
        p = next(adjusted)
        verdict: Verdict = "no difference shown"
        if p <= LEVEL:
            verdict = "better" if (one.difference > 0) == (one.better == "higher") else "worse"
        judged.append(one.model_copy(update={"adjusted": p, "verdict": verdict}))
    return tuple(judged)


def _case_changes(paired: Paired) -> tuple[CaseChange, ...]:
    changes: dict[Key, CaseChange] = {}
    for key in paired.keys:
        was, now = paired.before.entries[key], paired.after.entries[key]
        scores, right = _other_scores(was, now), (was.right or 0.0, now.right or 0.0)
        if scores or right[0] != right[1]:
            changes[key] = CaseChange(
                suite=key[0],
                case=key[1],
                kind="worse" if right[1] < right[0] else "better" if right[1] > right[0] else "other",
                right_before=right[0],
                right_after=right[1],
                scores=scores,
            )
    before, after = (side.records(changes.keys()) for side in (paired.before, paired.after))
    order = ("worse", "better", "other")
    seen = [
        one.model_copy(update={"before": _seen(before.get(key)), "after": _seen(after.get(key))})
        for key, one in changes.items()
    ]
    return tuple(sorted(seen, key=lambda one: (order.index(one.kind), one.suite, one.case)))


def _other_scores(was: Entry, now: Entry) -> dict[str, tuple[float | None, float | None]]:
    """The gated metrics whose value differs."""
    found = {}
    for name, metric in REGISTRY.items():
        before, after = was.value(name), now.value(name)
        if metric.gated and before != after and (before is None or after is None or abs(after - before) > _SLACK):
            found[name] = (before, after)
    return found


def _seen(record: Record | None) -> Seen | None:
    if record is None or record.transcript is None:
        return None
    transcript = record.transcript
    return Seen(
        outcome=transcript.reply.outcome,
        faults=faults(record.case, transcript),
        turns=tuple((turn.role, turn.text) for turn in transcript.turns),
        cited=transcript.cited,
    )
