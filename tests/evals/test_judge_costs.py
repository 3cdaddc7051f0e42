"""What a judge takes counts against a run's limits, and what is known of it stands wherever its scores do."""

from pathlib import Path

import pytest

from kit.errors import KitError
from kit.evals import Budget, Run, Suite, Tools, compare, rescore, resume_suites, run_suites, side_of
from kit.evals.types import JudgedBy
from kit.models.fake_server import FakeOpenAI
from kit.reports.comparison import comparison_html, comparison_markdown
from tests.evals.judges import by_words, judge
from tests.scripted import Scripted, reply, suite

COUNT = 12
CASES = "cases:\n" + "".join(
    f'  - {{id: c{n}, question: q{n}, expect: answer, must_contain: ["{n}"], reference: It is {n}.}}\n'
    for n in range(COUNT)
)
SCRIPT = {f"q{n}": reply(f"It is {n}.") for n in range(COUNT)}


@pytest.fixture
def numbers(tmp_path: Path) -> Suite:
    return suite(tmp_path, CASES, "numbers")


def price(sent: int, received: int) -> float:
    return (sent + received) / 1000


def run(numbers: Suite, folder: Path, server: FakeOpenAI, budget: Budget | None = None, **of: object) -> Run:
    tools = Tools(judge=judge(server, **of))  # type: ignore[arg-type]
    return run_suites(Scripted(SCRIPT), [numbers], folder=folder, tools=tools, budget=budget)


def test_a_judges_tokens_and_costs_are_told(numbers: Suite, tmp_path: Path) -> None:
    with FakeOpenAI(reply=by_words) as server:
        done = run(numbers, tmp_path / "one", server, price=price)
        calls = len(server.requests)
        again = rescore(Run.load(done.folder), tools=Tools(judge=judge(server, price=price)))
    tally = Run.load(done.folder).info.tally
    assert done.info.tally.spent.calls == 0 and done.info.tally.judging.calls == calls > 3
    assert done.info.tally.taken.tokens > 0
    assert done.info.tally.judging.cost == pytest.approx(done.info.tally.judging.tokens / 1000)
    assert tally == again.info.tally and tally.judging.calls == 2 * calls


def test_a_judge_uses_up_the_budget(numbers: Suite, tmp_path: Path) -> None:
    with FakeOpenAI(reply=by_words) as server:
        stopped = run(numbers, tmp_path / "one", server, Budget(max_tokens=1))
        assert "the limit on tokens was reached" in stopped.info.stopped and 0 < len(stopped.records) < COUNT
        before = stopped.info.tally.judging
        tools = Tools(judge=judge(server))
        done = resume_suites(Run.load(stopped.folder), Scripted(SCRIPT), [numbers], tools=tools)
    assert done.complete and done.info.tally.judging.calls > before.calls > 0


def test_a_limit_on_cost_needs_the_judges_price(numbers: Suite, tmp_path: Path) -> None:
    with FakeOpenAI(reply=by_words) as server:
        with pytest.raises(KitError, match="What the judge costs is not known") as caught:
            run(numbers, tmp_path / "one", server, Budget(max_cost=1.0))
        assert "--max-tokens" in (caught.value.remedy or "") and not server.requests
        assert run(numbers, tmp_path / "two", server, Budget(max_cost=1.0), price=lambda *_: 0.0).complete


def test_a_comparison_says_how_far_people_agree_with_the_judge(numbers: Suite, tmp_path: Path) -> None:
    with FakeOpenAI(reply=by_words) as server:
        one, two = (run(numbers, tmp_path / name, server) for name in ("one", "two"))
    found = compare(side_of(one), side_of(two)).metric("factual_correctness")
    assert found and found.judge == side_of(two).judges["factual_correctness"] and not found.judge.calibrated
    for made in (comparison_markdown, comparison_html):
        assert "Factual correctness (openai:judge, not calibrated)" in made(compare(side_of(one), side_of(two)))
    prompt = found.judge.prompt
    known = JudgedBy(model="openai:judge", prompt=prompt, n=60, kappa=0.7, alpha=0.6, bias=0.01)
    standing = {("factual_correctness", prompt): known}
    with FakeOpenAI(reply=by_words) as server:
        sure, too = (run(numbers, tmp_path / name, server, standing=standing) for name in ("three", "four"))
    found = compare(side_of(one), side_of(sure)).metric("factual_correctness")
    assert found and found.judge and not found.judge.calibrated  # of two the one known least
    page = comparison_markdown(compare(side_of(sure), side_of(too)))
    assert "Factual correctness (openai:judge; with people: kappa 0.70, alpha 0.60, bias 0.01, n = 60)" in page
