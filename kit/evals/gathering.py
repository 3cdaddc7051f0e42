"""What summaries need of a run's records, gathered in one pass and kept in arrays: a dozen bytes a metric and line."""

from array import array
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from kit.evals.metrics import REGISTRY, RUN_REGISTRY
from kit.evals.types import JudgedBy, Record

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["Gathered"]

NOT_COMPUTED = "not computed in this run"


class _Names:
    """Names as numbers, in the order in which they come."""

    def __init__(self) -> None:
        self.names: dict[Any, int] = {}

    def __getitem__(self, name: Any) -> int:
        return self.names.setdefault(name, len(self.names))


class Gathered:
    """The lines of a run, one a case and try."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.suites, self.tags, self._cases, self._groups, self._causes = (_Names() for _ in range(5))
        self._suite, self._case, self._group = array("q"), array("q"), array("q")
        self._weight, self._ran, self._generated = array("d"), array("b"), array("b")
        self._values = {name: array("d") for name in REGISTRY}
        self._why = {name: array("q") for name in REGISTRY}
        self._tagged: dict[int, array[int]] = {}
        self.judges: dict[str, JudgedBy] = {}
        self._figures = {name: one() for name, one in RUN_REGISTRY.items()}
        self._notes: dict[str, dict[int, Any]] = {name: {} for name in RUN_REGISTRY}
        for record in records:
            self._add(record)

    def _add(self, record: Record) -> None:
        row, case = len(self._suite), record.case
        self._suite.append(self.suites[record.suite])
        self._case.append(self._cases[record.suite, case.id])
        self._group.append(self._groups[case.group])
        self._weight.append(case.weight)
        self._ran.append(record.error is None)
        self._generated.append(case.generated)
        for tag in () if case.generated else case.tags:
            self._tagged.setdefault(self.tags[tag], array("q")).append(row)
        for name, values in self._values.items():
            score = record.scores.get(name)
            values.append(np.nan if score is None or score.value is None else score.value)
            self._why[name].append(self._causes[NOT_COMPUTED if score is None else score.unscored])
            # Of several judges, one that was never calibrated is the one to name.
            if score is not None and score.judge and (name not in self.judges or score.judge.n < self.judges[name].n):
                self.judges[name] = score.judge
        if record.error is None:
            for name, figure in self._figures.items():
                if (note := figure.note(record)) is not None:
                    self._notes[name][row] = note

    @property
    def accepted(self) -> "Ints":
        """The lines of cases that a person wrote or accepted."""
        return np.flatnonzero(np.asarray(self._generated) == 0)

    @property
    def generated(self) -> "Ints":
        """The lines of cases that nobody has accepted yet: they are in no suite's figures and in no tag's."""
        return np.flatnonzero(np.asarray(self._generated))

    def of_suite(self, name: str) -> "Ints":
        """The accepted lines of a suite."""
        accepted = self.accepted
        kept: Ints = accepted[np.asarray(self._suite)[accepted] == self.suites[name]]
        return kept

    def of_tag(self, name: str) -> "Ints":
        """The accepted lines of a tag."""
        return np.array(self._tagged[self.tags[name]], dtype=np.int64)

    def ran(self, rows: "Ints") -> "Ints":
        """Those of the lines whose case could be run."""
        kept: Ints = rows[np.asarray(self._ran, dtype=bool)[rows]]
        return kept

    def cases(self, rows: "Ints") -> int:
        """How many cases the lines are of."""
        return len(np.unique(np.asarray(self._case)[rows]))

    def scored(self, metric: str, rows: "Ints") -> "Ints":
        """Those of the lines that have a value of the metric."""
        kept: Ints = rows[~np.isnan(np.asarray(self._values[metric])[rows])]
        return kept

    def values(self, metric: str, rows: "Ints") -> "tuple[Floats, Floats, Ints]":
        """The values, weights and clusters of lines that have a value."""
        groups = np.unique(np.asarray(self._group)[rows], return_inverse=True)[1].astype(np.int64)
        return np.asarray(self._values[metric])[rows], np.asarray(self._weight)[rows], groups

    def causes(self, metric: str, rows: "Ints") -> dict[str, int]:
        """Why lines have no value, the most frequent first."""
        missing = rows[np.isnan(np.asarray(self._values[metric])[rows])]
        names = list(self._causes.names)
        counts = Counter(np.asarray(self._why[metric])[missing].tolist())
        return {names[cause]: count for cause, count in counts.most_common()}

    def notes(self, metric: str, rows: "Ints") -> list[Any]:
        """What a figure of the whole run noted of lines."""
        noted = self._notes[metric]
        return [noted[row] for row in rows.tolist() if row in noted]
