"""`kit csat`: how content customers are, as far as transcripts show it."""

import typer

from kit.cli.common import FromFile, OutFile, WorkspaceDir, read_batch
from kit.errors import KitError

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the `kit` command."""
    app.command()(csat)


def csat(*, workspace: WorkspaceDir = None, source: FromFile = None, output: OutFile = None) -> None:
    """Say of transcripts how content the customers were: an index, and a CSAT once it is calibrated.

    A line is {"id", "turns": [{"role", "text"}]}. Where the workspace has evals/csat.json, which `kit calibrate --csat`
    writes, `csat` is the expected rating from 1 to 5 and `dissatisfied` the chance of a rating of 2 or less.
    """
    if source is None:
        raise KitError("Give a file of transcripts.", remedy="For example: kit csat --from in.jsonl -o out.jsonl")
    from kit.workspace import Workspace

    space = Workspace.open(workspace)
    batch = read_batch(source, output, needs="turns", kind=list)
    scorer = space.csat(coming=[row.data for row in batch.rows if row.error is None])
    if not scorer.calibrated:
        typer.echo(
            "Not calibrated on ratings: `index` may rank conversations, and is no CSAT. "
            "To calibrate: kit calibrate --csat FILE.jsonl",
            err=True,
        )
    batch.run(scorer.score, what="reading transcripts")
