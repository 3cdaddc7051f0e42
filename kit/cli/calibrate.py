"""`kit calibrate`: the confidence and its operating point on the workspace's cases, or the CSAT index on ratings."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from kit.cli.common import AsJson, WorkspaceDir, print_json, progress_bar
from kit.errors import KitError

if TYPE_CHECKING:
    from kit.evals import Calibration, CsatFigure
    from kit.workspace import Workspace

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the `kit` command."""
    app.command()(calibrate)


def calibrate(
    *,
    workspace: WorkspaceDir = None,
    alpha: Annotated[
        float | None,
        typer.Option("--alpha", help="Share of wrong answers allowed; default: `wrong_answers` under [targets]."),
    ] = None,
    delta: Annotated[float, typer.Option("--delta", help="How likely the bound may be missed by chance.")] = 0.05,
    bound: Annotated[
        Literal["learn-then-test", "risk-control"],
        typer.Option("--bound", help="Of the answers, with certainty 1 - delta; or of all questions, on average."),
    ] = "learn-then-test",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="The diagram, as .svg or .html.")
    ] = None,
    ratings: Annotated[
        Path | None, typer.Option("--csat", metavar="FILE.jsonl", help="Rated conversations, one JSON object a line.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Fit the confidence to the cases of the workspace, and choose the threshold that bounds wrong answers.

    Cases count that ask one thing and name the articles that answer it, or say that nothing does. Both are written to
    evals/confidence.json and in force from then on; `answer_threshold` in kit.toml goes before the threshold.

    With --csat the CSAT index is fitted to rated conversations instead, and written to evals/csat.json. A line is
    {"id", "turns": [{"role", "text", "rating"?}], "rating"?} with ratings from 1 to 5, of turns, of the whole or of
    both; a list where several people rated.
    """
    from kit.workspace import Workspace

    space = Workspace.open(workspace)
    if ratings is not None:
        if output is not None:
            raise KitError("There is no diagram of a CSAT calibration.", remedy="Leave out `-o`.")
        _csat(space, ratings, as_json=as_json)
        return
    for name, value in (("--alpha", alpha), ("--delta", delta)):
        if value is not None and not 0 < value < 1:
            raise KitError(f"`{name}` is {value:g}.", remedy="Give a share between 0 and 1, such as 0.05.")
    from kit.reports import check_diagram_name, reliability_text, write_reliability

    if output is not None:
        check_diagram_name(output)
    with progress_bar() as progress:
        done = space.calibrate(alpha=alpha, delta=delta, bound=bound, progress=progress)
    if output is not None:
        write_reliability(done, output)
    in_force = space.settings_in_force.assistant.answer_threshold
    if as_json:
        print_json({**done.to_json(), "file": str(space.confidence_file), "answer_threshold": in_force})
        return
    typer.echo(f"Fitted to {done.before.n} cases in {done.groups} groups.\n")
    typer.echo(reliability_text(done))
    typer.echo(f"\n{done.bound}")
    typer.echo(
        f"The threshold before answered {done.answered_before} of them, {done.wrong_before} of which are wrong.\n"
    )
    typer.echo(f"Written to {space.confidence_file}; the assistant uses it from now on.")
    if "answer_threshold" in space.settings.assistant.model_fields_set:
        typer.echo(f"kit.toml sets `answer_threshold = {in_force:g}`, which goes before the calibrated one.")
    if output is not None:
        typer.echo(f"The diagram: {output}")


def _csat(space: "Workspace", ratings: Path, *, as_json: bool) -> None:
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
