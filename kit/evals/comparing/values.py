"""The values of a comparison: what differs between two runs of the same cases."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from kit.evals.comparing.comparable import Changed
from kit.evals.metrics import Better, Kind, Unit
from kit.evals.statistics import least_provable
from kit.evals.types import JudgedBy

__all__ = ["CaseChange", "Comparison", "MetricChange", "Seen", "Verdict"]

Verdict = Literal["better", "worse", "no difference shown", "not tested"]


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MetricChange(_Value):
    """One metric before and after, over the cases that both runs have.

    Attributes:
        difference: after less before, with its clustered 95 % interval `low` to `high`.
        n: cases that could be scored in one of the runs; `both` in both.
        clusters: into which they fall.
        p: of the two-sided paired test; None where there is no test (percentiles, figures of the machine).
        adjusted: p by Holm over all that was tested.
        detectable: the true difference that such a comparison would find four times in five; None if unknown.
        judge: whose judgement it is, where it is one; of two the one known least.
    """

    metric: str
    title: str
    kind: Kind
    unit: Unit
    better: Better
    before: float
    after: float
    difference: float
    low: float | None
    high: float | None
    n: int
    both: int
    clusters: int
    p: float | None
    adjusted: float | None
    detectable: float | None
    verdict: Verdict
    judge: JudgedBy | None = None


class Seen(_Value):
    """A case in one run, to look at: what was said, as (role, text), and what is wrong with the last reply."""

    outcome: str
    faults: tuple[str, ...]
    turns: tuple[tuple[str, str], ...]
    cited: tuple[str, ...]


class CaseChange(_Value):
    """A case that came out otherwise.

    Attributes:
        kind: `worse` and `better` by whether the reply is right, in how large a share of the tries; `other` if some
            score changed.
        right_before, right_after: the share of the tries that were right.
        scores: by metric, the values that changed.
        before, after: what was said; None where the run keeps no transcripts.
    """

    suite: str
    case: str
    kind: Literal["worse", "better", "other"]
    right_before: float
    right_after: float
    scores: dict[str, tuple[float | None, float | None]]
    before: Seen | None = None
    after: Seen | None = None


class Comparison(_Value):
    """Two runs side by side. `cases` holds the worse first, then the better, then the others."""

    before: str
    after: str
    n: int
    clusters: int
    left_out: int
    not_common: int
    chance: bool
    changed: tuple[Changed, ...]
    metrics: tuple[MetricChange, ...]
    cases: tuple[CaseChange, ...]

    def count(self, kind: Literal["worse", "better", "other"]) -> int:
        """How many cases changed this way."""
        return sum(one.kind == kind for one in self.cases)

    def metric(self, name: str) -> MetricChange | None:
        """One of the metrics."""
        return next((one for one in self.metrics if one.metric == name), None)

    @property
    def least(self) -> float | None:
        """The least difference of a share that these cases could show at all, as a fraction."""
        return least_provable(self.n) if self.n else None
