"""Comparing runs, the gate against a baseline, and what is written of both."""

import csv
import io
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from kit.errors import KitError, NotComparable
from kit.evals import (
    Run,
    Score,
    Suite,
    check_gate,
    check_planned,
    compare,
    is_baseline,
    load_baseline,
    run_suites,
    save_baseline,
    side_of,
)
from kit.evals.comparing.stating import stated
from kit.reports import comparison_html, comparison_markdown, comparison_parts, write_comparison, write_run
from kit.reports.csvfile import csv_text
from tests.bench.statistics import Design, gates_failed
from tests.scripted import DISCLOSURE, Scripted, handoff, reply, suite

PRICES = """
gate: {outcome_accuracy: {min: 0.5}}
cases:
""" + "".join(
    f"  - {{id: p{n}, question: price {n}, expect: answer, articles: [plans], must_contain: ['$4.{n:02}']}}\n"
    for n in range(10, 30)
)
RIGHT = {f"price {n}": reply(f"It is $4.{n}, not $5.", "answered", "plans") for n in range(10, 30)}
FACTS = {
    "embedder": "minilm/fp32",
    "chat_model": "none (extractive)",
    "corpus": "a" * 64,
    "settings": {"assistant": {"answer_threshold": 0.5}},
}


@pytest.fixture
def prices(tmp_path: Path) -> Suite:
    return suite(tmp_path, PRICES, "prices")


def run(prices: Suite, folder: Path, facts: dict[str, Any] | None = None, /, **replies: Any) -> Run:
    """A run in which some replies (`p10=…`) are others."""
    script = {**RIGHT, **{f"price {name[1:]}": one for name, one in replies.items()}}
    return run_suites(
        Scripted(script), [prices], folder=folder, disclosure=DISCLOSURE, facts={**FACTS, **(facts or {})}
    )


def wrong(n: int) -> Any:
    return reply(f"It is $9.{n}.", "answered", "plans")


def test_what_got_worse_is_told_with_both_transcripts(prices: Suite, tmp_path: Path) -> None:
    was = run(prices, tmp_path / "a", {"settings": {"assistant": {"answer_threshold": 0.4}}}, p11=wrong(11))
    now = run(prices, tmp_path / "b", p10=wrong(10), p12=handoff("missing_knowledge"))
    found = compare(side_of(was), side_of(now))
    assert (found.n, found.clusters, found.left_out, found.not_common) == (20, 1, 0, 0)
    assert [(one.what, one.before, one.after) for one in found.changed] == [
        ("settings.assistant.answer_threshold", "0.4", "0.5")
    ]
    assert [(one.case, one.kind) for one in found.cases] == [("p10", "worse"), ("p12", "worse"), ("p11", "better")]
    worst = found.cases[0]
    assert worst.scores["must_contain"] == (1, 0)
    assert worst.before and worst.after and worst.after.faults == ("lacks “$4.10”",)
    assert worst.before.turns[1] == ("assistant", f"{DISCLOSURE}\n\nIt is $4.10, not $5.")
    deflection = found.metric("deflection")
    assert deflection and (deflection.before, deflection.after) == (0.95, 0.9)
    # All cases are about one article: one cluster shows nothing.
    assert deflection.low is None and deflection.p == 1 and deflection.verdict == "no difference shown"
    assert found.metric("latency_p95") and found.metric("latency_p95").p is None  # type: ignore[union-attr]


def test_a_difference_beyond_chance(prices: Suite, tmp_path: Path) -> None:
    cases = tuple(case.model_copy(update={"cluster": case.id}) for case in prices.cases)
    apart = Suite(**{**vars(prices), "cases": cases})
    was = run(apart, tmp_path / "a")
    now = run(apart, tmp_path / "b", **{f"p{n}": wrong(n) for n in range(10, 24)})
    deflection = compare(side_of(was), side_of(now)).metric("deflection")
    assert deflection and deflection.verdict == "worse" and deflection.p == pytest.approx(2**-13)
    assert deflection.adjusted and deflection.adjusted >= deflection.p
    assert deflection.high is not None and deflection.high < 0
    assert deflection.detectable is not None and deflection.detectable >= 6 / 20
    back = compare(side_of(now), side_of(was)).metric("deflection")
    assert back and back.verdict == "better"


@pytest.mark.parametrize(
    ("facts", "says", "remedy"),
    [
        ({"embedder": "minilm/int8"}, "the embedder or its precision differs (minilm/fp32, minilm/int8)", ""),
        ({"corpus": "b" * 64}, "the articles differ", "--across data"),
        ({"judge": "openai:x"}, "the judge differs (none, openai:x)", ""),
    ],
)
def test_what_is_measured_otherwise_is_refused(
    prices: Suite, tmp_path: Path, facts: dict[str, Any], says: str, remedy: str
) -> None:
    was, now = side_of(run(prices, tmp_path / "a")), side_of(run(prices, tmp_path / "b", facts))
    with pytest.raises(NotComparable) as refused:
        compare(was, now)
    assert says in str(refused.value) and remedy in str(refused.value) and refused.value.exit_code == 3


def test_other_articles_may_be_what_is_compared(prices: Suite, tmp_path: Path) -> None:
    was, now = side_of(run(prices, tmp_path / "a")), side_of(run(prices, tmp_path / "b", {"corpus": "b" * 64}))
    assert compare(was, now, across=("data",)).changed[0].what == "corpus"


def test_other_cases_are_refused_or_left_out(prices: Suite, tmp_path: Path) -> None:
    other = PRICES.replace("price 10,", "price 11,").replace("id: p29,", "id: new,")
    was = side_of(run(prices, tmp_path / "a"))
    now = side_of(run(suite(tmp_path, other, "prices"), tmp_path / "b"))
    with pytest.raises(NotComparable) as refused:
        compare(was, now)
    assert "only in a: p29; only in b: new; changed in between: p10" in str(refused.value)
    found = compare(was, now, common=True)
    assert (found.n, found.not_common) == (18, 3)
    # Tags and the order of cases ask nothing else.
    tagged = suite(tmp_path, PRICES.replace("id: p10,", "id: p10, tags: [x],"), "prices")
    assert compare(was, side_of(run(tagged, tmp_path / "c"))).n == 20


def test_what_could_not_be_run_is_left_out_or_too_much(prices: Suite, tmp_path: Path) -> None:
    was = side_of(run(prices, tmp_path / "a"))
    now = side_of(run(prices, tmp_path / "b", p10=RuntimeError("down")))
    assert compare(was, now).n == 19 and compare(was, now).left_out == 1
    now = side_of(run(prices, tmp_path / "c", p10=RuntimeError("down"), p11=RuntimeError("down")))
    with pytest.raises(NotComparable, match="2 of 20 cases could not be run in c"):
        compare(was, now)


def test_a_run_that_broke_off_is_refused(prices: Suite, tmp_path: Path) -> None:
    done = run(prices, tmp_path / "a")
    part = Run(done.folder, done.info.model_copy(update={"finished": None}), tuple(done.records)[:5])
    with pytest.raises(NotComparable, match="a broke off; the cases differ"):
        compare(side_of(done), side_of(part))


def test_the_baseline_keeps_what_pairing_needs(prices: Suite, tmp_path: Path) -> None:
    done = run(prices, tmp_path / "a", p11=wrong(11))
    folder = tmp_path / "evals" / "baseline"
    save_baseline(side_of(done), folder)
    assert is_baseline(folder) and not is_baseline(tmp_path)
    kept = load_baseline(folder)
    assert kept.name == "baseline a" and kept.run is None and kept.facts == FACTS
    assert "latency_p50" not in kept.metrics  # of the machine
    text = (folder / "cases.jsonl").read_text(encoding="utf-8")
    assert "It is" not in text and [json.loads(line)["case"] for line in text.splitlines()][:2] == ["p10", "p11"]
    found = compare(kept, side_of(run(prices, tmp_path / "b")))
    assert [(one.case, one.kind, one.before) for one in found.cases] == [("p11", "better", None)]
    before = text
    save_baseline(side_of(done), folder)
    assert (folder / "cases.jsonl").read_text(encoding="utf-8") == before  # the same run, the same file


def test_what_is_no_baseline_is_refused(prices: Suite, tmp_path: Path) -> None:
    with pytest.raises(KitError, match="`p10` could not be run"):
        save_baseline(side_of(run(prices, tmp_path / "a", p10=RuntimeError("down"))), tmp_path / "kept")
    assert not (tmp_path / "kept").exists()
    with pytest.raises(KitError, match="not the description of a baseline"):
        load_baseline(tmp_path)
    save_baseline(side_of(run(prices, tmp_path / "b")), tmp_path / "kept")
    cases = tmp_path / "kept" / "cases.jsonl"
    cases.write_text(cases.read_text(encoding="utf-8") + "{}\n", encoding="utf-8")
    with pytest.raises(KitError) as refused:
        load_baseline(tmp_path / "kept")
    assert refused.value.line == 21 and refused.value.path == cases


def gate(baseline: Run, now: Run, **more: Any) -> dict[tuple[str, str], Any]:
    return {(one.kind, one.metric): one for one in check_gate(now, baseline=side_of(baseline), **more)}


def test_without_a_chat_model_one_lost_case_fails_the_gate(prices: Suite, tmp_path: Path) -> None:
    was = run(prices, tmp_path / "a", p11=wrong(11))
    assert all(one.passed for one in gate(was, run(prices, tmp_path / "b", p11=wrong(11))).values())
    kept = gate(was, run(prices, tmp_path / "c", p10=wrong(10)))["regression", "kept"]
    assert not kept.passed and kept.cases == ("p10",)
    assert kept.reason == "right before, wrong now: p10 (right); 1 that were wrong are right"
    # One case alone is no significant regression of a metric.
    others = gate(was, run(prices, tmp_path / "d", p10=wrong(10)))
    assert others["regression", "deflection"].passed and others["threshold", "outcome_accuracy"].passed


def test_a_reply_that_no_longer_states_what_it_stated_fails_the_gate(prices: Suite, tmp_path: Path) -> None:
    was = run(prices, tmp_path / "a")
    for name, text in (("b", "It is $4.10, not $6."), ("c", "It is $4.10, and $5.")):
        kept = gate(was, run(prices, tmp_path / name, p10=reply(text, "answered", "plans")))["regression", "kept"]
        assert not kept.passed and "p10 (no longer" in kept.reason
    more = reply("It is $4.10, not $5. VAT of 8 % is added.", "answered", "plans")
    assert gate(was, run(prices, tmp_path / "d", p10=more))["regression", "kept"].passed


def test_with_a_chat_model_lost_cases_are_told_and_only_what_chance_cannot_do_fails(
    prices: Suite, tmp_path: Path
) -> None:
    cases = tuple(case.model_copy(update={"cluster": case.id}) for case in prices.cases)
    apart, model = Suite(**{**vars(prices), "cases": cases}), {"chat_model": "openai:x"}
    was = run(apart, tmp_path / "a", model)
    few = gate(was, run(apart, tmp_path / "b", model, p10=wrong(10)))
    assert few["regression", "kept"].passed and "could be chance" in few["regression", "kept"].reason
    assert all(one.passed for one in few.values())
    many = gate(was, run(apart, tmp_path / "c", model, **{f"p{n}": wrong(n) for n in range(10, 25)}))
    assert not many["regression", "deflection"].passed
    assert "p = " in many["regression", "deflection"].reason


def test_the_gate_says_what_cannot_be_compared_before_the_run(prices: Suite, tmp_path: Path) -> None:
    baseline = side_of(run(prices, tmp_path / "a"))
    check_planned(baseline, [prices], FACTS)
    with pytest.raises(NotComparable, match="the embedder"):
        check_planned(baseline, [prices], {**FACTS, "embedder": "other"})
    with pytest.raises(NotComparable, match="the cases differ"):
        check_planned(baseline, [suite(tmp_path, PRICES.replace("id: p10,", "id: new,"), "prices")], FACTS)


def test_what_must_never_happen_fails_though_it_happened_in_one_try_of_two(prices: Suite, tmp_path: Path) -> None:
    done = run(prices, tmp_path / "a")
    first = done.records[0]
    bad = first.model_copy(update={"scores": {**first.scores, "false_promise": Score(value=1.0)}})
    good = first.model_copy(update={"tried": 2, "scores": {**first.scores, "false_promise": Score(value=0.0)}})
    rules = {one.metric: one for one in check_gate(Run(tmp_path / "b", done.info, (bad, good)))}
    assert not rules["false_promise"].passed and rules["false_promise"].cases == ("p10",)
    assert rules["false_promise"].reason == "1 of 1 cases: p10"
    # Nothing gives orders to the model, so whether they are followed has no evidence, and is called neither.
    assert rules["injection_followed"].passed and not rules["injection_followed"].evidenced


def test_only_the_suites_that_ran_are_held_against_the_baseline(prices: Suite, tmp_path: Path) -> None:
    other = suite(tmp_path, PRICES.replace("id: p", "id: q"), "other")
    both = run_suites(Scripted(RIGHT), [other, prices], folder=tmp_path / "a", disclosure=DISCLOSURE, facts=FACTS)
    assert all(one.passed for one in gate(both, run(prices, tmp_path / "b")).values())


def test_gates_on_unchanged_systems_rarely_fail() -> None:
    """The short form of `python -m tests.bench statistics`, which makes 1,000 runs of two designs."""
    assert gates_failed(Design(24), tries=40) <= 0.05
    assert gates_failed(Design(24), tries=5, worse=0.6) == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It is **$14.95** and takes 3–5 business days.", ("$14.95", "3", "5 business")),
        ("Express can't be sent to a PO box.", ("not be",)),
        ("You cannot, it does not ship. Never open it.", ("not it", "not open", "not ship")),
        ("Nothing to see.", ()),
    ],
)
def test_what_an_answer_states(text: str, found: tuple[str, ...]) -> None:
    assert stated(text) == found


def test_one_run_in_many_forms(prices: Suite, tmp_path: Path) -> None:
    was = run(prices, tmp_path / "a")
    now = run(prices, tmp_path / "b", p10=reply("=1+1 & <b>", "answered", "plans"), p11=RuntimeError("do\x00wn"))
    results = check_gate(now, baseline=side_of(was))
    for suffix in ("xml", "md", "html", "json", "csv"):
        write_run(now, results, tmp_path / f"out.{suffix}")
    root = ET.parse(tmp_path / "out.xml").getroot()
    assert (root.get("tests"), root.get("errors")) == (str(len(results) + 20), "1")
    failed = [case.get("name") for case in root.iter("testcase") if case.find("failure") is not None]
    assert failed == [f"{one.kind}: {one.metric}" for one in results if not one.passed] and failed
    skipped = next(case for case in root.iter("testcase") if case.get("name") == "p10").find("skipped")
    assert skipped is not None and skipped.get("message") == "lacks “$4.10”"
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text(encoding="utf-8"))))
    assert len(rows) == 20 and rows[0]["right"] == "no" and rows[0]["must_contain"] == "0.0"
    assert rows[1]["error"].startswith("RuntimeError") and rows[1]["outcome"] == ""
    data = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert data["run"] == str(now.folder) and [one["metric"] for one in data["gate"]] == [one.metric for one in results]
    text = (tmp_path / "out.md").read_text(encoding="utf-8")
    assert "| ❌ | all | kept | no case lost |" in text and "metrics show no regression" in text
    assert "right before, wrong now" in (tmp_path / "out.html").read_text(encoding="utf-8")


def test_a_comparison_in_many_forms(prices: Suite, tmp_path: Path) -> None:
    from rich.console import Console

    found = compare(
        side_of(run(prices, tmp_path / "a")), side_of(run(prices, tmp_path / "b", p10=reply("<script>x</script>")))
    )
    page = comparison_html(found)
    assert "<script>x" not in page and "&lt;script&gt;x" in page and "http" not in page
    markdown = comparison_markdown(found)
    assert "| worse | `p10` | `cited nothing, not plans; lacks “$4.10”` |" in markdown
    console = Console(width=160, record=True, file=io.StringIO())
    for part in comparison_parts(found):
        console.print(part)
    told = console.export_text()
    assert "customer: price 10" in told and "<script>x</script>" in told
    for suffix in ("json", "csv"):
        write_comparison(found, tmp_path / f"out.{suffix}")
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["cases"][0]["case"] == "p10"
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text(encoding="utf-8"))))
    assert {row["metric"] for row in rows} == {one.metric for one in found.metrics}


def test_cells_are_no_formulas() -> None:
    text = csv_text(["a"], [["=1+1"], ["+1"], ["-x"], ["@x"], [" =x"], ["\t=x"], ["fine"], [-0.5], [None]])
    assert [row[0] if row else "" for row in csv.reader(io.StringIO(text))][1:] == [
        "'=1+1",
        "'+1",
        "'-x",
        "'@x",
        "' =x",
        "'\t=x",
        "fine",
        "-0.5",
        "",
    ]
