"""`kit mask`: personal data in texts from anywhere, with a token in its place."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kit.cli.common import AsJson, FromFile, OutFile, WorkspaceDir, print_json, read_batch
from kit.errors import KitError

if TYPE_CHECKING:
    from pathlib import Path

    from kit.safety import Rules

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the `kit` command."""
    app.command()(mask)


def mask(
    text: Annotated[str | None, typer.Argument(help="A text.")] = None,
    *,
    workspace: WorkspaceDir = None,
    source: FromFile = None,
    output: OutFile = None,
    as_json: AsJson = False,
) -> None:
    """Mask personal data in texts; says where it stood.

    What is masked beside e-mail, phone, card, bank, IP and national numbers says `[safety]` of the workspace, if there
    is one.
    """
    from kit.safety import mask as masked

    example = "For example: kit mask 'my mail is a@b.example', or: kit mask --from in.jsonl -o out.jsonl"
    if (text is None) == (source is None):
        raise KitError("Give either a text or `--from FILE.jsonl`.", remedy=example)
    if output is not None and source is None:
        raise KitError("`-o` goes only with `--from FILE.jsonl`.", remedy=example)
    rules = _rules(workspace)

    def result(given: str) -> dict[str, Any]:
        done = masked(given, rules=rules)
        spans = [{"type": span.type, "start": span.start, "end": span.end} for span in done.spans]
        return {"text": done.text, "spans": spans}

    if source is not None:
        batch = read_batch(source, output, needs="text")
        masked("", rules=rules)  # What is not in order is said once, before the batch.
        batch.run(lambda row: result(row["text"]), what="masking")
    elif as_json:
        print_json({"id": None, **result(text or "")})
    else:
        typer.echo(result(text or "")["text"])


def _rules(workspace: "Path | None") -> "Rules":
    """What the workspace named masks, or else the nearest one; what is masked anywhere where there is none.

    Raises:
        KitError: the workspace named is none, or its settings are not right.
    """
    from kit.safety import Rules
    from kit.settings import find_workspace, load_settings

    if workspace is None:
        try:
            workspace = find_workspace()
        except KitError:
            return Rules()
    return Rules.of(load_settings(workspace).safety)
