"""`kit playbooks mutate`: which changes to a playbook no test notices."""

from typing import Annotated

import typer

from kit.cli.common import AsJson, WorkspaceDir, print_json, progress_bar

__all__ = ["register"]

PlaybookIds = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Which playbooks; by default all.")]


def register(app: typer.Typer) -> None:
    """Add the command to `kit playbooks`."""
    app.command()(mutate)


def mutate(
    ids: PlaybookIds = None,
    *,
    workspace: WorkspaceDir = None,
    least: Annotated[
        float | None, typer.Option("--min", min=0, max=1, help="Exit with 1 if the score is below this, such as .9.")
    ] = None,
    sample: Annotated[int | None, typer.Option("--sample", min=1, help="Try only so many changes, drawn.")] = None,
    seed: Annotated[int, typer.Option("--seed", help="Which changes are drawn.")] = 0,
    most_seconds: Annotated[
        float | None, typer.Option("--time-limit", min=0, metavar="SECONDS", help="Stop after so long.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Change one thing at a time in the playbooks, and show which changes none of their tests notices.

    A step is left out, a condition becomes its opposite, a limit moves, a hand-off goes to another team. Tools are
    always mocked. What did not change since the last time is not played again.
    """
    from kit.playbooks import score_json, score_lines
    from kit.workspace import Workspace

    space = Workspace.open(workspace)
    with progress_bar() as progress:
        report = space.mutation_score(ids or (), sample=sample, seed=seed, most_seconds=most_seconds, progress=progress)
    if as_json:
        print_json({**score_json(report), "min": least})
    else:
        for line in score_lines(report):
            typer.echo(line)
    if least is not None and not report.reaches(least):
        if not as_json:
            typer.echo(f"Below the {least:g} that was asked for.")
        raise typer.Exit(1)
