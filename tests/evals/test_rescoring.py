"""Scores that are made again from the log of a run."""

import json
from pathlib import Path

import pytest

from kit.assistant import Reply
from kit.errors import KitError
from kit.evals import Run, Suite, Tools, check_gate, rescore, run_suites
from tests.scripted import DISCLOSURE, Letters, Scripted, reply, suite, ticking

CASES = """
gate: {must_contain: {min: 0.9}}
cases:
  - {id: a, question: one, expect: answer, must_contain: ["1"], reference: It is 1.}
  - {id: b, question: two, expect: answer, must_contain: ["2"]}
  - {id: c, question: three, expect: answer, must_contain: ["3"]}
"""
SCRIPT: dict[str, Reply | Exception] = {
    "one": reply("It is 1."),
    "two": reply("It is 2."),
    "three": TimeoutError("no answer"),
}


@pytest.fixture
def numbers(tmp_path: Path) -> Suite:
    return suite(tmp_path, CASES, "numbers")


@pytest.fixture
def run(numbers: Suite, tmp_path: Path) -> Run:
    return run_suites(
        Scripted(SCRIPT), [numbers], folder=tmp_path / "one", tools=Tools(embedder=Letters()), disclosure=DISCLOSURE
    )


def required(run: Run) -> tuple[float | None, int] | None:
    figure = run.summary.overall.figure("must_contain")
    return (figure.value, figure.n) if figure else None


def test_scoring_again_gives_the_same_and_leaves_the_log(run: Run) -> None:
    log, scores = ((run.folder / name).read_bytes() for name in ("cases.jsonl", "scores.jsonl"))
    told, progress = ticking()
    again = rescore(run, tools=Tools(embedder=Letters()), progress=progress)
    assert (run.folder / "cases.jsonl").read_bytes() == log and (run.folder / "scores.jsonl").read_bytes() == scores
    assert again.summary == run.summary and again.info.rescored["kit"] and told[-1] == ("scoring cases", 3, 3)
    assert Run.load(run.folder).info.rescored == again.info.rescored
    assert not list(run.folder.glob("*.partial"))


def test_what_was_tampered_with_is_mended(run: Run) -> None:
    rows = [json.loads(line) for line in (run.folder / "scores.jsonl").read_text().splitlines()]
    rows[0]["scores"]["must_contain"]["value"] = 0.0
    (run.folder / "scores.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert Run.load(run.folder).records[0].value("must_contain") == 0
    assert rescore(Run.load(run.folder), tools=Tools()).records[0].value("must_contain") == 1


def test_without_an_embedder_its_metrics_are_unscored(run: Run) -> None:
    assert run.records[0].value("reference_similarity") == pytest.approx(1)
    again = rescore(run, tools=Tools())
    assert again.records[0].scores["reference_similarity"].unscored == "no embedder"


def test_todays_expectations(run: Run, numbers: Suite, tmp_path: Path) -> None:
    assert required(run) == (1, 2) and all(one.passed for one in check_gate(run) if one.metric == "must_contain")
    text = CASES.replace('must_contain: ["2"]', 'must_contain: ["22"], weight: 3').replace("min: 0.9", "min: 0.2")
    now = suite(tmp_path, text, "numbers")
    again = rescore(run, tools=Tools(), suites=[now])
    assert required(again) == (0.25, 2) and again.records[1].case.must_contain == ("22",)
    assert again.info.suites[0].digest == now.digest and again.info.suites[0].gate["must_contain"].min == 0.2
    # The errors of a run stay what they are.
    assert again.records[2].error == "TimeoutError: no answer" and again.summary.overall.errors == 1


def test_into_a_new_folder(run: Run, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in run.folder.iterdir()}
    again = rescore(run, tools=Tools(), out=tmp_path / "two")
    assert {path.name: path.read_bytes() for path in run.folder.iterdir()} == before
    assert again.id == "two" and (again.folder / "cases.jsonl").read_bytes() == before["cases.jsonl"]
    with pytest.raises(KitError, match="holds a run already"):
        rescore(run, tools=Tools(), out=tmp_path / "two")


@pytest.mark.parametrize(
    ("old", "new", "problem", "line"),
    [
        ("question: two", "question: too", "`b` asks something else than in this run", 6),
        ("id: b", "id: d", "`b` of this run is no longer in the suite numbers", None),
        ("cases:", "cases:\n  - {id: z, question: new, expect: decline}", "`z` is new since this run", 5),
    ],
)
def test_other_cases_are_refused(run: Run, tmp_path: Path, old: str, new: str, problem: str, line: int | None) -> None:
    before = {path.name: path.read_bytes() for path in run.folder.iterdir()}
    now = suite(tmp_path, CASES.replace(old, new), "numbers")
    with pytest.raises(KitError, match=problem) as caught:
        rescore(run, tools=Tools(), suites=[now])
    assert caught.value.line == line
    assert {path.name: path.read_bytes() for path in run.folder.iterdir()} == before


def test_half_a_run_is_scored_as_far_as_it_goes(run: Run) -> None:
    log = (run.folder / "cases.jsonl").read_bytes()
    (run.folder / "cases.jsonl").write_bytes(log[: log.index(b"\n") + 40])
    again = rescore(Run.load(run.folder), tools=Tools())
    assert len(again.records) == 1 and again.records[0].value("must_contain") == 1
