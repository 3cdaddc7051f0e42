"""`kit audit …`: what is kept of each turn, and how it is deleted."""

from typing import Annotated

import typer

from kit.cli.common import AsJson, WorkspaceDir, print_json
from kit.errors import KitError

__all__ = ["app"]

app = typer.Typer(help="Read the log of turns, and delete from it.", no_args_is_help=True)


@app.command("list")
def list_conversations(*, workspace: WorkspaceDir = None, as_json: AsJson = False) -> None:
    """Name the conversations of the log, the newest last."""
    from kit.governance import overview
    from kit.text import squash
    from kit.workspace import Workspace

    found = overview(Workspace.open(workspace).audit.turns())
    if as_json:
        print_json(found)
        return
    for one in found:
        first = squash(one["first"])
        turns = f"{one['turns']} turn{'s' * (one['turns'] != 1)}"
        typer.echo(f"{one['conversation_id']}  {one['began'][:19]}  {turns}, {one['outcomes'][-1]}  {first[:60]}")
    if not found:
        typer.echo("No conversation is in the log.")


@app.command()
def show(
    conversation: Annotated[str, typer.Argument(metavar="CONVERSATION_ID", help="As `kit audit list` names it.")],
    *,
    workspace: WorkspaceDir = None,
    as_json: AsJson = False,
) -> None:
    """Replay a conversation: what was asked, found, decided, said and spent, turn by turn."""
    from kit.governance import conversation_lines
    from kit.workspace import Workspace

    turns, ratings = Workspace.open(workspace).audit.conversation(conversation)
    if as_json:
        print_json({"conversation_id": conversation, "turns": turns, "ratings": ratings})
        return
    for line in conversation_lines(turns, ratings):
        typer.echo(line)


@app.command()
def prune(
    *,
    workspace: WorkspaceDir = None,
    days: Annotated[int | None, typer.Option("--days", min=1, help="By default `[audit] retention_days`.")] = None,
    as_json: AsJson = False,
) -> None:
    """Delete turns, ratings and hand-offs that are older than the retention allows."""
    from kit.workspace import Workspace

    space = Workspace.open(workspace)
    kept = days or space.settings.audit.retention_days
    before = len(space.audit.turns()), len(space.audit.feedback())
    gone = {**space.audit.prune(kept), "handoffs": space.desk.prune(kept)}
    if as_json:
        print_json({"days": kept, "kept": {"turns": before[0] - gone["turns"]}, "deleted": gone})
    elif kept:
        counts = f"{gone['turns']:,} turns, {gone['ratings']:,} ratings and {gone['handoffs']:,} hand-offs"
        typer.echo(f"Older than {kept:,} days: {counts} deleted.")
    else:
        typer.echo("Nothing is deleted: `retention_days` under [audit] in kit.toml is 0. `--days` says otherwise.")


@app.command()
def erase(
    *,
    workspace: WorkspaceDir = None,
    conversation: Annotated[
        list[str] | None, typer.Option("--conversation", metavar="ID", help="This conversation; repeatable.")
    ] = None,
    value: Annotated[
        str, typer.Option("--value", help="Every conversation in which this e-mail address, number or name stood.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Delete a customer's conversations: turns, ratings, and hand-offs in the outbox and the file.

    What was masked is found by a keyed hash that the log keeps of it, however it was written; a name or another text
    that is not masked is found where it stands word for word. What was already delivered to another system has to be
    deleted there, and copies of the log where they are.
    """
    from kit.workspace import Workspace

    if not conversation and not value.strip():
        raise KitError("Say what to erase.", remedy="For example: kit audit erase --value ada@example.org")
    space = Workspace.open(workspace)
    for id in conversation or ():
        if not any(one.conversation == id for one in space.desk.waiting()):
            space.audit.conversation(id)  # An id with a typing error must not look like an erasure that was done.
    gone = space.erase(conversations=conversation or (), value=value.strip())
    if as_json:
        print_json(vars(gone))
        return
    typer.echo(
        f"Erased {gone.conversations:,} conversation{'s' * (gone.conversations != 1)}: {gone.turns:,} turns, "
        f"{gone.ratings:,} ratings, {gone.handoffs:,} hand-offs."
    )
    if gone.conversations:
        typer.echo("What was delivered to another system has to be deleted there.")
