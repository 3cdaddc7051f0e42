"""`kit playbooks mutate` and `kit playbooks diff`, as they are used."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from kit.cli.playbooks.versions import read_versions
from kit.errors import KitError
from kit.playbooks import diff
from kit.workspace import Workspace
from tests.conftest import Run

TESTS = """tests:
  - {id: swallowed, turns: [my toddler swallowed the button battery], expect: {outcome: handed_off}}
---
"""


def git(folder: Path, *arguments: str) -> None:
    person = ["-c", "user.name=A", "-c", "user.email=a@brightloom.example", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", "-C", str(folder), *person, *arguments], check=True, capture_output=True, timeout=60)


@pytest.fixture
def tested(indexed_workspace: Path) -> Path:
    """The sample workspace, with one playbook whose only test is ours."""
    path = indexed_workspace / "playbooks" / "battery-swallowed.md"
    head, _, body = path.read_text(encoding="utf-8").removeprefix("---\n").partition("\n---\n")
    head = head.partition("\ntests:")[0]
    path.write_text(f"---\n{head}\n{TESTS}{body}", encoding="utf-8")
    return indexed_workspace


def test_mutate(tested: Path, kit: Run) -> None:
    done = kit("playbooks", "mutate", "battery-swallowed", "-w", tested, "--json", "--min", "0.99")
    assert done.returncode == 1, done.stderr
    data = json.loads(done.stdout)
    [one] = data["playbooks"]
    assert one["id"] == "battery-swallowed" and one["failing"] == [] and 0 < data["score"] < 0.99
    assert (
        any("ends the play instead of handing off" in line for line in [s["change"] for s in one["survivors"]]) is False
    )
    text = (tested / "playbooks" / "battery-swallowed.md").read_text(encoding="utf-8").splitlines()
    priority = next(s for s in one["survivors"] if s["kind"] == "priority")
    assert "priority" in text[priority["line"] - 1]
    again = kit("playbooks", "mutate", "battery-swallowed", "-w", tested, "--min", "0")
    assert again.returncode == 0, again.stderr
    assert f"{data['n']} verdicts known from before" in again.stdout
    assert f"battery-swallowed.md:{priority['line']}: no test notices if the priority" in again.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["mutate", "refnd"], "Did you mean `refund`?"),
        (["mutate", "--min", "2"], "Invalid value for '--min'"),
        (["diff", "refund", "refund", "--runs", "a", "b", "--words"], "There is no run here"),
        (["diff", "refund", "refund", "--conversations", "none.jsonl"], "cannot be read"),
    ],
)
def test_bad_input_is_one_clear_error(arguments: list[str], said: str, sample: Path, kit: Run) -> None:
    done = kit("playbooks", *arguments, "-w", sample)
    assert done.returncode == 2
    assert said in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ("refnd", "Did you mean `refund`?"),
        ("nothing-like-it", "Name a file, an id"),
        ("refund@-x", "is no git revision"),
        ("refund@", "is no git revision"),
        ("refund@HEAD:kit.toml", "is no git revision"),
        ("refund@nothing", "Git has no `refund@nothing`"),
        (".", "is a folder, and the other is not"),
        (__file__, "begins with a YAML head"),
    ],
)
def test_what_is_no_version_is_refused(before: str, said: str, sample: Path) -> None:
    with pytest.raises(KitError) as caught:
        read_versions(before, "refund", sample)
    assert said in str(caught.value)


def test_without_git_a_revision_is_refused(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(KitError, match="Git is not installed"):
        read_versions("refund@HEAD", "refund", sample)


def test_different_playbooks_exit_with_3(sample: Path, kit: Run) -> None:
    done = kit("playbooks", "diff", "refund", "lost-parcel", "--words", "-w", sample)
    assert done.returncode == 3
    assert "have no playbook in common" in done.stderr


def test_diff_of_a_revision(tested: Path, kit: Run, tmp_path: Path) -> None:
    git(tested, "init", "-q")
    git(tested, "add", "playbooks")
    git(tested, "commit", "-qm", "as it was")
    path = tested / "playbooks" / "battery-swallowed.md"
    text = path.read_text(encoding="utf-8")
    assert "priority: urgent" in text
    path.write_text(text.replace("priority: urgent", "priority: high"), encoding="utf-8")
    space = Workspace.open(tested)
    space.ask("my toddler swallowed the button battery")
    conversations = tmp_path / "c.jsonl"
    turns = [{"role": "customer", "text": "How do I change the batteries?"}]
    conversations.write_text(json.dumps({"id": "other", "turns": turns}), encoding="utf-8")
    arguments = ["battery-swallowed@HEAD", "battery-swallowed", "-w", tested, "--conversations", conversations]
    done = kit("playbooks", "diff", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    texts = [change["text"] for change in data["playbooks"][0]["changes"]]
    assert any("is now “high” instead of “urgent”" in text for text in texts)
    assert (data["conversations"]["n"], data["conversations"]["concerned"]) == (2, 1)
    [parted] = data["conversations"]["differ"]
    assert parted["differences"] == ["the priority of the hand-off is high instead of urgent"]
    assert data["playbooks"][0]["tests"]["n"] == 1


def test_diff_of_files_and_of_workspaces(tested: Path, kit: Run, tmp_path: Path) -> None:
    path = tested / "playbooks" / "battery-swallowed.md"
    copy = tmp_path / "as-it-was.md"
    shutil.copy(path, copy)
    path.write_text(path.read_text(encoding="utf-8").replace("urgent", "high"), encoding="utf-8")
    done = kit("playbooks", "diff", copy, path, "-w", tested, "--words")
    assert done.returncode == 0, done.stderr
    assert "is now “high” instead of “urgent”" in done.stdout and str(path) in done.stdout
    older = tmp_path / "older"
    shutil.copytree(tested, older, ignore=shutil.ignore_patterns(".kit"))
    shutil.copy(copy, older / "playbooks" / path.name)
    new = path.read_text(encoding="utf-8").replace("id: battery-swallowed", "id: coin-swallowed", 1)
    (tested / "playbooks" / "coin-swallowed.md").write_text(new, encoding="utf-8")
    old, later = read_versions(str(older), str(tested), None)
    report = diff(old, later, play=False)
    assert report.added == ("coin-swallowed",)
    assert [one.id for one in report.playbooks] == ["battery-swallowed"]


def test_a_damaged_log_is_named(tested: Path, kit: Run) -> None:
    log = tested / ".kit" / "audit" / "turns.jsonl"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("{\n", encoding="utf-8")
    path = tested / "playbooks" / "battery-swallowed.md"
    copy = tested / "copy.md"
    copy.write_text(path.read_text(encoding="utf-8").replace("urgent", "high"), encoding="utf-8")
    done = kit("playbooks", "diff", copy, "battery-swallowed", "-w", tested)
    assert done.returncode == 2 and f"{log}:1: This line is no JSON object." in done.stderr


def test_nothing_is_written_where_there_is_no_log(indexed_workspace: Path, kit: Run) -> None:
    assert Workspace.open(indexed_workspace).recorded() == []
    assert not (indexed_workspace / ".kit" / "audit").exists()
