"""What `kit eval` does with a run that ended: gate, baseline, outputs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kit.cli.common import check_target
from kit.errors import KitError

if TYPE_CHECKING:
    from kit.evals import Across, GateResult, Run, RunSide
    from kit.workspace import Workspace

__all__ = ["AcrossData", "BaselineName", "Common", "Gate", "Outputs", "split_outputs"]

Outputs = Annotated[
    list[Path] | None,
    typer.Option(
        "-o",
        "--output",
        metavar="PATH",
        help="The run's folder; or, as often as wanted, a file: .xml (JUnit), .md, .html, .json, .csv.",
    ),
]
BaselineName = Annotated[
    str | None,
    typer.Option("--baseline", metavar="RUN", help="Hold it against this run or baseline: evals/baseline, say."),
]
AcrossData = Annotated[
    list[str] | None,
    typer.Option("--across", metavar="data", help="Compare although the articles differ: they are what changed."),
]
Common = Annotated[bool, typer.Option("--common", help="Compare only the cases that are the same in both.")]


def across_of(names: Sequence[str] | None) -> "tuple[Across, ...]":
    """What may differ.

    Raises:
        KitError: there is nothing of this name that may.
    """
    if other := [name for name in names or () if name != "data"]:
        raise KitError(f"`--across {other[0]}` means nothing.", remedy="There is `--across data`.")
    return ("data",) if names else ()


def split_outputs(paths: Sequence[Path] | None) -> tuple[Path | None, list[Path]]:
    """The run's folder, if one is named, and the files.

    Raises:
        KitError: two folders, or a file that cannot be written or of a form that there is not.
    """
    from kit.reports import RUN_FORMS, check_form

    files = [path for path in paths or () if path.suffix and not path.is_dir()]
    folders = [path for path in paths or () if path not in files]
    if len(folders) > 1:
        raise KitError("A run has one folder.", path=folders[1], remedy="Files have a suffix, such as `.md`.")
    for path in files:
        check_form(path, RUN_FORMS)
        check_target(path)
    return (folders[0] if folders else None), files


@dataclass(frozen=True, kw_only=True)
class Gate:
    """What a run is held against."""

    space: "Workspace"
    suites: Sequence[str]
    baseline: "RunSide | None"
    common: bool
    across: "tuple[Across, ...]"

    @classmethod
    def of(
        cls,
        space: "Workspace",
        suites: Sequence[str],
        *,
        baseline: str | None,
        common: bool,
        across: Sequence[str] | None,
    ) -> "Gate":
        """The gate that was asked for.

        Raises:
            KitError: there is no such baseline.
        """
        side = space.side(baseline) if baseline is not None else None
        return cls(space=space, suites=suites, baseline=side, common=common, across=across_of(across))

    @property
    def day(self) -> date | None:
        """The baseline's: what an assistant says of dates should differ for no other reason than the change."""
        return self.baseline.day if self.baseline else None

    def check(self, *, enforced: bool) -> None:
        """Say before the run what would only be found after it.

        Raises:
            KitError: a gate is asked for and there is none.
            NotComparable: the run could not be held against the baseline.
        """
        if self.baseline is not None:
            self.space.check_comparable(self.baseline, self.suites, common=self.common, across=self.across)
        elif enforced and not any(suite.gate for suite in self.space.suites(self.suites)):
            raise KitError("None of these suites has thresholds, so there is no gate.", remedy="Give one a `gate`.")

    def results(self, run: "Run", *, enforced: bool = False) -> "tuple[GateResult, ...]":
        """What the gate says; one that is enforced on all suites also plays the playbooks' own tests.

        Raises:
            NotComparable: the run cannot be held against the baseline.
            KitError: a test of a playbook cannot be played.
        """
        from kit.evals import check_gate, playbook_tests

        found = check_gate(run, baseline=self.baseline, common=self.common, across=self.across)
        if not enforced or self.suites:
            return found
        return (*found, playbook_tests(self.space.try_playbooks()))

    def write(self, run: "Run", results: "Sequence[GateResult]", files: Sequence[Path]) -> None:
        """Write the files that were asked for; the reports in the run's folder get what the baseline adds."""
        from kit.reports import write_reports, write_run

        if self.baseline is not None:
            write_reports(run, gate=results)
        for path in files:
            write_run(run, results, path)
