"""`kit playbooks new` and `draw`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from kit.cli.common import WorkspaceDir, check_target
from kit.errors import KitError
from kit.files import write_whole

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands to `kit playbooks`."""
    app.command()(new)
    app.command()(draw)


def new(
    id: Annotated[str, typer.Argument(metavar="ID", help="Its id, and the name of its file: small letters and -.")],
    *,
    source: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="FILE", help="A procedure as plain text to make it from; - reads what you paste."
        ),
    ] = None,
    title: Annotated[str, typer.Option("--title", help="What people call it.")] = "",
    workspace: WorkspaceDir = None,
) -> None:
    """Write a new playbook, a draft: a template, or made from a procedure that you already have.

    What could not be placed, and what has to be looked at, is marked TODO in the file and listed.
    """
    from kit.playbooks import Draft, draft_playbook, parse_playbook, template
    from kit.workspace import Workspace

    space = Workspace.open(workspace)
    path = space.root / "playbooks" / f"{id}.md"
    if path.exists():
        raise KitError(f"There is a playbook `{id}` already.", path=path, remedy="Choose another id.")
    if source is None:
        draft = Draft(template(id, title=title))
    else:
        draft = draft_playbook(id, _procedure(source), space.tools, title=title)
    parse_playbook(draft.text, path)  # an id that cannot be one is said before anything is written
    path.parent.mkdir(exist_ok=True)
    check_target(path)
    write_whole(path, draft.text)
    typer.echo(f"{path}: a draft. Fill in what is marked TODO, then `kit playbooks lint {id}`.")
    for heading, lines in (("To be looked at:", draft.marked), ("Not placed:", draft.unplaced)):
        for number, line in enumerate(lines):
            typer.echo(f"{heading if number == 0 else ' ' * len(heading)} line {line.number}: {line.text}")


def draw(
    id: Annotated[str, typer.Argument(metavar="ID", help="Which playbook.")],
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="A picture as FILE.svg, or Mermaid as FILE.mmd or FILE.md."
        ),
    ] = None,
    workspace: WorkspaceDir = None,
) -> None:
    """Draw a playbook: the steps in the order of the file, with the ways between them. Without a file as Mermaid."""
    from kit.playbooks import chosen, mermaid, svg
    from kit.workspace import Workspace

    [found] = chosen(Workspace.open(workspace).playbook_sources, [id])
    if output is None:
        typer.echo(mermaid(found.playbook), nl=False)
        return
    kind = output.suffix.lower()
    if kind not in (".svg", ".mmd", ".md"):
        raise KitError(
            f"`{output.name}` says no form that can be drawn.", remedy="End the name with .svg, .mmd or .md."
        )
    check_target(output)
    drawn = svg(found.playbook) if kind == ".svg" else mermaid(found.playbook)
    write_whole(output, f"```mermaid\n{drawn}```\n" if kind == ".md" else drawn)
    typer.echo(str(output))


def _procedure(source: Path) -> str:
    from kit.yamlfile import read_text

    text = sys.stdin.read() if str(source) == "-" else read_text(source)
    if not text.strip():
        raise KitError("There is no text to make a playbook from.", path=source, remedy="Paste the procedure.")
    return text
