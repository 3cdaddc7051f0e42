"""`kit search`, `kit ask`, `kit chat`: what the assistant finds and says."""

import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kit.cli.common import AsJson, FromFile, OutFile, WorkspaceDir, one_thread_each, print_json, read_batch
from kit.errors import KitError

if TYPE_CHECKING:
    from kit.workspace import Workspace

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
    explain: Annotated[bool, typer.Option("--explain", help="Say why each hit ranks where it does.")] = False,
    language: Annotated[list[str] | None, typer.Option("--language", help="Only articles in it; repeatable.")] = None,
    audience: Annotated[list[str] | None, typer.Option("--audience", help="Only articles for it; repeatable.")] = None,
    product: Annotated[list[str] | None, typer.Option("--product", help="Only articles on it; repeatable.")] = None,
    as_json: AsJson = False,
) -> None:
    """Find the passages that fit a query best, one for each article.

    In a file, `history` with the turns before helps a question that leans on them.
    """
    one_thread_each()
    from kit.workspace import Workspace

    _one_of("search", query, source, output)
    space = Workspace.open(workspace, brief=source is None)
    filters = {"language": language, "audience": audience, "product": product}
    where = {name: values for name, values in filters.items() if values}

    def search_for(text: str, history: Sequence[str] = ()) -> dict[str, Any]:
        found = space.retriever.find(text, top=top, where=where, history=history)
        _warn(found.note)
        why = [{"explain": space.retriever.explain(found, hit).to_json()} if explain else {} for hit in found.hits]
        return {"hits": [{**hit.to_json(), **one} for hit, one in zip(found.hits, why, strict=True)]}

    if source is not None:
        batch = read_batch(source, output, needs="question")
        space.retriever  # noqa: B018  # Without an index no line can succeed: say it once, before the batch.
        batch.run(lambda row: search_for(row["question"], _said(row)), what="searching")
    elif as_json:
        print_json({"id": None, **search_for(query or "")})
    else:
        found = space.retriever.find(query or "", top=top, where=where)
        _warn(found.note)
        if not found.hits:
            typer.echo("Nothing was found." + (" Without the filters there may be more." if where else ""))
        for hit in found.hits:
            typer.echo(f"{hit.rank}. {hit.passage.title}  [{hit.passage.passage_id}]")
            typer.echo("   " + " ".join(hit.passage.text.split())[:200])
            typer.echo(f"   {hit.passage.link}")
            for line in space.retriever.explain(found, hit).lines() if explain else ():
                typer.echo(f"   {line}")
            typer.echo()


def _warn(note: str) -> None:
    if note:
        typer.echo(note, err=True)


def _said(row: dict[str, Any]) -> list[str]:
    """What the customer said before."""
    return [turn.text for turn in _history(row) if turn.role == "customer"]


def ask(
    question: Annotated[str | None, typer.Argument(help="The customer's question.")] = None,
    *,
    workspace: WorkspaceDir = None,
    source: FromFile = None,
    output: OutFile = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question with sources, or say why not."""
    one_thread_each()
    from kit.workspace import Workspace

    _one_of("ask", question, source, output)
    with closing(Workspace.open(workspace, brief=source is None)) as space:
        if source is not None:
            batch = read_batch(source, output, needs="question")
            space.assistant()  # What is not in order is said once, before the batch.
            # Questions from a file are a trial: nobody is called to take over.
            batch.run(lambda row: space.ask(row["question"], _history(row), deliver=False).to_json(), what="answering")
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
    one_thread_each()
    from kit.workspace import Workspace

    with closing(Workspace.open(workspace)) as space:
        _talk(space)


def _talk(space: "Workspace") -> None:
    assistant = space.talking()
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
                if reply.text:
                    typer.echo()
                    _print_sources(reply)
                else:
                    typer.echo("(A colleague has this conversation; the assistant is silent.)")


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
