"""One side of a comparison: what pairing needs of a run, and no more, so that it can be kept beside the suites."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict

from kit.evals.comparing.stating import Quoted, came_to, quoted
from kit.evals.metrics import REGISTRY, faults
from kit.evals.running import Run
from kit.evals.types import Case, JudgedBy, Record
from kit.text import digest

__all__ = ["Entry", "RunSide", "Try", "case_digest", "entry_of", "side_of"]

# What says neither what is asked nor how it counts.
_BESIDE = {"tags", "generated"}
Key = tuple[str, str]


class Try(BaseModel):
    """What came of a case at one try.

    Attributes:
        right: whether the reply was right; None if the assistant could not be asked.
        scores: the metrics that could be scored.
        came_to: the figures and negations that were stated beside quotes, the fields, calls and hand-off.
        quoted: by article and sentence, the heading above each quote, then its figures and negations.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    right: bool | None
    scores: dict[str, float] = {}
    came_to: tuple[str, ...] = ()
    quoted: dict[str, dict[str, Quoted]] = {}


class Entry(BaseModel):
    """A case on one side: which it is (`digest` is over what it asks and how it counts), and what came of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    suite: str
    case: str
    digest: str
    cluster: str
    weight: float
    tries: tuple[Try, ...]

    @property
    def key(self) -> Key:
        """Suite and case."""
        return self.suite, self.case

    @property
    def ran(self) -> bool:
        """Whether the assistant could be asked, at one try at least."""
        return any(one.right is not None for one in self.tries)

    @cached_property
    def right(self) -> float | None:
        """The share of the tries that came out right; None where none ran."""
        ran = [one.right for one in self.tries if one.right is not None]
        return sum(ran) / len(ran) if ran else None

    def values(self, metric: str) -> tuple[float, ...]:
        """The metric at the tries that it could score."""
        return tuple(one.scores[metric] for one in self.tries if metric in one.scores)

    def value(self, metric: str) -> float | None:
        """The metric's mean over the tries that it could score; None where it could score none."""
        values = self.values(metric)
        return sum(values) / len(values) if values else None


@dataclass(frozen=True, kw_only=True)
class RunSide:
    """A run as one side of a comparison.

    Attributes:
        name: of the run.
        started: when.
        day: what the assistant took for today.
        complete: whether every case was dealt with.
        facts: what the run said about the workspace.
        suites: the names of its suites.
        entries: the cases, by suite and id.
        judges: of the metrics that a judge gave, which it was; of several the one known least. A baseline keeps none.
        run: where the transcripts are; None for a baseline, which keeps none.
    """

    name: str
    started: datetime
    day: date | None
    complete: bool
    facts: Mapping[str, Any]
    suites: tuple[str, ...]
    entries: Mapping[Key, Entry]
    judges: Mapping[str, JudgedBy] = field(default_factory=dict)
    run: Run | None = field(default=None, repr=False)

    @property
    def metrics(self) -> tuple[str, ...]:
        """The metrics that have a value, in the order of the registry."""
        known = {metric for entry in self.entries.values() for one in entry.tries for metric in one.scores}
        return tuple(name for name in REGISTRY if name in known)

    @property
    def chance(self) -> bool:
        """Whether the same input can give another reply: a chat model takes part."""
        return not str(self.facts.get("chat_model", "")).startswith("none")

    def only(self, suites: Collection[str]) -> "RunSide":
        """The part of it that are these suites."""
        kept = {key: entry for key, entry in self.entries.items() if key[0] in suites}
        return replace(self, suites=tuple(name for name in self.suites if name in suites), entries=kept)

    def records(self, keys: Collection[Key]) -> dict[Key, Record]:
        """The first try of these cases with its transcript, as far as the run has them."""
        found: dict[Key, Record] = {}
        for record in self.run.records if self.run else ():
            key = (record.suite, record.case.id)
            if key in keys and key not in found:
                found[key] = record
        return found


def side_of(run: Run) -> RunSide:
    """A run as a side, without the cases that no person has accepted yet."""
    grouped: dict[Key, list[Try]] = {}
    cases: dict[Key, Case] = {}
    judges: dict[str, JudgedBy] = {}
    for record in run.records:
        if record.case.generated:
            continue
        key = (record.suite, record.case.id)
        cases.setdefault(key, record.case)
        grouped.setdefault(key, []).append(_try(record))
        for name, score in record.scores.items():
            if score.judge is not None and (name not in judges or score.judge.n < judges[name].n):
                judges[name] = score.judge
    return RunSide(
        name=run.id,
        started=run.info.started,
        day=run.info.day,
        complete=run.complete,
        facts=run.info.facts,
        suites=tuple(suite.name for suite in run.info.suites),
        entries={key: entry_of(key[0], case, grouped[key]) for key, case in cases.items()},
        judges=judges,
        run=run,
    )


def case_digest(case: Case) -> str:
    """Over what the case asks and how it counts; a kind of field that a later kit adds changes no older case."""
    return digest(case.model_dump_json(exclude=_BESIDE, exclude_defaults=True))[:16]


def entry_of(suite: str, case: Case, tries: Sequence[Try]) -> Entry:
    """A case of a suite with what came of it."""
    return Entry(
        suite=suite,
        case=case.id,
        digest=case_digest(case),
        cluster=case.group,
        weight=case.weight,
        tries=tuple(tries),
    )


def _try(record: Record) -> Try:
    if record.transcript is None:
        return Try(right=None)
    scores = {name: score.value for name, score in record.scores.items() if score.value is not None}
    right = not faults(record.case, record.transcript)
    said = record.transcript
    return Try(right=right, scores=scores, came_to=came_to(said), quoted=quoted(said))
