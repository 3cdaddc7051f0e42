from pathlib import Path

import pytest

import kit.playbooks.tools
from kit.errors import KitError
from kit.playbooks import MockTools, TableTool, ToolFailure, call_tool, check_tools, load_tools
from kit.playbooks.tools.kinds import name_of
from tests.conftest import ROOT


def table(text: str, folder: Path) -> TableTool:
    (folder / "tools.yaml").write_text(text, encoding="utf-8")
    [tool] = load_tools(folder).values()
    assert isinstance(tool, TableTool)
    return tool


def test_a_table_tool_answers_from_its_table() -> None:
    tool = TableTool(description="d", key="order", records={"BL-1": {"found": True}}, otherwise={"found": False})
    assert tool.call({"order": "bl-1"}) == {"found": True}
    assert tool.call({"order": "BL-2"}) == tool.call({}) == {"found": False}
    with pytest.raises(ToolFailure):
        tool.model_copy(update={"otherwise": None}).call({"order": "BL-2"})
    tool.call({"order": "BL-1"})["found"] = "changed by the caller"
    assert tool.call({"order": "BL-1"}) == {"found": True}


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("look_up: {descripton: d}\n", 1, "Did you mean `description`?"),
        ("\nlook_up: table\n", 2, "must be `key: value` lines"),
        ("- look_up\n", 1, "must be `name: tool` entries"),
        ("\nLookUp: {description: d}\n", 2, "`LookUp` is not a name for a tool"),
        ("a:\n  description: d\n  records:\n    X: {Total: 1}\n", 4, "`Total` is not a name"),
        (
            "a:\n  description: d\n  returns: {total: money}\n  records:\n    X: {total: much}\n",
            5,
            "`total` is not of the type `money`",
        ),
        (
            "a:\n  description: d\n  returns: {total: money}\n  otherwise:\n    total: '1'\n",
            5,
            "`total` is not of the type `money`",
        ),
        ("a:\n  description: d\n  returns: {total: cash}\n", 3, "cannot be `cash`"),
        ("a:\n  description: d\n  returns: {Total: money}\n", 3, "`Total` is not a name"),
        ("a:\n  python: x.py:f\n  openapi: b.yaml\n", 3, "either a function or an operation"),
    ],
)
def test_a_malformed_tools_file(tmp_path: Path, text: str, line: int, says: str) -> None:
    (tmp_path / "tools.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(KitError) as caught:
        load_tools(tmp_path)
    assert says in str(caught.value)
    assert caught.value.line == line
    assert caught.value.path == tmp_path / "tools.yaml"


def test_without_a_tools_file_there_are_none(tmp_path: Path) -> None:
    assert load_tools(tmp_path) == {}
    (tmp_path / "tools.yaml").write_text("# nothing yet\n", encoding="utf-8")
    assert load_tools(tmp_path) == {}


def test_what_a_table_returns_follows_from_its_records(tmp_path: Path) -> None:
    text = """
look_up:
  description: d
  key: order
  records:
    A: {found: true, total: 12, on: 2026-03-01, place: Nashville, tags: [a], mixed: 1, empty: null}
    B: {found: true, total: 3.5, on: 2026-03-02T10:00:00Z, place: 2026-03-02, tags: [], mixed: text, empty: null}
  otherwise: {found: false, why: unknown}
"""
    assert table(text, tmp_path).returns == {
        "found": "yes_no",
        "total": "number",
        "on": "date",
        "place": "text",
        "tags": "list",
        "mixed": "any",
        "empty": "any",
        "why": "text",
    }
    assert table("a: {description: d}\n", tmp_path).returns is None
    assert table("a: {description: d, returns: {x: any}, otherwise: {y: 1}}\n", tmp_path).returns == {"x": "any"}


def test_brightlooms_tables_return_what_they_hold() -> None:
    tools = load_tools(ROOT / "playbooks")
    assert check_tools(tools) == []
    assert dict(tools["order_lookup"].returns or {})["total"] == "number"
    for tool in tools.values():
        assert isinstance(tool, TableTool)
        assert list(tool.misfits(tool.returns)) == []


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("orderId", "order_id"),
        ("orderID", "order_id"),
        ("X-Request-Id", "x_request_id"),
        ("total", "total"),
        ("HTTPStatus", "http_status"),
        ("line1Address", "line1_address"),
        ("a.b[c]", "a_b_c"),
        ("__class__", "class"),
        ("2026", None),
        ("", None),
        ("größe", "gr_e"),
        ("_", None),
        ("x" * 65, None),
    ],
)
def test_names_are_written_the_playbooks_way(word: str, name: str | None) -> None:
    assert name_of(word) == name


PARCELS = """
openapi: 3.1.0
paths:
  /parcels/{parcelId}:
    get:
      operationId: getParcel
      parameters: [{name: parcelId, in: path, required: true, schema: {type: string}}]
      responses:
        "200":
          content:
            application/json:
              schema:
                type: object
                properties: {status: {type: string}, daysSinceShipping: {type: integer}}
"""


def test_the_documented_example_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    example = (kit.playbooks.tools.__doc__ or "").split("```")[1].removeprefix("yaml")
    (tmp_path / "tools.yaml").write_text(example, encoding="utf-8")
    (tmp_path / "parcels.yaml").write_text(PARCELS, encoding="utf-8")
    (tmp_path / "tools.py").write_text("def refund_create(order_number: str) -> dict: ...\n", encoding="utf-8")
    monkeypatch.setenv("PARCELS_TOKEN", "t")
    tools = load_tools(tmp_path)
    assert check_tools(tools) == []
    assert {name: tool.changes for name, tool in tools.items()} == {
        "order_lookup": False,
        "refund_create": True,
        "parcel_status": False,
    }
    assert tools["order_lookup"].returns == {"found": "yes_no", "total": "number", "delivered_on": "date"}
    assert tools["parcel_status"].parameters == {"parcel_id": True}
    mocks = MockTools(tools)
    assert call_tool(mocks["refund_create"], {}) == {"ok": True, "reference": "RF-1"}
    assert call_tool(mocks["parcel_status"], {"parcel_id": "p-1"})["days_since_shipping"] == 2
