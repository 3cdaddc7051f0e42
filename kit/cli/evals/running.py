"""`kit eval`: how good the assistant is."""

from pathlib import Path
from typing import Annotated

import typer

from kit.cli.common import AsJson, WorkspaceDir, print_json, progress_bar
from kit.cli.evals.group import DEFAULT
from kit.errors import KitError

__all__ = ["register"]


def register(group: typer.Typer) -> None:
    """Add what `kit eval` does by itself."""
    group.command(DEFAULT, hidden=True)(evaluate)


def evaluate(
    suites: Annotated[list[str] | None, typer.Argument(metavar="SUITE", help="Which; by default all.")] = None,
    *,
    workspace: WorkspaceDir = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="DIR", help="The run's folder.")] = None,
    reuse: Annotated[
        bool, typer.Option("--reuse", help="Show the last run again if nothing that it depends on has changed.")
    ] = False,
    gate: Annotated[bool, typer.Option("--gate", help="Exit with 1 if a suite's thresholds are not kept.")] = False,
    as_json: AsJson = False,
) -> None:
    """Run eval suites and print what came out, with n and intervals."""
    from kit.workspace import Workspace

    space = Workspace.open(workspace)
    from kit.evals import check_gate

    if gate and not any(suite.gate for suite in space.suites(suites or ())):
        raise KitError("None of these suites has thresholds, so there is no gate.", remedy="Give one a `gate`.")
    with progress_bar() as progress:
        run = space.evaluate(suites or (), out=output, reuse=reuse, progress=progress)
    results = check_gate(run)
    failed = [result for result in results if not result.passed]
    if as_json:
        print_json(
            {"run": str(run.folder), "summary": run.summary.to_json(), "gate": [one.model_dump() for one in results]}
        )
    else:
        from rich.console import Console

        from kit.reports import gate_table, summary_table

        # Piped output is read by people too (CI logs): wide enough that no column is squeezed.
        console = Console()
        console = console if console.is_terminal else Console(width=120)
        console.print(summary_table(run.summary))
        if results:
            console.print(gate_table(results))
        typer.echo(f"Run: {run.folder}\nReport: {run.folder / 'report.html'}")
    if gate and failed:
        raise typer.Exit(1)
