"""Whatever a chat model does, the customer gets a reply in time, and the log says what happened."""

import json
from dataclasses import replace
from typing import Any

import pytest

from kit.assistant import Assistant
from kit.errors import ModelUnavailable
from kit.governance import AuditStore
from kit.models.fake_server import Behaviour, FakeOpenAI, answer_from_passages, unreachable
from tests.faults.conftest import QUESTION, Ask, Build

TOO_SLOW = "The chat model did not answer in time."
BUSY = "The chat model's server has had too many requests for now (HTTP 429)."
BROKEN = "The chat model's server sent a broken answer (JSONDecodeError)."


def answered_by(row: dict[str, object]) -> str:
    """What the trace says of the composer."""
    trace = row["trace"]
    assert isinstance(trace, list)
    return next(str(step["summary"]) for step in trace if step["node"] == "compose")


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        (Behaviour("slow", seconds=60), TOO_SLOW),
        (Behaviour("drips", seconds=0.02), TOO_SLOW),
        (Behaviour("status", status=429), BUSY),
        (Behaviour("status", status=429, retry_after=0), BUSY),
        (Behaviour("status", status=500), "The chat model's server failed (HTTP 500)."),
        (Behaviour("status", status=503, retry_after="soon"), "The chat model's server failed (HTTP 503)."),
        (Behaviour("status", status=401), "The chat model's server refused the key (HTTP 401)."),
        (Behaviour("bad_json"), BROKEN),
        (Behaviour("web_page"), "The chat model's server sent a broken answer (ValueError)."),
    ],
    ids=lambda value: f"{value.kind}-{value.status}-{value.retry_after}" if isinstance(value, Behaviour) else "",
)
def test_where_it_fails_the_passages_answer_and_the_log_says_why(ask: Ask, behaviour: Behaviour, error: str) -> None:
    with FakeOpenAI(reply="", behaviour=behaviour) as server:
        asked = ask(server, timeout_seconds=0.6 if error == TOO_SLOW else 20)
    assert asked.reply.outcome == "answered" and asked.reply.citations
    assert asked.row["errors"] == [error]
    assert answered_by(asked.row).startswith(f"chat: {error}; extractive, ")
    assert f"error      {error}" in asked.shown and "model      fake in compose: " in asked.shown


@pytest.mark.parametrize("kind", ["truncated_json", "cut"])
def test_a_stream_that_ends_in_the_middle_goes_to_a_person_after_what_was_said(ask: Ask, kind: str) -> None:
    with FakeOpenAI(reply=faithful, behaviour=kind) as server:  # type: ignore[arg-type]
        asked = ask(server)
    assert asked.reply.handoff and asked.reply.handoff.reason == "tool_failure"
    assert asked.reply.citations and asked.reply.text.endswith("so you need not repeat anything.")
    [error] = asked.row["errors"]
    assert "broke off" in error or "broken answer" in error
    assert f"error      {error}" in asked.shown


def faithful(request: dict[str, Any]) -> str:
    """The first sentence of the first passage, a dozen times."""
    return "\n".join([short(request)] * 12)


@pytest.mark.parametrize("kind", ["empty", "huge"])
def test_an_answer_of_nothing_or_of_a_mebibyte_is_none(ask: Ask, kind: str) -> None:
    with FakeOpenAI(behaviour=kind) as server:  # type: ignore[arg-type]
        asked = ask(server)
    assert asked.reply.outcome == "answered" and len(asked.reply.text) < 5_000
    assert "; extractive, " in answered_by(asked.row)


def test_an_answer_that_ends_politely_in_the_middle_is_not_taken_for_whole(ask: Ask) -> None:
    with FakeOpenAI(reply=faithful, behaviour="unfinished") as server:
        asked = ask(server)
    assert asked.reply.outcome == "handed_off" and "broke off" in answered_by(asked.row)


@pytest.mark.parametrize("cited", [["nothing#9"], ["../../etc/passwd"], [9], [], "warranty"])
def test_a_citation_that_does_not_exist_is_never_shown(ask: Ask, cited: object) -> None:
    said = json.dumps({"text": "The warranty on the Dial is ninety years.", "passages": cited})
    with FakeOpenAI(reply=said) as server:
        asked = ask(server)
    assert asked.reply.outcome == "answered" and "; extractive, " in answered_by(asked.row)
    assert asked.reply.citations and "ninety" not in asked.reply.text
    assert not {citation.passage_id for citation in asked.reply.citations} & {"nothing#9", "../../etc/passwd"}


def test_a_server_out_of_reach_costs_the_customer_no_more_than_the_setting_says(ask: Ask) -> None:
    with unreachable() as address:
        asked = ask(address, timeout_seconds=0.5, max_retries=5)
    assert asked.reply.outcome == "answered" and asked.row["errors"] == [TOO_SLOW]
    [call] = asked.row["calls"]
    assert 0 < call["ms"] < 20_000 and asked.row["took_ms"] >= 500


def test_a_refused_connection_is_tried_again_and_then_the_passages_answer(ask: Ask) -> None:
    with FakeOpenAI() as server:
        pass
    asked = ask(server, max_retries=1)
    gone = "Nothing answers at the chat model's address: the connection was refused."
    assert asked.reply.outcome == "answered" and asked.row["errors"] == [gone, gone]
    assert [call["attempt"] for call in asked.row["calls"]] == [1, 2]


@pytest.mark.parametrize(
    "behaviour",
    [
        Behaviour("status", status=429, retry_after=0),
        Behaviour("status", status=500),
        Behaviour("web_page"),
    ],
    ids=lambda one: f"{one.kind}-{one.status}",
)
def test_what_passes_is_tried_again_and_answered(ask: Ask, behaviour: Behaviour) -> None:
    """The failed attempt stays in the log."""
    with FakeOpenAI(behaviour=[behaviour, "ok"], reply=short) as server:
        asked = ask(server, max_retries=1)
        assert len(server.requests) == 2
    assert asked.reply.outcome == "answered" and answered_by(asked.row).startswith("chat, ")
    assert len(asked.row["errors"]) == 1 and [bool(call["error"]) for call in asked.row["calls"]] == [True, False]


def short(request: dict[str, Any]) -> str:
    """The first sentence of the first passage, once."""
    return answer_from_passages(request).partition("\n")[0]


def test_an_answer_that_breaks_off_after_its_first_words_is_not_begun_anew(ask: Ask) -> None:
    with FakeOpenAI(behaviour=["cut", "ok"], reply=faithful) as server:
        ask(server, max_retries=3)
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    "behaviour",
    [Behaviour("status", status=401), Behaviour("status", status=400), Behaviour("status", status=404)],
    ids=lambda one: str(one.status),
)
def test_what_does_not_pass_is_not_tried_again(ask: Ask, behaviour: Behaviour) -> None:
    with FakeOpenAI(behaviour=behaviour) as server:
        asked = ask(server, max_retries=3)
        assert len(server.requests) == 1
    assert asked.reply.outcome == "answered"


def test_nobody_waits_for_a_retry_that_comes_too_late(ask: Ask) -> None:
    with FakeOpenAI(behaviour=Behaviour("status", status=429, retry_after=3600)) as server:
        asked = ask(server, max_retries=3, timeout_seconds=30)
        assert len(server.requests) == 1
    compose = next(step for step in asked.row["trace"] if step["node"] == "compose")
    assert asked.reply.outcome == "answered" and compose["ms"] < 20_000


def test_what_nobody_can_answer_goes_to_a_person(build: Build, log: AuditStore) -> None:
    """The last resort after the model and the passages."""
    with FakeOpenAI(behaviour=Behaviour("status", status=500)) as server:
        assistant = build(server.base_url)
        only_the_model(assistant)
        _, reply = assistant.reply(assistant.start(), QUESTION)
    assert reply.handoff and reply.handoff.reason == "missing_knowledge"
    assert log.turns()[-1]["errors"] == ["The chat model's server failed (HTTP 500)."]


def only_the_model(assistant: Assistant) -> None:
    nodes = assistant._nodes
    assistant._nodes = replace(nodes, composers=[one for one in nodes.composers if one.name == "chat"])


def test_where_it_is_measured_a_failure_is_an_error_and_no_answer(build: Build, log: AuditStore) -> None:
    """What the passages answer in the model's place says nothing about the model."""
    with FakeOpenAI(behaviour=Behaviour("status", status=500)) as server:
        assistant = build(server.base_url, strict=True)
        with pytest.raises(ModelUnavailable, match=r"server failed \(HTTP 500\)"):
            assistant.reply(assistant.start(), QUESTION)
    assert log.turns()[-1]["reply"] is None


def test_where_it_is_measured_a_failure_that_passed_is_none(build: Build) -> None:
    with FakeOpenAI(behaviour=[Behaviour("status", status=500), "ok"]) as server:
        assistant = build(server.base_url, strict=True, chat={"max_retries": 1})
        _, reply = assistant.reply(assistant.start(), QUESTION)
    assert reply.outcome == "answered"


def test_where_it_is_measured_an_answer_that_is_not_taken_is_the_models_own(build: Build) -> None:
    """A mebibyte of text is how the model answers, and not how its server fails."""
    with FakeOpenAI(behaviour="huge") as server:
        assistant = build(server.base_url, strict=True)
        _, reply = assistant.reply(assistant.start(), QUESTION)
    assert reply.outcome == "answered"
