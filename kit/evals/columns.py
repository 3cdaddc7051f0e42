"""What figures need of the records of a run, a column each: small, so that a run may be far larger than memory."""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

import numpy as np

from kit.evals.metrics import REGISTRY, RUN_REGISTRY, RunMetric
from kit.evals.types import JudgedBy, Record

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["Columns", "Scored"]

_NOT_COMPUTED: Final = "not computed in this run"
T = TypeVar("T")


@dataclass
class _Coded(Generic[T]):
    """Values that recur, each kept once."""

    codes: "array[int]" = field(default_factory=lambda: array("i"))
    values: list[T] = field(default_factory=list)
    _known: dict[T, int] = field(default_factory=dict)

    def add(self, value: T) -> None:
        if value not in self._known:
            self._known[value] = len(self.values)
            self.values.append(value)
        self.codes.append(self._known[value])

    def at(self, rows: "Ints") -> "Ints":
        """The codes of some rows."""
        return np.asarray(self.codes, dtype=np.int64)[rows]


@dataclass
class _Column:
    """A metric: its values, NaN where it has none, and then why; and who judged."""

    values: "array[float]" = field(default_factory=lambda: array("d"))
    causes: _Coded[str] = field(default_factory=_Coded)
    judges: dict[int, JudgedBy] = field(default_factory=dict)

    def add(self, record: Record, metric: str) -> None:
        score = record.scores.get(metric)
        value = score.value if score else None
        if score is not None and score.judge is not None:
            self.judges[len(self.values)] = score.judge
        self.values.append(float("nan") if value is None else value)
        self.causes.add("" if value is not None else score.unscored if score else _NOT_COMPUTED)


@dataclass(frozen=True)
class Scored:
    """A metric over some rows.

    Attributes:
        values, weights: of those that have one, shape (n,).
        clusters: the code of each one's cluster, shape (n,); tries of a case are always in the same.
        cases: how many cases they are of.
        causes: how many have none for which cause, the most frequent first.
        judges: who judged.
    """

    values: "Floats"
    weights: "Floats"
    clusters: "Ints"
    cases: int
    causes: Mapping[str, int]
    judges: tuple[JudgedBy, ...]


class Columns:
    """The records of a run as columns; each record is looked at once."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._suites, self._tags = _Coded[str](), _Coded[tuple[str, ...]]()
        self._groups, self._cases = _Coded[str](), _Coded[tuple[str, str]]()
        self._weights, self._failed, self._generated = array("d"), array("b"), array("b")
        self._metrics = {name: _Column() for name in REGISTRY}
        # Figures that take the same notes share them.
        self._noting: dict[Any, RunMetric] = {one.note: one() for one in RUN_REGISTRY.values()}
        self._notes: dict[Any, list[Any]] = {noted: [] for noted in self._noting}
        for record in records:
            self._add(record)

    def _add(self, record: Record) -> None:
        case, failed = record.case, record.error is not None
        self._suites.add(record.suite)
        self._tags.add(case.tags)
        self._groups.add(case.group)
        self._cases.add((record.suite, case.id))
        self._weights.append(case.weight)
        self._failed.append(failed)
        self._generated.append(case.generated)
        for name, column in self._metrics.items():
            column.add(record, name)
        for noted, figure in self._noting.items():
            self._notes[noted].append(None if failed else figure.note(record))

    @property
    def accepted(self) -> "Ints":
        """The rows of cases that a person wrote or accepted: figures are of these."""
        return np.flatnonzero(np.asarray(self._generated) == 0)

    @property
    def generated(self) -> "Ints":
        """The rows of cases that nobody has accepted yet."""
        return np.flatnonzero(self._generated)

    def suites(self) -> "dict[str, Ints]":
        """The accepted rows of each suite, in the order in which they come; of some there may be none."""
        rows = self.accepted
        codes = self._suites.at(rows)
        return {name: rows[codes == code] for code, name in enumerate(self._suites.values)}

    def tags(self) -> "dict[str, Ints]":
        """The accepted rows of each tag, by name."""
        rows, sets = self.accepted, self._tags.values
        codes = self._tags.at(rows)
        having = {tag: [code for code, tags in enumerate(sets) if tag in tags] for tags in sets for tag in tags}
        found = {tag: rows[np.isin(codes, having[tag])] for tag in sorted(having)}
        return {tag: some for tag, some in found.items() if len(some)}

    def cases(self, rows: "Ints") -> int:
        """How many cases the rows are of: several tries of one are one."""
        return len(np.unique(self._cases.at(rows)))

    def ran(self, rows: "Ints") -> "Ints":
        """Those of the rows that could be run."""
        ran: Ints = rows[np.asarray(self._failed, dtype=np.int64)[rows] == 0]
        return ran

    def scored(self, metric: str, rows: "Ints") -> Scored:
        """A metric over rows that ran."""
        column = self._metrics[metric]
        values = np.asarray(column.values, dtype=np.float64)[rows]
        known = ~np.isnan(values)
        causes = Counter(column.causes.values[code] for code in column.causes.at(rows[~known]))
        judges = dict.fromkeys(column.judges[row] for row in rows if row in column.judges) if column.judges else {}
        return Scored(
            values=values[known],
            weights=np.asarray(self._weights, dtype=np.float64)[rows[known]],
            clusters=np.unique(self._clusters[rows[known]], return_inverse=True)[1].astype(np.int64),
            cases=self.cases(rows[known]),
            causes=dict(causes.most_common()),
            judges=tuple(judges),
        )

    @cached_property
    def _clusters(self) -> "Ints":
        """Each row's cluster, by the order of their names: so the same cases are resampled alike in any order."""
        names = np.array(self._groups.values, dtype=object)
        place = np.empty(len(names), dtype=np.int64)
        place[np.argsort(names)] = np.arange(len(names))
        return place[np.asarray(self._groups.codes, dtype=np.int64)]

    def notes(self, metric: str, rows: "Ints") -> list[Any]:
        """What a figure over the whole run keeps of these rows."""
        notes = self._notes[RUN_REGISTRY[metric].note]
        return [notes[row] for row in rows if notes[row] is not None]
