"""`evals/README.md` is right: its examples run, its tables name what there is."""

import re
from pathlib import Path

import pytest

from kit.assistant import Reply
from kit.evals import Case, Suite, Transcript, faults, load_suite, load_suites, steps
from kit.playbooks import HandoffReason
from kit.workspace import Workspace
from tests.conftest import ROOT

README = (ROOT / "evals" / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```(yaml|csv|jsonl)\n(.*?)```", README, re.DOTALL)


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> list[Suite]:
    folder = tmp_path_factory.mktemp("examples")
    for number, (kind, text) in enumerate(EXAMPLES):
        (folder / f"example-{number}.{kind}").write_text(text, encoding="utf-8")
    return load_suites(folder)


def test_its_examples_are_suites_of_every_format(examples: list[Suite]) -> None:
    assert {kind for kind, _ in EXAMPLES} == {"yaml", "csv", "jsonl"}
    assert len(examples) == len(EXAMPLES) == 4


def test_its_examples_come_out_right(examples: list[Suite], sample: Path) -> None:
    assistant = Workspace.open(sample).assistant(strict=True)
    for case in (case for suite in examples for case in suite.cases):
        conversation, replies = assistant.start(), list[Reply]()
        for message in case.messages:
            conversation, reply = assistant.walk(conversation, message)
            replies.append(reply)
        said = Transcript(turns=conversation.turns, replies=tuple(replies), answer=replies[-1].text)
        assert faults(case, said) == ()
        assert [faults(step.case, step.transcript) for step in steps(case, said)] in ([], [()])


def test_its_tables_name_what_there_is() -> None:
    named = {word for code in re.findall(r"`([^`\n]+)`", README) for word in re.findall(r"\w+", code)}
    assert set(Case.model_fields) - named == {"id"}
    reasons = re.search(r"`reason`: (.*?) \|", README)
    assert reasons and set(re.findall(r"`(\w+)`", reasons[1])) <= set(HandoffReason.__args__)  # type: ignore[attr-defined]


def test_it_counts_the_suites_as_they_are() -> None:
    listed = {
        name: (file, int(n)) for name, file, n in re.findall(r"^\| \[(\w+)\]\(([\w.]+)\) \| (\d+) \|", README, re.M)
    }
    suites = {path.stem: load_suite(path) for path in (ROOT / "evals").glob("*.yaml")}
    assert listed == {suite.name: (suite.path.name, len(suite.cases)) for suite in suites.values()}
    hand = [case for suite in suites.values() for case in suite.cases if case.customer is None and not case.generated]
    hand = [case for case in hand if "fact" not in case.tags]
    assert len(hand) >= 320
    scripted = [case for case in hand if any(turn.expects for turn in case.turns)]
    assert len(scripted) >= 25
