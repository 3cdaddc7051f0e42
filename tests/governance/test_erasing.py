import json
import os
import signal
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.errors import KitError
from kit.governance import AuditStore, HandoffDesk, conversations_with, erase, finish_erasing
from kit.governance import audit as audit_module
from kit.governance.lines import append_line, keep_lines, read_lines
from kit.safety import Rules
from tests.conftest import ROOT
from tests.governance.receiver import handed_off
from tests.governance.test_audit import record
from tests.governance.test_handoffs import Fails, desk

ADA = "ada@example.org"


@pytest.fixture
def store(tmp_path: Path) -> AuditStore:
    return AuditStore(tmp_path / ".kit" / "audit")


def everything(root: Path) -> str:
    """The text of all files below a folder."""
    return "".join(path.read_text(encoding="utf-8") for path in sorted(root.rglob("*")) if path.is_file())


def fill(store: AuditStore, one: HandoffDesk) -> None:
    for id, message in (("c1", f"I am {ADA}"), ("c2", "how much is it"), ("c3", f"write to {ADA.upper()}")):
        store.record_turn(record(message, id=id))
        store.record_turn(record("and then?", id=id, turns=2))
        store.record_feedback(id, 1, True, f"about {id}")
        one.take(handed_off(message, id=id))
    one.close()


# By value


def test_the_log_holds_no_value_and_no_plain_hash_of_one(store: AuditStore) -> None:
    store.record_turn(record(f"I am {ADA}"))
    [row] = store.turns()
    assert len(row["values"]) == 1 and len(row["values"][0]) == 24
    assert ADA not in everything(store.folder)
    key = store.folder / "key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    other = AuditStore(store.folder.parent / "other")
    other.record_turn(record(f"I am {ADA}"))
    assert other.turns()[0]["values"] != row["values"], "another key gives another hash"


@pytest.mark.parametrize(
    ("written", "asked", "found"),
    [
        (ADA, "ADA@Example.org", True),
        ("call +1 (212) 555-0142 now", "+12125550142", True),
        ("call 212-555-0142", "+1 212 555 0142", True),
        ("card 4111 1111 1111 1111", "4111-1111-1111-1111", True),
        ("IBAN DE89 3704 0044 0532 0130 00", "DE89370400440532013000", True),
        ("from 203.0.113.9", "203.0.113.9", True),
        (ADA, "bob@example.org", False),
    ],
)
def test_a_value_is_found_however_it_is_written(store: AuditStore, written: str, asked: str, found: bool) -> None:
    store.record_turn(record(f"hello {written}"))
    store.record_turn(record("nobody", id="c2"))
    assert store.with_value(asked) == ({"c1"} if found else set())


def test_it_is_found_by_a_process_that_comes_later(store: AuditStore) -> None:
    store.record_turn(record(f"hello {ADA}"))
    assert AuditStore(store.folder).with_value(ADA) == {"c1"}


def test_a_value_in_the_comment_to_a_rating_is_found_too(store: AuditStore) -> None:
    store.record_turn(record("hello"))
    store.record_feedback("c1", 1, False, f"write to {ADA}")
    assert store.with_value(ADA) == {"c1"}
    assert store.feedback()[0]["comment"] == "write to <EMAIL_1>"


@pytest.mark.parametrize(
    ("written", "asked", "found"),
    [
        ("I am Ada Lovelace.", "ada lovelace", True),
        ("I am Ada\n  Lovelace", "Ada Lovelace", True),
        ("I live in Elm Court", "elm court", True),
        ("I am Adam Lovelace", "Ada", False),
        ("order BL-104233", "BL-104233", True),
        ("order BL-1042337", "BL-104233", False),
    ],
)
def test_what_is_not_masked_is_found_word_for_word(store: AuditStore, written: str, asked: str, found: bool) -> None:
    store.record_turn(record(written))
    store.record_turn(record("nobody", id="c2"))
    assert store.with_value(asked) == ({"c1"} if found else set())


def test_the_companys_own_numbers_are_found_masked_or_not(tmp_path: Path) -> None:
    """What was written before there was a pattern stands in clear text, and what came later is masked."""
    rules = Rules(patterns={"ORDER": "BL-[0-9]{6}"})
    AuditStore(tmp_path / ".kit" / "audit").record_turn(record("order BL-104233", id="c1"))
    store = AuditStore(tmp_path / ".kit" / "audit", rules=rules)
    store.record_turn(record("order BL-104233", id="c2"))
    store.record_turn(record("order BL-104999", id="c3"))
    waits = desk(tmp_path, sender=Fails(), personal_data="clear")
    waits.take(handed_off("order BL-104233", id="c4"))
    waits.close()
    assert "BL-104233" not in json.dumps(store.turns()[1])
    assert conversations_with(store, waits, "bl-104233") == {"c1", "c2", "c4"}


def test_a_value_is_found_in_the_file_of_hand_offs(tmp_path: Path, store: AuditStore) -> None:
    one = desk(tmp_path, personal_data="clear")
    one.take(handed_off("call +1 (212) 555-0142, says Ada Lovelace", id="only-there"))
    one.close()
    store.record_turn(record(f"I am {ADA}, 212-555-0142"))
    assert conversations_with(store, one, "+12125550142") == {"c1", "only-there"}
    assert conversations_with(store, one, "Ada Lovelace") == {"only-there"}


def test_a_common_word_erases_nothing(tmp_path: Path, store: AuditStore) -> None:
    for number in range(21):
        store.record_turn(record("my money please", id=f"c{number}"))
    with pytest.raises(KitError, match="stands in 21 conversations, which are hardly one person's"):
        conversations_with(store, desk(tmp_path), "money")


def test_hand_offs_are_kept_no_longer_than_turns(tmp_path: Path) -> None:
    one = desk(tmp_path)
    one.take(handed_off(id="old"))
    one.close()
    waits = desk(tmp_path, sender=Fails(final=True))
    waits.take(handed_off("given up", id="old2"))
    waits.close()
    late = desk(tmp_path, sender=Fails())
    late.take(handed_off("still tried", id="old3"))
    late.close()
    then = datetime.fromtimestamp(handed_off().began, UTC)
    assert one.prune(30, now=then + timedelta(days=29)) == 0
    assert one.prune(0, now=then + timedelta(days=900)) == 0
    assert one.prune(30, now=then + timedelta(days=31)) == 2
    assert one.delivered() == [] and [left.conversation for left in one.waiting()] == ["old3"]


def test_what_cannot_be_searched_for_is_said(store: AuditStore) -> None:
    with pytest.raises(KitError, match=r"“a\.” is too short to search for"):
        store.with_value("a.")
    with pytest.raises(KitError, match="There is no key"):
        store.with_value(ADA)
    (store.folder / "key").write_text("short")
    with pytest.raises(KitError, match="This is no key"):
        store.with_value(ADA)


def test_erasing_by_value_takes_turns_ratings_outbox_and_file(tmp_path: Path, store: AuditStore) -> None:
    fill(store, desk(tmp_path))
    waits = desk(tmp_path, sender=Fails(), personal_data="clear")
    waits.take(handed_off(f"again {ADA}", id="c4"))  # its turn was never logged
    waits.close()
    found = conversations_with(store, waits, ADA)
    assert found == {"c1", "c3", "c4"}
    gone = erase(store, waits, found)
    assert (gone.conversations, gone.turns, gone.ratings, gone.handoffs) == (3, 4, 2, 3)
    assert {row["conversation_id"] for row in (*store.turns(), *store.feedback())} == {"c2"}
    left = everything(tmp_path)
    assert "c2" in left and not any(id in left for id in ('"c1"', '"c3"', '"c4"', ADA))
    assert conversations_with(store, waits, ADA) == set()


def test_erasing_what_is_not_there_changes_nothing(tmp_path: Path, store: AuditStore) -> None:
    fill(store, desk(tmp_path))
    before = everything(tmp_path)
    assert vars(erase(store, desk(tmp_path), {"nobody"})) == {
        "conversations": 1,
        "turns": 0,
        "ratings": 0,
        "handoffs": 0,
    }
    assert everything(tmp_path) == before


CHILD = """
import os, signal, sys
from pathlib import Path
from kit import files
from kit.governance import AuditStore, erase, erasing, lines
from tests.governance.test_handoffs import desk

root, calls = Path(sys.argv[1]), int(sys.argv[2])
store = AuditStore(root / ".kit" / "audit")
seen = 0

def counted(work):
    def run(*args, **rest):
        global seen
        seen += 1
        if seen > calls:
            os.kill(os.getpid(), signal.SIGKILL)
        return work(*args, **rest)
    return run

# Every step that changes a file: the journal, each rewriting, each deletion.
erasing.write_whole, lines.write_whole = counted(erasing.write_whole), counted(lines.write_whole)
Path.unlink = counted(Path.unlink)
erase(store, desk(root), {"c1", "c3"})
"""


def test_an_erasure_that_is_killed_at_any_step_is_carried_out_next_time(tmp_path: Path) -> None:
    killed = 0
    for calls in range(30):
        root = tmp_path / str(calls)
        store = AuditStore(root / ".kit" / "audit")
        fill(store, desk(root))
        waits = desk(root, sender=Fails())
        waits.take(handed_off("still here", id="c1"))
        waits.close()
        run = subprocess.run([sys.executable, "-c", CHILD, str(root), str(calls)], cwd=ROOT, check=False, timeout=60)
        for name in ("turns.jsonl", "feedback.jsonl"):
            assert len(read_lines(root / ".kit" / "audit" / name)) in (2, 6, 1, 3), "a file is old or new"
        if run.returncode == -signal.SIGKILL:
            killed += 1
            begun = (root / ".kit" / "audit" / "erasing.json").exists()
            finish_erasing(store, desk(root))
            gone = {row["conversation_id"] for row in store.turns()} == {"c2"}
            assert gone == begun, "either it was not begun, or it is done"
            if not begun:
                continue
        else:
            assert run.returncode == 0
        left = everything(root)
        assert '"c1"' not in left and '"c3"' not in left
        assert not (root / ".kit" / "audit" / "erasing.json").exists()
        if run.returncode == 0:
            break
    assert killed >= 5


def test_a_damaged_journal_is_said(tmp_path: Path, store: AuditStore) -> None:
    (store.folder / "erasing.json").write_text("{")
    with pytest.raises(KitError, match="This list of what to erase is damaged"):
        finish_erasing(store, desk(tmp_path))


def test_what_is_written_while_others_erase_is_not_lost(tmp_path: Path, store: AuditStore) -> None:
    def write(number: int) -> None:
        # A store of its own for each, as processes have.
        AuditStore(store.folder).record_turn(record("x", id=f"keep{number}"))
        store.record_turn(record("y", id=f"go{number}"))
        AuditStore(store.folder).remove({f"go{number}"})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(12)))
    assert sorted(row["conversation_id"] for row in store.turns()) == sorted(f"keep{number}" for number in range(12))


# Retention


def test_what_is_older_than_the_retention_goes(store: AuditStore) -> None:
    store.record_turn(record("old"))
    store.record_feedback("c1", 1, True)
    now = datetime.now(UTC)
    assert store.prune(30, now=now + timedelta(days=29)) == {"turns": 0, "ratings": 0}
    assert store.prune(0, now=now + timedelta(days=9_999)) == {"turns": 0, "ratings": 0}
    assert store.prune(30, now=now + timedelta(days=31)) == {"turns": 1, "ratings": 1}
    assert store.turns() == store.feedback() == []
    store.record_turn(record("new"))
    assert [row["message"] for row in store.turns()] == ["new"]


def test_of_many_only_the_old_ones_go(store: AuditStore) -> None:
    now = datetime.now(UTC)
    for days in (400, 200, 10):
        at = (now - timedelta(days=days)).isoformat(timespec="milliseconds")
        append_line(store.folder / "turns.jsonl", {"at": at, "conversation_id": f"c{days}"})
    assert store.prune(365)["turns"] == 1
    assert [row["conversation_id"] for row in store.turns()] == ["c200", "c10"]


# Memory


def test_tokens_are_remembered_of_so_many_conversations(store: AuditStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_module, "_MOST_VAULTS", 3)
    for number in range(10):
        store.record_turn(record("hello", id=f"c{number}"))
        store.record_turn(record("hello", id="busy"))
    assert len(store._vaults) == 3 and "busy" in store._vaults
    store.record_turn(record(f"{ADA} and bob@example.org", id="busy"))
    store.record_turn(record("bob@example.org", id="busy"))
    assert store.turns()[-1]["message"] == "<EMAIL_2>"


# Lines


LINE = st.dictionaries(st.text(max_size=5), st.text(max_size=20) | st.integers(), max_size=3)


@settings(max_examples=60, deadline=None)
@given(st.lists(LINE, max_size=6), st.integers(min_value=0, max_value=60))
def test_lines_survive_a_write_that_is_cut_off_anywhere(
    tmp_path_factory: pytest.TempPathFactory, written: list[dict[str, object]], cut: int
) -> None:
    path = tmp_path_factory.mktemp("lines") / "x.jsonl"
    for row in written:
        append_line(path, row)
    whole = path.read_bytes() if written else b""
    kept = whole[: max(0, len(whole) - cut)]
    path.write_bytes(kept)
    before = read_lines(path)
    assert before == written[: len(before)] and kept.count(b"\n") <= len(before)
    append_line(path, {"last": True})
    assert read_lines(path) == [*before, {"last": True}]


def test_half_of_a_character_is_one_line_too(tmp_path: Path) -> None:
    append_line(tmp_path / "x.jsonl", {"text": "\ud83d"})
    assert read_lines(tmp_path / "x.jsonl") == [{"text": "\ud83d"}]
    assert keep_lines(tmp_path / "x.jsonl", lambda row: True) == 0


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"a": 1}\nnonsense\n{"a": 2}\n')
    with pytest.raises(KitError, match=r"x\.jsonl:2: This line is no JSON object"):
        read_lines(path)
    before = path.read_bytes()
    with pytest.raises(KitError):
        keep_lines(path, lambda row: False)
    assert path.read_bytes() == before


def test_a_full_disk_leaves_no_half_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.jsonl"
    append_line(path, {"a": 1})

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        append_line(path, {"a": 2}, durable=True)
    assert path.read_bytes() == b'{"a": 1}\n'


def test_what_a_killed_rewriting_left_goes_with_the_next(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    append_line(path, {"a": 1})
    left = tmp_path / ".x.jsonl.1-1.partial"
    left.write_text(json.dumps({"text": ADA}))
    keep_lines(path, lambda row: True)
    assert not left.exists()


WRITER = """
import sys
from pathlib import Path
from kit.governance import AuditStore
from tests.governance.test_audit import record
store = AuditStore(Path(sys.argv[1]))
for number in range(20):
    store.record_turn(record("x" * 20_000 + " ada@example.org", id=sys.argv[2]))
"""


def test_processes_write_whole_lines_with_one_key(store: AuditStore) -> None:
    command = [sys.executable, "-c", WRITER, str(store.folder)]
    running = [subprocess.Popen([*command, f"p{number}"], cwd=ROOT) for number in range(3)]
    assert [process.wait(timeout=90) for process in running] == [0, 0, 0]
    rows = store.turns()
    assert len(rows) == 60 and len({tuple(row["values"]) for row in rows}) == 1
