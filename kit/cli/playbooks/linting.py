"""`kit playbooks lint` and `schema`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from kit.cli.common import AsJson, WorkspaceDir, check_target, print_json
from kit.files import write_whole

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands to `kit playbooks`."""
    app.command()(lint)
    app.command()(schema)


def lint(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Which playbooks; by default all.")] = None,
    *,
    fix: Annotated[bool, typer.Option("--fix", help="Mend in the files what can be mended without thinking.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Count warnings as errors.")] = False,
    no_model: Annotated[
        bool, typer.Option("--no-model", help="Do not look for examples that say nearly the same.")
    ] = False,
    rules: Annotated[bool, typer.Option("--rules", help="Print the table of all rules, and nothing else.")] = False,
    workspace: WorkspaceDir = None,
    as_json: AsJson = False,
) -> None:
    """Check the playbooks.

    What is wrong is named with file, line and remedy. The exit code is 1 if there are errors.
    """
    if rules:
        _print_rules(as_json)
        return
    from kit.playbooks import mend
    from kit.workspace import Workspace

    space = Workspace.open(workspace)
    linter = space.linter(strict=strict, alike=not no_model, on_skip=lambda why: print(f"note: {why}", file=sys.stderr))
    changes = mend(linter, ids or ()) if fix else []
    linted = linter.lint(ids or ())
    if as_json:
        print_json(
            {
                "playbooks": len(linted.files),
                "errors": len(linted.errors),
                "warnings": len(linted.warnings),
                "findings": [finding.plain() for finding in linted.findings],
                "mended": [{**vars(change), "path": str(change.path)} for change in changes],
            }
        )
    else:
        for line in (*changes, *linted.findings):
            typer.echo(str(line))
        fixable = sum(finding.fix is not None for finding in linted.findings)
        hint = f" {fixable} can be mended by `--fix`." if fixable and not fix else ""
        count, errors, warnings = len(linted.files), len(linted.errors), len(linted.warnings)
        typer.echo(
            f"{_counted(count, 'playbook')}: {_counted(errors, 'error')}, {_counted(warnings, 'warning')}.{hint}"
        )
    if linted.errors:
        raise typer.Exit(1)


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" + ("s" if count != 1 else "")


def _print_rules(as_json: bool) -> None:
    from kit.playbooks import RULES

    rows = [vars(rule) for _, rule in sorted(RULES.items())]
    if as_json:
        print_json(rows)
        return
    typer.echo("| rule | level | what it asks for | what `--fix` mends |")
    typer.echo("| --- | --- | --- | --- |")
    for row in rows:
        typer.echo(f"| `{row['name']}` | {row['level']} | {row['about']} | {row['fixes']} |")


def schema(
    *,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write there instead of to standard output.")
    ] = None,
) -> None:
    """Print the JSON Schema of a playbook's head, with which editors complete and check it."""
    from kit.playbooks import schema_text

    if output is None:
        typer.echo(schema_text(), nl=False)
        return
    check_target(output)
    write_whole(output, schema_text())
