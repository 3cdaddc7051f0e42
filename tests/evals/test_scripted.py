"""Each reply of a scripted conversation is judged by what its turn expects; what cases refer to exists."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kit.assistant import Citation, Outcome, Reply, Turn
from kit.errors import KitError
from kit.evals import Case, Suite, Transcript, check_articles, check_playbooks, check_tools, faults, load_suite, steps
from kit.evals.metrics import Tools
from kit.evals.metrics.scripts import TurnsRight

CASE = Case.model_validate(
    {
        "id": "c",
        "turns": [
            {"customer": "price?", "expect": "answer", "articles": ["billing/plans"], "must_contain": ["4.99"]},
            "hm",
            {"customer": "and?", "must_not_contain": ["9.99"]},
            "bye",
        ],
        "expect": "clarify",
    }
)


def reply(text: str, outcome: Outcome, *articles: str) -> Reply:
    cited = tuple(Citation(article_id=one, passage_id=f"{one}#0", quote="", url="", title=one) for one in articles)
    return Reply(
        outcome=outcome, text=text, citations=cited, confidence=None, playbook=None, handoff=None, latency_ms=1
    )


def talk(*replies: Reply) -> Transcript:
    turns = [
        turn
        for message, one in zip(CASE.messages, replies, strict=False)
        for turn in (Turn(role="customer", text=message), Turn(role="assistant", text=one.text))
    ]
    return Transcript(turns=tuple(turns), replies=replies, answer=replies[-1].text)


def test_each_turn_is_judged_as_a_case_of_its_own() -> None:
    last = reply("what?", "clarified")
    good = talk(
        reply("It is $4.99.", "answered", "billing/plans"), reply("Yes?", "clarified"), reply("No.", "declined"), last
    )
    first, third = steps(CASE, good)
    assert steps(Case.model_validate_json(CASE.model_dump_json()), good) == (first, third)  # as a run keeps it
    assert [(step.number, step.case.question, step.case.group) for step in (first, third)] == [
        (1, "price?", "c"),
        (3, "and?", "c"),
    ]
    assert [len(step.transcript.turns) for step in (first, third)] == [2, 6]
    assert faults(first.case, first.transcript) == faults(third.case, third.transcript) == ()

    bad = talk(
        reply("It is $9.99.", "answered", "billing/trial"), reply("Yes?", "clarified"), reply("$9.99", "answered"), last
    )
    found = [faults(step.case, step.transcript) for step in steps(CASE, bad)]
    assert found == [("cited billing/trial, not billing/plans", "lacks “4.99”"), ("contains “9.99”",)]


def test_the_metric_is_the_share_of_the_turns_that_are_right() -> None:
    last = reply("what?", "clarified")
    half = talk(
        reply("It is $4.99.", "answered", "billing/plans"), reply("Yes?", "clarified"), reply("$9.99", "answered"), last
    )
    found = TurnsRight(Tools()).score(CASE, half)
    assert (found.value, found.reason) == (0.5, "turn 3: contains “9.99”")
    alone = TurnsRight(Tools()).score(Case(id="q", question="price?", expect="decline"), half)
    assert (alone.value, alone.unscored) == (None, "no turn on the way expects anything")


def test_another_outcome_is_a_fault_only_where_one_is_expected() -> None:
    [first, third] = steps(CASE, talk(*[reply("x", "handed_off")] * 4))
    assert faults(first.case, first.transcript) == ("handed_off instead of answered",)
    assert faults(third.case, third.transcript) == ()


def test_a_conversation_that_broke_off_has_the_turns_it_had() -> None:
    assert [step.number for step in steps(CASE, talk(reply("x", "declined"), reply("y", "declined")))] == [1]
    assert steps(Case(id="q", question="x", expect="clarify"), talk(reply("x", "clarified"))) == ()


@pytest.fixture
def suite(tmp_path: Path) -> Callable[[str], list[Suite]]:
    def load(case: str) -> list[Suite]:
        path = tmp_path / "s.yaml"
        path.write_text(f"suite: s\ncases:\n  - id: a\n    expect: clarify\n{case}", encoding="utf-8")
        return [load_suite(path)]

    return load


@pytest.mark.parametrize(
    ("case", "line", "words"),
    [
        ("    question: x\n    without: [billing/plan]\n", 6, "no article `billing/plan`.*`billing/plans`"),
        ("    turns:\n      - {customer: x, articles: [billing/plan]}\n      - y\n", 6, "no article `billing/plan`"),
        ("    turns:\n      - {customer: x, playbook: refnd}\n      - y\n", 6, "no playbook `refnd`.*`refund`"),
        (
            "    question: x\n    playbook: refund\n    fields: {oder: BL-1}\n",
            7,
            "no field of `refund` `oder`.*`order`",
        ),
        ("    question: x\n    fields: {mail: a}\n", 6, "no field of any playbook `mail`.*`email`"),
        ("    question: x\n    tools:\n      - {tool: lookup}\n", 7, "no tool `lookup`"),
        (
            "    question: x\n    tools:\n      - tool: order_lookup\n        arguments: {oder: BL-1}\n",
            8,
            "no argument of `order_lookup` `oder`.*`order`",
        ),
    ],
)
def test_what_does_not_exist_is_refused(suite: Callable[[str], list[Suite]], case: str, line: int, words: str) -> None:
    read = suite(case)
    with pytest.raises(KitError, match=words) as caught:
        check_articles(read, ["billing/plans"])
        check_playbooks(read, {"refund": ["order"], "cancel": ["email"]})
        check_tools(read, {"order_lookup": ["order"], "ping": None})
    assert caught.value.line == line


def test_what_exists_is_taken(suite: Callable[[str], list[Suite]]) -> None:
    read = suite(
        "    question: x\n    playbook: refund\n    fields: {order: BL-1}\n    without: [p]\n"
        "    tools: [{tool: ping, arguments: {whatever: 1}}]\n"
    )
    check_articles(read, ["p"])
    check_playbooks(read, {"refund": ["order"]})
    check_tools(read, {"ping": None})
