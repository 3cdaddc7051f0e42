"""Which part a case failed by."""

from typing import Any

import pytest

from kit.evals import Record, blame
from kit.evals.types import Simulated, Transcript
from tests.scripted import case, handoff, reply, transcript


def record(said: Transcript | None, *, error: str | None = None, **expected: Any) -> Record:
    return Record(suite="s", case=case(**expected), transcript=said, error=error)


def talk(*replies: Any, retrieved: tuple[str, ...] = ("plans#1", "other#2"), **rest: Any) -> Transcript:
    return transcript(*replies, **rest).model_copy(update={"retrieved": retrieved})


RIGHT = talk(reply("It is $4.99.", "answered", "plans"), passages={"plans#1": "Plus is $4.99."})


@pytest.mark.parametrize(
    ("one", "part"),
    [
        (record(None, error="ConnectionError: refused", articles=["plans"]), "infrastructure"),
        (record(talk(reply("No.", "answered", "other"), retrieved=("other#1",)), articles=["plans"]), "retrieval"),
        (
            record(talk(reply("No.", "answered", "other"), retrieved=("other#1", "plans#1")), articles=["plans"]),
            "retrieval",
        ),
        (record(talk(handoff("missing_knowledge")), articles=["plans"]), "decision"),
        (record(RIGHT, expect="hand_off"), "decision"),
        (record(talk(reply("Yes.", playbook="refund")), articles=["plans"]), "playbook"),
        (record(RIGHT, playbook="refund"), "playbook"),
        (record(RIGHT, articles=["plans"], must_contain=["$49 a year"]), "knowledge"),
        (
            record(
                talk(reply("It is cheap.", "answered", "plans"), passages={"plans#1": "Plus is $4.99."}),
                articles=["plans"],
                must_contain=["$4.99"],
            ),
            "composer",
        ),
        (record(RIGHT, articles=["plans"], must_not_contain=["$4.99"]), "composer"),
    ],
)
def test_the_first_part_that_explains_the_fault_is_blamed(one: Record, part: str) -> None:
    found = blame(one)
    assert found is not None
    assert found.part == part
    assert found.because


def test_a_simulated_customer_who_misbehaved_is_blamed_before_the_assistant() -> None:
    simulated = Simulated(ending="limit", failures=("came to no end in 12 messages",))
    one = record(RIGHT.model_copy(update={"simulated": simulated}), expect="hand_off")
    found = blame(one)
    assert found is not None
    assert (found.part, found.because) == ("simulator", "came to no end in 12 messages")


def test_what_is_right_has_nobody_to_blame() -> None:
    assert blame(record(RIGHT, articles=["plans"])) is None
