"""`kit view`: the report of a run."""

from typing import Annotated

import typer

from kit.cli.common import WorkspaceDir

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the `kit` command."""
    app.command()(view)


def view(
    run: Annotated[str | None, typer.Argument(help="The run: a folder or an id; by default the newest.")] = None,
    *,
    workspace: WorkspaceDir = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print where the report is.")] = False,
) -> None:
    """Open a run's report in the browser."""
    from kit.workspace import Workspace

    space = Workspace.open(workspace)
    from kit.reports import write_reports

    loaded = space.run(run)
    report = loaded.folder.resolve() / "report.html"
    if not report.is_file():
        write_reports(loaded)  # A run that broke off has none yet.
    typer.echo(report)
    if not no_browser:
        typer.launch(report.as_uri())
