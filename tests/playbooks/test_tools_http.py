import gc
import gzip
import logging
import shutil
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from kit.playbooks import MockTools, ToolFailure, call_tool, load_tools
from kit.playbooks.tools.openapi import sending
from tests.playbooks.api_server import ApiServer, Reply, drips, waits

SPEC = Path(__file__).with_name("orders.yaml")
SECRET, TOKEN = "maria.lopez@example.com", "s3cret-token"
ORDER = {"orderId": "BL-1", "totalPrice": 189.5, "paid": True, "deliveredOn": None}
REFUND = {"order_id": SECRET, "amount": 5}

Load = Callable[..., Any]


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    shutil.copy(SPEC, tmp_path)
    monkeypatch.setenv("ORDERS_TOKEN", TOKEN)

    def loaded(server: ApiServer | str, operation: str = "getOrder", *lines: str) -> Any:
        address = server if isinstance(server, str) else f"{server.address}/v1"
        entry = ["openapi: orders.yaml", f"operation: {operation}", f"server: {address}", *lines]
        entry.append("headers: {Authorization: 'Bearer ${ORDERS_TOKEN}', X-Shop: brightloom}")
        text = "tool:\n" + "".join(f"  {line}\n" for line in entry)
        (tmp_path / "tools.yaml").write_text(text, encoding="utf-8")
        return load_tools(tmp_path)["tool"]

    return loaded


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that would have been waited."""
    found: list[float] = []
    monkeypatch.setattr(sending, "sleep", found.append)
    return found


def failure(tool: Any, args: Any = None, **more: Any) -> ToolFailure:
    with pytest.raises(ToolFailure) as caught:
        call_tool(tool, args or {"order_id": SECRET}, **more)
    failed = caught.value
    # Neither the message nor what a log prints with it tells anything.
    assert SECRET not in str(failed) and TOKEN not in str(failed) and "127.0.0.1" not in str(failed)
    assert failed.__cause__ is None
    return failed


def test_a_read(load: Load) -> None:
    with ApiServer(Reply({**ORDER, "lines": [{"unitPrice": 3, "2026": 1}], "new-key": 1})) as server:
        tool = load(server)
        answer = call_tool(tool, {"order_id": "BL/1", "only_open": False, "x_request_id": "r1"}, key="k")
        [asked] = server.asked
    assert answer == {
        "order_id": "BL-1",
        "total_price": 189.5,
        "paid": True,
        "delivered_on": None,
        "lines": [{"unit_price": 3}],
        "new_key": 1,
    }
    assert (asked.method, asked.path, asked.query) == ("GET", "/v1/orders/BL%2F1", [("onlyOpen", "false")])
    assert asked.headers["authorization"] == f"Bearer {TOKEN}" and asked.headers["x-shop"] == "brightloom"
    assert (asked.headers["x-request-id"], asked.headers["accept-encoding"]) == ("r1", "identity")
    assert "idempotency-key" not in asked.headers and asked.body is None


def test_a_change_is_told_from_the_same_one_over_again(load: Load) -> None:
    with ApiServer(Reply({"ok": True, "reference": "RF-1"}, status=201)) as server:
        tool = load(server, "createRefund")
        for key in ("conversation-7/refund/1", "conversation-7/refund/1", "conversation-7/refund/2", ""):
            assert call_tool(tool, {"order_id": "BL-1", "amount": 5}, key=key) == {"ok": True, "reference": "RF-1"}
        first, again, other, none = server.asked
    assert (first.method, first.path, first.body) == (
        "POST",
        "/v1/orders/BL-1/refunds",
        {"amount": 5, "orderId": "BL-1"},
    )
    keys = [asked.headers.get("idempotency-key") for asked in (first, again, other, none)]
    assert keys[0] == keys[1] != keys[2] and keys[3] is None
    assert "conversation" not in str(keys)


def test_nothing_to_say_is_an_answer(load: Load) -> None:
    with ApiServer(Reply(status=204)) as server:
        assert call_tool(load(server, "cancelOrder"), {"order_id": "1", "reason": "x"}) == {}
        assert (server.asked[0].method, server.asked[0].query) == ("DELETE", [("reason", "x")])


def test_what_is_not_found_can_be_an_answer(load: Load) -> None:
    with ApiServer(Reply({}, status=404)) as server:
        failed = failure(load(server))
        assert (failed.kind, str(failed)) == ("refused", "the server refused (HTTP 404)")
        assert call_tool(load(server, "getOrder", "found: true"), {"order_id": "1"}) == {"found": False}
    with ApiServer(Reply(ORDER)) as server:
        tool = load(server, "getOrder", "found: true", "returns: {total_price: money}")
        # What is not stated is not kept.
        assert call_tool(tool, {"order_id": "1"}) == {"found": True, "total_price": 189.5}


def test_an_amount_that_is_text_is_a_number_where_that_is_stated(load: Load) -> None:
    lines = ["'GET /stock/{sku}'", "returns: {price: money, left: number}"]
    for price, number in (("4.99", 4.99), ("-12", -12), (None, None)):
        with ApiServer(Reply({"price": price, "left": 3, "more": 1})) as server:
            if price is None:
                assert failure(load(server, *lines), {"sku": "a"}).kind == "nonsense"
            else:
                assert call_tool(load(server, *lines), {"sku": "a"}) == {"price": number, "left": 3}
    for price in ("4,99", "$4.99", "1e3", "", "٣", "9" * 30):
        with ApiServer(Reply({"price": price})) as server:
            failed = failure(load(server, *lines), {"sku": "a"})
            assert str(failed) == "the answer has a `price` that is not of the type money"
            assert call_tool(load(server, lines[0]), {"sku": "a"}) == {"price": price}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 422, 451])
@pytest.mark.parametrize("operation", ["getOrder", "createRefund"])
def test_a_refusal_is_final_and_nothing_was_changed(load: Load, naps: list[float], status: int, operation: str) -> None:
    with ApiServer(Reply({"error": SECRET, "token": TOKEN}, status=status)) as server:
        failed = failure(load(server, operation), REFUND if operation == "createRefund" else None)
        assert (failed.kind, failed.unknown) == ("refused", False)
        assert (len(server.asked), naps) == (1, [])


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_read_is_tried_again_twice(load: Load, naps: list[float], status: int) -> None:
    with ApiServer(Reply(status=status)) as server:
        failed = failure(load(server))
        assert (failed.kind, failed.unknown, str(failed)) == ("failed", False, f"the server failed (HTTP {status})")
        assert (len(server.asked), naps) == (3, [0.25, 0.5])
    naps.clear()
    with ApiServer(Reply(status=status), Reply(status=status), Reply(ORDER)) as server:
        assert call_tool(load(server), {"order_id": "1"})["order_id"] == "BL-1"
        assert len(server.asked) == 3


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_a_change_is_never_tried_again(load: Load, naps: list[float], status: int) -> None:
    with ApiServer(Reply(status=status, headers={"Retry-After": "0"})) as server:
        for operation, lines in [("createRefund", []), ("createRefund", ["changes: false"])]:
            server.asked.clear()
            failed = failure(load(server, operation, *lines), REFUND)
            # Too many requests: it was not even begun.
            assert (failed.kind, failed.unknown) == ("failed", status != 429 and not lines)
            assert (len(server.asked), naps) == (1, [])
        server.asked.clear()
        failure(load(server, "getOrder", "changes: true"))
        assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("header", "nap"),
    [("2", 2.0), ("0", 0.0), ("-3", 0.0), ("1.5", 1.5), ("soon", 0.25), ("nan", 0.25), ("", 0.25)],
)
def test_it_waits_as_long_as_the_server_asks(load: Load, naps: list[float], header: str, nap: float) -> None:
    with ApiServer(Reply(status=429, headers={"Retry-After": header}), Reply(ORDER)) as server:
        assert call_tool(load(server), {"order_id": "1"})["paid"] is True
    assert naps == [nap]


def test_it_waits_until_the_date_that_the_server_names(load: Load, naps: list[float]) -> None:
    when = format_datetime(datetime.now(UTC) + timedelta(seconds=4))
    with ApiServer(Reply(status=503, headers={"Retry-After": when}), Reply(ORDER)) as server:
        call_tool(load(server), {"order_id": "1"})
    assert len(naps) == 1 and 0 <= naps[0] <= 4


def test_it_does_not_wait_longer_than_the_customer_would(load: Load, naps: list[float]) -> None:
    with ApiServer(Reply(status=429, headers={"Retry-After": "3600"}), Reply(ORDER)) as server:
        assert str(failure(load(server))) == "the server failed (HTTP 429)"
        assert (len(server.asked), naps) == (1, [])


def test_nobody_there(load: Load, naps: list[float]) -> None:
    with ApiServer() as server:
        address = server.address
    for operation, args in (("getOrder", None), ("createRefund", REFUND)):
        naps.clear()
        failed = failure(load(address, operation), args)
        assert (failed.kind, failed.unknown, str(failed)) == ("failed", False, "the server cannot be reached")
        assert len(naps) == (2 if operation == "getOrder" else 0)


@pytest.mark.parametrize("pieces", [waits, drips])
@pytest.mark.parametrize("operation", ["getOrder", "createRefund"])
def test_a_slow_answer_comes_too_late(load: Load, naps: list[float], operation: str, pieces: Any) -> None:
    with ApiServer(Reply(pieces=pieces)) as server:
        tool = load(server, operation, "timeout: 1")
        failed = failure(tool, REFUND if operation == "createRefund" else None)
        assert (failed.kind, failed.unknown) == ("timeout", operation == "createRefund")
        assert str(failed) == "the server did not answer in time"
        assert (len(server.asked), naps) == (1, [])


@pytest.mark.parametrize("operation", ["getOrder", "createRefund"])
def test_a_connection_that_breaks_off(load: Load, operation: str) -> None:
    with ApiServer(Reply(drops=True)) as server:
        failed = failure(load(server, operation), REFUND if operation == "createRefund" else None)
        assert (failed.kind, failed.unknown) == ("failed", operation == "createRefund")
        assert str(failed) == "the connection broke off (RemoteProtocolError)"
        assert len(server.asked) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 304])
def test_a_redirect_is_not_followed(load: Load, status: int) -> None:
    with ApiServer(Reply(ORDER)) as elsewhere:
        with ApiServer(Reply(status=status, headers={"Location": f"{elsewhere.address}/steal"})) as server:
            failed = failure(load(server))
            assert (failed.kind, str(failed)) == ("failed", f"the server answered with a redirect (HTTP {status})")
            assert failure(load(server, "createRefund"), REFUND).unknown
        assert elsewhere.asked == []


BAD: list[tuple[Reply, str]] = [
    (Reply(b"{"), "the answer is not JSON"),
    (Reply(b"<html>"), "the answer is not JSON"),
    (Reply(b"\xff\xfe\xff"), "the answer is not JSON"),
    (Reply(b'{"orderId": "1", "totalPrice": NaN}'), "the answer is not JSON"),
    (Reply(b"[" * 100_000), "the answer is not JSON"),
    (Reply(gzip.compress(b"{}"), headers={"Content-Encoding": "gzip"}), "the answer is not JSON"),
    (Reply(b"x" * (2**20 + 1)), "the answer is larger than 1 MB"),
    (Reply(pieces=lambda server: iter([b"x" * 2**16] * 20)), "the answer is larger than 1 MB"),
    (Reply([]), "the answer does not fit its description: the whole (type)"),
    (Reply("text"), "the answer does not fit its description: the whole (type)"),
    (Reply(None), "the answer does not fit its description: the whole (required)"),
    (Reply({**ORDER, "totalPrice": SECRET}), "the answer does not fit its description: totalPrice (type)"),
    (Reply({"orderId": "1"}), "the answer does not fit its description: the whole (required)"),
    (Reply({**ORDER, "deliveredOn": "soon"}), "the answer has a `delivered_on` that is not of the type date"),
    (Reply({**ORDER, "more": "x" * 70_000}), "the answer is larger than 64 KB"),
    (Reply({**ORDER, "a": {"a": {"a": {"a": {"a": {"a": {}}}}}}}), "the answer is nested more than 6 levels deep"),
    (Reply(b'{"orderId": "1", "totalPrice": 1e999}'), "the answer holds a value that JSON does not have"),
]


@pytest.mark.parametrize("number", range(len(BAD)))
def test_an_answer_that_is_nonsense(load: Load, number: int) -> None:
    reply, says = BAD[number]
    with ApiServer(reply) as server:
        failed = failure(load(server))
        assert (str(failed), failed.kind, failed.unknown) == (says, "nonsense", False)
        assert len(server.asked) == 1


def test_a_change_with_a_nonsense_answer_may_have_happened(load: Load) -> None:
    for reply in (Reply(b"{", status=201), Reply({"ok": "maybe"}, status=201), Reply(b"x" * (2**20 + 1), status=201)):
        with ApiServer(reply) as server:
            failed = failure(load(server, "createRefund"), REFUND)
            assert (failed.kind, failed.unknown) == ("nonsense", True)


@pytest.mark.parametrize(
    ("operation", "args"),
    [
        ("createRefund", {"order_id": SECRET, "amount": float("nan")}),
        ("createRefund", {"order_id": SECRET, "amount": float("inf")}),
        ("cancelOrder", {"order_id": SECRET, "reason": "\ud800"}),
    ],
)
def test_what_cannot_be_written_is_not_sent(load: Load, operation: str, args: Any) -> None:
    with ApiServer(Reply({})) as server:
        failed = failure(load(server, operation), args)
        assert (str(failed), failed.kind, failed.unknown) == ("the request could not be written", "failed", False)
        assert server.asked == []


def test_without_its_secret_nothing_is_sent(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    with ApiServer(Reply(ORDER)) as server:
        tool = load(server)
        monkeypatch.setenv("ORDERS_TOKEN", "  ")
        failed = failure(tool)
        assert (str(failed), server.asked) == ("The environment variable ORDERS_TOKEN is not set.", [])
        # A new value counts at once.
        monkeypatch.setenv("ORDERS_TOKEN", "newer")
        call_tool(tool, {"order_id": "1"})
        assert server.asked[0].headers["authorization"] == "Bearer newer"


def test_nothing_of_a_call_is_logged(load: Load, caplog: pytest.LogCaptureFixture) -> None:
    import httpx

    caplog.set_level(logging.DEBUG)
    args = {"order_id": SECRET, "expand": [SECRET]}
    with ApiServer(Reply(ORDER), Reply(status=302, headers={"Location": f"/{SECRET}"}), Reply(ORDER)) as server:
        tool = load(server)
        call_tool(tool, args)
        failure(tool, args)
        assert "example.com" not in caplog.text and "maria" not in caplog.text and TOKEN not in caplog.text
        # What others do with the same client library stays logged.
        httpx.get(f"{server.address}/seen")
        assert "/seen" in caplog.text


def test_cookies_of_one_call_do_not_go_along_with_the_next(load: Load) -> None:
    with ApiServer(Reply(ORDER, headers={"Set-Cookie": "session=7; Path=/"})) as server:
        tool = load(server)
        for _ in range(2):
            call_tool(tool, {"order_id": "1"})
        assert ["cookie" in asked.headers for asked in server.asked] == [False, False]


def test_many_at_once(load: Load) -> None:
    found: list[Any] = []
    with ApiServer(Reply(ORDER)) as server:
        tool = load(server)

        def ask(number: int) -> None:
            found.append(call_tool(tool, {"order_id": str(number)}, timeout=60)["order_id"])

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == ["BL-1"] * 20
        assert sorted(asked.path for asked in server.asked) == sorted(f"/v1/orders/{n}" for n in range(20))


def test_connections_are_closed_with_the_tool(load: Load) -> None:
    with ApiServer(Reply(ORDER)) as server:
        tool = load(server)
        call_tool(tool, {"order_id": "1"})
        client = tool._client
        del tool
        gc.collect()
        assert client.is_closed


def test_a_mock_asks_no_server(load: Load) -> None:
    with ApiServer(Reply(ORDER)) as server:
        tool = load(server, "getOrder", "mock: {key: order_id, records: {'1': {order_id: '1', total_price: 3}}}")
        mocks = MockTools({"tool": tool})
        assert call_tool(mocks["tool"], {"order_id": "1"}) == {"order_id": "1", "total_price": 3}
        with pytest.raises(ToolFailure, match="no mock"):
            call_tool(MockTools({"tool": load(server)})["tool"], {"order_id": "1"})
        assert server.asked == []
