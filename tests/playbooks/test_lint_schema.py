"""The published JSON Schema of a playbook's head: what the models say, no more and no less."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import kit
from kit.errors import KitError
from kit.playbooks import Playbook, playbook_files, schema_text
from kit.playbooks.language import head_misfits, playbook_schema, read_head
from kit.yamlfile import load_yaml
from tests.conftest import ROOT, Run
from tests.playbooks.linting import DAMAGED, RETURN

COMMITTED = Path(kit.__file__).parent / "playbooks" / "playbook.schema.json"
VALIDATOR = jsonschema.Draft202012Validator(playbook_schema())


def head(text: str) -> Any:
    return read_head(text, Path("x.md"))[0].data


def test_the_committed_schema_is_what_the_models_say() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == schema_text(), "run `kit playbooks schema -o` anew"


def test_the_command_prints_and_writes_it(kit: Run, tmp_path: Path) -> None:
    printed = kit("playbooks", "schema")
    assert (printed.returncode, printed.stdout, printed.stderr) == (0, schema_text(), "")
    written = kit("playbooks", "schema", "-o", tmp_path / "s.json")
    assert (written.returncode, written.stdout) == (0, "")
    assert (tmp_path / "s.json").read_text(encoding="utf-8") == schema_text()
    assert [path.name for path in tmp_path.iterdir()] == ["s.json"]
    nowhere = kit("playbooks", "schema", "-o", tmp_path / "no" / "s.json")
    assert nowhere.returncode == 2 and nowhere.stderr.startswith("error: ") and nowhere.stderr.count("\n") == 1


def test_it_is_a_schema_and_says_what_every_key_is_for() -> None:
    jsonschema.Draft202012Validator.check_schema(playbook_schema())
    properties = json.loads(schema_text())["properties"]
    assert "guidance" not in properties and properties.keys() | {"guidance"} == Playbook.model_fields.keys()


@pytest.mark.parametrize("path", playbook_files(ROOT / "playbooks"), ids=lambda path: path.stem)
def test_the_sample_playbooks_fit_it(path: Path) -> None:
    assert list(VALIDATOR.iter_errors(head(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize("text", [RETURN, DAMAGED])
def test_other_playbooks_fit_it(text: str) -> None:
    assert list(VALIDATOR.iter_errors(head(text))) == []


WRONG = [
    "title: ''",
    "version: 0",
    "version: one",
    "owner: 7",
    "ownr: x",
    "guidance: The body is no key.",
    "status: aktive",
    "risk: none",
    "priority: 10",
    "examples: [a, b]",
    "examples: one sentence",
    "disambiguate_with: [Not An Id]",
    "collect: [{name: a}]",
    "collect: [{name: A, ask: '?'}]",
    "collect: [{name: a, ask: '?', type: colour}]",
    "collect: [{name: a, ask: '?', max_attempts: 9}]",
    "collect: {name: a, ask: '?'}",
    "steps: []",
    "steps: [{id: a, type: jump}]",
    "steps: [{id: a, text: b}]",
    "steps: [{id: a, type: say}]",
    "steps: [{id: a, type: say, text: b, then: c}]",
    "steps: [{id: a, type: check, then: b}]",
    "steps: [{id: a, type: do, tool: t, args: [x]}]",
    "steps: [{id: a, type: end, outcome: maybe}]",
    "steps: [{id: a, type: hand_off, reason: because}]",
    "hand_off: [{reason: safety}]",
    "hand_off: [{if: x, reason: safety, priority: now}]",
    "max_clarifications: 0",
    "targets: {deflection: 40}",
    "tests: [{kind: happy_path}]",
    "tests: [{id: a, turns: [{expect: {outcome: answered}}]}]",
    "tests: [{id: a, persona: {mood: calm}}]",
    "tests: [{id: a, expect: {outcome: fine}}]",
]


@pytest.mark.parametrize("line", WRONG)
def test_what_the_schema_refuses_the_models_refuse(line: str) -> None:
    good = head(DAMAGED)
    [(key, value)] = load_yaml(line, path="x").data.items()
    wrong = {**good, key: value}
    assert list(VALIDATOR.iter_errors(wrong)) != []
    # An editor must not be content with what the linter then refuses, nor the other way round.
    text = f"{line}\n" + "".join(f"{k}: {json.dumps(v)}\n" for k, v in good.items() if k != key)
    assert head_misfits(load_yaml(text, path="x")) != []


@pytest.mark.parametrize("missing", ["id", "title", "owner", "when_to_use", "examples", "steps"])
def test_what_must_be_there_must_be_there(missing: str) -> None:
    wrong = {key: value for key, value in head(DAMAGED).items() if key != missing}
    assert [error.validator for error in VALIDATOR.iter_errors(wrong)] == ["required"]


def test_a_list_is_no_playbook() -> None:
    with pytest.raises(KitError):
        head("---\nid: [\n---\n")
    assert list(VALIDATOR.iter_errors([])) != []
