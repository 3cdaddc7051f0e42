"""Fifty customers at once, against one process: nothing is lost, and nothing is mixed."""

import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from kit.assistant import Conversation, Reply
from kit.governance import AuditStore, HandoffDesk
from kit.models.fake_server import FakeOpenAI
from kit.settings import HandoffDelivery
from tests.faults.conftest import Build

CUSTOMERS = 50
QUESTIONS = ("how much is plus per month", "how do I pair a sensor?", "how long is the warranty on the Dial?")
Talked = list[tuple[Conversation, list[Reply]]]


def email(number: int) -> str:
    return f"customer{number}@example.org"


def messages(number: int) -> tuple[str, ...]:
    """A question, and a wish for a person with what only this customer has; half of them in a playbook."""
    ask = "i want my money back for order BL-104233" if number % 2 else QUESTIONS[number % len(QUESTIONS)]
    return QUESTIONS[number % len(QUESTIONS)], ask, f"a human please, I am {email(number)}"


def talk_all(talk: Callable[[int], tuple[Conversation, list[Reply]]]) -> Talked:
    """All customers begin at the same moment."""
    barrier = Barrier(CUSTOMERS)

    def begin(number: int) -> tuple[Conversation, list[Reply]]:
        barrier.wait(60)
        return talk(number)

    with ThreadPoolExecutor(CUSTOMERS) as pool:
        return list(pool.map(begin, range(CUSTOMERS)))


@pytest.mark.parametrize("model", [False, True], ids=["extractive", "chat model"])
def test_fifty_at_once_lose_nothing_and_mix_nothing(build: Build, log: AuditStore, tmp_path: Path, model: bool) -> None:
    desk = HandoffDesk(
        tmp_path / "outbox", root=tmp_path, settings=HandoffDelivery(file="handoffs.jsonl", personal_data="clear")
    )
    with FakeOpenAI() as server:
        assistant = build(server.base_url if model else "", chat={"timeout_seconds": 60})
        keep = assistant._on_turn
        assert keep is not None

        def record(turn: Any) -> None:
            desk.take(turn)
            keep(turn)

        assistant._on_turn = record
        alone = [assistant.reply(assistant.start(), question)[1] for question in QUESTIONS]

        def talk(number: int) -> tuple[Conversation, list[Reply]]:
            conversation, replies = assistant.start(), []
            for message in messages(number):
                *pieces, last = assistant.stream(conversation, message)
                assert not isinstance(last, str)
                conversation, reply = last
                assert "".join(map(str, pieces)).strip() == reply.text
                replies.append(reply)
            return conversation, replies

        talked = talk_all(talk)
    desk.close()
    assert len({conversation.id for conversation, _ in talked}) == CUSTOMERS
    for number, (conversation, replies) in enumerate(talked):
        expected = alone[number % len(QUESTIONS)]
        # What one customer alone is told is what fifty are told.
        assert (replies[0].text, replies[0].citations) == (expected.text, expected.citations)
        assert [turn.text for turn in conversation.turns if turn.role == "customer"] == list(messages(number))
        assert replies[2].handoff and replies[2].outcome == "handed_off"
        said = "\n".join(turn.text for turn in conversation.turns)
        assert set(re.findall(r"customer\d+@", said)) == {email(number).partition("@")[0] + "@"}
    ids = [conversation.id for conversation, _ in talked]
    rows = [row for row in log.turns() if row["conversation_id"] in ids]
    assert Counter(row["conversation_id"] for row in rows) == dict.fromkeys(ids, 3)
    assert all(row["errors"] == [] and row["reply"] for row in rows)
    assert sum("<EMAIL_1>" in row["message"] for row in rows) == CUSTOMERS
    handed = {row["conversation_id"]: row for _, row in desk.delivered()}
    assert sorted(handed) == sorted(ids) and len(desk.delivered()) == CUSTOMERS and desk.waiting() == []
    for number, id in enumerate(ids):
        assert email(number) in handed[id]["transcript"][-2]["text"]
