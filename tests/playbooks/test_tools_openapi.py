import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import KitError
from kit.playbooks import ToolFailure, call_tool, check_tools, load_tools
from kit.playbooks.tools.openapi.document import read_document
from kit.playbooks.tools.openapi.operation import Operation, find_operation
from kit.playbooks.tools.openapi.request import Request, build_request

SPEC = Path(__file__).with_name("orders.yaml")
SERVER = "https://x.example"
SECRET = "maria.lopez@example.com"

Load = Callable[..., Any]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    shutil.copy(SPEC, tmp_path)

    def loaded(operation: str = "getOrder", *lines: str, openapi: str = "orders.yaml") -> Any:
        entry = [f"  openapi: {openapi}", f"  operation: {operation}", *(f"  {line}" for line in lines)]
        (tmp_path / "tools.yaml").write_text("tool:\n" + "\n".join(entry) + "\n", encoding="utf-8")
        return load_tools(tmp_path)["tool"]

    return loaded


def operation(name: str) -> Operation:
    found = find_operation(read_document(SPEC), name)
    assert found
    return found


def built(name: str, **args: Any) -> Request:
    return build_request(operation(name), SERVER, args)


# What the file says


def test_a_tool_is_described_by_its_operation(load: Load) -> None:
    tool = load()
    assert check_tools({"tool": tool}) == []
    assert (tool.description, tool.changes, tool.timeout) == ("Finds an order.", False, 11)
    assert tool.parameters == {
        "order_id": True,
        "expand": False,
        "fields": False,
        "only_open": False,
        "x_request_id": False,
    }
    assert tool.returns == {
        "order_id": "text",
        "total_price": "number",
        "paid": "yes_no",
        "delivered_on": "date",
        "lines": "list",
        "address": "any",
        "state": "text",
        "parent": "any",
    }
    assert operation("getOrder").server == "https://eu.orders.example.com/v1"


@pytest.mark.parametrize(
    ("name", "changes", "parameters"),
    [
        (
            "updateOrder",
            True,
            {
                "order_id": True,
                "street": True,
                "zip_code": False,
                "reason": True,
                "copies": False,
                "weight": False,
                "gift": False,
                "since": False,
            },
        ),
        ("cancelOrder", True, {"order_id": True, "reason": True}),
        # An argument goes wherever it is named; a body that need not be sent requires nothing.
        ("createRefund", True, {"order_id": True, "amount": False}),
        ("searchOrders", True, {"email": False}),
    ],
)
def test_methods_and_bodies(load: Load, name: str, changes: bool, parameters: Any) -> None:
    tool = load(name)
    assert check_tools({"tool": tool}) == []
    assert (tool.changes, tool.parameters) == (changes, parameters)


def test_whether_something_changes_can_be_said_otherwise(load: Load) -> None:
    assert load("searchOrders", "changes: false").changes is False
    assert load("getOrder", "changes: true").changes is True


def test_what_is_stated_comes_before_the_schema(load: Load) -> None:
    tool = load("getOrder", "description: Mine.", "found: true", "returns: {total_price: money}")
    assert (tool.description, tool.returns) == ("Mine.", {"found": "yes_no", "total_price": "money"})
    assert load("cancelOrder").returns is None


def test_an_operation_without_an_id_goes_by_its_path(load: Load) -> None:
    tool = load("'GET /stock/{sku}'")
    assert check_tools({"tool": tool}) == []
    assert tool.parameters == {"sku": True, "at_least": False, "count": False}
    assert tool.returns == {"price": "text", "left": "number"}
    # One type in all parts is the type; two are none.
    assert built("GET /stock/{sku}", sku="a", count="2").query == (("count", "2"),)
    with pytest.raises(ToolFailure):
        built("GET /stock/{sku}", sku="a", at_least="2")
    assert built("GET /stock/{sku}", sku="a", at_least="none").query == (("atLeast", "none"),)


def test_version_3_1_and_json(load: Load, tmp_path: Path) -> None:
    data = yaml.safe_load(SPEC.read_text(encoding="utf-8"))
    data["openapi"] = "3.1.0"
    properties = data["components"]["schemas"]["Order"]["properties"]
    properties["totalPrice"] = {"type": "number", "exclusiveMinimum": 0}
    properties["deliveredOn"] = {"type": ["string", "null"], "format": "date"}
    properties["paid"] = {"anyOf": [{"type": "boolean"}, {"type": "null"}]}
    (tmp_path / "new.json").write_text(json.dumps(data), encoding="utf-8")
    new, old = load(openapi="new.json"), load()
    assert check_tools({"tool": new}) == []
    assert (new.returns, new.parameters) == (old.returns, old.parameters)
    schema = new.operation.schema_of(200)
    good = {"orderId": "1", "totalPrice": 1, "deliveredOn": None, "paid": None, "secret": "s"}
    assert schema.document.misfit(good, schema, sent=False) is None
    assert schema.document.misfit({**good, "totalPrice": 0}, schema, sent=False) == "totalPrice (exclusiveMinimum)"


def test_answers_are_held_against_their_schema() -> None:
    schema = operation("getOrder").schema_of(200)
    assert schema
    good = {
        "orderId": "1",
        "totalPrice": 1.5,
        "deliveredOn": None,
        "lines": [{}],
        "parent": {"orderId": "0", "totalPrice": 1},
    }
    for changed, says in [
        ({}, None),
        ({"totalPrice": 0}, "totalPrice (minimum)"),
        ({"totalPrice": SECRET}, "totalPrice (type)"),
        ({"address": {"street": SECRET * 9}}, "address.street (maxLength)"),
        ({"address": {}}, "address (required)"),
        ({"parent": {"orderId": 5}}, "parent"),
        ({"deliveredOn": "yesterday"}, None),  # left to the types that the tool returns
    ]:
        found = schema.document.misfit({**good, **changed}, schema, sent=False)
        assert (found is None) == (says is None) and (found or "").startswith(says or ""), (changed, found)
    assert schema.document.misfit([], schema, sent=False) == "the whole (type)"


# Requests


def test_arguments_go_where_the_operation_wants_them() -> None:
    request = built(
        "getOrder", order_id="BL-1", expand=["a", "b"], fields=["c", "d"], only_open=True, x_request_id="r 1"
    )
    assert request == Request(
        "GET",
        f"{SERVER}/orders/BL-1",
        (("expand", "a"), ("expand", "b"), ("fields", "c,d"), ("onlyOpen", "true")),
        {"X-Request-Id": "r 1"},
        None,
    )
    request = built("createRefund", order_id="BL-1", amount=3)
    assert (request.url, request.body) == (f"{SERVER}/orders/BL-1/refunds", {"amount": 3, "orderId": "BL-1"})
    assert built("searchOrders").body is None
    assert built(
        "cancelOrder",
        order_id="1",
        reason="",
    ).query == (("reason", ""),)


def test_arguments_take_the_type_that_is_wanted() -> None:
    request = built("updateOrder", order_id=104233, street=12, reason="typo", copies="2", weight="1.5", gift="yes")
    assert request.url.endswith("/orders/104233")
    assert request.body == {"street": "12", "reason": "typo", "copies": 2, "weight": 1.5, "gift": True}
    assert built("updateOrder", order_id=3.0, street="x", reason="typo", copies=2.0, zip_code=None).body == {
        "street": "x",
        "reason": "typo",
        "copies": 2,
    }


@pytest.mark.parametrize(
    ("name", "args", "says"),
    [
        ("getOrder", {}, "the argument order_id is missing"),
        ("getOrder", {"order_id": None}, "the argument order_id is missing"),
        ("getOrder", {"order_id": "1", "orderId": "1"}, "it takes no argument orderId"),
        ("getOrder", {"order_id": "1", "authorization": "x"}, "it takes no argument authorization"),
        ("getOrder", {"order_id": {"a": SECRET}}, "the argument order_id does not fit the operation: the whole (type)"),
        (
            "getOrder",
            {"order_id": "1", "only_open": SECRET},
            "the argument only_open does not fit the operation: the whole (type)",
        ),
        (
            "getOrder",
            {"order_id": "1", "x_request_id": f"{SECRET}\r\nX-Evil: 1"},
            "the argument x_request_id cannot be written into a header",
        ),
        (
            "getOrder",
            {"order_id": "1", "x_request_id": "ü"},
            "the argument x_request_id cannot be written into a header",
        ),
        ("updateOrder", {"order_id": "1", "reason": "typo"}, "the argument street is missing"),
        (
            "updateOrder",
            {"order_id": "1", "street": "x", "reason": SECRET},
            "the argument reason does not fit the operation: the whole (enum)",
        ),
        (
            "updateOrder",
            {"order_id": "1", "street": "x", "reason": "typo", "copies": 0},
            "the argument copies does not fit the operation: the whole (minimum)",
        ),
        (
            "updateOrder",
            {"order_id": "1", "street": "x", "reason": "typo", "copies": 1.5},
            "the argument copies does not fit the operation: the whole (type)",
        ),
        (
            "updateOrder",
            {"order_id": "1", "street": "x", "reason": "typo", "since": "yesterday"},
            "the argument since does not fit the operation: the whole (format)",
        ),
        ("createRefund", {"order_id": "1"}, "the arguments do not fit the operation: the whole (required)"),
        *(
            ("getOrder", {"order_id": value}, "the argument order_id cannot be part of an address")
            for value in [
                "",
                " ",
                ".",
                "..",
                "../admin",
                "a/../b",
                "a\\..\\b",
                "..\\x",
                "./x",
                "a\nb",
                "a\0",
                "\u202eb",
            ]
        ),
    ],
)
def test_bad_arguments_are_named_without_their_values(name: str, args: Any, says: str) -> None:
    with pytest.raises(ToolFailure) as caught:
        built(name, **args)
    assert (str(caught.value), caught.value.kind, caught.value.unknown) == (says, "failed", False)


@given(st.text(max_size=30))
def test_no_argument_leads_to_another_path(value: str) -> None:
    import httpx

    try:
        request = built("createRefund", order_id=value, amount=1)
    except ToolFailure:
        return
    # As it goes over the line, after all that the client does to an address.
    path = httpx.Request("GET", request.url).url.raw_path.decode()
    head, order, tail = path[1:].split("/")
    assert (head, tail) == ("orders", "refunds")
    assert "?" not in path and "#" not in path and order not in ("", ".", "..")
    assert httpx.URL(request.url).host == "x.example"


def test_encoded_tricks_stay_what_they_are() -> None:
    assert built("getOrder", order_id="2024/17 %2e%2e?a=b#c{orderId}").url == (
        f"{SERVER}/orders/2024%2F17%20%252e%252e%3Fa%3Db%23c%7BorderId%7D"
    )


# What is wrong with a tool


@pytest.mark.parametrize(
    ("name", "says", "where"),
    [
        ("getOrders", "has no operation `getOrders`. Did you mean `getOrder`?", "tools.yaml"),
        ("zzz", "Some it has: getOrder, updateOrder", "tools.yaml"),
        ("listOrders", "answers with a list", "orders.yaml"),
        ("getLabel", "does not answer with JSON", "orders.yaml"),
        ("noPath", "has no operation `noPath`", "tools.yaml"),
        ("addPhoto", "takes no JSON", "orders.yaml"),
        ("deepSearch", "The parameter `filter` is of a form that tools cannot send", "orders.yaml"),
        ("twins", "Two parameters would both be called `order_id`", "orders.yaml"),
        ("undescribed", "The path's parameter `id` is not described", "orders.yaml"),
        ("elsewhere", "refers to another file", "orders.yaml"),
        ("circle", "go round in circles", "orders.yaml"),
        ("dangling", "`#/components/schemas/Gone` leads to nothing", "orders.yaml"),
    ],
)
def test_what_cannot_be_called_is_told_with_file_and_line(load: Load, name: str, says: str, where: str) -> None:
    [error] = check_tools({"tool": load(name)})
    assert says in str(error) and Path(str(error.path)).name == where
    assert (error.line or 0) > (2 if where == "tools.yaml" else 10)


@pytest.mark.parametrize(
    ("text", "says", "line"),
    [
        ("swagger: '2.0'\n", "not an OpenAPI file of version 3.0 or 3.1", 1),
        ("info: {}\nopenapi: 2.0.0\n", "not an OpenAPI file of version 3.0 or 3.1", 2),
        ("openapi: 3.0.0\npaths: []\n", "has no operation `getOrder`", 3),
        ("openapi: 3.0.0\npaths: {/a: {get: 3}, /b: 7}\n", "has no operation `getOrder`", 3),
        (
            "openapi: 3.0.0\npaths:\n  /a: {get: {operationId: getOrder}}\n  /b: {get: {operationId: getOrder}}\n",
            "is here twice",
            4,
        ),
        ("a: *b\n", "alias", 1),
        ("[1", "not valid YAML", 1),
    ],
)
def test_a_file_that_is_no_use(load: Load, tmp_path: Path, text: str, says: str, line: int) -> None:
    (tmp_path / "orders.yaml").write_text(text, encoding="utf-8")
    tool = load()
    [error] = check_tools({"tool": tool})
    assert says in str(error) and error.line == line
    with pytest.raises(ToolFailure) as caught:
        call_tool(tool, {})
    assert str(caught.value) == error.problem and caught.value.kind == "failed"


def test_json_that_is_none_is_told_with_its_line(load: Load, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text('{"openapi": "3.0.0",\n"paths": }', encoding="utf-8")
    [error] = check_tools({"tool": load(openapi="bad.json")})
    assert (error.line, error.problem) == (2, "This is not valid JSON.")


@pytest.mark.parametrize("openapi", ["missing.yaml", "../orders.yaml", "/etc/hostname"])
def test_a_file_that_is_not_in_the_workspace(load: Load, openapi: str) -> None:
    [error] = check_tools({"tool": load(openapi=openapi)})
    assert error.line == 2 and ("leads out of the workspace" in str(error) or "There is no file" in str(error))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("server: ftp://x.example", "it should be like"),
        ("server: https://me:s3cret@x.example", "it should be like"),
        ("server: https://x.example/?key=s3cret", "it should be like"),
        ("server: file:///etc/passwd", "it should be like"),
        ("headers: {Authorization: Bearer s3cret}", "does not belong in this file"),
        ("headers: {X-Api-Key: s3cret}", "does not belong in this file"),
        ("headers: {Cookie: s3cret}", "does not belong in this file"),
        ("headers: {Host: evil.example}", "cannot be set"),
        ("headers: {Idempotency-Key: x}", "cannot be set"),
        ("headers: {'X Y': x}", "cannot be set"),
        ("headers: {X-Y: 'a\u2028b'}", "a character that headers do not have"),
        ("headers: {X-Y: 3}", "must be text"),
        ("timeout: 600", "timeout"),
        ("retries: 5", "Unknown key"),
        ("found: maybe", "true or false"),
    ],
)
def test_a_malformed_entry(load: Load, line: str, says: str) -> None:
    with pytest.raises(KitError) as caught:
        load("getOrder", line)
    assert says in str(caught.value) and caught.value.line == 4
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("url", ["/v1", "ftp://x.example", "https://me:s3cret@x.example", ""])
def test_a_file_without_an_address_needs_one(load: Load, tmp_path: Path, url: str) -> None:
    text = SPEC.read_text(encoding="utf-8").replace("https://{region}.orders.example.com/v1/", url)
    (tmp_path / "orders.yaml").write_text(text, encoding="utf-8")
    [error] = check_tools({"tool": load()})
    assert "names no web address to call. Add `server: https://…`" in str(error) and "s3cret" not in str(error)
    assert check_tools({"tool": load("getOrder", "server: http://127.0.0.1:8000/v1/")}) == []


def test_secrets_come_from_the_environment(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = load("getOrder", "headers: {Accept-Language: en, Authorization: 'Bearer ${ORDERS_TOKEN}'}")
    monkeypatch.delenv("ORDERS_TOKEN", raising=False)
    [error] = check_tools({"tool": tool})
    assert (error.problem, error.line) == ("The environment variable ORDERS_TOKEN is not set.", 4)
    monkeypatch.setenv("ORDERS_TOKEN", "s3cret\nX-Evil: 1")
    [error] = check_tools({"tool": tool})
    assert "a character that headers do not have" in str(error) and "s3cret" not in str(error)
    monkeypatch.setenv("ORDERS_TOKEN", " s3cret\n")
    assert check_tools({"tool": tool}) == []


def test_a_mock_that_the_api_could_not_answer_is_found(load: Load) -> None:
    tool = load("getOrder", "mock:", "  otherwise:", "    total_price: much")
    [error] = check_tools({"tool": tool})
    assert "`total_price` is not of the type `number`" in str(error) and error.line == 6
