"""From cases to figures: each metric with n, interval and what could not be scored, overall, by suite and by tag."""

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from kit.evals.columns import Columns
from kit.evals.metrics import REGISTRY, RUN_REGISTRY, Better, Group, Kind, Metric, RunMetric, Unit
from kit.evals.rows import Rows, Scored
from kit.evals.statistics import Interval, bootstrap_mean, bounded_mean, effective_n, quantile, wilson
from kit.evals.types import JudgedBy, Record

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Figure", "Slice", "Summary", "summarise"]

GENERATED = "generated"
"""The tag under which cases are reported that no person has accepted yet."""
BOUNDED: tuple[Unit, ...] = ("share", "index")  # between 0 and 1

COUNTED: tuple[Unit, ...] = ("ms", "words", "money", "tokens")  # never below 0

By = Literal["all", "suite", "tag"]


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

    by: By
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

    def to_text(self) -> str:
        """The same as text, as it stands in a run's folder."""
        return self.model_dump_json(indent=1)

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


def summarise(run: str, records: Iterable[Record] | Columns, *, seed: int = 0) -> Summary:
    """All figures over the records of a run, each of which is looked at once; `seed` is the bootstrap's.

    Several tries of a case count as one cluster, and the case as one.
    """
    columns = records if isinstance(records, Columns) else Columns.of(records)
    tags = columns.tags()
    if len(columns.generated.places):
        tags[GENERATED] = columns.generated
    parts: list[tuple[By, str, Rows]] = [
        ("all", "all", columns.accepted),
        *(("suite", name, rows) for name, rows in columns.suites().items()),
        *(("tag", name, rows) for name, rows in tags.items()),
    ]
    figures: list[list[Figure]] = [[] for _ in parts]
    for name, metric in REGISTRY.items():  # a metric at a time, as its column is read for all parts together
        for (_, _, rows), found in zip(parts, figures, strict=True):
            found.append(_figure(metric, rows.ran.scored(name), rows.ran.cases, seed))
    for name, run_metric in RUN_REGISTRY.items():
        for (by, _, rows), found in zip(parts, figures, strict=True):
            if by != "tag":  # a tag's cases are too few, and too many tags, for what only a whole suite shows
                found.append(_run_figure(run_metric, rows.ran.notes(name), seed))
    overall, *others = (
        Slice(by=by, name=name, cases=rows.cases, errors=rows.cases - rows.ran.cases, figures=tuple(found))
        for (by, name, rows), found in zip(parts, figures, strict=True)
    )
    return Summary(
        run=run,
        overall=overall,
        suites=tuple(one for one in others if one.by == "suite"),
        tags=tuple(one for one in others if one.by == "tag"),
    )


def _figure(metric: type[Metric], scored: Scored, cases: int, seed: int) -> Figure:
    values, weights, clusters = scored.values, scored.weights, scored.clusters
    value, interval = None, Interval(None, None)
    if len(values):
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
                if metric.unit in COUNTED and interval.low is not None:
                    interval = interval._replace(low=max(0.0, interval.low))  # of few clusters it may reach below
    return Figure(
        metric=metric.name,
        title=metric.title,
        definition=metric.definition,
        kind=metric.kind,
        unit=metric.unit,
        better=metric.better,
        value=value,
        n=scored.cases,
        unscored=cases - scored.cases,
        causes=dict(scored.causes),
        low=interval.low,
        high=interval.high,
        group=metric.group,
        judge=min(scored.judges, default=None, key=_sure),
    )


def _sure(judge: JudgedBy) -> int:
    return judge.n


def _run_figure(metric: type[RunMetric], notes: Collection[Any], seed: int) -> Figure:
    found = metric().measure(notes, seed=seed)
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
