import errno
import hmac
import json
import os
import signal
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from kit.assistant import Conversation, Reply, TurnRecord
from kit.governance import HandoffDesk, Waiting
from kit.governance.handoffs import DeliveryFailure, FileSender, Outbox, parcel, ticket
from kit.settings import HandoffDelivery
from tests.conftest import ROOT
from tests.governance.receiver import (
    Behaviour,
    Receiver,
    babbles,
    drips,
    handed_off,
    hangs_up,
    says_nothing,
    status,
)

EMAIL = "ada@example.org"


class Clock:
    def __init__(self) -> None:
        self.time = 1_790_000_000.0

    def __call__(self) -> float:
        return self.time


def desk(root: Path, *, url: str = "", environment: dict[str, str] | None = None, **settings: Any) -> HandoffDesk:
    rest = {key: settings.pop(key) for key in ("sender", "now") if key in settings}
    found = HandoffDelivery(to=settings.pop("to", "webhook" if url else "file"), url=url, **settings)
    return HandoffDesk(
        root / ".kit" / "outbox", root=root, settings=found, company="Acme", environment=environment or {}, **rest
    )


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().decode().split("\n") if line]


class Fails:
    """A sender that fails as often as it is told, and keeps what it delivers."""

    def __init__(self, times: int = 1_000, **failure: Any) -> None:
        self.times, self.failure = times, failure
        self.sent: list[Waiting] = []
        self.tried: list[str] = []

    def send(self, waiting: Waiting) -> None:
        self.tried.append(waiting.id)
        if len(self.tried) <= self.times:
            raise DeliveryFailure("It is down.", **self.failure)
        self.sent.append(waiting)


# What is delivered


def test_a_file_gets_a_line_with_all_that_a_person_needs(tmp_path: Path) -> None:
    one = desk(tmp_path)
    one.take(
        handed_off("I want my money back", before=("hello",), fields={"order": "A-1"}, priority="high", team="Pay")
    )
    one.close()
    [row] = rows(tmp_path / ".kit" / "handoffs.jsonl")
    assert (row["kind"], row["reason"], row["team"], row["priority"]) == ("handoff", "customer_request", "Pay", "high")
    assert row["summary"].startswith("Wants: “I want my money back”")
    assert (row["fields"], row["playbook"], row["company"]) == ({"order": "A-1"}, "refund", "Acme")
    assert row["passages"][0]["url"] == "https://help.example/plans"
    assert [turn["text"] for turn in row["transcript"]] == [
        "hello",
        "About hello",
        "I want my money back",
        "A colleague will help.",
    ]
    assert one.waiting() == []
    assert stat.S_IMODE((tmp_path / ".kit" / "handoffs.jsonl").stat().st_mode) == 0o600


def test_a_webhook_gets_signed_json_with_an_idempotency_key(tmp_path: Path) -> None:
    with Receiver() as receiver:
        secrets = {"KIT_HANDOFF_SECRET": "s3cret", "KIT_HANDOFF_AUTHORIZATION": "Bearer x"}
        one = desk(tmp_path, url=receiver.url, environment=secrets)
        one.take(handed_off())
        one.close()
    [post] = receiver.posts
    assert post.headers["x-kit-signature"] == f"sha256={hmac.new(b's3cret', post.body, 'sha256').hexdigest()}"
    assert post.headers["idempotency-key"] == post.json["id"]
    assert (post.headers["authorization"], post.headers["content-type"]) == ("Bearer x", "application/json")
    assert one.waiting() == []


def test_without_a_secret_nothing_is_signed(tmp_path: Path) -> None:
    with Receiver() as receiver:
        one = desk(tmp_path, url=receiver.url)
        one.take(handed_off())
        one.close()
    assert "x-kit-signature" not in receiver.posts[0].headers and "authorization" not in receiver.posts[0].headers


def test_zendesk_gets_a_ticket(tmp_path: Path) -> None:
    record = handed_off("Where is my money", fields={"order": "A-1", "total": 3.5}, priority="urgent", team="Pay team")
    made = parcel(record, company="Acme", mask=True)
    assert made is not None
    found = ticket(made, {"order": 360001})["ticket"]
    assert (found["priority"], found["external_id"]) == ("urgent", "c1")
    assert found["subject"] == "Hand-off: “Where is my money”"
    assert found["tags"] == ["support_kit", "handoff", "customer_request", "team_pay_team", "playbook_refund"]
    assert found["custom_fields"] == [{"id": 360001, "value": "A-1"}]
    assert found["comment"]["public"] is False
    for part in ("total: 3.5", "https://help.example/plans", "customer: Where is my money"):
        assert part in found["comment"]["body"]


def test_zendesk_without_an_address_is_a_file(tmp_path: Path) -> None:
    one = desk(tmp_path, to="zendesk", file="out/tickets.jsonl")
    one.take(handed_off())
    one.take(handed_off("and another thing", update=True))
    one.close()
    first, second = rows(tmp_path / "out" / "tickets.jsonl")
    assert first["ticket"]["external_id"] == second["ticket"]["external_id"] == "c1"
    assert (first["kind"], second["kind"]) == ("handoff", "update")
    assert "subject" in first["ticket"] and "subject" not in second["ticket"]
    assert second["ticket"]["comment"]["body"] == "The customer wrote again:\ncustomer: and another thing"
    assert one.erase({"c1"}) == 2
    assert rows(tmp_path / "out" / "tickets.jsonl") == []


def test_a_long_wish_is_cut_in_the_subject() -> None:
    made = parcel(handed_off("x " * 300), company="Acme", mask=True)
    assert made is not None
    subject = ticket(made, {})["ticket"]["subject"]
    assert len(subject) < 110 and subject.endswith("…")


@pytest.mark.parametrize("personal_data", ["masked", "clear"])
def test_personal_data_goes_along_only_where_the_settings_say_so(tmp_path: Path, personal_data: str) -> None:
    one = desk(tmp_path, sender=Fails(), personal_data=personal_data)
    one.take(handed_off(f"mail {EMAIL}", before=(f"I am {EMAIL}",), fields={"email": EMAIL}))
    one.close()
    [waiting] = one.waiting()
    text = json.dumps(waiting.parcel)
    assert (EMAIL in text) == (personal_data == "clear")
    if personal_data == "masked":
        assert waiting.parcel["fields"] == {"email": "<EMAIL_1>"}
        assert waiting.parcel["transcript"][0]["text"] == "I am <EMAIL_1>"
    [file] = (tmp_path / ".kit" / "outbox").glob("*.json")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_value_has_one_token_in_a_hand_off_and_its_updates() -> None:
    first = parcel(handed_off(f"a@example.org and {EMAIL}"), company="", mask=True)
    later = parcel(
        handed_off(f"it is {EMAIL}", before=(f"a@example.org and {EMAIL}",), update=True), company="", mask=True
    )
    assert first and later
    assert "<EMAIL_2>" in first["transcript"][0]["text"]
    assert later["transcript"] == [{"role": "customer", "text": "it is <EMAIL_2>"}]


def test_turns_that_pass_on_nothing_are_not_taken(tmp_path: Path) -> None:
    one = desk(tmp_path)
    conversation = Conversation(id="c")
    one.take(TurnRecord(conversation, "x", Reply(outcome="answered", text="y")))
    one.take(TurnRecord(conversation, "x", None))
    off = desk(tmp_path, to="none")
    off.take(handed_off())
    assert off.retry() == [] and one.waiting() == []
    assert not (tmp_path / ".kit").exists()


# Receivers that misbehave


@pytest.mark.parametrize(
    ("behaviour", "says", "final"),
    [
        (status(500), "HTTP 500", False),
        (status(429), "HTTP 429", False),
        (status(404), "HTTP 404", True),
        (status(401), "HTTP 401", True),
        (status(302, {"Location": "http://127.0.0.1:9/"}), "HTTP 302", True),
        (hangs_up, "could not be reached", False),
        (babbles, "could not be reached", False),
        (says_nothing, "did not answer within 0.5 s", False),
        (drips, "did not answer within 0.5 s", False),
    ],
    ids=["500", "429", "404", "401", "302", "hangs up", "babbles", "says nothing", "drips"],
)
def test_a_delivery_that_fails_is_kept_and_says_why(
    tmp_path: Path, behaviour: Behaviour, says: str, final: bool
) -> None:
    with Receiver([behaviour]) as receiver:
        one = desk(tmp_path, url=receiver.url, timeout_seconds=0.5, backoff_seconds=600)
        one.take(handed_off())
        one.close()
        [waiting] = one.waiting()
        assert says in waiting.problem and "127.0.0.1" in waiting.problem and "hook" not in waiting.problem
        assert (waiting.attempts, waiting.given_up) == (1, final)
        receiver.behaviours = [status(201, body=b"x" * 1_000_000)]
        [tried] = one.retry()
    assert (tried.id, tried.problem) == (waiting.id, "")
    assert one.waiting() == []
    assert {post.headers["idempotency-key"] for post in receiver.posts} == {waiting.id}


def test_an_address_that_nobody_listens_at(tmp_path: Path) -> None:
    with Receiver() as receiver:
        url = receiver.url
    one = desk(tmp_path, url=url)
    one.take(handed_off())
    one.close()
    assert "could not be reached (ConnectError)" in one.waiting()[0].problem


def test_a_receiver_that_recovers_gets_it_without_anybodys_doing(tmp_path: Path) -> None:
    with Receiver([status(503), hangs_up, status(200)]) as receiver:
        one = desk(tmp_path, url=receiver.url, backoff_seconds=0.01)
        one.take(handed_off())
        wait_until(lambda: not one.waiting())
        one.close()
    assert len(receiver.posts) == 3


def wait_until(done: Any) -> None:
    ended = threading.Event()
    for _ in range(1_000):
        if done():
            return
        ended.wait(0.02)
    raise AssertionError("it never came to that")


# Trying again


def test_pauses_double_and_end_in_giving_up(tmp_path: Path) -> None:
    clock, sender = Clock(), Fails()
    one = desk(tmp_path, sender=sender, now=clock, backoff_seconds=2, max_attempts=4)
    one.outbox.put(Waiting(id="a", taken=clock(), parcel={"conversation_id": "c"}))
    pauses = []
    for _ in range(4):
        one.retry()
        pauses.append(one.waiting()[0].not_before - clock())
    assert pauses == [2, 4, 8, 16]
    assert [one.waiting()[0].attempts, one.waiting()[0].given_up] == [4, True]
    assert one._ready() == []
    sender.times = 0
    assert [tried.problem for tried in one.retry()] == [""]


def test_a_receiver_may_ask_for_a_longer_pause(tmp_path: Path) -> None:
    with Receiver([status(429, {"Retry-After": "120"})]) as receiver:
        clock = Clock()
        one = desk(tmp_path, url=receiver.url, now=clock)
        one.outbox.put(Waiting(id="a", taken=clock(), parcel={"conversation_id": "c"}))
        one.retry()
    assert one.waiting()[0].not_before - clock() == 120
    with Receiver([status(503, {"Retry-After": "nan"}), status(503, {"Retry-After": "soon"})]) as receiver:
        one = desk(tmp_path, url=receiver.url, now=clock)
        for _ in range(2):
            one.retry()
            assert 0 < one.waiting()[0].not_before - clock() < 120


def test_an_update_does_not_overtake_its_hand_off(tmp_path: Path) -> None:
    clock, sender = Clock(), Fails(1)
    one = desk(tmp_path, sender=sender, now=clock)
    for number, (id, conversation) in enumerate([("first", "c1"), ("other", "c2"), ("update", "c1")]):
        one.outbox.put(Waiting(id=id, taken=clock() + number, parcel={"conversation_id": conversation}))
    assert [(tried.id, bool(tried.problem)) for tried in one.retry()] == [("first", True), ("other", False)]
    assert [waiting.id for waiting in one.waiting()] == ["first", "update"]
    assert one._ready() == []  # the first is not due yet, and what belongs to it waits
    assert one.retry(["update"]) == []
    assert [tried.id for tried in one.retry()] == ["first", "update"]
    assert [waiting.id for waiting in sender.sent] == ["other", "first", "update"]


def test_what_another_process_left_is_delivered_by_the_next(tmp_path: Path) -> None:
    dead = desk(tmp_path, sender=Fails(), backoff_seconds=0.01)
    dead.take(handed_off())
    dead.close()
    sender = Fails(0)
    one = desk(tmp_path, sender=sender)
    one.wake()
    wait_until(lambda: not one.waiting())
    one.close()
    assert len(sender.sent) == 1


def test_a_full_disk_lets_the_hand_off_go_out_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    sender = Fails(0)
    one = desk(tmp_path, sender=sender)

    def full(waiting: Waiting) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(one.outbox, "put", full)
    one.take(handed_off())
    assert len(sender.sent) == 1
    sender.times = 100
    one.take(handed_off("and another"))
    assert "is in memory only: [Errno 28] No space left on device; It is down." in caplog.text
    # The disk has room again before the receiver is back.
    monkeypatch.undo()
    one.wake()
    one.close()
    [waiting] = one.waiting()
    assert waiting.parcel["transcript"][0]["text"] == "and another" and "is lost" not in caplog.text


def test_what_nothing_could_keep_is_said_to_be_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(waiting: Waiting) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    one = desk(tmp_path, sender=Fails())
    monkeypatch.setattr(one.outbox, "put", full)
    one.take(handed_off())
    one.close()
    assert "of c1 is lost: nothing could keep it" in caplog.text


def test_a_sender_with_a_fault_of_its_own_stops_nothing(tmp_path: Path) -> None:
    class Broken:
        sent = 0

        def send(self, waiting: Waiting) -> None:
            self.sent += 1
            if self.sent == 1:
                raise KeyError("a bug")

    one = desk(tmp_path, sender=Broken())
    one.take(handed_off(id="c1"))
    wait_until(lambda: one.waiting() and one.waiting()[0].attempts)
    one.take(handed_off(id="c2"))
    one.close()
    [left] = one.waiting()
    assert (left.conversation, left.given_up) == ("c1", True)


def test_a_damaged_file_in_the_outbox_stops_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    one = desk(tmp_path)
    one.outbox.folder.mkdir(parents=True)
    (one.outbox.folder / "x.json").write_text("{")
    one.take(handed_off())
    one.close()
    assert len(rows(one.file)) == 1
    assert "cannot be read" in caplog.text and (one.outbox.folder / "x.json").exists()


# Once, whatever happens


def test_the_same_turn_recorded_twice_is_one_hand_off(tmp_path: Path) -> None:
    one = desk(tmp_path)
    for record in (handed_off(), handed_off(), handed_off("a manager please"), handed_off(before=("a human please",))):
        one.take(record)
    one.close()
    assert len(rows(one.file)) == 3


def test_a_crash_after_delivery_to_a_file_does_not_double_it(tmp_path: Path) -> None:
    sender = FileSender(tmp_path / "out.jsonl", dict)
    waiting = Waiting(id="a", taken=0, parcel={"conversation_id": "c"})
    sender.send(waiting)
    sender.send(waiting)  # as after a crash before the outbox forgot it
    assert rows(tmp_path / "out.jsonl") == [{"id": "a", "conversation_id": "c"}]


def test_half_a_line_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text('{"id": "z"}\n{"id": "a", "conver')
    FileSender(path, dict).send(Waiting(id="a", taken=0, parcel={"conversation_id": "c"}))
    assert [row["id"] for row in rows(path)] == ["z", "a"]


CHILD = """
import os, signal, sys
from pathlib import Path
from kit.governance.handoffs import outbox
from tests.governance.receiver import handed_off
from tests.governance.test_handoffs import desk

root, where = Path(sys.argv[1]), sys.argv[2]
one = desk(root)

def die(*args, **rest):
    os.kill(os.getpid(), signal.SIGKILL)

if where == "before delivery":
    one._sender.send = die
elif where == "after delivery":
    one.outbox.remove = die
elif where == "while written":
    outbox.os.fsync = die
one.take(handed_off())
one.close()
"""


@pytest.mark.parametrize("where", ["before delivery", "after delivery", "while written"])
def test_a_process_that_is_killed_loses_and_doubles_nothing(tmp_path: Path, where: str) -> None:
    run = subprocess.run([sys.executable, "-c", CHILD, str(tmp_path), where], cwd=ROOT, check=False, timeout=60)
    assert run.returncode == -signal.SIGKILL
    one = desk(tmp_path)
    one.retry()
    # What was killed before it was written was not taken, and the customer had no reply either.
    written = where != "while written"
    assert len(rows(one.file) if one.file.exists() else []) == written
    assert one.waiting() == []


def test_two_desks_at_once_deliver_each_once(tmp_path: Path) -> None:
    sender = Fails(0)
    desks = [desk(tmp_path, sender=sender) for _ in range(3)]
    for number in range(12):
        desks[0].outbox.put(Waiting(id=f"h{number}", taken=number, parcel={"conversation_id": f"c{number}"}))
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda one: one.retry(), desks))
    assert sorted(waiting.id for waiting in sender.sent) == sorted(f"h{number}" for number in range(12))


def test_many_customers_at_once_lose_nothing(tmp_path: Path) -> None:
    one = desk(tmp_path)
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda number: one.take(handed_off(id=f"c{number}")), range(30)))
    wait_until(lambda: not one.waiting())
    one.close()
    assert sorted(row["conversation_id"] for row in rows(one.file)) == sorted(f"c{number}" for number in range(30))


def test_the_outbox_erases_what_a_killed_process_left(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox")
    outbox.put(Waiting(id="a", taken=0, parcel={"conversation_id": "c"}))
    old = outbox.folder / ".b.1-1.partial"
    old.write_text(EMAIL)
    os.utime(old, (0, 0))
    assert outbox.erase({"c"}) == 1
    assert [path.name for path in outbox.folder.iterdir()] == [".lock"]
