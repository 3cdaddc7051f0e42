"""`kit init`, `kit index`, `kit doctor`: from nothing to a workspace that answers."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from kit.cli.common import AsJson, WorkspaceDir, print_json, progress_bar
from kit.cli.health import print_health, print_left_out, summary
from kit.errors import KitError

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands to the `kit` command."""
    app.command()(init)
    app.command()(index)
    app.command()(doctor)


def init(
    path: Annotated[Path, typer.Argument(help="The folder to make.")],
    *,
    sample: Annotated[bool, typer.Option("--sample", help="Start from the sample company, Brightloom.")] = False,
    docs: Annotated[
        list[str] | None,
        typer.Option(
            "--docs", metavar="PATH|URL", help="A file or folder of articles, or a help centre's address; repeatable."
        ),
    ] = None,
    tickets: Annotated[
        Path | None, typer.Option("--tickets", metavar="FILE", help="Past tickets, as `kit tickets import` takes them.")
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help="The company's name.")] = None,
    max_pages: Annotated[int, typer.Option("--max-pages", min=1, help="The most pages to ask a site for.")] = 2000,
    max_minutes: Annotated[float, typer.Option("--max-minutes", min=0.1, help="The longest to read a site.")] = 30.0,
    delay: Annotated[float, typer.Option("--delay", min=0.0, help="Seconds between two requests to a site.")] = 0.5,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Read a site on this machine or its network.")
    ] = False,
) -> None:
    """Make a new workspace."""
    from kit.scaffold import create_workspace

    given = docs or []
    sites = [one for one in given if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*://", one)]

    if sample and name:
        raise KitError("`--sample` comes with its own name.", remedy="Leave out `--name`, or change it in kit.toml.")
    if tickets is not None:
        from kit.feasibility import import_tickets, read_tickets

        read_tickets(tickets)  # what is wrong with them is said before anything is made
    limits = None
    if sites:
        from kit.knowledge import SiteLimits

        limits = SiteLimits(pages=max_pages, minutes=max_minutes, delay=delay)
    try:
        with progress_bar() as progress:
            reports = create_workspace(
                path,
                name=name,
                sample=sample,
                docs=[Path(one) for one in given if one not in sites],
                sites=sites,
                limits=limits,
                allow_private=allow_private,
                progress=progress,
            )
    except KeyboardInterrupt:
        if sites:
            typer.echo("\nWhat was fetched is kept: the same command goes on from there.", err=True)
        raise
    for report in reports:
        typer.echo("\n".join(report.lines()))
    typer.echo(f"Made the workspace {path}.")
    if tickets is not None:
        read = import_tickets(tickets, path / "evals" / "tickets.jsonl")
        typer.echo(f"Imported {len(read.tickets)} tickets, with personal data masked.")
    if sample or docs:
        typer.echo(f"Next: kit index -w {path}")
    else:
        typer.echo(f"Next: put articles into {path}/playbooks/knowledge, then: kit index -w {path}")


def index(
    *,
    workspace: WorkspaceDir = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Embed everything again.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Fail, and build nothing, if a file would be left out.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--health", help="Name all that is to be mended in the articles.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Build the index, or refresh what changed since the last time."""
    from kit.knowledge import LeftOut
    from kit.workspace import Workspace

    space = Workspace.open(workspace)
    with progress_bar() as progress:
        try:
            report = space.index(rebuild=rebuild, strict=strict, progress=progress)
        except LeftOut as error:
            print_left_out(error.skipped, err=True)
            raise
    if as_json:
        print_json(report.to_json())
        return
    if report.changed:
        typer.echo(
            f"Indexed {report.articles} articles as {report.passages} passages in {report.seconds:.1f} s"
            f" ({report.embedded} passages embedded)."
        )
    else:
        typer.echo(f"Nothing has changed: {report.articles} articles, {report.passages} passages.")
    print_health(space.health(), everything=everything)
    print_left_out(report.skipped)


def doctor(*, workspace: WorkspaceDir = None, as_json: AsJson = False) -> None:
    """Check that all is in order, and say what to do if not.

    Machine, workspace, embedder, playbooks, tools, index, knowledge, confidence, reranker, chat model. Exits with 1
    if one of them is not in order.
    """
    import platform
    import shutil

    from kit.models import load_chat_model, load_reranker
    from kit.playbooks import check_tools
    from kit.workspace import Workspace

    space = Workspace.open(workspace)
    checks: list[dict[str, str | bool]] = []

    def check(name: str, look: Callable[[], str]) -> None:
        try:
            found, good = look(), True
        except KitError as error:
            found, good = str(error), False
        checks.append({"name": name, "ok": good, "found": found})
        if not as_json:
            typer.echo(f"{'ok   ' if good else 'wrong'} {name}: {found}")

    def chat_model() -> str:
        model = load_chat_model(space.settings.chat)
        return "none; answers are composed from the passages" if model is None else space.settings.chat.model

    def reranker() -> str:
        model = load_reranker(space.settings.reranker, root=space.root)
        return "none; the kit's own ranking stands" if model is None else model.fingerprint

    def confidence() -> str:
        least = space.settings_in_force.assistant.answer_threshold
        return f"{'calibrated' if space.calibrated else 'as it comes with the kit'}; answers from {least:g}"

    def tools() -> str:
        for error in check_tools(space.tools):
            raise error
        return f"{len(space.tools)} can be called" if space.tools else "none"

    free = shutil.disk_usage(space.root).free / 2**30
    check("machine", lambda: f"Python {platform.python_version()}, {free:.0f} GiB free")
    check("workspace", lambda: f"{space.settings.name} in {space.root}")
    check("embedder", lambda: space.embedder.fingerprint)
    check("playbooks", lambda: f"{len(space.playbooks)} in order")
    check("tools", tools)
    check("index", lambda: f"{len(space.retriever.build.passages)} passages")
    if checks[-1]["ok"]:  # else there is nothing to say of it
        check("knowledge", lambda: summary(space.health()))
        check("confidence", confidence)
    check("reranker", reranker)
    check("chat model", chat_model)
    if as_json:
        print_json({"checks": checks})
    if not all(one["ok"] for one in checks):
        raise typer.Exit(1)
