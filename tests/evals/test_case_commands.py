"""`kit eval new` and `kit eval accept`, as their users see them."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from kit.cli import app
from kit.errors import KitError
from kit.evals import load_suite
from kit.evals.suites import RESERVED

MADE = "made-from-articles"


@pytest.fixture
def space(indexed_workspace: Path) -> Path:
    return indexed_workspace


def kit(space: Path, *words: str, typed: str = "") -> str:
    """What a command prints; its errors are raised."""
    result = CliRunner().invoke(app, ["eval", *words, "-w", str(space)], input=typed, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_no_suite_can_have_the_name_of_a_subcommand() -> None:
    group = typer.main.get_command(app).commands["eval"]  # type: ignore[attr-defined]
    assert set(group.commands) == set(RESERVED)


def test_cases_are_made_and_accepted_one_by_one(space: Path) -> None:
    path = space / "evals" / f"{MADE}.yaml"
    said = kit(space, "new", "-n", "6")
    assert f"{path}: 6 cases (" in said and f"kit eval accept {MADE}" in said
    before = load_suite(path)
    assert all(case.generated for case in before.cases)
    with pytest.raises(KitError, match="there already"):
        kit(space, "new")

    said = kit(space, "accept", MADE, typed="y\nn\nwhat?\ne\nhow, please?\n\ns\nq\n")
    assert "1 of 6" in said and before.cases[0].messages[0] in said and "expected:  " in said
    assert "2 accepted, 1 taken out, 3 left." in said
    after = load_suite(path)
    assert [case.id for case in after.cases] == [case.id for case in before.cases if case.id != before.cases[1].id]
    assert [case.generated for case in after.cases] == [False, False, True, True, True]
    assert after.cases[1].question == "how, please?" and after.cases[0].question == before.cases[0].question

    assert "0 accepted, 3 left." in kit(space, "accept", MADE)  # nobody answers
    chosen = after.cases[3].id
    assert "1 accepted, 2 left." in kit(space, "accept", MADE, chosen, after.cases[0].id)
    done = json.loads(kit(space, "accept", MADE, "--all", "--json"))
    assert (len(done["accepted"]), done["dropped"], done["left"]) == (2, [], 0)
    assert not any(case.generated for case in load_suite(path).cases)
    assert path.read_text(encoding="utf-8").startswith("# Made by `kit eval new`")


def test_what_is_refused(space: Path, tmp_path: Path) -> None:
    for words, problem in (
        (["new", "-o", "x.txt"], "A suite is YAML, JSON lines or CSV"),
        (["new", "-o", "new.yaml"], "cannot be called `new`"),
        (["new", "-o", str(tmp_path / "none" / "x.yaml")], "folder does not exist"),
        (["new", "-o", str(tmp_path / "smoke.csv")], r"There is a suite of that name: smoke\.yaml"),
        (["new", "--from", "tickets"], "There are no tickets yet.*kit tickets import"),
        (["accept", "smke"], "no suite `smke`.*`smoke`"),
        (["accept", "smoke", "sm-e22"], "no case `sm-e22` in this suite.*`sm-e2`"),
        (["accept", "smoke", "sm-e2", "--all"], "Name cases, or give --all"),
        (["accept", "smoke", "--json"], "With --json nobody can be asked"),
    ):
        with pytest.raises(KitError, match=problem):
            kit(space, *words)
    assert list(tmp_path.glob("*.csv")) == []


def test_cases_from_tickets_as_a_table(space: Path) -> None:
    rows = "id,text,escalated,articles_linked,resolution\n"
    rows += "1,how much is plus,no,billing/plans-and-prices,$4.99\n2,i am furious,yes,,\n3,hm,no,,\n"
    (space / "evals" / "tickets.jsonl").unlink(missing_ok=True)
    (space / "export.csv").write_text(rows, encoding="utf-8")
    runner = CliRunner()
    assert runner.invoke(app, ["tickets", "import", str(space / "export.csv"), "-w", str(space)]).exit_code == 0
    path = space / "evals" / "asked.csv"
    told = json.loads(kit(space, "new", "--from", "tickets", "-o", str(path), "--json"))
    assert told == {"file": str(path), "suite": "asked", "cases": 2, "kinds": {"ticket": 2}}
    cases = {case.id: case for case in load_suite(path).cases}
    assert cases["asked-1"].articles == ("billing/plans-and-prices",) and cases["asked-1"].reference == "$4.99"
    assert cases["asked-2"].expect == "hand_off"
    kit(space, "accept", "asked", "asked-1")
    assert [case.generated for case in load_suite(path).cases] == [case.id != "asked-1" for case in cases.values()]
