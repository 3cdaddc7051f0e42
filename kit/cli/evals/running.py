"""`kit eval`: how good the assistant is."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kit.cli.common import AsJson, WorkspaceDir, print_json, progress_bar
from kit.cli.evals.group import DEFAULT
from kit.errors import KitError

if TYPE_CHECKING:
    from kit.evals import Run

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
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="DIR", help="The run's folder.")] = None,
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
    gate: Annotated[bool, typer.Option("--gate", help="Exit with 1 if a suite's thresholds are not kept.")] = False,
    as_json: AsJson = False,
) -> None:
    """Run eval suites and print what came out, with n and intervals."""
    from kit.workspace import Workspace

    space = Workspace.open(workspace)
    from kit.evals import Means, check_gate

    if resume is not None and (suites or output or reuse or tries != 1 or seed):
        raise KitError(
            "A run that is resumed has its suites, its folder, its tries and its seed.",
            remedy="Leave out what is not about how it is done.",
        )
    if resume is None and gate and not any(suite.gate for suite in space.suites(suites or ())):
        raise KitError("None of these suites has thresholds, so there is no gate.", remedy="Give one a `gate`.")
    means = Means(engine=engine.value, workers=workers, cache=not no_cache, max_cost=max_cost, max_tokens=max_tokens)
    with progress_bar() as progress:
        if resume is not None:
            run = space.resume(resume, means=means, progress=progress)
        else:
            run = space.evaluate(
                suites or (), out=output, reuse=reuse, tries=tries, seed=seed, means=means, progress=progress
            )
    report(run, as_json=as_json)
    if gate and any(not result.passed for result in check_gate(run)):
        raise typer.Exit(1)


def report(run: "Run", *, as_json: bool) -> None:
    """Print what came out of a run."""
    from kit.evals import check_gate

    results = check_gate(run)
    if as_json:
        print_json(
            {
                "run": str(run.folder),
                "complete": run.complete,
                "stopped": run.info.stopped,
                "tally": run.info.tally.model_dump(),
                "summary": run.summary.to_json(),
                "gate": [one.model_dump() for one in results],
            }
        )
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
        typer.echo(f"Incomplete: {why}. Go on with `kit eval --resume {run.id}`.", err=True)


def _told(run: "Run") -> str:
    """What became of the lines of a run, in one."""
    tally, spent = run.info.tally, run.info.tally.spent
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
