"""Cases that no person has accepted yet are reported apart, and the gate does not hear of them."""

from pathlib import Path

import pytest

from kit.evals import Run, check_gate, run_suites, side_of
from kit.reports import summary_table
from tests.scripted import Scripted, reply, suite

SUITE = """
gate: {outcome_accuracy: {min: 0.9}}
cases:
  - {id: plus, question: how much is plus, expect: answer, must_contain: ["4.99"], tags: [billing]}
  - {id: trial, question: is there a trial, expect: answer, must_contain: ["free"], tags: [billing], generated: true}
  - {id: poem, question: write a poem, expect: decline, tags: [poems], generated: true}
"""
SCRIPT = {
    "how much is plus": reply("It is $4.99.", "answered"),
    "is there a trial": reply("Call 555-0100, my card is 4111 1111 1111 1111.", "answered"),
    "write a poem": reply("Roses are red.", "answered"),
}


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return run_suites(Scripted(SCRIPT), [suite(tmp_path, SUITE)], folder=tmp_path / "run")


def test_figures_are_over_accepted_cases(run: Run) -> None:
    summary = run.summary
    assert (summary.overall.cases, summary.suites[0].cases) == (1, 1)
    outcome = summary.overall.figure("outcome_accuracy")
    assert outcome is not None and (outcome.value, outcome.n) == (1.0, 1)
    assert [(one.name, one.cases) for one in summary.tags] == [("billing", 1), ("generated", 2)]
    apart = summary.generated.figure("outcome_accuracy") if summary.generated else None
    assert apart is not None and (apart.value, apart.n) == (0.5, 2)
    assert len(run.records) == 3
    assert "1 cases; beside them 2 that nobody has accepted yet" in str(summary_table(summary).title)


def test_the_gate_does_not_hear_of_the_others(run: Run) -> None:
    results = check_gate(run)
    assert results and all(one.passed for one in results)
    assert {(one.metric, one.n) for one in results if one.kind == "threshold"} == {
        ("errors", 1),
        ("outcome_accuracy", 1),
    }
    assert all(one.n <= 1 for one in results)
    assert list(side_of(run).entries) == [("smoke", "plus")]


def test_a_suite_that_nobody_has_looked_at_proves_nothing(tmp_path: Path) -> None:
    none = suite(tmp_path, SUITE.replace("tags: [billing]}\n  - {id: trial", "generated: true}\n  - {id: trial"))
    run = run_suites(Scripted(SCRIPT), [none], folder=tmp_path / "run")
    assert run.summary.overall.cases == 0
    assert "3 cases that nobody has accepted yet" in str(summary_table(run.summary).title)
    failed = [one for one in check_gate(run) if not one.passed]
    assert [(one.metric, one.evidenced) for one in failed] == [("outcome_accuracy", False)]
