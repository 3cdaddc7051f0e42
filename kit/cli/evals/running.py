"""`kit eval`: how good the assistant is."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from kit.cli.common import AsJson, WorkspaceDir, print_json, progress_bar
from kit.cli.evals.gating import AcrossData, BaselineName, Common, Gate, Outputs, split_outputs
from kit.cli.evals.group import DEFAULT
from kit.errors import KitError

if TYPE_CHECKING:
    from kit.evals import GateResult, Run

__all__ = ["register", "report"]


class EngineName(StrEnum):
    """As `kit.evals.EngineName`; written out here, as that is slow to import."""

    local = "local"
    ray = "ray"


def register(group: typer.Typer) -> None:
    """Add what `kit eval` does by itself."""
    group.command(DEFAULT, hidden=True)(evaluate)


def evaluate(
    suites: Annotated[list[str] | None, typer.Argument(metavar="SUITE", help="Which; by default all.")] = None,
    *,
    workspace: WorkspaceDir = None,
    output: Outputs = None,
    reuse: Annotated[
        bool, typer.Option("--reuse", help="Show the last run again if nothing that it depends on has changed.")
    ] = False,
    resume: Annotated[
        str | None, typer.Option(metavar="RUN", help="Go on with a run that broke off or was stopped, in its folder.")
    ] = None,
    tries: Annotated[int, typer.Option(min=1, help="How often each case is tried.")] = 1,
    seed: Annotated[int, typer.Option(min=0, help="Of what is left to chance.")] = 0,
    engine: Annotated[EngineName, typer.Option(help="Threads of this process, or a Ray cluster.")] = EngineName.local,
    workers: Annotated[
        int, typer.Option(min=0, help="How many conversations at a time; 0: as many as there are processors.")
    ] = 0,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Have every conversation anew, also those of which nothing has changed.")
    ] = False,
    max_cost: Annotated[
        float | None,
        typer.Option(min=0, help="Stop when so much was spent on chat models, in the currency of [costs]."),
    ] = None,
    max_tokens: Annotated[
        int | None, typer.Option(min=0, help="Stop when chat models were sent and have given so many tokens.")
    ] = None,
    judge: Annotated[
        str | None,
        typer.Option(metavar="MODEL", help="A chat model for what needs a judge: `openai:gpt-5`."),
    ] = None,
    gate: Annotated[
        bool,
        typer.Option(
            "--gate", help="Exit with 1 if thresholds, hard rules, playbooks' tests or the baseline are not kept."
        ),
    ] = False,
    baseline: BaselineName = None,
    across: AcrossData = None,
    common: Common = False,
    save_baseline: Annotated[
        bool, typer.Option("--save-baseline", help="Keep the run as evals/baseline, unless the gate fails.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Run eval suites and print what came out, with n and intervals."""
    from kit.workspace import Workspace

    folder, files = split_outputs(output)
    space = Workspace.open(workspace)
    from kit.evals import Means

    if resume is not None and (suites or folder or reuse or tries != 1 or seed or judge):
        raise KitError(
            "A run that is resumed has its suites, its folder, its tries, its seed and its judge.",
            remedy="Leave out what is not about how it is done.",
        )
    asked = Gate.of(space, suites or (), baseline=baseline, common=common, across=across)
    if resume is None:
        asked.check(enforced=gate)
    means = Means(engine=engine.value, workers=workers, cache=not no_cache, max_cost=max_cost, max_tokens=max_tokens)
    with progress_bar() as progress:
        if resume is not None:
            run = space.resume(resume, means=means, progress=progress)
        else:
            run = space.evaluate(
                suites or (),
                out=folder,
                reuse=reuse,
                tries=tries,
                seed=seed,
                judge=judge,
                day=asked.day,
                means=means,
                progress=progress,
            )
    results = asked.results(run, enforced=gate)
    asked.write(run, results, files)
    report(run, gate=results, as_json=as_json)
    if gate and any(not result.passed for result in results):
        raise typer.Exit(1)
    if save_baseline:
        typer.echo(f"Baseline: {space.save_baseline(run)}", err=as_json)


def report(run: "Run", *, gate: "Sequence[GateResult] | None" = None, as_json: bool) -> None:
    """Print what came out of a run, and what the gate said; by default what it says of the run alone."""
    from kit.evals import check_gate
    from kit.reports import run_values

    results = check_gate(run) if gate is None else gate
    if as_json:
        print_json(run_values(run, results))
    else:
        from rich.console import Console

        from kit.reports import gate_table, summary_table

        # Piped output is read by people too (CI logs): wide enough that no column is squeezed.
        console = Console()
        console = console if console.is_terminal else Console(width=120)
        console.print(summary_table(run.summary))
        if results:
            console.print(gate_table(results))
        typer.echo(f"{_told(run)}\nRun: {run.folder}\nReport: {run.folder / 'report.html'}")
    if not run.complete:
        why = run.info.stopped or "it broke off"
        typer.echo(f"Incomplete: {why}. Go on with `kit eval --resume {run.folder}`.", err=True)


def _told(run: "Run") -> str:
    """What became of the lines of a run, in one."""
    tally, spent = run.info.tally, run.info.tally.taken
    parts = [f"{tally.lines} of {run.info.lines} done", f"{tally.cached} from the cache"]
    parts += [
        text
        for count, text in (
            (tally.errors, f"{tally.errors} could not be run"),
            (tally.retried, f"{tally.retried} at the second attempt"),
            (tally.troubled, f"{tally.troubled} in which something failed"),
            (tally.fell_back, f"{tally.fell_back} fell back from the chat model to the extractive composer"),
        )
        if count
    ]
    if spent.calls:
        cost = "cost not known" if spent.cost is None else f"cost {spent.cost:.4f}"
        parts.append(f"{spent.calls} calls of chat models, {spent.tokens:,} tokens, {cost}")
    return "; ".join(parts) + "."
