"""`kit eval …` and the commands on its runs: how good the assistant is; one module for each command."""

import typer

from kit.cli.evals import accepting, making, mutating, running, scoring, viewing
from kit.cli.evals.group import EvalGroup

__all__ = ["register"]

group = typer.Typer(cls=EvalGroup, help="Run eval suites, or make their cases.")
for command in (running, making, accepting, mutating):
    command.register(group)


def register(app: typer.Typer) -> None:
    """Add the commands to the `kit` command."""
    app.add_typer(group, name="eval")
    scoring.register(app)
    viewing.register(app)
