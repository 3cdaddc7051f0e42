"""What figures need of the records of a run, a column each: small, so that a run may be far larger than memory."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

import numpy as np

from kit.evals.metrics import REGISTRY, RUN_REGISTRY, RunMetric
from kit.evals.rows import Rows
from kit.evals.spilling import Notes, Values, key
from kit.evals.types import JudgedBy, Record

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["Columns"]

_NOT_COMPUTED: Final = "not computed in this run"
_NAN: Final = float("nan")
_MOST_CAUSES: Final = 60_000
_OTHER: Final = "other causes"
T = TypeVar("T")


@dataclass
class _Coded(Generic[T]):
    """Values that recur, each kept once."""

    codes: "array[int]" = field(default_factory=lambda: array("i"))
    values: list[T] = field(default_factory=list)
    _known: dict[T, int] = field(default_factory=dict)

    def code(self, value: T) -> int:
        """The value's code."""
        found = self._known.get(value)
        if found is None:
            found = self._known[value] = len(self.values)
            self.values.append(value)
        return found

    def knows(self, value: T) -> bool:
        return value in self._known

    def add(self, value: T) -> None:
        self.codes.append(self.code(value))

    def at(self, rows: "Ints") -> "Ints":
        """The codes of some rows."""
        return np.asarray(self.codes, dtype=np.int64)[rows]


class Columns:
    """The records of a run as columns; each record is looked at once."""

    def __init__(self) -> None:
        self._suites, self._tags = _Coded[str](), _Coded[tuple[str, ...]]()
        self.groups, self.cases = array("q"), array("q")
        self.weights, self.failed, self._generated = array("d"), array("b"), array("b")
        self._places = {name: place for place, name in enumerate(REGISTRY)}
        self._values, self.causes = Values(len(REGISTRY)), _Coded[str]()
        self.judges: dict[str, dict[int, JudgedBy]] = {name: {} for name in REGISTRY}
        # Figures that take the same notes share them.
        self._noting: dict[Any, RunMetric] = {one.note: one() for one in RUN_REGISTRY.values()}
        self.notes: dict[Any, Notes] = {noted: Notes() for noted in self._noting}
        self._read: tuple[str, tuple[Floats, Ints]] | None = None

    @classmethod
    def of(cls, records: Iterable[Record]) -> "Columns":
        """The columns of these records."""
        columns = cls()
        for record in records:
            columns.add(record)
        return columns

    def add(self, record: Record) -> None:
        """A row more."""
        case, failed, row = record.case, record.error is not None, len(self.weights)
        self._suites.add(record.suite)
        self._tags.add(case.tags)
        self.groups.append(key(case.group))
        self.cases.append(key(record.suite, case.id))
        self.weights.append(case.weight)
        self.failed.append(failed)
        self._generated.append(case.generated)
        values, codes = [], []
        for name in self._places:
            score = record.scores.get(name)
            value = score.value if score else None
            values.append(_NAN if value is None else value)
            codes.append(0 if value is not None else self._why(score.unscored if score else _NOT_COMPUTED))
            if score is not None and score.judge is not None:
                self.judges[name][row] = score.judge
        self._values.add(values, codes)
        self._read = None
        for noted, figure in self._noting.items():
            self.notes[noted].add(None if failed else figure.note(record))

    def _why(self, cause: str) -> int:
        # A cause may say what went wrong in its own words each time; a code has two bytes.
        room = len(self.causes.values) < _MOST_CAUSES or self.causes.knows(cause)
        return self.causes.code(cause if room else _OTHER)

    def column(self, metric: str) -> "tuple[Floats, Ints]":
        """A metric's values, NaN where it has none, and the codes of the causes."""
        if self._read is None or self._read[0] != metric:  # asked for each of many slices in turn
            self._read = metric, self._values.column(self._places[metric])
        return self._read[1]

    @property
    def accepted(self) -> Rows:
        """The rows of cases that a person wrote or accepted: figures are of these."""
        return Rows(self, np.flatnonzero(np.asarray(self._generated) == 0))

    @property
    def generated(self) -> Rows:
        """The rows of cases that nobody has accepted yet."""
        return Rows(self, np.flatnonzero(self._generated))

    def suites(self) -> dict[str, Rows]:
        """The accepted rows of each suite, in the order in which they come; of some there may be none."""
        rows = self.accepted.places
        codes = self._suites.at(rows)
        return {name: Rows(self, rows[codes == code]) for code, name in enumerate(self._suites.values)}

    def tags(self) -> dict[str, Rows]:
        """The accepted rows of each tag, by name."""
        rows, sets = self.accepted.places, self._tags.values
        codes = self._tags.at(rows)
        having = {tag: [code for code, tags in enumerate(sets) if tag in tags] for tags in sets for tag in tags}
        found = {tag: rows[np.isin(codes, having[tag])] for tag in sorted(having)}
        return {tag: Rows(self, some) for tag, some in found.items() if len(some)}
