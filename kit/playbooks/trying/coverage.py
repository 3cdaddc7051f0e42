"""Which steps, branches and hand-off rules of playbooks no test reaches: told by what happened, not by the text."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.playbooks.engine import Taken
from kit.playbooks.language import Source, in_reach
from kit.playbooks.tools import Tool
from kit.playbooks.trying.host import Host
from kit.playbooks.trying.points import KINDS, Point, PointKind, points
from kit.playbooks.trying.report import chosen, try_playbooks
from kit.playbooks.trying.results import TrialReport
from kit.progress import Progress

__all__ = ["Coverage", "CoverageReport", "cover", "coverage_json", "coverage_lines"]


@dataclass(frozen=True)
class Coverage:
    """What the tests of a playbook reach.

    Attributes:
        source: the playbook with its file.
        points: all that there is to reach.
        reached: what came to bear in the tests.
        tests: how many tests were played that may come to this playbook.
    """

    source: Source
    points: tuple[Point, ...]
    reached: frozenset[Taken]
    tests: int

    @property
    def missing(self) -> tuple[Point, ...]:
        """What no test reaches."""
        return tuple(point for point in self.points if point.taken not in self.reached)

    @property
    def share(self) -> float:
        """The share of all points that is reached, from 0 to 1."""
        return 1 - len(self.missing) / len(self.points)

    def count(self, kind: PointKind) -> tuple[int, int]:
        """Of the points of a kind: how many are reached, and how many there are."""
        own = [point for point in self.points if point.kind == kind]
        return sum(point.taken in self.reached for point in own), len(own)


@dataclass(frozen=True)
class CoverageReport:
    """What the tests of several playbooks reach; `trials` is what came of these tests."""

    playbooks: tuple[Coverage, ...]
    trials: TrialReport

    def below(self, least: float) -> tuple[Coverage, ...]:
        """The playbooks of which a smaller share is reached."""
        return tuple(one for one in self.playbooks if one.share < least)


def cover(
    host: Host,
    sources: Sequence[Source],
    tools: Mapping[str, Tool],
    *,
    ids: Sequence[str] = (),
    progress: Progress | None = None,
) -> CoverageReport:
    """Play the tests, and see what they reach.

    For a playbook count its own tests and those of the playbooks that call it.

    Args:
        host: the assistant.
        sources: all playbooks.
        tools: those of the workspace; mocks stand in for them.
        ids: which playbooks to look at; by default all.
        progress: told after every test.

    Raises:
        KitError: there is no such playbook, or a test cannot be played.
    """
    playbooks = {source.playbook.id: source.playbook for source in sources}
    wanted = chosen(sources, ids)
    reach = {id: {one.id for one in in_reach(playbook, None, playbooks)} for id, playbook in playbooks.items()}
    names = {source.playbook.id for source in wanted}
    trials = try_playbooks(
        host, [source for source in sources if reach[source.playbook.id] & names], tools, progress=progress
    )
    covered = []
    for source in wanted:
        own = [one for one in trials.playbooks if source.playbook.id in reach[one.playbook]]
        taken = frozenset(taken for one in own for result in one.results for taken in result.taken)
        tests = sum(len(one.results) for one in own)
        covered.append(Coverage(source, tuple(points(source.playbook)), taken, tests))
    return CoverageReport(tuple(covered), trials)


def coverage_lines(report: CoverageReport) -> Iterator[str]:
    """The report, line by line."""
    for one in report.playbooks:
        counts = [(title, *one.count(kind)) for kind, title in KINDS.items()]
        said = ", ".join(f"{title} {reached} of {total}" for title, reached, total in counts if total)
        without = "" if one.tests else " There are no tests."
        yield f"{one.source.playbook.id}: {_percent(one.share)} ({said}).{without}"
        for point in one.missing if one.tests else ():
            yield f"  {_where(one, point)}: {point.what}. It takes {point.who}."
    yield ""
    reached = sum(len(one.points) - len(one.missing) for one in report.playbooks)
    total = sum(len(one.points) for one in report.playbooks)
    named = "1 playbook" if len(report.playbooks) == 1 else f"{len(report.playbooks)} playbooks"
    yield f"{named}: {reached} of {total} reached ({_percent(reached / max(total, 1))})."
    if failed := sum(len(one.failed) for one in report.trials.playbooks):
        yield f"{failed} of the tests fail; what they reach counts all the same. See `kit playbooks test`."


def coverage_json(report: CoverageReport) -> dict[str, Any]:
    """The report as plain data."""
    return {
        "playbooks": [
            {
                "id": one.source.playbook.id,
                "tests": one.tests,
                "share": round(one.share, 4),
                **{kind: dict(zip(("reached", "total"), one.count(kind), strict=True)) for kind in KINDS},
                "missing": [
                    {
                        "kind": point.kind,
                        "name": point.taken.name,
                        "way": point.taken.way,
                        "path": str(one.source.located.path),
                        "line": one.source.located.line(point.place),
                        "what": point.what,
                        "who": point.who,
                    }
                    for point in one.missing
                ],
            }
            for one in report.playbooks
        ],
        "failed": sum(len(one.failed) for one in report.trials.playbooks),
    }


def _where(one: Coverage, point: Point) -> str:
    return f"{Path(one.source.located.path)}:{one.source.located.line(point.place)}"


def _percent(share: float) -> str:
    # What is not whole is never shown as whole.
    return f"{int(share * 100)} %"
