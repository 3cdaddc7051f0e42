"""`kit search`, `kit ask`, `kit chat`: what the assistant finds and says."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from kit.cli.common import AsJson, FromFile, OutFile, WorkspaceDir, print_json, read_batch
from kit.errors import KitError

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands to the `kit` command."""
    app.command()(search)
    app.command()(ask)
    app.command()(chat)


def search(
    query: Annotated[str | None, typer.Argument(help="What to look for.")] = None,
    *,
    workspace: WorkspaceDir = None,
    top: Annotated[int, typer.Option("--top", min=1, max=100, help="How many hits.")] = 5,
    source: FromFile = None,
    output: OutFile = None,
    as_json: AsJson = False,
) -> None:
    """Find the passages that fit a query best, one for each article."""
    from kit.workspace import Workspace

    _one_of("search", query, source, output)
    space = Workspace.open(workspace)

    def hits(text: str) -> dict[str, Any]:
        return {"hits": [hit.to_json() for hit in space.search(text, top=top)]}

    if source is not None:
        batch = read_batch(source, output, needs="question")
        space.retriever  # noqa: B018  # Without an index no line can succeed: say it once, before the batch.
        batch.run(lambda row: hits(row["question"]), what="searching")
    elif as_json:
        print_json({"id": None, **hits(query or "")})
    else:
        for hit in space.search(query or "", top=top):
            typer.echo(f"{hit.rank}. {hit.passage.title}  [{hit.passage.passage_id}]")
            typer.echo("   " + " ".join(hit.passage.text.split())[:200])
            typer.echo(f"   {hit.passage.link}\n")


def ask(
    question: Annotated[str | None, typer.Argument(help="The customer's question.")] = None,
    *,
    workspace: WorkspaceDir = None,
    source: FromFile = None,
    output: OutFile = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question with sources, or say why not."""
    from kit.workspace import Workspace

    _one_of("ask", question, source, output)
    space = Workspace.open(workspace)
    if source is not None:
        batch = read_batch(source, output, needs="question")
        space.assistant()  # What is not in order is said once, before the batch.
        batch.run(lambda row: space.ask(row["question"], _history(row)).to_json(), what="answering")
        return
    reply = space.ask(question or "")
    if as_json:
        print_json({"id": None, **reply.to_json()})
        return
    typer.echo(reply.text)
    _print_sources(reply)


def chat(*, workspace: WorkspaceDir = None) -> None:
    """Talk to the assistant in the terminal.

    An empty line or Ctrl-D ends it.
    """
    from kit.workspace import Workspace

    space = Workspace.open(workspace)
    assistant = space.assistant(on_turn=space.record)
    conversation = assistant.start()
    interactive = sys.stdin.isatty()
    while True:
        if interactive:
            typer.echo("\nyou> ", nl=False)
        message = sys.stdin.readline().strip()
        if not message:
            return
        for piece in assistant.stream(conversation, message):
            if isinstance(piece, str):
                typer.echo(piece, nl=False)
            else:
                conversation, reply = piece
                typer.echo()
                _print_sources(reply)


def _one_of(command: str, text: str | None, source: Path | None, output: Path | None) -> None:
    """Refuse both or neither of a text and a file of them, and an output file without an input file."""
    example = f"For example: kit {command} 'your question', or: kit {command} --from in.jsonl -o out.jsonl"
    if (text is None) == (source is None):
        raise KitError("Give either a question or `--from FILE.jsonl`.", remedy=example)
    if output is not None and source is None:
        raise KitError("`-o` goes only with `--from FILE.jsonl`.", remedy=example)


def _history(row: dict[str, Any]) -> list[Any]:
    from pydantic import TypeAdapter, ValidationError

    from kit.assistant import Turn

    try:
        return TypeAdapter(list[Turn]).validate_python(row.get("history") or [])
    except ValidationError as error:
        raise KitError("`history` must be a list of {role, text}; roles: customer, assistant, agent.") from error


def _print_sources(reply: Any) -> None:
    sources = dict.fromkeys((citation.title, citation.url or citation.article_id) for citation in reply.citations)
    notes = [f"Source: {title} ({address})" for title, address in sources]
    if reply.handoff:
        notes.append(f"Hand-off: {reply.handoff.reason} → {reply.handoff.team}, priority {reply.handoff.priority}")
    if reply.confidence is not None:
        notes.append(f"Confidence: {reply.confidence:.2f}")
    if notes:
        typer.echo("\n" + "\n".join(f"  {note}" for note in notes))
