"""What the gate caught and what it let through."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from kit.evals.mutating.corruption import CorruptionKind
from kit.evals.statistics import Interval, wilson

__all__ = ["Caught", "Fate", "MutationReport"]

Fate = Literal["failed", "refused", "passed"]
TARGET = 0.9


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Caught(_Value):
    """What became of one corruption.

    Attributes:
        kind, target, what, path, line: the corruption.
        fate: `failed`: the gate failed; `refused`: the suites could not even be run, as a case names what is gone;
            `passed`: nothing noticed.
        by: what the gate failed by, or why it was refused.
        ran: how many cases had to be run.
    """

    kind: CorruptionKind
    target: str
    what: str
    path: str
    line: int
    fate: Fate
    by: str
    ran: int


class MutationReport(_Value):
    """What became of all that were tried; `among` is how many there are, `kept` how many were known from before."""

    results: tuple[Caught, ...]
    among: dict[CorruptionKind, int]
    kept: int
    seed: int

    def of(self, kind: CorruptionKind | None = None) -> tuple[Caught, ...]:
        """Those of one kind, or all."""
        return tuple(one for one in self.results if kind in (None, one.kind))

    def caught(self, kind: CorruptionKind | None = None) -> int:
        """How many were noticed."""
        return sum(one.fate != "passed" for one in self.of(kind))

    def share(self, kind: CorruptionKind | None = None) -> float | None:
        """The share that was noticed; None where none was tried."""
        return self.caught(kind) / len(self.of(kind)) if self.of(kind) else None

    def interval(self, kind: CorruptionKind | None = None) -> Interval:
        """Wilson's 95 % interval of the share, as an estimate for corruptions like those that were drawn."""
        share = self.share(kind)
        return Interval(None, None) if share is None else wilson(share, len(self.of(kind)))

    def reaches(self, least: float = TARGET) -> bool:
        """Whether the share is at least this."""
        return (self.share() or 0.0) >= least - 1e-9
