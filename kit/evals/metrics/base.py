"""What a metric is, and how it makes itself known."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar

from kit.evals.types import Case, Record, Score, Transcript
from kit.safety import Rules

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

    from kit.evals.csat import CsatModel
    from kit.evals.judging import Judge
    from kit.playbooks import Playbook
    from kit.settings import Costs

__all__ = [
    "GROUPS",
    "REGISTRY",
    "RUN_REGISTRY",
    "Better",
    "Described",
    "Group",
    "Kind",
    "Measured",
    "Metric",
    "RunMetric",
    "Tools",
    "Unit",
    "metric",
    "run_metric",
]

Kind = Literal["share", "mean", "p50", "p95", "run"]
Unit = Literal["share", "index", "ms", "words", "grade", "money", "tokens", "rating"]
Better = Literal["higher", "lower"]
Group = Literal["quality", "judged", "deflection", "satisfaction", "playbooks", "safety", "cost", "stability"]
GROUPS: dict[Group, str] = {
    "quality": "Quality",
    "judged": "Quality, by a judge",
    "deflection": "Deflection",
    "satisfaction": "Satisfaction",
    "playbooks": "Playbook adherence",
    "safety": "Safety",
    "cost": "Cost and waiting",
    "stability": "Stability and confidence",
}


@dataclass(frozen=True)
class Tools:
    """What metrics may need besides the case; what lacks leaves those that need it unscored.

    Attributes:
        embedder: turns text into vectors.
        judge: a chat model that judges.
        playbooks: those that were followed, by id.
        costs: what contacts cost.
        rules: what counts as personal data.
        csat: what was fitted to customers' ratings.
    """

    embedder: "Embeddings | None" = None
    judge: "Judge | None" = None
    playbooks: "Mapping[str, Playbook] | None" = None
    costs: "Costs | None" = None
    rules: Rules = field(default_factory=Rules)
    csat: "CsatModel | None" = None


class Described(ABC):
    """What every figure says of itself.

    Attributes:
        name: its key in suites, runs and tables.
        title: its name for people.
        definition: one sentence that says what is counted, of what.
        group: what it is shown with.
        kind: how the cases' values become one: a share (values are 0 or 1), a mean, a percentile; `run` for what has
            no value of a single case.
        unit: of the value; `share` and `index` lie between 0 and 1.
        better: which way is an improvement.
        needs: what it is unscored without: fields of a case, or tools.
        source: who defined it; empty where the kit did.
        gated: whether a suite may set a threshold on it; not where the value depends on the machine.
        tested: whether a run that is worse in it than the baseline, by more than chance, fails the gate; not where
            another metric says the same, where less may be better, or where a model judges.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    definition: ClassVar[str]
    group: ClassVar[Group] = "quality"
    kind: ClassVar[Kind]
    unit: ClassVar[Unit] = "share"
    better: ClassVar[Better] = "higher"
    needs: ClassVar[tuple[str, ...]] = ()
    source: ClassVar[str] = ""
    gated: ClassVar[bool] = True
    tested: ClassVar[bool] = True


class Metric(Described):
    """A figure that every case has a value of.

    Attributes:
        waits: whether an awaitable score waits for anything, such as a model: then other metrics go on meanwhile.
    """

    waits: ClassVar[bool] = True

    def __init__(self, tools: Tools) -> None:
        self.tools = tools

    def prepare(self, cases: Iterable[Case]) -> None:
        """Called once before the first case, for what is cheaper done in one go."""

    @abstractmethod
    def score(self, case: Case, transcript: Transcript) -> Score | Awaitable[Score]:
        """The value of one case. What it raises becomes an unscored case with that cause."""


@dataclass(frozen=True)
class Measured:
    """What a run comes to: the value, None where there is none, of how many; and why others were left out."""

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    causes: Mapping[str, int] = field(default_factory=dict)


class RunMetric(Described):
    """A figure that only several cases, or several tries of one, have together.

    Runs may be long, so of a record only what the figure needs is kept.
    """

    kind = "run"

    @abstractmethod
    def note(self, record: Record) -> Any | None:
        """What of a record that ran the figure needs, small; None where it says nothing for it."""

    @abstractmethod
    def measure(self, notes: Collection[Any], *, seed: int = 0) -> Measured:
        """The figure over the notes, one a record that has one; `seed` is the bootstrap's.

        Those of a long run are read from disk while they are gone through.
        """

    @classmethod
    def over(cls, records: Iterable[Record], *, seed: int = 0) -> Measured:
        """The figure over records that ran."""
        figure = cls()
        return figure.measure([note for one in records if (note := figure.note(one)) is not None], seed=seed)


REGISTRY: dict[str, type[Metric]] = {}
RUN_REGISTRY: dict[str, type[RunMetric]] = {}
M = TypeVar("M", bound=type[Metric])
R = TypeVar("R", bound=type[RunMetric])


def metric(cls: M) -> M:
    """Class decorator: makes a metric part of every run.

    Raises:
        ValueError: another metric has the name.
    """
    _check_free(cls.name)
    REGISTRY[cls.name] = cls
    return cls


def run_metric(cls: R) -> R:
    """Class decorator: makes a figure over whole runs part of every summary.

    Raises:
        ValueError: another metric has the name.
    """
    _check_free(cls.name)
    RUN_REGISTRY[cls.name] = cls
    return cls


def _check_free(name: str) -> None:
    if name in REGISTRY or name in RUN_REGISTRY:
        raise ValueError(f"There are two metrics named {name}.")
