"""Whatever breaks within a turn, the customer gets a fixed sentence and a person, and nothing is lost."""

import logging
from typing import Any

import pytest

from kit.assistant import Conversation, Nodes, TurnRecord
from kit.assistant.languages import language
from kit.assistant.rescue import what_broke
from kit.evals import load_suite, run_suites
from kit.governance import AuditStore
from kit.governance.handoffs import parcel
from tests.faults.conftest import QUESTION, Build

DISCLOSURE = "You are chatting with Brightloom's support assistant, an AI."
SORRY = "I could not look that up just now, so I am passing you to a colleague in the Support team."
SECRET = "4111 1111 1111 1111"


def breaks(*_: Any, **__: Any) -> Any:
    raise RuntimeError(f"a bug that quotes {SECRET}")


@pytest.mark.parametrize(
    ("node", "message"),
    [
        ("receive", QUESTION),
        ("route", QUESTION),
        ("converse", "hello"),
        ("play", "i want my money back for order BL-104233"),
        ("retrieve", QUESTION),
        ("decide", QUESTION),
        ("compose", QUESTION),
    ],
)
def test_a_bug_in_any_node_is_a_hand_off(
    build: Build, log: AuditStore, monkeypatch: pytest.MonkeyPatch, node: str, message: str
) -> None:
    monkeypatch.setattr(Nodes, node, breaks)
    told: list[TurnRecord] = []
    assistant = build()
    assistant._on_turn = told.append
    *pieces, last = assistant.stream(assistant.start(), message)
    assert not isinstance(last, str)
    conversation, reply = last
    assert reply.text == "".join(map(str, pieces)) and reply.text.startswith(DISCLOSURE) and SORRY in reply.text
    assert reply.handoff and (reply.outcome, reply.handoff.reason) == ("handed_off", "tool_failure")
    assert "RuntimeError" not in reply.text and "bug" not in reply.text
    # Nothing is lost: transcript, log and hand-off.
    assert [turn.text for turn in conversation.turns] == [message, reply.text] and conversation.handed_off
    log.record_turn(told[0])
    [row] = log.turns()
    assert row["message"] == message and row["reply"]["text"] == reply.text
    assert len(row["errors"]) == 1 and "RuntimeError at " in row["errors"][0] and SECRET not in row["errors"][0]
    made = parcel(told[0], company="Brightloom", mask=True)
    assert made and made["reason"] == "tool_failure" and made["transcript"][0]["text"] == message


def test_what_was_said_before_it_broke_stays_said(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Nodes, "decide", breaks)
    assistant = build()
    conversation, _ = assistant.reply(assistant.start(), "hello")
    *pieces, last = assistant.stream(conversation, QUESTION)
    assert not isinstance(last, str) and last[1].text == "".join(map(str, pieces)).strip()
    assert DISCLOSURE not in last[1].text, "once is enough"


def test_in_a_playbook_its_team_takes_over_with_what_is_known(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    assistant = build()
    conversation, _ = assistant.reply(assistant.start(), "i want my money back for order BL-104233")
    assert conversation.plays.current
    monkeypatch.setattr(Nodes, "play", breaks)
    _, reply = assistant.reply(conversation, "it arrived broken")
    assert reply.handoff and (reply.handoff.team, reply.handoff.fields) == ("Payments", {"order_number": "BL-104233"})
    assert "Payments team" in reply.text


def test_a_full_disk_in_a_playbook_is_a_hand_off(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Nodes, "play", full)
    assistant = build()
    _, reply = assistant.reply(assistant.start(), "i want my money back for order BL-104233")
    assert reply.handoff and reply.handoff.reason == "tool_failure"


@pytest.mark.parametrize("node", ["route", "converse"])
def test_who_is_in_danger_reads_whom_to_call_all_the_same(
    build: Build, monkeypatch: pytest.MonkeyPatch, node: str
) -> None:
    monkeypatch.setattr(Nodes, node, breaks)
    assistant = build()
    _, reply = assistant.reply(assistant.start(), "I want to kill myself")
    assert "988" in reply.text and "911" in reply.text
    assert reply.handoff and (reply.handoff.reason, reply.handoff.priority) == ("sensitive", "urgent")


def test_a_customer_reads_it_in_the_language_they_write(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Nodes, "route", breaks)
    assistant = build()
    _, reply = assistant.reply(assistant.start(), "Wie lange habe ich Garantie auf mein Gerät, und was deckt sie ab?")
    assert language("de").passing in reply.text and SORRY not in reply.text


def test_a_person_who_has_it_keeps_it(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    assistant = build()
    conversation, first = assistant.reply(assistant.start(), "a human please")
    monkeypatch.setattr(Nodes, "route", breaks)
    conversation, second = assistant.reply(conversation, "hello?")
    _, third = assistant.reply(conversation, "are you there?")
    assert first.handoff == second.handoff == third.handoff
    assert (second.text, third.text) == ("A colleague has this conversation now and will reply here.", "")


def test_a_log_that_fails_costs_the_customer_nothing(
    build: Build, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assistant = build()
    assistant._on_turn = breaks
    _, reply = assistant.reply(assistant.start(), "hello")
    assert reply.outcome == "answered" and "was not recorded" in caplog.text


def test_no_trace_of_the_stack_is_in_the_log_by_default(
    build: Build, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Nodes, "route", breaks)
    assistant = build()
    with caplog.at_level(logging.INFO):
        assistant.reply(assistant.start(), QUESTION)
    assert "RuntimeError at assistant/" in caplog.text
    assert "Traceback" not in caplog.text and SECRET not in caplog.text


def test_what_broke_elsewhere_has_no_place_in_the_kit() -> None:
    assert what_broke(ValueError("secret"), {}) == "The turn failed after the start (ValueError)."


def test_where_it_is_measured_a_bug_is_an_error_and_never_a_hand_off(
    build: Build, log: AuditStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setattr(Nodes, "decide", breaks)
    path = tmp_path / "smoke.yaml"
    path.write_text("suite: smoke\ncases:\n  - id: a\n    question: how much is plus?\n    expect: hand_off\n")
    run = run_suites(build(strict=True), [load_suite(path)], folder=tmp_path / "run")
    assert run.records[0].error and run.records[0].error.startswith("RuntimeError: ")
    assert run.records[0].transcript is None and log.turns()[-1]["reply"] is None


def test_a_customer_who_leaves_is_still_handed_off(build: Build, log: AuditStore) -> None:
    assistant = build()
    stream = assistant.stream(assistant.start(), "I want to kill myself")
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    [row] = log.turns()
    assert row["reply"]["handoff"]["reason"] == "sensitive"
    assert row["errors"] == ["Nobody waited for the end of the reply."]


def test_a_customer_who_leaves_before_it_breaks_is_still_handed_off(
    build: Build, log: AuditStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Nodes, "decide", breaks)
    assistant = build()
    stream = assistant.stream(assistant.start(), QUESTION)
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    [row] = log.turns()
    assert row["reply"]["handoff"]["reason"] == "tool_failure" and len(row["errors"]) == 2


def test_who_asks_for_a_person_picks_no_article(build: Build) -> None:
    assistant = build()
    conversation = assistant.start()
    for message in ("how much is plus per month", "how much is plus per month"):
        conversation, reply = assistant.reply(conversation, message)
    assert reply.outcome == "clarified" and conversation.offered
    _, reply = assistant.reply(conversation, "a human please, I am ada@example.org")
    assert reply.handoff and reply.handoff.reason == "customer_request"


# The same message sent twice


def test_a_message_that_comes_twice_is_answered_once(build: Build, log: AuditStore) -> None:
    assistant = build()
    start = assistant.start()
    first, second = assistant.reply(start, QUESTION), assistant.reply(start, QUESTION)
    assert first == second and len(log.turns()) == 1
    pieces = list(assistant.stream(start, QUESTION))
    assert pieces == [first[1].text, first]


def test_the_same_words_later_or_elsewhere_are_another_turn(build: Build, log: AuditStore) -> None:
    assistant = build()
    conversation, _ = assistant.reply(assistant.start(), "hello")
    assistant.reply(conversation, "hello")
    assistant.reply(assistant.start(), "hello")
    assistant.reply(Conversation(id=conversation.id), "hello there")
    assert len(log.turns()) == 4


def test_a_turn_that_failed_can_be_tried_again(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    assistant = build(strict=True)
    start = assistant.start()
    with monkeypatch.context() as patch:
        patch.setattr(Nodes, "decide", breaks)
        with pytest.raises(RuntimeError):
            assistant.reply(start, QUESTION)
    assert assistant.reply(start, QUESTION)[1].outcome == "answered"
