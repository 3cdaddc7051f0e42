"""`kit playbooks list` and `lint`."""

import typer

from kit.cli.common import AsJson, WorkspaceDir, print_json
from kit.errors import KitError

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands to `kit playbooks`."""
    app.command("list")(list_playbooks)
    app.command()(lint)


def list_playbooks(*, workspace: WorkspaceDir = None, as_json: AsJson = False) -> None:
    """Show the playbooks: what each is for, who owns it."""
    from kit.workspace import Workspace

    rows = [
        {"id": p.id, "title": p.title, "version": p.version, "owner": p.owner, "status": p.status, "risk": p.risk}
        for p in Workspace.open(workspace).playbooks
    ]
    if as_json:
        print_json(rows)
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(*(name.capitalize() for name in ("id", "title", "version", "owner", "status", "risk")), box=None)
    for row in rows:
        table.add_row(*map(str, row.values()))
    Console().print(table)


def lint(*, workspace: WorkspaceDir = None, as_json: AsJson = False) -> None:
    """Check every playbook.

    What is wrong is named with file, line and remedy, and the exit code is then 1.
    """
    from kit.playbooks import load_playbook, playbook_files
    from kit.workspace import Workspace

    space = Workspace.open(workspace)
    files = playbook_files(space.root / "playbooks")
    problems = []
    for path in files:
        try:
            load_playbook(path, space.tools)
        except KitError as error:
            problems.append(error)
    if as_json:
        rows = [{"path": str(e.path), "line": e.line, "problem": e.problem, "remedy": e.remedy} for e in problems]
        print_json({"playbooks": len(files), "problems": rows})
    else:
        for problem in problems:
            typer.echo(str(problem))
        typer.echo(f"{len(files)} playbooks, {len(problems)} with problems.")
    if problems:
        raise typer.Exit(1)
