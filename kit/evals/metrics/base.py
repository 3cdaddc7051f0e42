"""What a metric is, and how it makes itself known."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, TypeVar

from kit.evals.types import Case, Score, Transcript

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

__all__ = ["REGISTRY", "Better", "Kind", "Metric", "Tools", "Unit", "metric"]

Kind = Literal["share", "mean", "p50", "p95"]
Unit = Literal["share", "index", "ms"]
Better = Literal["higher", "lower"]


@dataclass(frozen=True)
class Tools:
    """What a metric may need besides the case: the model that turns text into vectors."""

    embedder: "Embeddings | None" = None


class Metric(ABC):
    """One figure.

    Attributes:
        name: its key in suites, runs and tables.
        title: its name for people.
        definition: one sentence that says what is counted, of what.
        kind: how the cases' values become one: a share (values are 0 or 1), a mean, a percentile.
        unit: of the value; `share` and `index` lie between 0 and 1.
        better: which way is an improvement.
        gated: whether a suite may set a threshold on it; not where the value depends on the machine.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    definition: ClassVar[str]
    kind: ClassVar[Kind]
    unit: ClassVar[Unit] = "share"
    better: ClassVar[Better] = "higher"
    gated: ClassVar[bool] = True

    def __init__(self, tools: Tools) -> None:
        self.tools = tools

    def prepare(self, cases: Iterable[Case]) -> None:  # noqa: B027 (most metrics need no preparation)
        """Called once before the first case, for what is cheaper done in one go."""

    @abstractmethod
    def score(self, case: Case, transcript: Transcript) -> Score | Awaitable[Score]:
        """The value of one case. What it raises becomes an unscored case with that cause."""


REGISTRY: dict[str, type[Metric]] = {}
M = TypeVar("M", bound=type[Metric])


def metric(cls: M) -> M:
    """Class decorator: makes a metric part of every run.

    Raises:
        ValueError: another metric has the name.
    """
    if cls.name in REGISTRY:
        raise ValueError(f"There are two metrics named {cls.name}.")
    REGISTRY[cls.name] = cls
    return cls
