"""A conversation is one ticket, whatever happens on the way."""

import json
from pathlib import Path
from typing import Any

import pytest

from kit.governance import HandoffDesk
from tests.governance.receiver import Behaviour, Receiver, handed_off, status
from tests.governance.test_handoffs import desk

MADE = status(201, body=b'{"ticket": {"id": 35436}}')


def tickets(*found: dict[str, Any]) -> Behaviour:
    return status(200, body=json.dumps({"tickets": found}).encode())


def zendesk(root: Path, receiver: Receiver, path: str = "/api/v2/tickets", **settings: Any) -> HandoffDesk:
    return desk(root, to="zendesk", url=receiver.url.replace("/hook", path), **settings)


def deliver(one: HandoffDesk) -> None:
    one.take(handed_off("Where is my money"))
    one.take(handed_off("are you there?", before=("Where is my money",), update=True))
    one.close()


@pytest.mark.parametrize("path", ["/api/v2/tickets", "/api/v2/tickets.json"])
def test_what_the_customer_writes_later_is_added_to_the_ticket(tmp_path: Path, path: str) -> None:
    with Receiver([MADE, status(200)]) as receiver:
        deliver(zendesk(tmp_path, receiver, path))
    made, added = receiver.posts
    assert (made.method, made.path) == ("POST", path)
    assert (added.method, added.path) == ("PUT", path.replace("tickets", "tickets/35436"))
    said = {"body": "The customer wrote again:\ncustomer: are you there?", "public": False}
    assert added.json == {"ticket": {"external_id": "c1", "comment": said}}
    assert made.headers["idempotency-key"] != added.headers["idempotency-key"]


def test_the_ticket_is_known_to_the_next_process_and_forgotten_with_the_conversation(tmp_path: Path) -> None:
    with Receiver([MADE, status(200)]) as receiver:
        one = zendesk(tmp_path, receiver)
        one.take(handed_off())
        one.close()
        other = zendesk(tmp_path, receiver)
        other.take(handed_off("and?", update=True, before=("a",)))
        other.close()
    assert [post.method for post in receiver.posts] == ["POST", "PUT"]
    assert "c1" in (tmp_path / ".kit" / "outbox" / "tickets.jsonl").read_text()
    other.erase({"c1"})
    assert (tmp_path / ".kit" / "outbox" / "tickets.jsonl").read_text() == ""


def test_a_ticket_that_is_not_known_here_is_looked_up(tmp_path: Path) -> None:
    answers = [tickets({"id": 7, "external_id": "other"}, {"id": 8, "external_id": "c1"}), status(200), status(200)]
    with Receiver(answers) as receiver:
        one = zendesk(tmp_path, receiver)
        one.take(handed_off("and?", update=True, before=("a",)))
        one.take(handed_off("well?", update=True, before=("a", "and?")))
        one.close()
    assert [(post.method, post.path.removeprefix("/api/v2/tickets")) for post in receiver.posts] == [
        ("GET", "?external_id=c1"),
        ("PUT", "/8"),
        ("PUT", "/8"),
    ]


@pytest.mark.parametrize("body", [b"{}", b"nonsense", b'{"tickets": [1, {"id": "../x", "external_id": "c1"}]}'])
def test_where_there_is_no_ticket_one_is_made(tmp_path: Path, body: bytes) -> None:
    with Receiver([status(200, body=body), MADE]) as receiver:
        one = zendesk(tmp_path, receiver)
        one.take(handed_off("and?", update=True, before=("a",)))
        one.close()
    looked, made = receiver.posts
    assert (looked.method, made.method) == ("GET", "POST")
    assert made.json["ticket"]["subject"] == "Update: and?" and one.waiting() == []


@pytest.mark.parametrize("code", [404, 422])
def test_a_ticket_that_is_closed_for_good_is_followed_by_another(tmp_path: Path, code: int) -> None:
    with Receiver([MADE, status(code), status(201, body=b'{"ticket": {"id": 9}}'), status(200)]) as receiver:
        one = zendesk(tmp_path, receiver)
        deliver(one)
        again = zendesk(tmp_path, receiver)
        again.take(handed_off("well?", update=True, before=("a", "b")))
        again.close()
    assert [(post.method, post.path.removeprefix("/api/v2/tickets")) for post in receiver.posts] == [
        ("POST", ""),
        ("PUT", "/35436"),
        ("POST", ""),
        ("PUT", "/9"),
    ]


def test_an_update_that_fails_waits_and_makes_no_ticket(tmp_path: Path) -> None:
    with Receiver([MADE, status(503)]) as receiver:
        one = zendesk(tmp_path, receiver)
        deliver(one)
        [waiting] = one.waiting()
        assert waiting.parcel["kind"] == "update" and waiting.problem.endswith("HTTP 503.")
        receiver.behaviours = [status(200)]
        assert [tried.problem for tried in one.retry()] == [""]
    assert [post.method for post in receiver.posts] == ["POST", "PUT", "PUT"]


def test_an_update_is_urgent_where_danger_is_but_lowers_no_priority(tmp_path: Path) -> None:
    with Receiver([MADE, status(200)]) as receiver:
        one = zendesk(tmp_path, receiver)
        one.take(handed_off(priority="high"))
        one.take(handed_off("smoke!", update=True, before=("a",), priority="urgent"))
        one.close()
    assert [post.json["ticket"].get("priority") for post in receiver.posts] == ["high", "urgent"]
