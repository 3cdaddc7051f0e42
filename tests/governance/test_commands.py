import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kit.errors import KitError
from kit.governance.lines import append_line
from kit.settings import load_settings
from tests.conftest import Run
from tests.governance.conftest import Open
from tests.governance.receiver import Receiver, handed_off, status
from tests.governance.test_audit import record
from tests.governance.test_handoffs import rows

ADA = "ada@example.org"


def printed(result: Any) -> Any:
    assert result.returncode in (0, 1), result.stderr
    return json.loads(result.stdout)


@pytest.mark.timeout(300)  # five processes, on a machine that may be busy
def test_a_conversation_is_listed_shown_and_erased(indexed_workspace: Path, kit: Run) -> None:
    said = f"how much is plus per month\nlet me talk to a human, I am {ADA}\nstill here\n\n"
    assert kit("chat", "-w", indexed_workspace, stdin=said).returncode == 0
    [entry] = printed(kit("audit", "list", "-w", indexed_workspace, "--json"))
    id = entry["conversation_id"]
    assert entry["outcomes"] == ["answered", "handed_off", "handed_off"]
    shown = kit("audit", "show", id, "-w", indexed_workspace).stdout
    assert "Turn 3" in shown and "I am <EMAIL_1>" in shown and ADA not in shown
    assert [row["kind"] for row in rows(indexed_workspace / ".kit" / "handoffs.jsonl")] == ["handoff", "update"]
    gone = printed(kit("audit", "erase", "--value", ADA, "-w", indexed_workspace, "--json"))
    assert gone == {"conversations": 1, "turns": 3, "ratings": 0, "handoffs": 2}
    left = [path.read_bytes() for path in (indexed_workspace / ".kit").rglob("*.json*") if path.is_file()]
    assert not any(id.encode() in content for content in left)
    assert "No conversation is in the log" in kit("audit", "list", "-w", indexed_workspace).stdout


def test_what_cannot_be_shown_or_erased_is_said(indexed_workspace: Path, kit: Run) -> None:
    for arguments, says in (
        (["show", "nobody"], "No conversation `nobody` in the log. `kit audit list` names"),
        (["erase", "--conversation", "nobody"], "No conversation `nobody` in the log."),
        (["erase"], "Say what to erase."),
        (["erase", "--value", "A."], "is too short to search for"),
    ):
        result = kit("audit", *arguments, "-w", indexed_workspace)
        assert result.returncode == 2 and says in result.stderr and "Traceback" not in result.stderr


def test_pruning_keeps_to_the_setting_and_to_what_is_said(open_with: Open, kit: Run) -> None:
    space = open_with("[audit]\nretention_days = 30\n")
    folder = space.derived / "audit"
    for days in (40, 20, 5):
        at = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="milliseconds")
        append_line(folder / "turns.jsonl", {"at": at, "conversation_id": f"c{days}"})
    assert len(space.audit.turns()) == 2, "what is too old goes when the log is opened"
    result = printed(kit("audit", "prune", "--days", "10", "-w", space.root, "--json"))
    assert result == {"days": 10, "kept": {"turns": 1}, "deleted": {"turns": 1, "ratings": 0, "handoffs": 0}}
    assert "Older than 30 days: 0 turns, 0 ratings and 0 hand-offs" in kit("audit", "prune", "-w", space.root).stdout


def test_hand_offs_are_listed_and_tried_again(open_with: Open, kit: Run) -> None:
    with Receiver([status(500)]) as receiver:
        space = open_with(f'[handoff]\nto = "webhook"\nurl = "{receiver.url}"\nmax_attempts = 1\n')
        space.desk.take(handed_off())
        space.close()
        [waiting] = printed(kit("handoffs", "-w", space.root, "--json"))["waiting"]
        assert (waiting["state"], waiting["attempts"], waiting["reason"]) == ("failed", 1, "customer_request")
        assert "HTTP 500" in waiting["problem"]
        result = kit("handoffs", "--retry", "-w", space.root)
        assert result.returncode == 1 and "Delivered 0." in result.stdout and "until `--retry`" in result.stdout
        receiver.behaviours = [status(200)]
        result = kit("handoffs", waiting["id"], "--retry", "-w", space.root, "--json")
        assert result.returncode == 0 and printed(result) == {"delivered": [waiting["id"]], "waiting": []}
    assert "No hand-off waits." in kit("handoffs", "-w", space.root).stdout
    unknown = kit("handoffs", "x", "-w", space.root)
    assert unknown.returncode == 2 and "No hand-off `x` waits." in unknown.stderr


def test_erasing_by_conversation_reaches_what_only_waits(open_with: Open, kit: Run) -> None:
    with Receiver([status(404)]) as receiver:
        space = open_with(f'[handoff]\nto = "webhook"\nurl = "{receiver.url}"\n')
        space.desk.take(handed_off(id="only-there"))
        space.close()
    result = kit("audit", "erase", "--conversation", "only-there", "-w", space.root)
    assert "Erased 1 conversation: 0 turns, 0 ratings, 1 hand-offs." in result.stdout
    assert space.desk.waiting() == []


def test_an_erasure_that_was_broken_off_goes_on_when_the_log_is_opened(open_with: Open) -> None:
    space = open_with()
    space.audit.record_turn(record("hello"))
    (space.derived / "audit" / "erasing.json").write_text('["c1"]')
    assert open_with().audit.turns() == []
    assert not (space.derived / "audit" / "erasing.json").exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[handoff]\nto = "webhook"\n', r"kit\.toml.*`to = \"webhook\"` needs a `url`"),
        ('[handoff]\nurl = "ftp://x/y"\n', r"kit\.toml:2: `handoff\.url`: it should be `https://host/path`"),
        ('[handoff]\nurl = "https://me:secret@x/y"\n', "without a name and a password"),
        ('[handoff]\nto = "pigeon"\n', r"kit\.toml:2: `handoff\.to`"),
        ("[audit]\nretention_days = -1\n", r"kit\.toml:2: `audit\.retention_days`"),
        ("[chat]\ninput_price = -1\n", r"kit\.toml:2: `chat\.input_price`"),
        ("[audit]\nretention = 3\n", "Did you mean `retention_days`"),
    ],
)
def test_settings_that_are_not_right(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "kit.toml").write_text(text)
    with pytest.raises(KitError, match=says) as caught:
        load_settings(tmp_path)
    assert "secret" not in str(caught.value)
