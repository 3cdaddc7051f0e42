"""All that is known of how two versions differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kit.playbooks.changing.versions.change import Change
from kit.playbooks.changing.versions.comparing import changes
from kit.playbooks.changing.versions.pairing import Paired, holm, paired
from kit.playbooks.changing.versions.replaying import Replayed
from kit.playbooks.changing.versions.trials import TrialComparison
from kit.playbooks.language import Source

__all__ = ["DiffReport", "MetricPaired", "Placed", "PlaybookDiff", "compare_metrics", "placed"]


@dataclass(frozen=True)
class Placed:
    """A change, and where it is to be seen."""

    change: Change
    path: str
    line: int


@dataclass(frozen=True)
class PlaybookDiff:
    """One playbook in two versions; `trials` is None where its tests were not played."""

    id: str
    changes: tuple[Placed, ...]
    trials: TrialComparison | None


@dataclass(frozen=True)
class MetricPaired:
    """A yes-or-no metric of two eval runs, on the cases that both have; `adjusted` is its p among those of all metrics
    (Holm, 1979).
    """  # noqa: D205

    metric: str
    paired: Paired
    adjusted: float


@dataclass(frozen=True)
class DiffReport:
    """Two versions of one playbook, or of a workspace's playbooks.

    Attributes:
        before: what the older version is called.
        after: what the newer one is called.
        playbooks: those that differ.
        same: the ids of those that do not.
        removed: the ids of those that only the older version has.
        added: the ids of those that only the newer one has.
        replayed: what becomes of recorded conversations; None where none was said again.
        recorded: how many recorded conversations there are; more than were said again where that was limited.
        metrics: of eval runs, if there were any to compare.
        not_compared: the metrics of these that are no matter of yes or no.
        also_differ: in what else the runs differ, so that the playbooks need not be the reason.
        not_played: why nothing was played; empty if it was.
    """

    before: str
    after: str
    playbooks: tuple[PlaybookDiff, ...]
    same: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    replayed: Replayed | None = None
    recorded: int = 0
    metrics: tuple[MetricPaired, ...] = ()
    not_compared: tuple[str, ...] = ()
    also_differ: tuple[str, ...] = ()
    not_played: str = ""


def placed(before: Source, after: Source) -> tuple[Placed, ...]:
    """The changes with the lines on which they are: of the newer file, or of the older one for what is gone."""
    found = []
    for change in changes(before.playbook, after.playbook):
        located = before.located if change.after is None and change.before is not None else after.located
        found.append(Placed(change, str(located.path), located.line(change.where)))
    return tuple(found)


def compare_metrics(
    before: Mapping[str, Mapping[str, bool]], after: Mapping[str, Mapping[str, bool]]
) -> tuple[MetricPaired, ...]:
    """Compare the yes-or-no metrics that two runs have in common, each a mapping from case to value."""
    names: Sequence[str] = [name for name in before if name in after]
    found = [paired(before[name], after[name]) for name in names]
    adjusted = holm([one.p for one in found])
    return tuple(MetricPaired(*each) for each in zip(names, found, adjusted, strict=True) if each[1].n)
