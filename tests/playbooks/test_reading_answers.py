"""How customers answer, and what is read: `answers.jsonl`, half of it written before the rules and not tuned on.

Each line has the `field` (as in a playbook's `collect`), `today`, the `message`, and the `value` that it holds for
the field, or null where it has to be asked again.
"""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kit.playbooks.language import Collect
from kit.playbooks.reading import read_field

ANSWERS: list[dict[str, Any]] = [
    json.loads(line) for line in Path(__file__).with_name("answers.jsonl").read_text(encoding="utf-8").splitlines()
]
HELD = [answer for answer in ANSWERS if answer.get("held")]
TUNED = [answer for answer in ANSWERS if not answer.get("held")]


def missed(answer: dict[str, Any]) -> str:
    """What was read instead; empty if it is what the message holds."""
    value = read_field(
        Collect(name="field", ask="?", **answer["field"]), answer["message"], today=date.fromisoformat(answer["today"])
    )
    right = value == answer["value"] and isinstance(value, bool) is isinstance(answer["value"], bool)
    return "" if right else f"{answer['field']['type']} {answer['message']!r}: {value!r}, not {answer['value']!r}"


def test_the_answers_are_many_and_varied() -> None:
    said = Counter((json.dumps(one["field"], sort_keys=True), one["today"], one["message"]) for one in ANSWERS)
    assert len(HELD) >= 125 and len(TUNED) >= 125
    assert [message for message, count in said.items() if count > 1] == []
    for half in (HELD, TUNED):
        types = {one["field"]["type"] for one in half}
        assert types >= {"number", "money", "date", "email", "phone", "choice", "yes_no"}
        assert 0.2 < sum(one["value"] is None for one in half) / len(half) < 0.6


@pytest.mark.parametrize("answer", TUNED, ids=lambda one: f"{one['field']['type']}-{one['message']}")
def test_an_answer_is_read(answer: dict[str, Any]) -> None:
    assert missed(answer) == ""


def test_answers_that_no_rule_was_made_for(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = [line for line in map(missed, HELD) if line]
    tuned = sum(not missed(answer) for answer in TUNED)
    with capsys.disabled():
        print(f"\nanswers read right: {len(HELD) - len(wrong)} of {len(HELD)} held, {tuned} of {len(TUNED)} tuned on")
    assert 1 - len(wrong) / len(HELD) >= 0.93
