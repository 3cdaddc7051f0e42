"""`kit csat`, `kit calibrate`: how content customers are, as far as transcripts show it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kit.cli.common import AsJson, FromFile, OutFile, WorkspaceDir, print_json, read_batch
from kit.errors import KitError

if TYPE_CHECKING:
    from kit.evals import Calibration, CsatFigure

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands to the `kit` command."""
    app.command()(csat)
    app.command()(calibrate)


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


def calibrate(
    *,
    workspace: WorkspaceDir = None,
    ratings: Annotated[
        Path | None, typer.Option("--csat", metavar="FILE.jsonl", help="Rated conversations, one JSON object a line.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Fit the CSAT index to rated conversations, and print how good it is on those that it did not see.

    A line is {"id", "turns": [{"role", "text", "rating"?}], "rating"?} with ratings from 1 to 5, of turns, of the whole
    or of both; a list where several people rated. What is learned is written to evals/csat.json in the workspace.
    """
    if ratings is None:
        raise KitError("Give a file of rated conversations.", remedy="For example: kit calibrate --csat rated.jsonl")
    from kit.workspace import Workspace

    space = Workspace.open(workspace)
    done = space.calibrate_csat(ratings)
    if as_json:
        print_json({**done.to_json(), "file": str(space.csat_file)})
        return
    _print(done)
    typer.echo(f"Written to {space.csat_file}; `kit csat` uses it from now on.")


def _print(done: "Calibration") -> None:
    left_out = f"; {done.unrated} without a rating are left out" if done.unrated else ""
    typer.echo(f"Fitted to {done.model.conversations} rated conversations{left_out}.")
    typer.echo("Each is judged by a model fitted without it (five folds; choices too are made without it):\n")
    for figure in done.figures:
        typer.echo(f"  {figure.title:<48}{_value(figure):<28}n = {figure.n}")
    for what, raters in done.raters.items():
        rest = "–" if raters.one_against_rest is None else f"{raters.one_against_rest:.3f}"
        alpha = "–" if raters.alpha is None else f"{raters.alpha:.3f}"
        typer.echo(
            f"\nThe raters of {raters.n} {what}: one against the rest, Spearman {rest}; Krippendorff's alpha {alpha}."
        )
    typer.echo()


def _value(figure: "CsatFigure") -> str:
    if figure.value is None:
        return "not evidenced"
    low, high = figure.interval
    return f"{figure.value:6.3f}" + ("" if low is None else f"  ({low:.3f} to {high:.3f})")
