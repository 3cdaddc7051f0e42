"""The `kit` command: thin; one module for each group of commands."""

import os
import sys

import typer

from kit import __version__
from kit.cli import (
    answers,
    audit,
    calibrate,
    compare,
    csat,
    demo,
    evals,
    feasibility,
    ground,
    handoffs,
    judge,
    mask,
    playbooks,
    setup,
)
from kit.errors import KitError

__all__ = ["app", "main"]

app = typer.Typer(
    name="kit",
    help="Customer support AI prototype kit: from a help centre to a cited, tested assistant, with evidence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for group in (setup, answers, ground, mask, csat, calibrate, evals, compare, feasibility, demo, handoffs):
    group.register(app)
app.add_typer(playbooks.app, name="playbooks")
app.add_typer(audit.app, name="audit")
app.add_typer(judge.app, name="judge")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"support-kit {__version__}")
        raise typer.Exit


@app.callback()
def _root(version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print it.")) -> None:
    pass


def main() -> None:
    """Run the command line; bad usage and bad input end with one line on standard error and exit code 2."""
    try:
        app()
    except KitError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("\nstopped.", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output went away (`kit search … | head`); that is its right.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        # Rights, room on the disk, a file where a folder should be: a matter of the machine, and no fault of the kit.
        where = f"{error.filename}: " if error.filename else ""
        print(f"error: {where}{error.strerror or error}.", file=sys.stderr)
        sys.exit(2)
