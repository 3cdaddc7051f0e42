"""`kit playbooks …`: for the support team; one module for each group of commands."""

import typer

from kit.cli.playbooks import diff, linting, listing, making, mutate, trying

__all__ = ["app"]

app = typer.Typer(help="List, check and test the playbooks.", no_args_is_help=True)
for group in (listing, making, linting, trying, mutate, diff):
    group.register(app)
