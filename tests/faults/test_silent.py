"""Once a person has a conversation the assistant says so once and is silent then, wherever it is shown."""

import json
from pathlib import Path

from kit.app.backend import open_backend
from kit.app.page import Handlers
from kit.app.session import Session, respond
from kit.evals import load_suite, run_suites
from kit.workspace import Workspace
from tests.conftest import Run
from tests.faults.conftest import Build

SAID = "A colleague has this conversation now and will reply here."


def test_the_terminal_says_that_it_is_silent(kit: Run, indexed_workspace: Path) -> None:
    done = kit("chat", "-w", indexed_workspace, stdin="a human please\nhello?\nare you there?\nstill here\n\n")
    assert done.returncode == 0 and done.stdout.count(SAID) == 1
    assert done.stdout.count("the assistant is silent") == 2
    handed = (indexed_workspace / ".kit" / "handoffs.jsonl").read_text(encoding="utf-8").splitlines()
    told = [json.loads(line) for line in handed]
    assert [row["kind"] for row in told] == ["handoff", "update", "update", "update"]
    assert [row["transcript"][-1]["text"] for row in told[1:]] == ["hello?", "are you there?", "still here"]


def test_the_page_shows_no_empty_message_and_rates_the_right_turn(indexed_workspace: Path) -> None:
    space = Workspace.open(indexed_workspace)
    backend = open_backend(space)
    session = Session()
    for message in ("a human please", "hello?", "are you there?"):
        *_, last = respond(backend, session, message)
        assert last.session is not None
        session = last.session
    assert [message["role"] for message in session.shown] == ["user", "assistant"] * 2 + ["user"]
    assert all(message["content"] for message in session.shown)
    Handlers(backend)  # the page can be made of it
    assert session.conversation is not None
    assert [row["turn"] for row in space.audit.conversation(session.conversation.id)[0]] == [1, 2, 3]
    space.close()


def test_an_eval_takes_silence_for_a_hand_off(build: Build, tmp_path: Path) -> None:
    path = tmp_path / "smoke.yaml"
    path.write_text(
        "suite: smoke\ncases:\n  - id: a\n    turns: [a human please, hello?, are you there?]\n    expect: hand_off\n",
        encoding="utf-8",
    )
    run = run_suites(build(strict=True), [load_suite(path)], folder=tmp_path / "run")
    [record] = run.records
    assert record.error is None and record.transcript is not None
    assert [reply.outcome for reply in record.transcript.replies] == ["handed_off"] * 3
    assert [reply.text == "" for reply in record.transcript.replies] == [False, False, True]
    deflected = record.scores["deflection"]
    assert deflected.value == 0.0
