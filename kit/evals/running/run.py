"""A run: a folder that says what was run, with what, and what came of each case.

`run.json` holds the facts, `cases.jsonl` one line a case and try with all that was said, written as the cases end,
`scores.jsonl` their scores, `summary.json` the figures. A run that broke off leaves the first three, and reads as what
it got to.
"""

import heapq
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from kit.errors import KitError
from kit.evals.metrics import faults
from kit.evals.running.info import RunInfo, load_info
from kit.evals.running.log import Records
from kit.evals.suites import Suite
from kit.evals.summary import Summary, summarise
from kit.evals.types import Record

__all__ = ["SUMMARY", "Run", "Worst", "problem"]

SUMMARY = "summary.json"
MOST = 400  # cases that anybody looks through


@dataclass(frozen=True)
class Run:
    """A run that ended, or the part of it that there is. Its records may be read from disk each time."""

    folder: Path
    info: RunInfo
    records: Sequence[Record]

    @property
    def id(self) -> str:
        """The name of its folder."""
        return self.info.id

    @property
    def complete(self) -> bool:
        """Whether every case was dealt with."""
        return self.info.finished is not None

    def equals(self, suites: Sequence[Suite], facts: Mapping[str, Any], *, tries: int = 1) -> bool:
        """Whether running `suites` with these facts again would only repeat this run."""
        asked = [(suite.name, suite.digest) for suite in suites]
        done = [(suite.name, suite.digest) for suite in self.info.suites]
        same = self.info.facts == json.loads(json.dumps(facts)) and self.info.tries == tries
        return self.complete and asked == done and same and not self.info.rescored

    @cached_property
    def summary(self) -> Summary:
        """The figures, as written at the end of the run, or computed where it did not get there."""
        path = self.folder / SUMMARY
        if not path.is_file():
            return summarise(self.id, self.records, seed=self.info.seed)
        try:
            return Summary.from_json(json.loads(path.read_bytes()))
        except ValueError as error:  # of decoding, of JSON, or of Pydantic
            raise KitError("This is not the summary of a run.", path=path, remedy="Delete the file.") from error

    def worst(self, most: int = MOST) -> tuple[Record, ...]:
        """The cases, worst first, at most so many.

        First those that were not run, then kept from a person, answered wrongly, other faults; then by scores.
        """
        return Worst.of(self.records, most).records

    def faulty(self, most: int) -> tuple[tuple[Record, ...], int]:
        """The worst cases that have a fault or could not be run, at most so many; and how many there are."""
        found = Worst.of((record for record in self.records if problem(record)), most)
        return found.records, found.seen

    @classmethod
    def load(cls, folder: Path) -> "Run":
        """Read a run folder; a last line that a crash cut short is left out.

        Raises:
            KitError: not a run, or damaged; names the file. A damaged line is told when it is read.
        """
        return cls(folder, load_info(folder), Records(folder))


class Worst:
    """The worst of the records that come by; holds no more than it is to keep, as a run may be larger than memory."""

    def __init__(self, most: int) -> None:
        self.seen, self._most = 0, most
        self._heap: list[tuple[tuple[float, ...], int, Record]] = []

    @classmethod
    def of(cls, records: Iterable[Record], most: int) -> "Worst":
        """Those of these records."""
        worst = cls(most)
        for record in records:
            worst.add(record)
        return worst

    def add(self, record: Record) -> None:
        """One more record."""
        self.seen += 1
        # The best of those kept stands first, and of equals the last.
        entry = tuple(-one for one in _goodness(record)), -self.seen, record
        if len(self._heap) < self._most:
            heapq.heappush(self._heap, entry)
        elif self._most:
            heapq.heappushpop(self._heap, entry)

    @property
    def records(self) -> tuple[Record, ...]:
        """Those kept, worst first."""
        return tuple(record for *_, record in sorted(self._heap, reverse=True, key=lambda entry: entry[:2]))


def problem(record: Record) -> str:
    """Why a case is bad; empty where it is not."""
    if record.transcript is None:
        return f"could not be run: {record.error}"
    return "; ".join(faults(record.case, record.transcript))


def _goodness(record: Record) -> tuple[float, ...]:
    """Sorts the worst case to the front."""
    if record.transcript is None:
        return (0,)
    wrong = len(faults(record.case, record.transcript))
    likeness = [record.value(name) for name in ("article_first", "groundedness", "citation_precision", "csat_index")]
    false, person = record.value("false_deflection") == 1, record.case.expect == "hand_off"
    return (
        1 if false and person else 2 if false else 3 if wrong else 4,
        -wrong,
        *(1.0 if value is None else value for value in likeness),
    )
