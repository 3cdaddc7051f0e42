"""What differs between two runs of the same cases, with what it is worth."""

from collections.abc import Collection, Sequence

import numpy as np

from kit.evals.comparing.comparable import Across, Paired, pair_up
from kit.evals.comparing.side import Entry, Key, RunSide
from kit.evals.comparing.values import CaseChange, Comparison, MetricChange, Seen, Verdict
from kit.evals.metrics import REGISTRY, Metric, faults
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

__all__ = ["compare", "pairs_of"]

LEVEL = 0.05
_SLACK = 1e-4  # as a baseline is rounded


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
    judges = [side.judges[metric.name] for side in (paired.before, paired.after) if metric.name in side.judges]
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
        judge=min(judges, key=lambda one: one.n, default=None),
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
    metrics = [name for name in paired.after.metrics if name in paired.before.metrics and REGISTRY[name].gated]
    for key in paired.keys:
        was, now = paired.before.entries[key], paired.after.entries[key]
        scores, right = _other_scores(was, now, metrics), (was.right or 0.0, now.right or 0.0)
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


def _other_scores(was: Entry, now: Entry, metrics: Sequence[str]) -> dict[str, tuple[float | None, float | None]]:
    """Those of the metrics whose value differs."""
    found = {}
    for name in metrics:
        before, after = was.value(name), now.value(name)
        if before != after and (before is None or after is None or abs(after - before) > _SLACK):
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
