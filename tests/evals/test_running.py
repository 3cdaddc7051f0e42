"""Runs that are had several at a time, broken off, gone on with, limited, and taken from the cache."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kit.assistant import Conversation, ModelCall, Reply, TraceStep, TurnRecord
from kit.errors import KitError
from kit.evals import (
    Budget,
    Converser,
    Ledger,
    LocalEngine,
    Record,
    Run,
    Suite,
    TalkCache,
    check_unchanged,
    load_suite,
    resume_suites,
    run_suites,
)
from tests.conftest import ROOT
from tests.scripted import Scripted, handoff, reply, suite

N = 24
CASES = "cases:\n" + "\n".join(
    f"  - {{id: q{n}, question: question {n}, expect: answer, must_contain: [number]}}" for n in range(N)
)
SCRIPT: dict[str, Reply | Exception] = {f"question {n}": reply(f"It is number {n}.") for n in range(N)}


@pytest.fixture
def numbers(tmp_path: Path) -> Suite:
    return suite(tmp_path, CASES, "numbers")


def lines(run: Run, file: str = "cases.jsonl") -> list[dict[str, Any]]:
    return [json.loads(line) for line in (run.folder / file).read_text().splitlines()]


class Counting(Scripted):
    """Counts what it is asked, and can be told to wait with an answer."""

    def __init__(self, script: Mapping[str, Reply | Exception], wait: Callable[[str], None] | None = None) -> None:
        super().__init__(script)
        self.asked: list[str] = []
        self.wait = wait

    def reply(self, conversation: Conversation, message: str) -> tuple[Conversation, Reply]:
        self.asked.append(message)
        if self.wait:
            self.wait(message)
        return super().reply(conversation, message)


def test_several_at_a_time_give_what_one_gives(numbers: Suite, tmp_path: Path) -> None:
    later, most, under_way = threading.Event(), [0], [0]
    lock = threading.Lock()

    def wait(message: str) -> None:
        with lock:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
        if message == "question 0":
            assert later.wait(10)  # the first is the last to be answered
        if message == "question 9":
            later.set()
        with lock:
            under_way[0] -= 1

    one = run_suites(Scripted(SCRIPT), [numbers], folder=tmp_path / "one")
    four = run_suites(Counting(SCRIPT, wait), [numbers], folder=tmp_path / "four", engine=LocalEngine(4))
    assert (one.folder / "cases.jsonl").read_bytes() == (four.folder / "cases.jsonl").read_bytes()
    assert (one.folder / "scores.jsonl").read_bytes() == (four.folder / "scores.jsonl").read_bytes()
    assert [line["case"]["id"] for line in lines(four)] == [f"q{n}" for n in range(N)]
    assert four.summary.overall == one.summary.overall and 2 <= most[0] <= 4
    assert four.info.workers == 4 and four.info.tally.lines == N


def test_what_is_noise_in_a_confidence_is_not_kept(numbers: Suite, tmp_path: Path) -> None:
    """It hangs on what else was embedded before, so engines that share the work otherwise would differ by it."""
    runs = [
        run_suites(Scripted({q: reply(confidence=sure) for q in SCRIPT}), [numbers], folder=tmp_path / name)
        for name, sure in (("one", 0.15519278817568866), ("two", 0.1551927879641326))
    ]
    assert {line["transcript"]["replies"][0]["confidence"] for run in runs for line in lines(run)} == {0.155193}


def test_a_case_is_tried_k_times(numbers: Suite, tmp_path: Path) -> None:
    run = run_suites(Scripted(SCRIPT), [numbers], folder=tmp_path / "one", tries=3)
    assert [(one.case.id, one.tried) for one in run.records[:4]] == [("q0", 1), ("q0", 2), ("q0", 3), ("q1", 1)]
    assert len(run.records) == 3 * N == run.info.lines and run.info.cases == N


def test_what_fails_once_is_tried_again_and_said(numbers: Suite, tmp_path: Path) -> None:
    failed: list[str] = []

    def wait(message: str) -> None:
        if message in ("question 3", "question 5") and (failed.count(message) < (1 if message == "question 3" else 9)):
            failed.append(message)
            raise ConnectionError("the provider is down")

    assistant = Counting(SCRIPT, wait)
    run = run_suites(assistant, [numbers], folder=tmp_path / "one")
    assert run.records[3].retried == "ConnectionError: the provider is down" and run.records[3].transcript
    assert run.records[5].error == "ConnectionError: the provider is down" and run.records[5].scores == {}
    assert assistant.asked.count("question 3") == assistant.asked.count("question 5") == 2
    assert (run.info.tally.retried, run.info.tally.errors) == (1, 1)
    figure = run.summary.overall.figure("outcome_accuracy")
    assert figure and (figure.value, figure.n) == (1, N - 1)


STOPPED = """
import sys
from pathlib import Path
from kit.evals import load_suite, run_suites
from tests.evals.test_running import SCRIPT, Counting

def wait(message):
    if message == "question 7":
        print("asked", flush=True)
        sys.stdin.read()  # for ever: the other end is never closed

run_suites(Counting(SCRIPT, wait), [load_suite(Path(sys.argv[1]))], folder=Path(sys.argv[2]))
"""


def test_killed_and_resumed_is_as_if_it_had_not_been(numbers: Suite, tmp_path: Path) -> None:
    folder = tmp_path / "killed"
    command = [sys.executable, "-c", STOPPED, str(numbers.path), str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as child:
        assert child.stdout and child.stdout.readline() == b"asked\n"
        with pytest.raises(KitError, match="under way in another process"):
            resume_suites(Run.load(folder), Scripted(SCRIPT), [numbers])
        os.kill(child.pid, signal.SIGKILL)
    part = Run.load(folder)
    # The line before may be about to be written when the next question is asked.
    had = len(part.records)
    assert not part.complete and had in (6, 7)
    assert [one.case.id for one in part.records] == [f"q{n}" for n in range(had)]
    # The line that was being written when it came.
    for file in ("cases.jsonl", "scores.jsonl"):
        with (folder / file).open("ab") as log:
            log.write((folder / file).read_bytes()[:100])
    assistant = Counting(SCRIPT)
    again = resume_suites(Run.load(folder), assistant, [numbers])
    assert assistant.asked == [f"question {n}" for n in range(had, N)]
    whole = run_suites(Scripted(SCRIPT), [numbers], folder=tmp_path / "whole")
    for file in ("cases.jsonl", "scores.jsonl"):
        assert (folder / file).read_bytes() == (whole.folder / file).read_bytes()
    assert again.complete and again.info.tally == whole.info.tally
    assert again.summary.overall == whole.summary.overall


@pytest.mark.parametrize("kept", [0, 1, 5])
def test_what_was_said_but_not_scored_is_scored_when_resumed(numbers: Suite, tmp_path: Path, kept: int) -> None:
    run = _stopped(numbers, tmp_path / "one")
    scores = (run.folder / "scores.jsonl").read_bytes().splitlines(keepends=True)
    (run.folder / "scores.jsonl").write_bytes(b"".join(scores[:kept]))
    again = resume_suites(Run.load(run.folder), Scripted(SCRIPT), [numbers])
    assert len(again.records) == N and all(one.scores for one in again.records)


def _stopped(numbers: Suite, folder: Path) -> Run:
    """A run that stops by itself after eight cases."""
    ledger = Ledger()
    budget = Budget(max_tokens=800)
    return run_suites(Converser(Billed(SCRIPT, ledger), ledger=ledger), [numbers], folder=folder, budget=budget)


class Billed(Scripted):
    """Every reply takes 100 tokens of a chat model; what is in `troubles` fails in it."""

    def __init__(self, script: Mapping[str, Reply | Exception], ledger: Ledger, **rest: Any) -> None:
        super().__init__(script)
        self.ledger, self.rest = ledger, rest
        self.asked: list[str] = []

    def reply(self, conversation: Conversation, message: str) -> tuple[Conversation, Reply]:
        self.asked.append(message)
        call = ModelCall(node="compose", provider="p", model="m", began=0.0, ms=1.0, input_tokens=90, output_tokens=10)
        call = replace(call, **self.rest)
        errors = (call.error,) if call.error else ()
        self.ledger.note(TurnRecord(conversation, message, None, calls=(call,), errors=errors))
        return super().reply(conversation, message)


def price(sent: int, received: int) -> float:
    return sent * 0.001 + received * 0.01


def test_limits_stop_a_run_cleanly(numbers: Suite, tmp_path: Path) -> None:
    run = _stopped(numbers, tmp_path / "one")
    assert not run.complete and len(run.records) == 8 and run.info.tally.spent.tokens == 800
    assert run.info.stopped == "the limit on tokens was reached: 800 of 800"
    assert Run.load(run.folder).info.stopped == run.info.stopped
    usage = run.records[0].transcript and run.records[0].transcript.usage
    assert usage and (usage.calls, usage.input_tokens, usage.output_tokens, usage.cost) == (1, 90, 10, None)
    ledger = Ledger()
    paid = Converser(Billed(SCRIPT, ledger), ledger=ledger, price=price)
    run = resume_suites(run, paid, [numbers], budget=Budget(max_cost=0.5))
    # 0.19 each: three are had, as 0.38 is still below. What came before the resumption is not known, nor limited.
    assert len(run.records) == 11 and run.info.stopped == "the limit on cost was reached: 0.5700 of 0.5"
    assert run.records[10].spent.cost == pytest.approx(0.19) and run.info.tally.spent.cost is None
    run = resume_suites(run, paid, [numbers])
    assert run.complete and not run.info.stopped and len(run.records) == N
    with pytest.raises(KitError, match="This run is complete"):
        check_unchanged(run.info, run.folder, [numbers], {})


def test_no_more_is_spent_by_several_at_a_time_than_is_under_way(numbers: Suite, tmp_path: Path) -> None:
    ledger = Ledger()
    assistant = Billed(SCRIPT, ledger)
    run = run_suites(
        Converser(assistant, ledger=ledger),
        [numbers],
        folder=tmp_path / "one",
        engine=LocalEngine(3),
        budget=Budget(max_tokens=500),
    )
    assert 5 <= len(run.records) <= 7 and len(assistant.asked) == len(run.records)
    assert run.info.tally.spent.tokens == 100 * len(run.records)


def test_a_limit_that_cannot_be_kept_is_refused(numbers: Suite, tmp_path: Path) -> None:
    with pytest.raises(KitError, match="cost cannot be limited"):
        Budget(max_cost=1.0).check(None, model=True)
    Budget(max_cost=1.0).check(price, model=True)
    Budget(max_cost=1.0).check(None, model=False)
    ledger = Ledger()
    uncounted = Converser(Billed(SCRIPT, ledger, input_tokens=None), ledger=ledger, price=price)
    run = run_suites(uncounted, [numbers], folder=tmp_path / "one", budget=Budget(max_tokens=500))
    assert len(run.records) == 1 and "did not count the tokens of 1 of 1 calls" in run.info.stopped


def cache(tmp_path: Path, rests_on: str = "all") -> TalkCache:
    return TalkCache(tmp_path / "cache" / "talks.sqlite", rests_on=rests_on)


def without_cached(run: Run) -> list[Record]:
    return [one.model_copy(update={"cached": False}) for one in run.records]


def test_a_rerun_costs_only_what_changed(numbers: Suite, tmp_path: Path) -> None:
    first = run_suites(Scripted(SCRIPT), [numbers], folder=tmp_path / "one", cache=cache(tmp_path))
    assistant = Counting(SCRIPT)
    again = run_suites(assistant, [numbers], folder=tmp_path / "two", cache=cache(tmp_path))
    assert assistant.asked == [] and again.info.tally.cached == N and all(one.cached for one in again.records)
    assert without_cached(again) == without_cached(first) and again.summary.overall == first.summary.overall
    # What is right has changed: it is scored anew, and nobody is asked.
    stricter = suite(tmp_path, CASES.replace("must_contain: [number]", "must_contain: [four]"), "numbers")
    scored = run_suites(assistant, [stricter], folder=tmp_path / "three", cache=cache(tmp_path))
    assert assistant.asked == []
    assert (before := first.summary.overall.figure("must_contain")) and before.value == 1
    assert (after := scored.summary.overall.figure("must_contain")) and after.value == 0
    # One question, another try, another seed, another assistant: that much is asked.
    other = suite(tmp_path, CASES.replace("question: question 4,", "question: question 5,"), "numbers")
    run_suites(assistant, [other], folder=tmp_path / "four", cache=cache(tmp_path))
    assert assistant.asked == []  # the same was asked by another case
    new = suite(tmp_path, CASES.replace("question: question 4,", "turns: [question 4, question 5],"), "numbers")
    run_suites(assistant, [new], folder=tmp_path / "five", cache=cache(tmp_path))
    assert assistant.asked == ["question 4", "question 5"]
    run_suites(assistant, [numbers], folder=tmp_path / "six", cache=cache(tmp_path), tries=2)
    assert len(assistant.asked) == 2 + N
    run_suites(assistant, [numbers], folder=tmp_path / "seven", cache=cache(tmp_path), seed=5)
    run_suites(assistant, [numbers], folder=tmp_path / "eight", cache=cache(tmp_path, "another article"))
    assert len(assistant.asked) == 2 + 3 * N


def test_failures_are_not_cached(numbers: Suite, tmp_path: Path) -> None:
    ledger = Ledger()
    failing = Converser(Billed(SCRIPT, ledger, error="The chat model timed out."), ledger=ledger)
    run = run_suites(failing, [numbers], folder=tmp_path / "one", cache=cache(tmp_path))
    assert run.info.tally.troubled == N and run.records[0].troubles == ("The chat model timed out.",)
    down = Scripted(dict.fromkeys(SCRIPT, OSError("no space left")))
    assert run_suites(down, [numbers], folder=tmp_path / "two", cache=cache(tmp_path)).info.tally.errors == N
    assistant = Counting(SCRIPT)
    run_suites(assistant, [numbers], folder=tmp_path / "three", cache=cache(tmp_path))
    assert len(assistant.asked) == N


def test_a_damaged_cache_costs_only_time(numbers: Suite, tmp_path: Path) -> None:
    run_suites(Scripted(SCRIPT), [numbers], folder=tmp_path / "one", cache=cache(tmp_path))
    (tmp_path / "cache" / "talks.sqlite").write_bytes(b"not a database at all" * 500)
    for wal in (tmp_path / "cache").glob("*-wal"):
        wal.unlink()
    assistant = Counting(SCRIPT)
    run_suites(assistant, [numbers], folder=tmp_path / "two", cache=cache(tmp_path))
    assert len(assistant.asked) == N
    run_suites(assistant, [numbers], folder=tmp_path / "three", cache=cache(tmp_path))
    assert len(assistant.asked) == N


def test_a_fallback_is_counted(numbers: Suite, tmp_path: Path) -> None:
    class Falling(Scripted):
        def reply(self, conversation: Conversation, message: str) -> tuple[Conversation, Reply]:
            later, said = super().reply(conversation, message)
            step = TraceStep(node="compose", summary="", ms=1.0, detail={"fell_back": message < "question 2"})
            return later, said.model_copy(update={"trace": (step,)})

    run = run_suites(Falling(SCRIPT), [numbers], folder=tmp_path / "one")
    assert run.info.tally.fell_back == sum(one.fell_back for one in run.records) == 12


def test_what_changed_is_said(numbers: Suite, tmp_path: Path) -> None:
    facts = {"settings": {"assistant": {"answer_threshold": 0.5}}, "corpus": "a" * 64}
    run = run_suites(Scripted(SCRIPT), [numbers], folder=tmp_path / "one", facts=facts)
    info = run.info.model_copy(update={"finished": None})
    check_unchanged(info, run.folder, [numbers], facts)
    other = suite(tmp_path, CASES.replace("number]", "numbers]"), "numbers")
    now = {"settings": {"assistant": {"answer_threshold": 0.6}}, "corpus": "b" * 64}
    with pytest.raises(KitError) as caught:
        check_unchanged(info, run.folder, [other], now)
    said = "what it rests on has changed: the suite numbers; settings.assistant.answer_threshold (0.5 → 0.6); corpus."
    assert said in str(caught.value)
    old = info.model_copy(update={"versions": info.versions | {"numpy": "1.0"}})
    with pytest.raises(KitError, match="version of numpy"):
        check_unchanged(old, run.folder, [numbers], facts)


def test_a_log_of_other_cases_is_not_gone_on_with(numbers: Suite, tmp_path: Path) -> None:
    run = _stopped(numbers, tmp_path / "one")
    log = run.folder / "cases.jsonl"
    first, *rest = log.read_bytes().splitlines(keepends=True)
    before = b"".join([*rest, first])
    log.write_bytes(before)
    with pytest.raises(KitError, match="has no place here") as caught:
        resume_suites(Run.load(run.folder), Scripted(SCRIPT), [numbers])
    assert caught.value.line == 1 and log.read_bytes() == before


def test_a_transcript_says_what_was_found_collected_and_called(tmp_path: Path) -> None:
    hits = [{"passage_id": "a#1"}, {"passage_id": "b#2"}, {"passage_id": "a#1"}]
    calls = [{"tool": "lookup", "args": {"order": "1"}, "changes": False, "failed": ""}]
    first = TraceStep(node="play", summary="", ms=0, detail={"fields": {"order": "1", "day": "x"}, "calls": calls})
    second = TraceStep(node="play", summary="", ms=0, detail={"fields": {"day": "y"}, "hits": hits, "calls": []})

    class Played(Scripted):
        def reply(self, conversation: Conversation, message: str) -> tuple[Conversation, Reply]:
            later, said = super().reply(conversation, message)
            return later, said.model_copy(update={"trace": (first if message == "one" else second,)})

    one = suite(tmp_path, "cases: [{id: a, turns: [one, two], expect: hand_off}]", "one")
    run = run_suites(Played({"one": reply(), "two": handoff()}), [one], folder=tmp_path / "run")
    transcript = run.records[0].transcript
    assert transcript and transcript.retrieved == ("a#1", "b#2") and transcript.fields == {"order": "1", "day": "y"}
    assert [(call.tool, call.arguments) for call in transcript.tools] == [("lookup", {"order": "1"})]


def test_a_simulated_customer_is_seeded_and_cached_with_what_would_satisfy_them(tmp_path: Path) -> None:
    text = """cases:
  - {id: s, expect: answer, must_contain: [number], customer: {goal: the number, opens: [question 1], patience: 1}}
"""
    one = suite(tmp_path, text, "one")

    class Any(Counting):
        def reply(self, conversation: Conversation, message: str) -> tuple[Conversation, Reply]:
            self.script = {message: reply("It is number 1.")}
            return super().reply(conversation, message)

    runs = [run_suites(Any({}), [one], folder=tmp_path / f"r{n}", cache=cache(tmp_path, str(n))) for n in range(2)]
    first, second = (run.records[0].transcript for run in runs)
    assert first and first == second and first.simulated and first.simulated.ending == "content"
    other = suite(tmp_path, text.replace("must_contain: [number]", "must_contain: [letter]"), "one")
    assistant = Any({})
    run = run_suites(assistant, [other], folder=tmp_path / "r3", cache=cache(tmp_path, "0"))
    assert assistant.asked and run.records[0].transcript and run.records[0].transcript.simulated != first.simulated


def test_a_suite_from_a_path_is_enough(numbers: Suite, tmp_path: Path) -> None:
    run = run_suites(Scripted(SCRIPT), [load_suite(numbers.path)], folder=tmp_path / "one")
    assert run.complete and len(run.records) == N
    assert run.records[-1].case.id == f"q{N - 1}" and [one.case.id for one in run.records[2:4]] == ["q2", "q3"]
    with pytest.raises(IndexError):
        run.records[N]
