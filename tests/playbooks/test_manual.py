"""The manual for support leads, held against the language that it describes."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from kit.playbooks import play_trials
from kit.playbooks.language import (
    FUNCTIONS,
    Collect,
    Expect,
    HandOffRule,
    Persona,
    Playbook,
    Trial,
    broken,
    parse_playbook,
)
from kit.workspace import Workspace
from tests.conftest import ROOT

MANUAL = (ROOT / "playbooks" / "README.md").read_text(encoding="utf-8")
[WHOLE] = re.findall(r"```markdown\n(.*?)```", MANUAL, re.DOTALL)


def named(text: str) -> set[str]:
    """Every word of the manual that stands as code, or as a key in an example."""
    code = " ".join(re.findall(r"```.*?```|`[^`]+`", text, re.DOTALL))
    return set(re.findall(r"[a-z_]+", code))


@pytest.mark.parametrize("model", [Playbook, Collect, HandOffRule, Trial, Persona, Expect])
def test_every_key_is_in_the_manual(model: type[BaseModel]) -> None:
    keys = {field.alias or name for name, field in model.model_fields.items()} - {"guidance"}
    assert keys <= named(MANUAL), keys - named(MANUAL)


def test_every_step_and_function_is_in_the_manual() -> None:
    kinds = {"say", "ask", "check", "do", "answer", "call", "goto", "hand_off", "end"}
    assert kinds == set(
        re.findall(r"^\| `([a-z_]+)` \| ", MANUAL.partition("## The steps")[2].partition("##")[0], re.M)
    )
    assert set(FUNCTIONS) <= named(MANUAL)


def test_the_whole_playbook_of_the_manual_loads(sample: Path) -> None:
    source = parse_playbook(WHOLE, Path("late-delivery.md"))
    tools = Workspace.open(sample).tools
    assert list(broken(source.playbook, source.located, tools, {})) == []
    assert len(source.playbook.tests) == 2


def test_the_tests_of_the_manuals_playbook_pass(sample: Path) -> None:
    workspace = Workspace.open(sample)
    playbook = parse_playbook(WHOLE, Path("late-delivery.md")).playbook
    results = play_trials(workspace.host((*workspace.playbooks, playbook)), playbook, workspace.tools)
    assert [(result.trial_id, result.departures) for result in results] == [
        ("nine_days_late", ()),
        ("eleven_days_late", ()),
    ]
