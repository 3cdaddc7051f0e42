"""No gate goes by a judge that people were never asked about, and no table shows it alone."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kit.evals import JudgedBy, Record, Score, check_gate, summarise
from kit.evals.comparing import RunSide, side_of
from kit.evals.gate.regressions import regressions
from kit.evals.running import Run
from kit.evals.running.info import new_info
from kit.reports import run_markdown, summary_table
from tests.scripted import case, reply, suite, transcript

GATED = """
gate: {faithfulness: {min: 0.9}, aurc: {max: 0.9}}
cases: [{id: c, question: hi, expect: answer, articles: [a]}]
"""


def run(folder: Path, judge: JudgedBy) -> Run:
    one = Record(
        suite="smoke",
        case=case(articles=["a"]),
        transcript=transcript(reply("x", "answered", "a", confidence=0.9)),
        scores={"faithfulness": Score(value=1, judge=judge)},
    )
    done = Run(folder, new_info(folder, [suite(folder, GATED)], {}, seed=0), (one,))
    vars(done)["summary"] = summarise("r", [one])
    return done


@pytest.mark.parametrize(
    ("judge", "passed", "said"),
    [
        (JudgedBy(model="m", prompt="p"), False, "the judge m is not calibrated"),
        (
            JudgedBy(model="m", prompt="p", n=50, kappa=0.2),
            False,
            "people agree too little with the judge m (kappa 0.20)",
        ),
        (JudgedBy(model="m", prompt="p", n=50), False, "people agree too little with the judge m (kappa unknown)"),
        (JudgedBy(model="m", prompt="p", n=50, kappa=0.7), True, "kept"),
    ],
)
def test_thresholds(tmp_path: Path, judge: JudgedBy, passed: bool, said: str) -> None:
    results = {one.metric: one for one in check_gate(run(tmp_path, judge)) if one.kind == "threshold"}
    assert (results["faithfulness"].passed, results["faithfulness"].evidenced) == (passed, passed)
    assert said in results["faithfulness"].reason
    assert results["aurc"].passed and results["aurc"].value == 0  # a figure over the run can be gated too


def test_tables(tmp_path: Path) -> None:
    from rich.console import Console

    for judge, said in (
        (JudgedBy(model="m", prompt="p"), "Faithfulness (m, not calibrated)"),
        (
            JudgedBy(model="m", prompt="p", n=50, kappa=0.71, alpha=0.6, bias=-0.05),
            "Faithfulness (m; with people: kappa 0.71, alpha 0.60, bias -0.05, n = 50)",
        ),
    ):
        done = run(tmp_path, judge)
        console = Console(width=200)
        with console.capture() as capture:
            console.print(summary_table(done.summary))
        assert said in capture.get() and said in run_markdown(done)


def test_regressions_leave_judges_out(tmp_path: Path) -> None:
    def side(value: float) -> RunSide:
        scores = {name: Score(value=value) for name in ("faithfulness", "groundedness")}
        said = transcript(reply("x", "answered", "a"))
        cases = [case(articles=["a"]).model_copy(update={"id": f"c{n}", "cluster": f"c{n}"}) for n in range(40)]
        records = tuple(Record(suite="smoke", case=one, transcript=said, scores=scores) for one in cases)
        info = new_info(tmp_path, [suite(tmp_path, GATED)], {}, seed=0, finished=datetime.now(UTC))
        return side_of(Run(tmp_path, info, records))

    results = {one.metric: one.passed for one in regressions(side(1), side(0))}
    assert results["groundedness"] is False and "faithfulness" not in results
