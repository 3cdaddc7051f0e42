"""`kit demo`: the browser app."""

from contextlib import closing
from typing import Annotated

import typer

from kit.cli.common import WorkspaceDir, one_thread_each, progress_bar
from kit.errors import IndexUnavailable

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the `kit` command."""
    app.command()(demo)


def demo(
    *,
    workspace: WorkspaceDir = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Taken: the next free one.")] = 7860,
) -> None:
    """Talk to the assistant in the browser.

    Its sources stand beside it. Ctrl-C ends it.
    """
    one_thread_each()
    from kit.app import launch
    from kit.workspace import Workspace

    space = Workspace.open(workspace)
    try:
        space.retriever  # noqa: B018  # Opens the index, or says that there is none.
    except IndexUnavailable as error:
        typer.echo(f"{error.problem} Building it.")
        with progress_bar() as progress:
            report = space.index(progress=progress)
        typer.echo(f"Indexed {report.articles} articles as {report.passages} passages in {report.seconds:.1f} s.")
    with closing(space):
        launch(space, port=port)
