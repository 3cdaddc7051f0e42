"""What `kit eval` does with a run that ended: gate, baseline, outputs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kit.cli.common import check_target, print_json
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
    """What was asked of the run beside its figures."""

    space: "Workspace"
    suites: Sequence[str]
    enforced: bool
    baseline: "RunSide | None"
    common: bool
    across: "tuple[Across, ...]"
    save: bool

    @classmethod
    def of(
        cls,
        space: "Workspace",
        suites: Sequence[str],
        *,
        enforced: bool,
        baseline: str | None,
        common: bool,
        across: Sequence[str] | None,
        save: bool,
    ) -> "Gate":
        """Check all that can be checked before the run.

        Raises:
            KitError: there is no gate, no such baseline, or it cannot be compared with.
        """
        side = space.side(baseline) if baseline is not None else None
        if enforced and side is None and not any(suite.gate for suite in space.suites(suites)):
            raise KitError("None of these suites has thresholds, so there is no gate.", remedy="Give one a `gate`.")
        allowed = across_of(across)
        if side is not None:
            space.check_comparable(side, suites, common=common, across=allowed)
        return cls(
            space=space, suites=suites, enforced=enforced, baseline=side, common=common, across=allowed, save=save
        )

    def finish(self, run: "Run", files: Sequence[Path], *, as_json: bool) -> None:
        """Print, write and keep what was asked for; ends with 1 where the gate is asked for and fails."""
        from kit.evals import check_gate
        from kit.reports import run_values, write_reports, write_run

        results = check_gate(run, baseline=self.baseline, common=self.common, across=self.across)
        write_reports(run, gate=results)
        for path in files:
            write_run(run, results, path)
        if as_json:
            print_json(run_values(run, results))
        else:
            _show(run, results)
            for path in files:
                typer.echo(f"Written: {path}")
        if self.enforced and not all(one.passed for one in results):
            raise typer.Exit(1)
        if self.save:
            kept = self.space.save_baseline(run)
            typer.echo(f"Baseline: {kept}", err=as_json)


def _show(run: "Run", results: "Sequence[GateResult]") -> None:
    from rich.console import Console

    from kit.reports import gate_table, summary_table

    # Piped output is read by people too (CI logs): wide enough that no column is squeezed.
    console = Console()
    console = console if console.is_terminal else Console(width=120)
    console.print(summary_table(run.summary))
    if results:
        console.print(gate_table(results))
    typer.echo(f"Run: {run.folder}\nReport: {run.folder / 'report.html'}")
