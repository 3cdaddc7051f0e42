"""What the gate holds against a reply sentence by sentence: other facts, another section; and what it does not."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from kit.assistant import Reply
from kit.evals import Converser, Run, Suite, check_gate, playbook_tests, run_suites, side_of
from kit.playbooks import TrialReport, TrialResult
from kit.playbooks.trying.results import PlaybookResult
from tests.scripted import DISCLOSURE, Scripted, reply, suite

CASES = """
gate: {outcome_accuracy: {min: 0.5}}
cases:
  - {id: time, question: how long, expect: answer, articles: [refunds]}
  - {id: less, question: how much, expect: answer, articles: [refunds]}
"""
TIME = "We refund within 5 business days of your return arriving."
LESS = "The shipping cost isn't refunded when you changed your mind."
WHERE = {"how long": "When it comes", "how much": "What may be less"}


@pytest.fixture
def refunds(tmp_path: Path) -> Suite:
    return suite(tmp_path, CASES, "refunds")


def run(
    refunds: Suite, folder: Path, *, time: str = TIME, less: str = LESS, headings: Mapping[str, str] = WHERE
) -> Run:
    """A run whose replies quote these sentences, each from under the heading of its question."""

    def quoting(text: str, number: int) -> Reply:
        made = reply(text, "answered", "refunds")
        citation = made.citations[0].model_copy(update={"passage_id": f"refunds#{number}"})
        return made.model_copy(update={"citations": (citation,)})

    script = {"how long": quoting(time, 1), "how much": quoting(less, 2)}
    above = {f"refunds#{number}": ("Refunds", headings[asked]) for number, asked in enumerate(script, start=1)}
    converser = Converser(Scripted(script), headings=above.__getitem__, disclosure=DISCLOSURE)
    return run_suites(converser, [refunds], folder=folder, facts={"chat_model": "none (extractive)"})


def said(before: Run, after: Run) -> str:
    """What the gate says of cases that were right; empty where it keeps quiet."""
    results = check_gate(after, baseline=side_of(before))
    (kept,) = (one for one in results if one.metric == "kept")
    assert kept.passed == all(one.passed for one in results)
    return "" if kept.passed else kept.reason.removeprefix("right before, wrong now: ")


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"time": TIME.replace("5", "7")}, "time (no longer “5 business”)"),
        ({"less": LESS.replace("isn't", "is")}, "less (no longer “not refunded”)"),
        ({"time": TIME.replace("refund", "don't refund")}, "time (now “not”)"),
        # Reworded, and wrong.
        ({"time": "The refund comes within 7 business days of your return arriving."}, "time (no longer “5 business”)"),
        ({"less": "When you changed your mind the shipping cost is refunded too."}, "less (no longer “not”)"),
    ],
)
def test_a_sentence_that_states_something_else_fails_the_gate(
    refunds: Suite, tmp_path: Path, changed: dict[str, Any], reason: str
) -> None:
    assert said(run(refunds, tmp_path / "a"), run(refunds, tmp_path / "b", **changed)) == reason


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"time": "The refund is made within 5 business days of the arrival of your return."},
        {"less": "When you changed your mind we do not refund the shipping cost."},
        # Another sentence of the article, with figures of its own: whether it answers is for the case to say.
        {"time": "Your bank may need up to 10 days before it shows a credit."},
    ],
)
def test_an_article_that_is_reworded_does_not(refunds: Suite, tmp_path: Path, changed: dict[str, Any]) -> None:
    assert said(run(refunds, tmp_path / "a"), run(refunds, tmp_path / "b", **changed)) == ""


def test_a_sentence_that_went_to_another_section_fails_the_gate(refunds: Suite, tmp_path: Path) -> None:
    before = run(refunds, tmp_path / "a")
    swapped = run(refunds, tmp_path / "b", headings=dict(zip(WHERE, reversed(WHERE.values()), strict=True)))
    reason = said(before, swapped)
    assert "time (“we refund within # business days…” stands under “What may be less”, not “When it comes”)" in reason
    assert "less (" in reason
    # A heading that is new, or that was given up for another, is no such thing.
    renamed = run(refunds, tmp_path / "c", headings={**WHERE, "how long": "How long it takes"})
    merged = run(refunds, tmp_path / "d", headings=dict.fromkeys(WHERE, "When it comes"))
    assert said(before, renamed) == said(before, merged) == ""


def test_the_playbooks_own_tests_are_a_rule() -> None:
    def report(*passed: bool) -> TrialReport:
        results = tuple(TrialResult(f"t{n}", one, (), (), ()) for n, one in enumerate(passed))
        return TrialReport((PlaybookResult("refund", Path("refund.md"), results),), 1.0)

    kept, broken, none = (playbook_tests(report(*passed)) for passed in ((True, True), (True, False), ()))
    assert kept.passed and kept.evidenced and (kept.value, kept.n) == (0, 2)
    assert not broken.passed and broken.cases == ("refund: t1",) and "1 of 2 tests: refund: t1" in broken.reason
    assert none.passed and not none.evidenced and none.value is None
