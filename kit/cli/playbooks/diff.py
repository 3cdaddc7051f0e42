"""`kit playbooks diff`: how two versions differ, in words and in what they do."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kit.cli.common import AsJson, WorkspaceDir, print_json, progress_bar
from kit.errors import NotComparable

if TYPE_CHECKING:
    from kit.evals import Run
    from kit.playbooks import DiffReport

__all__ = ["register", "with_runs"]


def register(app: typer.Typer) -> None:
    """Add the command to `kit playbooks`."""
    app.command()(diff)


def diff(
    before: Annotated[str, typer.Argument(metavar="A", help="A file, an id, an id@revision, or a workspace.")],
    after: Annotated[str, typer.Argument(metavar="B", help="The same, as it is now.")],
    *,
    workspace: WorkspaceDir = None,
    conversations: Annotated[
        Path | None,
        typer.Option("--conversations", metavar="FILE.jsonl", help="More conversations to say again: id, turns."),
    ] = None,
    runs: Annotated[
        tuple[str, str] | None, typer.Option("--runs", metavar="RUN_A RUN_B", help="Eval runs of the two versions.")
    ] = None,
    most: Annotated[int | None, typer.Option("--most", min=1, help="Say only so many conversations again.")] = None,
    words: Annotated[bool, typer.Option("--words", help="Only tell what changed; play nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Compare two versions of a playbook, such as `refund@HEAD~3 refund`, or of all: two workspaces.

    Told are what changed, which recorded conversations would go differently, and whether tests and eval runs come out
    differently by more than chance. Tools are always mocked.
    """
    from kit.cli.playbooks.conversations import read_conversations
    from kit.cli.playbooks.versions import read_versions
    from kit.playbooks import MOST_CONVERSATIONS, diff_json, diff_lines
    from kit.playbooks import diff as compare
    from kit.workspace import Workspace

    recorded = read_conversations(conversations) if conversations else []
    old, new = read_versions(before, after, workspace)
    # Of two folders the newer one is where the assistant has been at work.
    space = Workspace.open(after if Path(after).is_dir() else workspace)
    loaded = (space.run(runs[0]), space.run(runs[1])) if runs else None
    with progress_bar() as progress:
        report = compare(
            old,
            new,
            () if words else [*space.recorded(), *recorded],
            play=not words,
            most=most or MOST_CONVERSATIONS,
            progress=progress,
        )
    if loaded:
        report = with_runs(report, *loaded)
    if as_json:
        print_json(diff_json(report))
    else:
        for line in diff_lines(report):
            typer.echo(line)


def with_runs(report: "DiffReport", before: "Run", after: "Run") -> "DiffReport":
    """The report with the comparison of two eval runs in it.

    Raises:
        NotComparable: they have no case with a yes-or-no metric in common.
    """
    from kit.playbooks import compare_metrics

    (old, skipped), (new, _) = _yes_or_no(before), _yes_or_no(after)
    found = compare_metrics(old, new)
    if not found:
        problem = f"The runs {before.id} and {after.id} have no case with a yes-or-no metric in common."
        raise NotComparable(problem, remedy="Run the same suites with both versions.")
    old_facts, new_facts = before.info.facts, after.info.facts
    others = tuple(key for key in old_facts if key != "playbooks" and old_facts[key] != new_facts.get(key))
    return replace(report, metrics=found, not_compared=tuple(skipped), also_differ=others)


def _yes_or_no(run: "Run") -> tuple[dict[str, dict[str, bool]], list[str]]:
    """The values of the metrics that are shares, by metric and case, and the names of the other metrics."""
    from kit.evals import REGISTRY

    found: dict[str, dict[str, bool]] = {}
    others: dict[str, None] = {}
    for record in run.records:
        for name in record.scores:
            value = record.value(name)
            if name not in REGISTRY or REGISTRY[name].kind != "share":
                others[name] = None
            elif value in (0, 1):
                found.setdefault(name, {})[f"{record.suite}/{record.case.id}"] = bool(value)
    return found, list(others)
