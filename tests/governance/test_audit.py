import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest

from kit.assistant import Citation, Conversation, Reply, TraceStep, TurnRecord
from kit.governance import AuditStore
from kit.playbooks import Handoff
from kit.safety import Vault

EMAIL, CARD = "maria.lopez@example.com", "4111 1111 1111 1111"


def record(message: str, text: str = "Hello.", *, id: str = "c1", turns: int = 1) -> TurnRecord:
    """A turn with the message in every place of it that holds text."""
    conversation = Conversation(id=id)
    for _ in range(turns):
        conversation = conversation.said("customer", message).said("assistant", text)
    reply = Reply(
        outcome="handed_off",
        text=text,
        citations=(Citation(article_id="a", passage_id="a#1", quote=message),),
        handoff=Handoff(
            reason="sensitive", summary=f"“{message}”", fields={"email": message, "total": 3.5, "ok": True}
        ),
        trace=(
            TraceStep(node="retrieve", summary=message, ms=1.5, detail={"question": message, "hits": [{"score": 1}]}),
        ),
    )
    return TurnRecord(conversation, message, reply)


def lines(folder: Path, name: str = "turns.jsonl") -> list[str]:
    return (folder / name).read_bytes().decode("utf-8").removesuffix("\n").split("\n")


def test_personal_data_is_masked_wherever_it_stands(tmp_path: Path) -> None:
    store = AuditStore(tmp_path / "audit")
    store.record_turn(record(f"I am {EMAIL}, card {CARD}", f"I write to {EMAIL}."))
    [line] = lines(tmp_path / "audit")
    assert "maria" not in line and "4111" not in line
    [row] = store.turns()
    assert row["message"] == "I am <EMAIL_1>, card <CARD_1>"
    assert row["reply"]["text"] == "I write to <EMAIL_1>."
    assert row["reply"]["handoff"]["fields"] == {"email": "I am <EMAIL_1>, card <CARD_1>", "total": 3.5, "ok": True}
    assert row["trace"][0]["detail"]["hits"] == [{"score": 1}]
    assert (row["conversation_id"], row["turn"]) == ("c1", 1)
    assert datetime.fromisoformat(row["at"]).utcoffset() is not None


def test_a_value_keeps_its_token_within_a_conversation_and_not_beyond(tmp_path: Path) -> None:
    store = AuditStore(tmp_path)
    store.record_turn(record(f"{EMAIL} and other@example.com"))
    store.record_turn(record("It was other@example.com", turns=2))
    store.record_turn(record("other@example.com", id="c2"))
    assert [row["message"] for row in store.turns()] == ["<EMAIL_1> and <EMAIL_2>", "It was <EMAIL_2>", "<EMAIL_1>"]
    assert [row["turn"] for row in store.turns()] == [1, 2, 1]


@pytest.mark.parametrize("text", ["a\nb", "a\u2028b\u2029c\x85d\x0be", '"quoted" \\ {', "日本 🙂", "", "\x00\x1b[31m"])
def test_any_text_is_one_line_of_json(tmp_path: Path, text: str) -> None:
    store = AuditStore(tmp_path)
    store.record_turn(record(text))
    store.record_feedback("c1", 1, True, text)
    assert [json.loads(line)["message"] for line in lines(tmp_path)] == [text]
    assert [row["message"] for row in store.turns()] == [text]
    assert [row["comment"] for row in store.feedback()] == [text]


def test_ratings_are_kept_with_masked_comments(tmp_path: Path) -> None:
    store = AuditStore(tmp_path)
    assert store.feedback() == store.turns() == []
    store.record_feedback("c1", 3, False, f"write to {EMAIL}")
    store.record_feedback("c1", 5, True)
    assert [(row["conversation_id"], row["turn"], row["liked"], row["comment"]) for row in store.feedback()] == [
        ("c1", 3, False, "write to <EMAIL_1>"),
        ("c1", 5, True, ""),
    ]


def test_a_new_store_adds_to_what_is_there(tmp_path: Path) -> None:
    for number in range(3):
        AuditStore(tmp_path).record_turn(record(f"message {number}"))
    assert [row["message"] for row in AuditStore(tmp_path).turns()] == ["message 0", "message 1", "message 2"]


def test_twenty_threads_write_whole_lines(tmp_path: Path) -> None:
    store = AuditStore(tmp_path)
    long = "x" * 5000

    def write(number: int) -> None:
        for turn in range(10):
            store.record_turn(record(f"{number}-{turn} {long} user{number}@example.com", id=f"c{number % 4}"))
            store.record_feedback(f"c{number}", turn, True, long)

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(write, range(20)))
    rows = store.turns()
    assert len(rows) == 200 == len(store.feedback())
    assert {row["message"].split(" ")[0] for row in rows} == {f"{n}-{t}" for n in range(20) for t in range(10)}
    # Five customers' addresses in each of four conversations: each has one token of its own.
    tokens = {(row["conversation_id"], row["message"].split("-")[0]): row["message"].split(" ")[-1] for row in rows}
    assert len({(conversation, token) for (conversation, _), token in tokens.items()}) == 20


def test_a_vault_gives_no_token_twice_from_several_threads() -> None:
    vault = Vault()
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda number: vault.token("EMAIL", f"user{number % 500}@example.com"), range(5000)))
    assert len(set(vault.tokens.values())) == len(vault.values) == 500
