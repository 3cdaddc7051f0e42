"""`kit handoffs`: what people were to take over and have not received yet."""

import time
from typing import Annotated, Any

import typer

from kit.cli.common import AsJson, WorkspaceDir, print_json
from kit.errors import KitError

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the `kit` command."""
    app.command()(handoffs)


def handoffs(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Only these.")] = None,
    *,
    workspace: WorkspaceDir = None,
    retry: Annotated[bool, typer.Option("--retry", help="Deliver them now, also those that were given up.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the hand-offs that are not delivered yet, or deliver them.

    With `--retry` the exit code is 1 if one still could not be delivered.
    """
    from kit.workspace import Workspace

    desk = Workspace.open(workspace).desk
    known = {one.id for one in desk.waiting()}
    for id in ids or ():
        if id not in known:
            raise KitError(f"No hand-off `{id}` waits.", path=desk.outbox.folder, remedy="`kit handoffs` lists them.")
    tried = desk.retry(ids or ()) if retry else []
    waiting = [one for one in desk.waiting() if not ids or one.id in ids]
    rows = [_row(one) for one in waiting]
    delivered = [one.id for one in tried if not one.problem]
    if as_json:
        print_json({"delivered": delivered, "waiting": rows})
    else:
        if retry:
            typer.echo(f"Delivered {len(delivered):,}.")
        for row in rows:
            again = "until `--retry`" if row["state"] == "failed" else f"for {row['due_in_seconds']:,.0f} s"
            said = f" {row['problem']}" if row["problem"] else ""
            typer.echo(
                f"{row['id']}  {row['kind']} of {row['conversation_id']}, {row['reason']} → {row['team']}, "
                f"{row['priority']}: {row['attempts']} attempts, waits {again}.{said}"
            )
        if not rows:
            typer.echo("No hand-off waits.")
    if retry and rows:
        raise typer.Exit(1)


def _row(one: Any) -> dict[str, Any]:
    names = ("kind", "conversation_id", "at", "reason", "team", "priority")
    return {
        "id": one.id,
        **{name: one.parcel[name] for name in names},
        "state": "failed" if one.given_up else "pending",
        "attempts": one.attempts,
        "due_in_seconds": round(max(0.0, one.not_before - time.time()), 1),
        "problem": one.problem,
    }
