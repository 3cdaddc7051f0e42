"""`kit score`: scores a run again without running it."""

from pathlib import Path
from typing import Annotated

import typer

from kit.cli.common import AsJson, WorkspaceDir, progress_bar
from kit.cli.evals.running import report

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the `kit` command."""
    app.command()(score)


def score(
    run: Annotated[str | None, typer.Argument(help="The run: a folder or an id; by default the newest.")] = None,
    *,
    workspace: WorkspaceDir = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="DIR", help="A new run folder, instead of the run's own.")
    ] = None,
    suites: Annotated[
        bool, typer.Option("--suites", help="Take what is right from today's suites, not from those that were run.")
    ] = False,
    no_embeddings: Annotated[
        bool, typer.Option("--no-embeddings", help="Leave unscored what needs the embedder, which takes the longest.")
    ] = False,
    judge: Annotated[
        str | None,
        typer.Option(metavar="MODEL", help="A chat model for what needs a judge: `openai:gpt-5`."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Score a run again with today's metrics, without running it; what was said stays as it is."""
    from kit.workspace import Workspace

    space = Workspace.open(workspace)
    with progress_bar() as progress:
        again = space.rescore(
            run, out=output, expectations=suites, embeddings=not no_embeddings, judge=judge, progress=progress
        )
    report(again, as_json=as_json)
