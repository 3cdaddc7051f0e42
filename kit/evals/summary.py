"""From cases to figures: each metric with n, interval and what could not be scored, overall, by suite and by tag."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from kit.evals.metrics import REGISTRY, RUN_REGISTRY, Better, Group, Kind, Metric, RunMetric, Unit
from kit.evals.statistics import Interval, bootstrap_mean, bounded_mean, effective_n, quantile, wilson
from kit.evals.types import JudgedBy, Record

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Figure", "Slice", "Summary", "summarise"]

GENERATED = "generated"
"""The tag under which cases are reported that no person has accepted yet."""
BOUNDED: tuple[Unit, ...] = ("share", "index")  # between 0 and 1


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Figure(_Value):
    """A metric's value over some cases.

    Attributes:
        value: None where no case could be scored.
        n: cases scored.
        unscored: cases not scored; `causes` says how many for which reason.
        low, high: the 95 % interval; None where the data cannot bound that side.
        judge: whose judgement it is; of several judges, one that was never calibrated comes first.
    """

    metric: str
    title: str
    definition: str
    kind: Kind
    unit: Unit
    better: Better
    value: float | None
    n: int
    unscored: int
    causes: dict[str, int] = {}
    low: float | None = None
    high: float | None = None
    group: Group = "quality"
    judge: JudgedBy | None = None


class Slice(_Value):
    """The figures of some of the cases. `errors` are cases that could not be run; no figure contains them."""

    by: Literal["all", "suite", "tag"]
    name: str
    cases: int
    errors: int
    figures: tuple[Figure, ...]

    def figure(self, metric: str) -> Figure | None:
        """The figure of a metric by name."""
        return next((one for one in self.figures if one.metric == metric), None)


class Summary(_Value):
    """All figures of a run. Cases that no person has accepted yet are in none of them but those of `generated`."""

    run: str
    overall: Slice
    suites: tuple[Slice, ...]
    tags: tuple[Slice, ...]

    @property
    def generated(self) -> Slice | None:
        """The cases that a program made and no person has accepted yet; None where there are none."""
        return next((one for one in self.tags if one.name == GENERATED), None)

    def to_json(self) -> dict[str, Any]:
        """The summary as JSON values."""
        return self.model_dump(mode="json")

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Summary":
        """What `to_json` gave.

        Raises:
            pydantic.ValidationError: it did not give this.
        """
        return cls.model_validate(data)

    def to_frame(self) -> "pd.DataFrame":
        """One row a slice and metric: columns by, slice, metric, title, value, low, high, n, unscored."""
        import pandas as pd

        rows = [
            (one.by, one.name, f.metric, f.title, f.value, f.low, f.high, f.n, f.unscored)
            for one in (self.overall, *self.suites, *self.tags)
            for f in one.figures
        ]
        columns = ["by", "slice", "metric", "title", "value", "low", "high", "n", "unscored"]
        floats = dict.fromkeys(["value", "low", "high"], "float64")
        return pd.DataFrame(rows, columns=columns).astype(floats)


def summarise(run: str, records: Sequence[Record], *, seed: int = 0) -> Summary:
    """All figures over the records of a run; `seed` is the bootstrap's."""
    accepted = [r for r in records if not r.case.generated]
    suites = {name: [r for r in accepted if r.suite == name] for name in dict.fromkeys(r.suite for r in records)}
    tags = {
        tag: [r for r in accepted if tag in r.case.tags] for tag in sorted({t for r in accepted for t in r.case.tags})
    }
    if len(accepted) < len(records):
        tags[GENERATED] = [r for r in records if r.case.generated]
    return Summary(
        run=run,
        overall=_slice("all", "all", accepted, seed),
        suites=tuple(_slice("suite", name, part, seed) for name, part in suites.items()),
        tags=tuple(_slice("tag", name, part, seed) for name, part in tags.items()),
    )


def _slice(by: Literal["all", "suite", "tag"], name: str, records: Sequence[Record], seed: int) -> Slice:
    ran = [record for record in records if record.error is None]
    return Slice(
        by=by,
        name=name,
        cases=len(records),
        errors=len(records) - len(ran),
        figures=(
            *(_figure(metric, ran, seed) for metric in REGISTRY.values()),
            # A tag's cases are too few, and too many tags, for what only a whole suite shows.
            *(_run_figure(metric, ran, seed) for metric in RUN_REGISTRY.values() if by != "tag"),
        ),
    )


def _figure(metric: type[Metric], records: Sequence[Record], seed: int) -> Figure:
    scored = [(record.case, value) for record in records if (value := record.value(metric.name)) is not None]
    causes = Counter(
        record.scores[metric.name].unscored if metric.name in record.scores else "not computed in this run"
        for record in records
        if record.value(metric.name) is None
    )
    value, interval = None, Interval(None, None)
    if scored:
        values = np.array([value for _, value in scored], dtype=np.float64)
        weights = np.array([case.weight for case, _ in scored], dtype=np.float64)
        clusters = np.unique([case.group for case, _ in scored], return_inverse=True)[1].astype(np.int64)
        if metric.kind in ("p50", "p95"):
            value, interval = quantile(values, int(metric.kind[1:]) / 100)
        else:
            value = float(np.average(values, weights=weights))
            if metric.kind == "share":
                interval = wilson(min(1.0, max(0.0, value)), effective_n(values, weights, clusters))
            elif metric.unit in BOUNDED:
                interval = bounded_mean(values, weights, clusters)
            else:
                interval = bootstrap_mean(values, weights, clusters, seed=seed)
    return Figure(
        metric=metric.name,
        title=metric.title,
        definition=metric.definition,
        kind=metric.kind,
        unit=metric.unit,
        better=metric.better,
        value=value,
        n=len(scored),
        unscored=len(records) - len(scored),
        causes=dict(causes.most_common()),
        low=interval.low,
        high=interval.high,
        group=metric.group,
        judge=min((judge for record in records if (judge := _judge(record, metric.name))), default=None, key=_sure),
    )


def _judge(record: Record, metric: str) -> JudgedBy | None:
    return record.scores[metric].judge if metric in record.scores else None


def _sure(judge: JudgedBy) -> int:
    return judge.n


def _run_figure(metric: type[RunMetric], records: Sequence[Record], seed: int) -> Figure:
    found = metric.over(records, seed=seed)
    return Figure(
        metric=metric.name,
        title=metric.title,
        definition=metric.definition,
        kind=metric.kind,
        unit=metric.unit,
        better=metric.better,
        value=found.value,
        n=found.n,
        unscored=sum(found.causes.values()),
        causes=dict(found.causes),
        low=found.low,
        high=found.high,
        group=metric.group,
    )
