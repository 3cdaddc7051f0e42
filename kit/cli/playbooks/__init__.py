"""`kit playbooks …`: for the support team; one module for each group of commands."""

import typer

from kit.cli.playbooks import linting, listing

__all__ = ["app"]

app = typer.Typer(help="List and check the playbooks.", no_args_is_help=True)
for group in (listing, linting):
    group.register(app)
