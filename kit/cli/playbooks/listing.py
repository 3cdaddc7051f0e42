"""`kit playbooks list`."""

import typer

from kit.cli.common import AsJson, WorkspaceDir, print_json

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands to `kit playbooks`."""
    app.command("list")(list_playbooks)


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
