"""`kit eval`: how good the assistant is."""

from typing import Annotated

import typer

from kit.cli.common import AsJson, WorkspaceDir, progress_bar
from kit.cli.evals.gating import AcrossData, BaselineName, Common, Gate, Outputs, split_outputs
from kit.cli.evals.group import DEFAULT

__all__ = ["register"]


def register(group: typer.Typer) -> None:
    """Add what `kit eval` does by itself."""
    group.command(DEFAULT, hidden=True)(evaluate)


def evaluate(
    suites: Annotated[list[str] | None, typer.Argument(metavar="SUITE", help="Which; by default all.")] = None,
    *,
    workspace: WorkspaceDir = None,
    output: Outputs = None,
    reuse: Annotated[
        bool, typer.Option("--reuse", help="Show the last run again if nothing that it depends on has changed.")
    ] = False,
    gate: Annotated[
        bool, typer.Option("--gate", help="Exit with 1 if thresholds, hard rules or the baseline are not kept.")
    ] = False,
    baseline: BaselineName = None,
    across: AcrossData = None,
    common: Common = False,
    save_baseline: Annotated[
        bool, typer.Option("--save-baseline", help="Keep the run as evals/baseline, unless the gate fails.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Run eval suites and print what came out, with n and intervals."""
    from kit.workspace import Workspace

    folder, files = split_outputs(output)
    space = Workspace.open(workspace)
    asked = Gate.of(
        space,
        suites or (),
        enforced=gate,
        baseline=baseline,
        common=common,
        across=across,
        save=save_baseline,
    )
    with progress_bar() as progress:
        run = space.evaluate(suites or (), out=folder, reuse=reuse, progress=progress)
    asked.finish(run, files, as_json=as_json)
