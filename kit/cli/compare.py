"""`kit compare`: what differs between two runs, and whether it is more than chance."""

from pathlib import Path
from typing import Annotated

import typer

from kit.cli.common import AsJson, WorkspaceDir, check_target
from kit.cli.evals.gating import AcrossData, Common, across_of

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the `kit` command."""
    app.command()(compare)


def compare(
    before: Annotated[str, typer.Argument(metavar="A", help="The run to compare with: id, folder, evals/baseline.")],
    after: Annotated[str | None, typer.Argument(metavar="B", help="The run to look at; by default the newest.")] = None,
    *,
    workspace: WorkspaceDir = None,
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="Write it there, as often as wanted: .html, .md, .json, .csv."
        ),
    ] = None,
    common: Common = False,
    across: AcrossData = None,
    cases: Annotated[int, typer.Option(min=0, metavar="N", help="How many cases to show side by side.")] = 3,
    as_json: AsJson = False,
) -> None:
    """Compare two runs, paired on the case; ends with 3 where that would say nothing."""
    from kit.reports import COMPARISON_FORMS, check_form, comparison_parts, write_comparison
    from kit.workspace import Workspace

    for path in output or ():
        check_form(path, COMPARISON_FORMS)
        check_target(path)
    allowed = across_of(across)
    found = Workspace.open(workspace).compare(before, after, common=common, across=allowed)
    for path in output or ():
        write_comparison(found, path)
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
        return
    from rich.console import Console

    console = Console()
    console = console if console.is_terminal else Console(width=150)
    for part in comparison_parts(found, cases=cases):
        console.print(part)
    for path in output or ():
        typer.echo(f"Written: {path}")
