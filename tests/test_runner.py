"""Runs: the log, errors apart, figures with n and interval, the gate, and what a crash leaves."""

import json
from pathlib import Path

import pytest

from kit.errors import KitError
from kit.evals import (
    GateResult,
    Record,
    Run,
    Score,
    Suite,
    Summary,
    Tools,
    check_gate,
    new_run_folder,
    run_suites,
    summarise,
)
from tests.scripted import DISCLOSURE, Letters, Scripted, case, handoff, reply, suite, ticking

SMOKE = """
gate: {outcome_accuracy: {min: 0.7}, false_deflection: {max: 0.1}}
cases:
  - {id: plus, question: how much is plus, expect: answer, articles: [plans], must_contain: ["4.99"],
     reference: It is $4.99., tags: [billing, terse]}
  - {id: trial, question: is there a trial, expect: answer, articles: [trial], tags: [billing]}
  - {id: person, turns: [hi, get me a person], expect: hand_off, reason: customer_request, tags: [people]}
  - {id: poem, question: write a poem, expect: decline}
"""
SCRIPT = {
    "how much is plus": reply("It is $4.99.", "answered", "plans"),
    "is there a trial": reply("It is free.", "answered", "plans"),
    "hi": reply("Hello. What is it about?", "clarified"),
    "get me a person": handoff("customer_request"),
    "write a poem": reply("I only help with Brightloom.", "declined"),
}


def passages(name: str) -> str | None:
    return {"plans#1": "Plus: It is $4.99. Cancel any time."}.get(name)


@pytest.fixture
def smoke(tmp_path: Path) -> Suite:
    return suite(tmp_path, SMOKE)


def run(smoke: Suite, folder: Path, script: object = None, **rest: object) -> Run:
    return run_suites(
        Scripted({**SCRIPT, **(script or {})}),  # type: ignore[dict-item]
        [smoke],
        folder=folder,
        tools=Tools(embedder=Letters()),
        passages=passages,
        disclosure=DISCLOSURE,
        **rest,  # type: ignore[arg-type]
    )


def figure(done: Run, name: str) -> tuple[float | None, int, int]:
    found = done.summary.overall.figure(name)
    assert found is not None
    return found.value, found.n, found.unscored


def test_a_run(smoke: Suite, tmp_path: Path) -> None:
    told, progress = ticking()
    done = run(smoke, tmp_path / "runs" / "one", facts={"model": "packaged"}, progress=progress)
    assert told == [("running cases", count, 4) for count in (1, 2, 3, 4)]
    assert figure(done, "outcome_accuracy") == (1, 4, 0)
    assert figure(done, "article_first") == (0.5, 2, 2)
    assert figure(done, "deflection") == (0.5, 4, 0)  # plus and poem; not the wrong article, not the hand-off
    assert figure(done, "false_deflection") == (pytest.approx(1 / 3), 3, 1)
    assert figure(done, "correct_handoff") == (1, 1, 3)
    assert figure(done, "groundedness") == (0.5, 2, 2)
    assert figure(done, "reference_similarity") == (pytest.approx(1), 1, 3)  # the disclosure is not part of the answer
    assert figure(done, "reference_rouge") == (1, 1, 3)
    found = done.summary.overall.figure("deflection")
    assert found and found.low is not None and found.high is not None and 0 < found.low < 0.5 < found.high < 1
    found = done.summary.overall.figure("correct_handoff")
    assert found and found.causes == {"expects no hand-off": 3}
    assert [(one.name, one.cases) for one in done.summary.tags] == [("billing", 2), ("people", 1), ("terse", 1)]
    assert done.worst()[0].case.id == "trial"
    kept = run(smoke, tmp_path / "runs" / "two", {"get me a person": reply("No.", "declined")})
    assert [one.case.id for one in kept.worst()[:2]] == ["person", "trial"]


def test_the_folder_says_everything(smoke: Suite, tmp_path: Path) -> None:
    done = run(smoke, tmp_path / "one", facts={"model": "packaged"})
    info = json.loads((done.folder / "run.json").read_text())
    assert info["id"] == "one" and info["facts"] == {"model": "packaged"} and info["finished"] and info["seed"] == 0
    assert {"kit", "python", "ragas", "numpy"} <= set(info["versions"])
    assert info["suites"][0]["digest"] == smoke.digest and info["suites"][0]["path"] == "smoke.yaml"
    assert str(tmp_path) not in (done.folder / "run.json").read_text()
    lines = [json.loads(line) for line in (done.folder / "cases.jsonl").read_text().splitlines()]
    assert [line["case"]["id"] for line in lines] == ["plus", "trial", "person", "poem"]
    assert lines[0]["transcript"]["replies"][0]["trace"][0]["detail"] == {"path": "x"}
    assert lines[0]["transcript"]["passages"] == {"plans#1": passages("plans#1")}
    assert len(lines[2]["transcript"]["turns"]) == 4 and lines[2]["transcript"]["replies"][0]["outcome"] == "clarified"
    assert not list(done.folder.glob(".*.partial"))
    again = Run.load(done.folder)
    assert again.complete and again.summary == done.summary and again.info == done.info
    assert [one.scores for one in again.records] == [one.scores for one in done.records]


def test_errors_are_neither_zeros_nor_passes(smoke: Suite, tmp_path: Path) -> None:
    done = run(smoke, tmp_path / "one", {"is there a trial": TimeoutError("no answer in 30 s")})
    assert done.complete and done.summary.overall.errors == 1
    lost = done.records[1]
    assert (lost.case, lost.error) == (smoke.cases[1], "TimeoutError: no answer in 30 s")
    assert lost.transcript is None and lost.scores == {} and done.info.tally.errors == 1
    assert figure(done, "outcome_accuracy") == (1, 3, 0)
    assert done.worst()[0].case.id == "trial"
    failed = check_gate(done)[0]
    assert (failed.metric, failed.passed, failed.reason) == ("errors", False, "1 of 4 cases could not be run")


def thresholds(of: Run) -> list[GateResult]:
    """What the gate says of the suites' thresholds, without the rules that always hold."""
    return [one for one in check_gate(of) if one.kind == "threshold"]


def test_the_gate(smoke: Suite, tmp_path: Path) -> None:
    failing = thresholds(run(smoke, tmp_path / "one"))
    assert [(one.metric, one.passed, one.threshold) for one in failing] == [
        ("errors", True, "= 0"),
        ("outcome_accuracy", True, "≥ 0.7"),
        ("false_deflection", False, "≤ 0.1"),
    ]
    assert failing[2].reason == "0.333 is above 0.1" and failing[2].n == 3 and failing[2].suite == "smoke"
    mended = run(smoke, tmp_path / "two", {"is there a trial": reply("Yes.", "answered", "trial")})
    assert all(one.passed for one in thresholds(mended))
    everyone_out = run(smoke, tmp_path / "three", dict.fromkeys(SCRIPT, handoff()))
    last = thresholds(everyone_out)[-1]
    assert (last.passed, last.value, last.reason) == (False, None, "not evidenced: no case could be scored")


def test_a_gate_is_of_its_suite(smoke: Suite, tmp_path: Path) -> None:
    free = suite(tmp_path, "cases: [{id: x, question: hi, expect: answer, articles: [a]}]", "free")
    done = run_suites(Scripted(SCRIPT), [free, smoke], folder=tmp_path / "one")
    assert {one.suite for one in thresholds(done)} == {"smoke"}
    assert thresholds(done)[1].value == 1 and figure(done, "outcome_accuracy") == (0.8, 5, 0)
    assert [one.name for one in done.summary.suites] == ["free", "smoke"]


class Killed(BaseException):
    """What a test stops a run with."""


def test_a_crash_leaves_a_readable_part(smoke: Suite, tmp_path: Path) -> None:
    def stop(what: str, done: int, total: int) -> None:
        if done == 2:
            raise Killed

    with pytest.raises(Killed):
        run(smoke, tmp_path / "one", progress=stop)
    with (tmp_path / "one" / "cases.jsonl").open("a") as log:
        log.write('{"suite": "smoke", "ca')
    part = Run.load(tmp_path / "one")
    # Two were scored; of the third, which was under way, there may be what was said.
    assert not part.complete and [one.case.id for one in part.records][:2] == ["plus", "trial"]
    assert figure(part, "article_first")[:2] == (0.5, 2)
    assert check_gate(part)[0].reason in ("2 of 4 cases could not be run", "1 of 4 cases could not be run")


def test_refused(smoke: Suite, tmp_path: Path) -> None:
    run(smoke, tmp_path / "one")
    before = (tmp_path / "one" / "cases.jsonl").read_bytes()
    with pytest.raises(KitError, match="holds a run already"):
        run(smoke, tmp_path / "one")
    assert (tmp_path / "one" / "cases.jsonl").read_bytes() == before
    with pytest.raises(KitError, match="no cases"):
        run_suites(Scripted({}), [], folder=tmp_path / "two")
    (tmp_path / "file").write_text("")
    with pytest.raises(KitError, match="cannot be made"):
        run(smoke, tmp_path / "file" / "one")
    with pytest.raises(KitError, match="no run here"):
        Run.load(tmp_path / "two")
    (tmp_path / "one" / "cases.jsonl").write_bytes(before + b"{}\n")
    with pytest.raises(KitError, match="not a case of a run") as caught:
        tuple(Run.load(tmp_path / "one").records)
    assert caught.value.line == 5
    (tmp_path / "one" / "cases.jsonl").write_bytes(before)
    (tmp_path / "one" / "summary.json").write_text("{")
    with pytest.raises(KitError, match="not the summary of a run"):
        assert Run.load(tmp_path / "one").summary
    (tmp_path / "one" / "run.json").write_text("{}")
    with pytest.raises(KitError, match="not the description of a run"):
        Run.load(tmp_path / "one")


def record(number: int, value: float | None, **rest: object) -> Record:
    score = Score.none("why not") if value is None else Score(value=value)
    one = case(articles=["a"], **{"cluster": f"c{number}", **rest}).model_copy(update={"id": f"r{number}"})
    return Record(suite="s", case=one, scores={"deflection": score, "must_contain": score})


def test_unscored_is_not_zero_and_weights_count() -> None:
    summary = summarise("r", [record(1, 1, weight=3), record(2, 0), record(3, None)])
    for name in ("deflection", "must_contain"):
        found = summary.overall.figure(name)
        assert found and (found.value, found.n, found.unscored, found.causes) == (0.75, 2, 1, {"why not": 1})
    nothing = summary.overall.figure("containment")
    assert nothing and nothing.value is None and nothing.low is None
    assert nothing.causes == {"not computed in this run": 3}


def test_agreement_is_not_certainty() -> None:
    found = summarise("r", [record(i, 1) for i in range(20)]).overall.figure("must_contain")
    assert found and found.high == 1 and found.low == pytest.approx(0.8389, abs=1e-4)  # as 20 of 20 successes


def test_clusters_widen_the_interval() -> None:
    alone = summarise("r", [record(i, float(i % 2)) for i in range(40)])
    paired = summarise("r", [record(i, float(i // 8 % 2), cluster=f"c{i // 8}") for i in range(40)])
    for name in ("deflection", "must_contain"):
        narrow, wide = alone.overall.figure(name), paired.overall.figure(name)
        assert narrow and wide and narrow.low is not None and wide.low is not None and wide.low < narrow.low - 0.05


def test_summary_json_and_frame() -> None:
    summary = summarise("r", [record(1, 1, tags=["x"]), record(2, 0)])
    assert Summary.from_json(json.loads(json.dumps(summary.to_json()))) == summary
    frame = summary.to_frame()
    row = frame[(frame["by"] == "tag") & (frame["slice"] == "x") & (frame["metric"] == "deflection")].iloc[0]
    assert row["value"] == 1 and row["n"] == 1 and row["title"].startswith("Deflection")
    assert frame["value"].dtype == "float64" and set(frame["by"]) == {"all", "suite", "tag"}


def test_run_folders_do_not_collide(tmp_path: Path) -> None:
    first = new_run_folder(tmp_path)
    first.mkdir()
    second = new_run_folder(tmp_path)
    assert first.parent == second.parent == tmp_path and first != second
