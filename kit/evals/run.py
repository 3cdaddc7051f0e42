"""A run: a folder that says what was run, with what, and what came of each case.

`run.json` holds the facts, `cases.jsonl` one line a case, written as the cases end, `summary.json` the figures. A run
that broke off leaves the first two, and reads as what it got to.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from kit.errors import KitError
from kit.evals.metrics import faults
from kit.evals.suites import Suite
from kit.evals.summary import Summary, summarise
from kit.evals.types import Record, Threshold

__all__ = ["Run", "RunInfo", "SuiteInfo", "new_run_folder"]

INFO, CASES, SUMMARY = "run.json", "cases.jsonl", "summary.json"


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SuiteInfo(_Value):
    """A suite as it was when it ran."""

    name: str
    description: str
    path: str
    digest: str
    cases: int
    gate: dict[str, Threshold]


class RunInfo(_Value):
    """What was run, when, with what. `facts` come from the workspace: settings, models, data hashes."""

    id: str
    started: datetime
    finished: datetime | None = None
    seed: int
    versions: dict[str, str]
    platform: str
    git: dict[str, Any] | None
    facts: dict[str, Any]
    suites: tuple[SuiteInfo, ...]

    @property
    def cases(self) -> int:
        """How many cases the run was to have."""
        return sum(suite.cases for suite in self.suites)


@dataclass(frozen=True)
class Run:
    """A run that ended, or the part of it that there is."""

    folder: Path
    info: RunInfo
    records: tuple[Record, ...]

    @property
    def id(self) -> str:
        """The name of its folder."""
        return self.info.id

    @property
    def complete(self) -> bool:
        """Whether every case was dealt with."""
        return self.info.finished is not None

    def equals(self, suites: Sequence[Suite], facts: Mapping[str, Any]) -> bool:
        """Whether running `suites` with these facts again would only repeat this run."""
        asked = [(suite.name, suite.digest) for suite in suites]
        done = [(suite.name, suite.digest) for suite in self.info.suites]
        return self.complete and asked == done and self.info.facts == json.loads(json.dumps(facts))

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

    def worst(self) -> tuple[Record, ...]:
        """The cases, worst first: not run, kept from a person, answered wrongly, other faults; then by scores."""
        return tuple(sorted(self.records, key=_goodness))

    @classmethod
    def load(cls, folder: Path) -> "Run":
        """Read a run folder; a last line that a crash cut short is left out.

        Raises:
            KitError: not a run, or damaged; names the file and the line.
        """
        path = folder / INFO
        if not path.is_file():
            raise KitError("There is no run here.", path=folder, remedy="Make one with `kit eval`.")
        try:
            info = RunInfo.model_validate_json(path.read_bytes())
        except ValidationError as error:
            raise KitError(
                "This is not the description of a run.", path=path, remedy="Run `kit eval` again."
            ) from error
        return cls(folder, info, _read_records(folder / CASES))


def _read_records(path: Path) -> tuple[Record, ...]:
    records: list[Record] = []
    lines = path.read_bytes().splitlines(keepends=True) if path.is_file() else []
    for number, line in enumerate(lines, start=1):
        if not line.endswith(b"\n"):  # the crash came while it was written
            break
        try:
            records.append(Record.model_validate_json(line))
        except ValidationError as error:
            raise KitError(
                "This line is not a case of a run.", path=path, line=number, remedy="Run it again."
            ) from error
    return tuple(records)


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


def new_run_folder(parent: Path) -> Path:
    """A folder name under `parent` that is not taken, such as `20260131-140502`; not yet made."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    names = (stamp if n == 1 else f"{stamp}-{n}" for n in range(1, 1000))
    return next(parent / name for name in names if not (parent / name).exists())
