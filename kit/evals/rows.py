"""Some of the rows of a run's columns, such as those of a suite: what figures are of."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from kit.evals.metrics import RUN_REGISTRY
from kit.evals.spilling import Notes
from kit.evals.types import JudgedBy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kit.evals.columns import Columns

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["Rows", "Scored"]


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


class Rows:
    """Some of the rows, and what is asked of them for each metric."""

    def __init__(self, columns: "Columns", places: "Ints") -> None:
        self.places = places
        self._all = columns

    @cached_property
    def cases(self) -> int:
        """How many cases the rows are of: several tries of one are one."""
        return len(np.unique(self._cases))

    @cached_property
    def ran(self) -> "Rows":
        """Those that could be run."""
        return Rows(self._all, self.places[np.asarray(self._all.failed, dtype=np.int64)[self.places] == 0])

    @cached_property
    def weights(self) -> "Floats":
        """Of each row."""
        return np.asarray(self._all.weights, dtype=np.float64)[self.places]

    @cached_property
    def clusters(self) -> "Ints":
        """The code of each row's cluster, from 0 upwards; in the order of keys, so that any order of rows is alike."""
        return _numbered(self._groups)

    @cached_property
    def _mask(self) -> "NDArray[np.bool_]":
        mask = np.zeros(len(self._all.weights), dtype=np.bool_)
        mask[self.places] = True
        return mask

    @cached_property
    def _cases(self) -> "Ints":
        return np.asarray(self._all.cases, dtype=np.int64)[self.places]

    @cached_property
    def _groups(self) -> "Ints":
        return np.asarray(self._all.groups, dtype=np.int64)[self.places]

    def scored(self, metric: str) -> Scored:
        """A metric over them."""
        values, codes = self._all.column(metric)
        values, codes = values[self.places], codes[self.places]
        known = ~np.isnan(values)
        whole = bool(known.all())
        causes = Counter(map(self._all.causes.values.__getitem__, codes[~known].tolist()))
        judges = self._all.judges[metric]
        return Scored(
            values=values if whole else values[known],
            weights=self.weights if whole else self.weights[known],
            clusters=self.clusters if whole else _numbered(self._groups[known]),
            cases=self.cases if whole else len(np.unique(self._cases[known])),
            causes=dict(causes.most_common()),
            judges=tuple(dict.fromkeys(judges[row] for row in self.places if row in judges)) if judges else (),
        )

    def notes(self, metric: str) -> "Collection[Any]":
        """What a figure over the whole run keeps of them."""
        return _Chosen(self._all.notes[RUN_REGISTRY[metric].note], self._mask)


@dataclass(frozen=True)
class _Chosen(Collection[Any]):
    """The notes of some rows, those that say nothing left out; read when they are gone through."""

    notes: Notes
    mask: "NDArray[np.bool_]"

    def __iter__(self) -> Iterator[Any]:
        return (one for chosen, one in zip(self.mask, self.notes, strict=True) if chosen and one is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, note: object) -> bool:
        return any(one == note for one in self)


def _numbered(keys: "Ints") -> "Ints":
    return np.unique(keys, return_inverse=True)[1].astype(np.int64)
