"""`kit playbooks test` and `coverage`: plays the tests that playbooks carry, and says what they do not reach."""

from pathlib import Path
from typing import Annotated

import typer

from kit.cli.common import AsJson, WorkspaceDir, check_target, print_json, progress_bar
from kit.files import write_whole

__all__ = ["register"]

PlaybookIds = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Which playbooks; by default all.")]


def register(app: typer.Typer) -> None:
    """Add the commands to `kit playbooks`."""
    app.command()(test)
    app.command()(coverage)


def test(
    ids: PlaybookIds = None,
    *,
    workspace: WorkspaceDir = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show the conversations of all tests.")] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE.xml", help="Write a JUnit report for CI as well.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Play the tests of the playbooks with the assistant itself, and show where one goes otherwise than expected.

    Tools are always mocked. The exit code is 1 if a test fails.
    """
    from kit.playbooks import report_json, report_junit, report_lines
    from kit.workspace import Workspace

    space = Workspace.open(workspace)
    if output is not None:
        check_target(output)
    with progress_bar() as progress:
        report = space.try_playbooks(ids or (), progress=progress)
    if output is not None:
        write_whole(output, report_junit(report))
    if as_json:
        print_json(report_json(report))
    else:
        for line in report_lines(report, verbose=verbose):
            typer.echo(line)
    if not report.passed:
        raise typer.Exit(1)


def coverage(
    ids: PlaybookIds = None,
    *,
    least: Annotated[
        float | None,
        typer.Option(
            "--min", min=0, max=1, help="Exit with 1 if a smaller share of a playbook is reached: 1.0 is all."
        ),
    ] = None,
    workspace: WorkspaceDir = None,
    as_json: AsJson = False,
) -> None:
    """Say which steps, branches and hand-off rules of the playbooks no test reaches, and who would reach them."""
    from kit.playbooks import coverage_json, coverage_lines
    from kit.workspace import Workspace

    space = Workspace.open(workspace)
    with progress_bar() as progress:
        report = space.cover_playbooks(ids or (), progress=progress)
    if as_json:
        print_json(coverage_json(report))
    else:
        for line in coverage_lines(report):
            typer.echo(line)
    if least is not None and (below := report.below(least)):
        typer.echo(f"Below {least:g}: {', '.join(one.source.playbook.id for one in below)}.", err=True)
        raise typer.Exit(1)
