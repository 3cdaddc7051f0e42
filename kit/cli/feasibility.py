"""`kit tickets import`, `kit backtest`, `kit report`: is it worth it, on the company's own tickets?"""

from pathlib import Path
from typing import Annotated

import typer

from kit.cli.common import AsJson, WorkspaceDir, print_json, progress_bar

__all__ = ["register"]

tickets = typer.Typer(help="Past tickets.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands to the `kit` command."""
    app.add_typer(tickets, name="tickets")
    app.command()(backtest)
    app.command()(report)


@tickets.callback()
def _tickets() -> None:
    """Past tickets."""


@tickets.command("import")
def import_(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV or JSON lines file of tickets.")],
    *,
    workspace: WorkspaceDir = None,
    as_json: AsJson = False,
) -> None:
    """Check a ticket export and bring it into the workspace, with personal data masked."""
    from kit.feasibility import import_tickets
    from kit.workspace import Workspace

    target = Workspace.open(workspace).root / "evals" / "tickets.jsonl"
    read = import_tickets(source, target)
    if as_json:
        skipped = [{"line": row.line, "reason": row.reason} for row in read.skipped]
        fields = list(read.source_fields)
        print_json({"tickets": len(read.tickets), "skipped": skipped, "source_fields": fields, "file": str(target)})
        return
    count = f"{len(read.tickets)} ticket" + ("" if len(read.tickets) == 1 else "s")
    typer.echo(f"Imported {count} ({read.encoding}) into {target}.")
    typer.echo("E-mail and IP addresses, phone, card, account and social security numbers are masked; names are not.")
    if read.source_fields:
        typer.echo(f"Kept as they are, since the kit has no field for them: {', '.join(read.source_fields)}")
    if read.skipped:
        typer.echo(f"Left out {len(read.skipped)}:")
        for row in read.skipped:
            typer.echo(f"  line {row.line}: {row.reason}")


def backtest(*, workspace: WorkspaceDir = None, as_json: AsJson = False) -> None:
    """Replay the imported tickets: what the assistant would have done."""
    from kit.workspace import Workspace

    space = Workspace.open(workspace)
    with progress_bar() as progress:
        done = space.backtest(progress=progress)
    if as_json:
        print_json(done.to_json())
        return
    from rich.console import Console

    from kit.reports import backtest_table, gaps_table

    console = Console()
    console = console if console.is_terminal else Console(width=120)
    console.print(backtest_table(done))
    if done.info.gaps.groups:
        console.print(gaps_table(done, space.settings.costs.currency))
    typer.echo(f"Backtest: {done.folder}\nNext: kit report -o report.html")


def report(
    *,
    workspace: WorkspaceDir = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write it there, as .html or .md.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say whether to go live, from the newest run and backtest."""
    from kit.feasibility import assess, newest_backtest
    from kit.reports import feasibility_markdown, write_feasibility
    from kit.workspace import Workspace

    space = Workspace.open(workspace)
    assessment = assess(space.run(), newest_backtest(space.derived / "backtests"), space.settings)
    if output is not None:
        write_feasibility(assessment, output)
    if as_json:
        print_json(assessment.to_json())
    elif output is None:
        typer.echo(feasibility_markdown(assessment))
    else:
        typer.echo(f"{assessment.verdict.decision.replace('_', ' ')}: {output}")
