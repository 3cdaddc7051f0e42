"""`kit eval mutate`: which mistakes the gate would let through."""

from enum import StrEnum
from typing import Annotated

import typer

from kit.cli.common import AsJson, WorkspaceDir, progress_bar

__all__ = ["register"]


class Kind(StrEnum):
    """As `kit.evals.mutating.CorruptionKind`; written out here, as that is slow to import."""

    figure = "figure"
    negation = "negation"
    removed = "removed"
    swapped = "swapped"
    playbook = "playbook"
    threshold = "threshold"
    prompt = "prompt"


def register(group: typer.Typer) -> None:
    """Add it to `kit eval`."""
    group.command()(mutate)


def mutate(
    suites: Annotated[list[str] | None, typer.Argument(metavar="[SUITE]...", help="Which; by default all.")] = None,
    *,
    workspace: WorkspaceDir = None,
    kind: Annotated[list[Kind] | None, typer.Option(help="Which mistakes, as often as wanted; default: all.")] = None,
    sample: Annotated[int, typer.Option(min=0, metavar="N", help="How many to try; 0: all there are.")] = 70,
    seed: Annotated[int, typer.Option(min=0, help="Which ones are drawn.")] = 0,
    least: Annotated[
        float | None, typer.Option("--min", min=0, max=1, help="Exit with 1 if a smaller share is caught.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make one thing wrong at a time, in a copy of the workspace, and see whether the gate notices.

    Articles get a wrong figure, lose a "not" or two sections change places, or they are gone; playbooks, thresholds
    and prompts get one mistake each. What is known is kept, so that a trial that was stopped goes on.
    """
    from kit.workspace import Workspace

    space = Workspace.open(workspace)
    with progress_bar() as progress:
        report = space.mutate_evals(
            suites or (),
            kinds=[one.value for one in kind or ()],
            sample=sample or None,
            seed=seed,
            progress=progress,
        )
    if as_json:
        typer.echo(report.model_dump_json(indent=2))
    else:
        from rich.console import Console

        from kit.reports import mutation_lines, mutation_table

        console = Console()
        console = console if console.is_terminal else Console(width=120)
        console.print(mutation_table(report))
        for line in mutation_lines(report):
            typer.echo(line)
        if report.kept:
            typer.echo(f"{report.kept} of {len(report.results)} were known from before.")
    if least is not None and not report.reaches(least):
        raise typer.Exit(1)
