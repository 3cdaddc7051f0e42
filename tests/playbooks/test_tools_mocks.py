from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from kit.errors import KitError
from kit.playbooks import Mock, MockTools, ToolFailure, call_tool, load_tools
from kit.playbooks.tools import Call

TOOLS = """
look_up:
  description: Looks up.
  key: order
  records:
    A: {found: true, total: 12}
  otherwise: {found: false}
refund:
  python: "tools.py:refund"
  description: Refunds.
  changes: true
  returns: {ok: yes_no}
ship:
  python: "tools.py:ship"
  description: Ships.
  changes: true
  mock: {key: order, records: {A: {ok: true}}}
"""
# Neither executed nor even looked for in a test.
CODE = "raise SystemExit('a real system was touched')\n"


@pytest.fixture
def tools(tmp_path: Path) -> Any:
    (tmp_path / "tools.yaml").write_text(TOOLS, encoding="utf-8")
    (tmp_path / "tools.py").write_text(CODE, encoding="utf-8")
    return load_tools(tmp_path)


def test_without_overrides_tables_answer_and_nothing_else_does(tools: Any) -> None:
    mocks = MockTools(tools)
    assert list(mocks) == list(tools) and len(mocks) == 3
    assert call_tool(mocks["look_up"], {"order": "A"}) == {"found": True, "total": 12}
    assert call_tool(mocks["ship"], {"order": "a"}) == {"ok": True}
    with pytest.raises(ToolFailure, match="no mock for refund"):
        call_tool(mocks["refund"], {"order": "A"})
    with pytest.raises(ToolFailure, match="no record"):
        call_tool(mocks["ship"], {"order": "B"})
    assert mocks.calls == [
        Call("look_up", {"order": "A"}, False),
        Call("ship", {"order": "a"}, True),
        Call("refund", {"order": "A"}, True),
        Call("ship", {"order": "B"}, True),
    ]


def test_an_override_replaces_the_answer_or_changes_a_part_of_it(tools: Any) -> None:
    mocks = MockTools(tools, {"look_up": Mock(returns={"total": 300})})
    assert call_tool(mocks["look_up"], {"order": "A"}) == {"total": 300}
    mocks = MockTools(tools, {"look_up": Mock(returns={"total": 300}, merge=True)})
    assert call_tool(mocks["look_up"], {"order": "A"}) == {"found": True, "total": 300}
    assert call_tool(mocks["look_up"], {"order": "B"}) == {"found": False, "total": 300}
    mocks = MockTools(tools, {"refund": Mock(returns={"ok": True}, merge=True)})
    with pytest.raises(ToolFailure, match="no mock"):
        call_tool(mocks["refund"], {})
    # The table is as it was.
    assert call_tool(MockTools(tools)["look_up"], {"order": "A"}) == {"found": True, "total": 12}


@pytest.mark.parametrize("kind", ["timeout", "failed", "nonsense", "refused"])
def test_a_mock_fails_as_it_is_told(tools: Any, kind: Any) -> None:
    mocks = MockTools(tools, {name: Mock(fails=kind) for name in tools})
    for name in ("look_up", "refund"):
        with pytest.raises(ToolFailure) as caught:
            call_tool(mocks[name], {})
        assert caught.value.kind == kind
        assert caught.value.unknown == (name == "refund" and kind in ("timeout", "nonsense"))


def test_answers_come_one_after_the_other_and_the_last_stays(tools: Any) -> None:
    answers = ({"fails": "timeout"}, {"returns": {"total": 1}, "merge": True}, {"returns": {"found": False}})
    mocks = MockTools(tools, {"look_up": Mock.model_validate({"answers": answers})})
    with pytest.raises(ToolFailure):
        call_tool(mocks["look_up"], {"order": "A"})
    found = [call_tool(mocks["look_up"], {"order": "A"}) for _ in range(3)]
    assert found == [{"found": True, "total": 1}, {"found": False}, {"found": False}]


def test_a_mocked_answer_has_to_be_one_that_the_tool_could_give(tools: Any) -> None:
    mocks = MockTools(tools, {"look_up": Mock(returns={"total": "much"}), "refund": Mock(returns={"ok": "sure"})})
    for name in ("look_up", "refund"):
        with pytest.raises(ToolFailure) as caught:
            call_tool(mocks[name], {})
        assert caught.value.kind == "nonsense"


def test_a_mock_is_described_like_the_tool(tools: Any) -> None:
    mock = MockTools(tools)["refund"]
    assert (mock.description, mock.changes, mock.parameters, mock.returns) == ("Refunds.", True, None, {"ok": "yes_no"})
    assert MockTools(tools)["look_up"].returns == {"found": "yes_no", "total": "number"}


def test_recorded_arguments_stay_as_they_were(tools: Any) -> None:
    mocks, args = MockTools(tools), {"order": "A"}
    mocks["look_up"].call(args)
    args["order"] = "B"
    assert mocks.calls[0].args == {"order": "A"}


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"returns": {}, "fails": "timeout"},
        {"answers": []},
        {"answers": [{}]},
        {"merge": True},
        {"fails": "later"},
        {"return": {}},
        {"fails": "failed", "merge": True},
        {"returns": {}, "answers": [{"fails": "failed"}]},
        {"answers": [{"answers": [{"fails": "failed"}]}]},
    ],
    ids=str,
)
def test_what_is_no_mock_is_refused(data: Any) -> None:
    with pytest.raises(ValidationError):
        Mock.model_validate(data)
    assert Mock.model_validate({"returns": {}}).returns == {}


def test_a_mock_of_no_tool_is_refused(tools: Any) -> None:
    with pytest.raises(KitError) as caught:
        MockTools(tools, {"refunds": Mock(fails="failed")})
    assert str(caught.value) == "There is no tool `refunds` to be mocked. Did you mean `refund`?"
