"""Playbook adherence: fields, tools, steps."""

import datetime

import pytest

from kit.evals import Transcript
from kit.evals.metrics import Tools
from kit.evals.metrics.adherence import same
from kit.evals.types import ToolCall
from kit.workspace import Workspace
from tests.conftest import ROOT
from tests.evals.asking import played, score, value
from tests.scripted import case, reply, transcript


@pytest.fixture(scope="module")
def tools() -> Tools:
    return Tools(playbooks={one.id: one for one in Workspace.open(ROOT).playbooks})


def followed(*calls: ToolCall, **fields: object) -> Transcript:
    said = transcript(reply(playbook="refund"))
    return said.model_copy(update={"tools": calls, "fields": fields})


LOOK, PAY = (
    ToolCall(tool="order_lookup", arguments={"order_number": "BL-104233"}),
    ToolCall(tool="start_return", arguments={"amount": 180, "reason": "faulty"}),
)


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (180, "180.0", True),
        ("BL-104233", "bl-104233 ", True),
        (True, "true", True),
        (True, 1, False),
        ("yes", True, False),
        (datetime.date(2026, 3, 1), "2026-03-01", True),
        ([1, "A"], ("1", "a"), True),
        ([1], [1, 2], False),
        ({"a": 1}, {"a": "1"}, True),
        ({"a": 1}, {"b": 1}, False),
        (None, "None", True),
    ],
)
def test_same(one: object, other: object, equal: bool) -> None:
    assert same(one, other) is equal


def test_fields() -> None:
    one = case(playbook="refund", fields={"order_number": "BL-104233", "opened": True})
    assert score("fields_collected", one, followed(order_number="bl-104233", opened=True, more=1)).value == 1
    half = score("fields_collected", one, followed(order_number="BL-1"))
    assert half.value == 0
    assert half.reason == "order_number is BL-1, not BL-104233; opened was not collected"
    assert score("fields_collected", case(playbook="refund"), followed()).unscored == "names no fields"


def test_tool_calls() -> None:
    one = case(playbook="refund", tools=[LOOK.model_dump(), PAY.model_dump()])

    def both(*calls: ToolCall) -> object:
        said = followed(*calls)
        return score("tool_call_accuracy", one, said).value, score("tool_call_f1", one, said).value

    more = PAY.model_copy(update={"arguments": {**PAY.arguments, "note": "x"}})
    cheap = PAY.model_copy(update={"arguments": {"amount": 18, "reason": "Faulty"}})
    assert both(LOOK, PAY) == (1, 1)
    assert both(LOOK, more) == (1, 1)
    assert both(PAY, LOOK) == (0, 1)
    assert both(LOOK) == (0, pytest.approx(2 / 3, abs=1e-3))
    assert both(LOOK, PAY, PAY) == (0, 1)
    assert both(LOOK, cheap) == (0.75, 0.5)
    assert both() == (0, 0)
    assert both(LOOK, ToolCall(tool="parcel_status"), PAY) == (1, 1)  # what the case does not name may be called
    for name in ("tool_call_accuracy", "tool_call_f1"):
        assert score(name, case(playbook="refund"), followed(LOOK)).unscored == "names no tool calls"


def test_tool_arguments_may_be_nested() -> None:
    nested = ToolCall(tool="t", arguments={"items": [{"id": 1}], "flag": True})
    one = case(playbook="refund", tools=[nested.model_dump()])
    assert score("tool_call_f1", one, followed(nested)).value == 1
    assert score("tool_call_accuracy", one, followed(nested.model_copy(update={"arguments": {"items": []}}))).value == 0


def test_steps(tools: Tools) -> None:
    one = case(playbook="refund")

    def kept(*moves: tuple[str, ...]) -> tuple[float | None, str]:
        replies = [reply(playbook="refund", trace=(played(*move),)) for move in moves]
        found = score("steps_kept", one, transcript(*replies), tools)
        return found.value, found.reason

    assert kept(("look_up", "found", "delivered")) == (1, "")
    # Over two turns, a branch, and back after a correction.
    assert kept(("look_up", "found"), ("delivered", "refunded_before"), ("look_up", "found"))[0] == 1
    assert kept(("look_up", "found", "not_found")) == (1, "")
    assert kept(("look_up", "why")) == (0.5, "refund: why without a step that leads to it")
    assert kept(("why",)) == (0, "refund: why without a step that leads to it")
    unknown = reply(playbook="x", trace=(played("a", playbook="x"),))
    assert score("steps_kept", one, transcript(unknown), tools).reason == "there is no playbook x"
    assert score("steps_kept", one, transcript(reply())).unscored == "followed no playbook"
    said = transcript(reply(playbook="refund", trace=(played("look_up"),)))
    assert score("steps_kept", one, said).unscored == "the playbooks were not at hand"


def test_adherence_is_all_of_it(tools: Tools) -> None:
    one = case(playbook="refund", fields={"opened": True}, tools=[LOOK.model_dump(), PAY.model_dump()])
    good = followed(LOOK, ToolCall(tool="other"), PAY, opened=True)
    assert score("playbook_adherence", one, good, tools).value == 1
    for wrong, reason in (
        (followed(LOOK, PAY, opened=False), "opened is False, not True"),
        (followed(PAY, LOOK, opened=True), "start_return was not called as it should be"),
        (good.model_copy(update={"replies": (reply(),)}), "followed none"),
        (
            good.model_copy(update={"replies": (reply(playbook="refund", trace=(played("look_up", "why"),)),)}),
            "refund: why without a step that leads to it",
        ),
    ):
        found = score("playbook_adherence", one, wrong, tools)
        assert (found.value, found.reason) == (0, reason)
    assert value("playbook_adherence", case(articles=["a"]), reply()) is None
