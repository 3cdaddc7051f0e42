"""What came of playing the tests of playbooks against changed playbooks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kit.playbooks.changing.mutating import Mutant
from kit.yamlfile import KeyPath

__all__ = ["Fate", "PlaybookScore", "ScoreReport", "Verdict"]

Fate = Literal["noticed", "survived", "unreached", "broke", "not_tried"]


@dataclass(frozen=True)
class Verdict:
    """What became of one change.

    `noticed`: a test failed. `survived`: every test that gets to the changed place passed. `unreached`: none gets
    there. `broke`: playing it ended in an error of the kit's, which says nothing about the tests, so it does not count
    as noticed. `not_tried`: there was no time left for it.

    Attributes:
        mutant: the change.
        fate: what became of it.
        by: the test that noticed it, or what the error was.
        line: where the changed thing stands in the playbook's file.
    """

    mutant: Mutant
    fate: Fate
    by: str
    line: int


@dataclass(frozen=True)
class PlaybookScore:
    """The changes to one playbook.

    Attributes:
        playbook: its id.
        path: its file.
        tests: how many tests were played.
        failing: the tests that fail without any change; they say nothing, so they are not counted on.
        verdicts: on each change, in the order of the file.
        lines: of the parts of its file.
    """

    playbook: str
    path: Path
    tests: int
    failing: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    lines: Mapping[KeyPath, int]

    def count(self, *fates: Fate) -> int:
        """How many changes met one of these fates."""
        return sum(verdict.fate in fates for verdict in self.verdicts)

    @property
    def tried(self) -> int:
        """How many changes the tests had a chance to notice: all but those there was no time for."""
        return len(self.verdicts) - self.count("not_tried")

    @property
    def value(self) -> float | None:
        """The share of the tried changes that were noticed; None where there is none."""
        return self.count("noticed") / self.tried if self.tried else None


@dataclass(frozen=True)
class ScoreReport:
    """The changes to several playbooks.

    Attributes:
        playbooks: one by one.
        among: how many changes there are in all; more than were played where only a sample was.
        kept: how many verdicts were known from before.
        seconds: how long it took.
    """

    playbooks: Sequence[PlaybookScore]
    among: int
    kept: int
    seconds: float

    def count(self, *fates: Fate) -> int:
        """How many changes met one of these fates."""
        return sum(one.count(*fates) for one in self.playbooks)

    @property
    def chosen(self) -> int:
        """How many changes were to be played."""
        return sum(len(one.verdicts) for one in self.playbooks)

    @property
    def tried(self) -> int:
        """How many were."""
        return sum(one.tried for one in self.playbooks)

    @property
    def value(self) -> float | None:
        """The mutation score: the share of the tried changes that a test noticed; None where none was tried."""
        return self.count("noticed") / self.tried if self.tried else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval (1927) of the score of all changes; None unless it was estimated from a part of them.

        Over all changes the score is no estimate.
        """
        if not self.tried or self.tried == self.among:
            return None
        from scipy.stats import binomtest

        ends = binomtest(self.count("noticed"), self.tried).proportion_ci(method="wilson")
        return float(ends.low), float(ends.high)

    def reaches(self, least: float) -> bool:
        """Whether the score is at least this. What there was no time for has not been noticed."""
        return self.chosen > 0 and self.count("noticed") >= least * self.chosen - 1e-9
