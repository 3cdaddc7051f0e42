"""Suites: what a case may say, and that what is wrong is named with file and line."""

from pathlib import Path

import pytest

from kit.errors import KitError
from kit.evals import check_articles, check_playbooks, load_suite, load_suites

HEAD = "suite: smoke\ncases:\n"
GOOD = "  - {id: a, question: how much is plus, expect: answer, articles: [billing/plans]}\n"


def write(folder: Path, text: str, name: str = "smoke.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_whole_suite(tmp_path: Path) -> None:
    text = """
suite: billing
description: What things cost.
gate: {outcome_accuracy: {min: 0.8}, false_deflection: {max: 0.1}}
cases:
  - id: bill-001
    question: how much is plus
    expect: answer
    articles: [billing/plans, billing/trial]
    articles_all: true
    must_contain: ["4.99", no]
    must_not_contain: ["5.99"]
    reference: It is $4.99.
    playbook: plans
    tags: [billing, terse]
    weight: 2
  - {id: bill-002, turns: [hi, get me a person], expect: hand_off, reason: customer_request, cluster: people}
  - {id: bill-003, question: what about it, expect: clarify}
  - {id: bill-004, question: write me a poem, expect: decline, reference: I only help with Brightloom.}
"""
    read = load_suite(write(tmp_path, text))
    first, second, third, _ = read.cases
    assert (read.name, read.description, read.path.name) == ("billing", "What things cost.", "smoke.yaml")
    assert read.gate["outcome_accuracy"].min == 0.8 and read.gate["false_deflection"].max == 0.1
    assert first.must_contain == ("4.99", "no") and first.messages == ("how much is plus",) and first.weight == 2
    assert second.messages == ("hi", "get me a person") and second.reason == ("customer_request",)
    assert [one.group for one in (first, second, third)] == ["billing/plans", "people", "bill-003"]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (HEAD + GOOD + GOOD, 4, "Two cases have the id `a`.*line 3"),
        (HEAD + GOOD.replace("expect", "exepct"), 3, "Unknown key `exepct`.*Did you mean `expect`"),
        (HEAD + GOOD.replace("expect: answer", "expect: anwser"), 3, "Did you mean `answer`"),
        (HEAD + GOOD.replace("question: how much is plus, ", ""), 3, "either a `question`, `turns` or"),
        (HEAD + GOOD.replace("expect", "turns: [x], expect"), 3, "either a `question`, `turns` or"),
        (HEAD + GOOD.replace("how much is plus", "' '"), 3, "either a `question`, `turns` or"),
        (HEAD + "  - {id: a, turns: [x, ''], expect: clarify}", 3, "is empty"),
        (HEAD + "  - id: a\n    question: x\n    expect: answer\n", 5, "does not say what a right answer is"),
        (HEAD + "  - id: a\n    question: x\n    expect: decline\n    articles: [b]", 6, "only with `expect: answer`"),
        (
            HEAD + "  - id: a\n    question: x\n    reason: safety\n    expect: clarify",
            5,
            "only with `expect: hand_off`",
        ),
        (HEAD + "  - {id: a, question: x, expect: hand_off, reason: safty}", 3, "Did you mean `safety`"),
        (HEAD + GOOD.replace("}", ", articles_all: true}"), 3, "two or more"),
        (HEAD + GOOD.replace("}", ", must_contain: [Plus], must_not_contain: [plus]}"), 3, "must and must not"),
        (HEAD + GOOD.replace("}", ", must_contain: ['']}"), 3, "empty text"),
        (HEAD + GOOD.replace("}", ", must_contain: [4.90]}"), 3, "Put it in quotes"),
        (HEAD + GOOD.replace("}", ", weight: 0}"), 3, "greater than 0"),
        (HEAD + GOOD.replace("}", ", expect: decline}"), 3, "`expect` is here twice"),
        ("suite: smoke\ncases: []", 2, "at least 1 items"),
        ("suite: smoke", 1, "`cases` is missing"),
        (HEAD + GOOD + "gate: {accuracy: {min: 1}}", 4, "The gate cannot use the metric `accuracy`"),
        (HEAD + GOOD + "gate: {outcome_acuracy: {min: 1}}", 4, "Did you mean `outcome_accuracy`"),
        (HEAD + GOOD + "gate: {latency_p95: {max: 1}}", 4, "cannot use"),
        (HEAD + GOOD + "gate: {deflection: {}}", 4, "no bound"),
        (HEAD + GOOD + "gate: {deflection: {min: 1, max: 0}}", 4, "above its `max`"),
        (HEAD + GOOD + "gate: {deflection: {mn: 1}}", 4, "Unknown key `mn`"),
        (HEAD + "  - {id: a\n  - b", 3, "not valid YAML"),
        ("", 1, "found nothing"),
    ],
)
def test_refused(tmp_path: Path, text: str, line: int, words: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(KitError, match=words) as caught:
        load_suite(path)
    assert (caught.value.path, caught.value.line) == (path, line)


def test_a_folder(tmp_path: Path) -> None:
    write(tmp_path, HEAD + GOOD)
    write(tmp_path, "suite: billing\ncases:\n" + GOOD.replace("id: a", "id: b"), "b.yml")
    write(tmp_path, "not a suite", "notes.txt")
    assert [one.name for one in load_suites(tmp_path)] == ["billing", "smoke"]
    assert [one.name for one in load_suites(tmp_path, ["smoke", "smoke"])] == ["smoke"]
    with pytest.raises(KitError, match=r"no suite `smok`\. Did you mean `smoke`"):
        load_suites(tmp_path, ["smok"])
    with pytest.raises(KitError, match="There are: billing, smoke"):
        load_suites(tmp_path, ["zzzz"])


def test_ids_are_unique_across_suites(tmp_path: Path) -> None:
    write(tmp_path, HEAD + GOOD)
    other = write(tmp_path, "suite: twin\ncases:\n" + GOOD, "twin.yaml")
    with pytest.raises(KitError, match=r"`a` is also in smoke\.yaml") as caught:
        load_suites(tmp_path, ["smoke"])
    assert (caught.value.path, caught.value.line) == (other, 3)
    write(tmp_path, HEAD + GOOD.replace("id: a", "id: b"), "twin.yaml")
    with pytest.raises(KitError, match=r"suite `smoke` also stands in smoke\.yaml"):
        load_suites(tmp_path)


def test_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(KitError, match="no suites"):
        load_suites(tmp_path)


def test_articles_and_playbooks_exist(tmp_path: Path) -> None:
    text = HEAD + GOOD + "  - id: b\n    question: x\n    expect: answer\n    playbook: refnd\n    articles:\n"
    text += "      - billing/plans\n      - billing/trail\n"
    suites = [load_suite(write(tmp_path, text))]
    check_articles(suites, {"billing/plans", "billing/trail"})
    with pytest.raises(
        KitError, match=r"Case `b`: there is no article `billing/trail`\. Did you mean `billing/trial`"
    ) as error:
        check_articles(suites, {"billing/plans", "billing/trial"})
    assert error.value.line == 10
    check_playbooks(suites, {"refnd": []})
    with pytest.raises(KitError, match=r"no playbook `refnd`\. Did you mean `refund`") as error:
        check_playbooks(suites, {"refund": [], "cancel": []})
    assert error.value.line == 7
