"""`kit judge`: chat models as judges, and how far people agree with them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kit.cli.common import AsJson, WorkspaceDir, print_json, progress_bar

if TYPE_CHECKING:
    from kit.evals import JudgeAgreement, JudgeBias

__all__ = ["app"]

app = typer.Typer(help="Chat models as judges, and how far people agree with them.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """A group, so that its one command keeps its name."""


@app.command()
def calibrate(
    labels: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="What people said, one JSON object a line.")],
    *,
    judge: Annotated[str, typer.Option("--judge", metavar="MODEL", help="The judge, such as `openai:gpt-5`.")],
    workspace: WorkspaceDir = None,
    as_json: AsJson = False,
) -> None:
    """Hold a judge against people's labels: agreement and bias, kept in evals/judge.json beside its scores.

    A line is {"metric", "question", "answer"?, "passages"?, "reference"?, "labels", "by"?}: what the judge of a metric
    such as `faithfulness` is shown; what people say of it from 0 (bad) to 1 (good), one label a person; the model that
    wrote the answer. At least 20 lines a metric.
    """
    from kit.workspace import Workspace

    space = Workspace.open(workspace)
    with progress_bar() as progress:
        found = space.calibrate_judge(labels, judge, progress=progress)
    if as_json:
        print_json({"judges": [one.model_dump() for one in found], "file": str(space.judge_file)})
        return
    for one in found:
        _print(one)
    typer.echo(f"Written to {space.judge_file}; `kit eval --judge {judge}` shows it beside every score.")


def _print(one: "JudgeAgreement") -> None:
    failed = f"; {one.failed} without a judgement are left out" if one.failed else ""
    typer.echo(f"{one.metric}, judged by {one.model} (prompt {one.prompt}), n = {one.n}{failed}")
    interval = "" if one.kappa_low is None else f"  ({one.kappa_low:.3f} to {one.kappa_high:.3f})"
    rows = {
        "Cohen's kappa with people": _number(one.kappa) + interval,
        "Krippendorff's alpha with people": _number(one.alpha),
        "Krippendorff's alpha of people alone": _number(one.people),
        "Bias (judge less people)": _bias(one.bias),
        "Position: passages in reverse": _bias(one.position),
        "  verdicts that this turns round": "not evidenced" if one.flips is None else f"{one.flips:6.1%}",
        "Length of the answer, Spearman with bias": _number(one.length),
        "Own answers less others' (bias)": _bias(one.own),
    }
    for title, text in rows.items():
        typer.echo(f"  {title:<42}{text}")
    typer.echo()


def _number(value: float | None) -> str:
    return "not evidenced" if value is None else f"{value:6.3f}"


def _bias(bias: "JudgeBias") -> str:
    if bias.value is None:
        return "not evidenced"
    interval = "" if bias.low is None else f"  ({bias.low:+.3f} to {bias.high:+.3f})"
    return f"{bias.value:+6.3f}{interval}  n = {bias.n}"
