"""`kit eval` is a command and a group of commands at once."""

from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from kit.cli.evals.group import DEFAULT, EvalGroup


@pytest.fixture
def app() -> typer.Typer:
    root = typer.Typer(rich_markup_mode=None)
    group = typer.Typer(cls=EvalGroup)

    @group.command(DEFAULT, hidden=True)
    def run(
        suites: Annotated[list[str] | None, typer.Argument(metavar="SUITE")] = None,
        *,
        output: Annotated[str, typer.Option("-o")] = "",
        gate: bool = False,
    ) -> None:
        """Run suites."""
        typer.echo(f"run {suites} {output} {gate}")

    @group.command()
    def new(name: str) -> None:
        """Make cases."""
        typer.echo(f"new {name}")

    root.add_typer(group, name="eval")
    root.command()(lambda: None)
    return root


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "run None  False"),
        (["smoke", "edges"], "run ['smoke', 'edges']  False"),
        (["--gate", "smoke"], "run ['smoke']  True"),
        (["-o", "there", "smoke"], "run ['smoke'] there False"),
        (["-o", "new"], "run None new False"),
        (["run", "smoke"], "run ['smoke']  False"),
        (["new", "thing"], "new thing"),
    ],
)
def test_a_first_word_that_is_no_subcommand_is_a_suite(app: typer.Typer, words: list[str], said: str) -> None:
    result = CliRunner().invoke(app, ["eval", *words])
    assert (result.exit_code, result.output.strip()) == (0, said)


def test_help_explains_the_command_and_its_subcommands(app: typer.Typer) -> None:
    said = CliRunner().invoke(app, ["eval", "--help"]).output
    assert "eval [OPTIONS] [SUITE]..." in said
    assert "--gate" in said
    assert "new  Make cases." in said
    assert "run " not in said.lower().replace("run suites", "")
    assert "NAME" in CliRunner().invoke(app, ["eval", "new", "--help"]).output.upper()


def test_unknown_options_are_bad_usage(app: typer.Typer) -> None:
    assert CliRunner().invoke(app, ["eval", "--gates"]).exit_code == 2
