"""`kit eval new`: cases without a model."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kit.cli.common import AsJson, WorkspaceDir, check_target, print_json
from kit.errors import KitError
from kit.files import write_whole

__all__ = ["register"]

_SUFFIXES = (".yaml", ".yml", ".jsonl", ".csv")
_NOTE = """Made by `kit eval new`, and not yet looked at: none of these counts before a person has accepted it.
To go through them: kit eval accept {name}"""


class Source(StrEnum):
    """What cases are made of."""

    articles = "articles"
    tickets = "tickets"


def register(group: typer.Typer) -> None:
    """Add the command to `kit eval`."""
    group.command()(new)


def new(
    *,
    source: Annotated[
        Source, typer.Option("--from", help="From the headings of the articles, or from imported tickets.")
    ] = Source.articles,
    n: Annotated[int, typer.Option("-n", min=1, max=10_000, help="How many, at most.")] = 40,
    seed: Annotated[int, typer.Option("--seed", help="Another one makes other cases.")] = 0,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="A new suite: FILE.yaml, FILE.jsonl or FILE.csv; by default evals/made-from-….yaml.",
        ),
    ] = None,
    workspace: WorkspaceDir = None,
    as_json: AsJson = False,
) -> None:
    """Make cases without a model; each counts only once a person has accepted it, see `kit eval accept`.

    From articles: what their headings answer, asked plainly, misspelt, at length, two at once, and with the articles
    left out that would answer it.
    """
    from kit.workspace import Workspace

    space = Workspace.open(workspace)
    from kit.evals import check_name, suite_files, suite_text

    path = output or space.root / "evals" / f"made-from-{source.value}.yaml"
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES:
        raise KitError("A suite is YAML, JSON lines or CSV.", path=path, remedy="Name it FILE.yaml, .jsonl or .csv.")
    name = check_name(path)
    if path.exists():
        raise KitError("This file is there already.", path=path, remedy="Name another one with -o, or delete it.")
    if output is None:
        path.parent.mkdir(exist_ok=True)
    check_target(path)
    if twin := next((one for one in suite_files(space.root / "evals") if one.stem == name), None):
        raise KitError(f"There is a suite of that name: {twin.name}.", path=path, remedy="Name another file with -o.")
    cases = space.made_cases(source.value, n=n, seed=seed, prefix=name)
    if not cases:
        raise KitError("All cases that could be made are in the suites already.", remedy="Name another file with -o.")
    description = f"Made from {source.value} (seed {seed}), to be accepted by a person."
    write_whole(path, suite_text(name, description, cases, suffix, note=_NOTE.format(name=name)))
    kinds = {kind: sum(kind in case.tags for case in cases) for case in cases for kind in case.tags[1:2]}
    if as_json:
        print_json({"file": str(path), "suite": name, "cases": len(cases), "kinds": kinds})
        return
    said = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
    fewer = "" if len(cases) == n else f"; there is not enough for {n}"
    typer.echo(
        f"{path}: {len(cases)} cases ({said}){fewer}.\nThey count once they are accepted: kit eval accept {name}"
    )
