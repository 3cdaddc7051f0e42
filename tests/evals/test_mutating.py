"""What is made wrong, and whether the gate's trial tells rightly what is caught."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from kit.assistant import Prompt
from kit.errors import KitError
from kit.evals import (
    Corruption,
    Fates,
    Run,
    Suite,
    article_corruptions,
    check_tests,
    drawn,
    prompt_corruptions,
    run_suites,
    threshold_corruptions,
    try_corruptions,
)
from kit.models import RememberingEmbedder, load_embedder
from kit.playbooks import Playbook, TrialReport, TrialResult
from kit.playbooks.trying.results import PlaybookResult
from kit.reports import mutation_lines, mutation_table
from kit.settings import cache_folder
from kit.workspace import Workspace
from tests.conftest import Run as Command
from tests.scripted import DISCLOSURE, Scripted, reply, suite

ARTICLE = """---
title: Shipping 2026
updated: 2025-11-04
---
Express takes 2 business days and costs $14.95. See [the 3 rules](../rules-4.md).

## Costs

1. Open the app.
2. Pay $14.95, not more. BL-104233 is an order.

## Where

We can't ship to a PO box, and we do not ship abroad.
"""


@pytest.fixture
def articles(tmp_path: Path) -> list[Corruption]:
    folder = tmp_path / "playbooks" / "knowledge" / "orders"
    folder.mkdir(parents=True)
    (folder / "shipping.md").write_text(ARTICLE, encoding="utf-8")
    return list(article_corruptions(tmp_path / "playbooks" / "knowledge", tmp_path))


def of(corruptions: list[Corruption], kind: str) -> list[Corruption]:
    return [one for one in corruptions if one.kind == kind]


def text_of(corruption: Corruption) -> str:
    text = corruption.edits["playbooks/knowledge/orders/shipping.md"]
    assert text is not None
    return text


def test_figures_are_changed_wherever_the_article_has_them(articles: list[Corruption]) -> None:
    found = of(articles, "figure")
    # Not the title's year, the link, the numbers of the steps, the order's number.
    assert [one.what for one in found] == ["`2 business` becomes `4`", "`$14.95` becomes `$22.42`"]
    head = ARTICLE[: ARTICLE.index("Express")]
    assert all(text_of(one).startswith(head) for one in found)
    assert "takes 4 business days and costs $14.95" in text_of(found[0]) and "\n2. Pay" in text_of(found[0])
    assert "costs $22.42" in text_of(found[1]) and "2. Pay $22.42, not" in text_of(found[1])
    assert all("BL-104233" in text_of(one) and "[the 3 rules](../rules-4.md)" in text_of(one) for one in found)
    assert {(one.target, one.path, one.line) for one in found[:1]} == {
        ("orders/shipping", "playbooks/knowledge/orders/shipping.md", 5)
    }


def test_negations_are_taken_back(articles: list[Corruption]) -> None:
    texts = [text_of(one) for one in of(articles, "negation")]
    assert any("Pay $14.95, more." in text for text in texts)
    assert any("We can ship to a PO box, and we do not ship" in text for text in texts)
    assert any("We can't ship to a PO box, and we do ship abroad" in text for text in texts)
    assert len(texts) == 3


def test_sections_change_places_under_their_headings(articles: list[Corruption]) -> None:
    (swapped,) = of(articles, "swapped")
    assert "## Costs\n\nWe can't ship" in text_of(swapped) and "## Where\n\n1. Open the app." in text_of(swapped)
    (removed,) = of(articles, "removed")
    assert removed.edits == {"playbooks/knowledge/orders/shipping.md": None}
    assert len({one.key for one in articles}) == len(articles)


def test_thresholds_and_prompts() -> None:
    settings = {"answer_threshold": 0.5, "clarify_threshold": 0.0, "scope_threshold": 0.3}
    found = [(one.target, dict(one.settings)) for one in threshold_corruptions(settings)]
    assert ("answer_threshold", {"answer_threshold": 1.0}) in found and len(found) == 5
    prompts = list(prompt_corruptions([Prompt("answer", "Be kind.\n\n- Cite.\n- Never guess.")]))
    assert [one.prompt.text for one in prompts if one.prompt] == [
        "\n\n- Cite.\n- Never guess.",
        "Be kind.\n\n\n- Never guess.",
        "Be kind.\n\n- Cite.\n",
    ]
    assert list(prompt_corruptions([Prompt("answer", "Be kind.")])) == []  # nothing would be left


def test_a_sample_is_spread_over_the_kinds(articles: list[Corruption]) -> None:
    some = drawn(articles, 4, seed=1)
    assert {one.kind for one in some} == {"figure", "negation", "removed", "swapped"}
    assert some == drawn(articles, 4, seed=1) and drawn(articles, None, seed=1) == articles
    assert [one for one in articles if one in some] == some


PRICES = """
gate: {outcome_accuracy: {min: 0.6}}
cases:
  - {id: plus, question: how much is plus, expect: answer, articles: [plans], must_contain: ["4.99"]}
  - {id: trial, question: is there a trial, expect: answer, articles: [trial]}
  - {id: poem, question: write a poem, expect: decline}
"""
SCRIPT = {
    "how much is plus": reply("It is $4.99.", "answered", "plans"),
    "is there a trial": reply("It is free for 30 days.", "answered", "trial"),
    "write a poem": reply("I only help with Brightloom.", "declined"),
}
FACTS = {"chat_model": "none (extractive)", "corpus": "one"}


class Grounds:
    """Corrupted workspaces: what each corruption's target makes of the script."""

    def __init__(self, folder: Path, changed: Mapping[str, Mapping[str, object]]) -> None:
        self.folder, self.changed, self.asked = folder, changed, list[str]()

    @contextmanager
    def __call__(self, corruption: Corruption) -> "Iterator[Grounds]":
        if corruption.kind == "removed":
            raise KitError("Case `trial`: there is no article `trial`.", path=self.folder / "x.yaml", line=3)
        self.script = {**SCRIPT, **self.changed.get(corruption.target, {})}
        yield self

    def failing(self, playbook: Playbook) -> str:
        return str(self.changed.get(playbook.id, {}).get("its test", ""))

    def run(self, suites: Sequence[Suite]) -> Run:
        self.asked += [case.id for one in suites for case in one.cases]
        folder = self.folder / f"run-{len(self.asked)}"
        facts = {**FACTS, "corpus": "two"}
        return run_suites(Scripted(self.script), suites, folder=folder, disclosure=DISCLOSURE, facts=facts)  # type: ignore[arg-type]


def corrupt(target: str, kind: str = "figure") -> Corruption:
    return Corruption(kind=kind, target=target, what="x", path="x.md", line=1, edits={"x.md": target})  # type: ignore[arg-type]


def test_the_trial(tmp_path: Path) -> None:
    prices = suite(tmp_path, PRICES, "prices")
    reference = run_suites(
        Scripted(SCRIPT), [prices], folder=tmp_path / "reference", disclosure=DISCLOSURE, facts=FACTS
    )
    grounds = Grounds(
        tmp_path,
        {
            "plans": {"how much is plus": reply("It is $7.48.", "answered", "plans")},
            "trial": {"is there a trial": reply("It is free for 45 days.", "answered", "trial")},
            "answer_threshold": {one: reply("Which one?", "clarified") for one in SCRIPT},
        },
    )
    tried = [
        corrupt("plans"),
        corrupt("trial"),
        corrupt("elsewhere"),
        corrupt("trial", "removed"),
        Corruption(kind="threshold", target="answer_threshold", what="x", path="kit.toml", settings={"a": 1}),
    ]
    fates = Fates(tmp_path / "fates", rests_on="x" * 64)
    among = {"figure": 3, "removed": 1, "threshold": 1}
    report = try_corruptions(tried, reference, [prices], grounds, among=among, fates=fates)  # type: ignore[arg-type]
    assert [(one.fate, one.by) for one in report.results] == [
        ("failed", "plus: right"),
        ("failed", "trial: no longer “30 days”"),
        ("passed", ""),
        ("refused", "Case `trial`: there is no article `trial`."),
        ("failed", report.results[4].by),
    ]
    # Of articles only the cases run that came across them.
    assert [one.ran for one in report.results] == [1, 1, 0, 0, 3]
    assert (report.share(), report.share("figure"), report.share("prompt")) == (0.8, 2 / 3, None)
    assert report.reaches(0.8) and not report.reaches(0.81)
    assert mutation_lines(report)[1:] == ["x.md:1: elsewhere: x"] and mutation_table(report).row_count == 4
    # What is known is not tried again, not even after a crash in the middle of a line.
    grounds.asked.clear()
    file = next((tmp_path / "fates").iterdir())
    file.write_bytes(file.read_bytes()[:-20])
    again = try_corruptions(
        tried,
        reference,
        [prices],
        grounds,
        among=among,  # type: ignore[arg-type]
        fates=Fates(tmp_path / "fates", rests_on="x" * 64),
    )
    assert again.kept == 4 and again.results == report.results and set(grounds.asked) == {"plus", "trial", "poem"}


def test_a_wrong_playbook_is_caught_by_its_own_tests(tmp_path: Path, sample: Path) -> None:
    prices = suite(tmp_path, PRICES, "prices")
    reference = run_suites(
        Scripted(SCRIPT), [prices], folder=tmp_path / "reference", disclosure=DISCLOSURE, facts=FACTS
    )
    refund, other = Workspace.open(sample).playbooks[:2]
    tried = [
        Corruption(kind="playbook", target=one.id, what="x", path="x.md", line=1, playbook=one)
        for one in (refund, other)
    ]
    grounds = Grounds(tmp_path, {refund.id: {"its test": "fell_on_day_15"}})
    report = try_corruptions(tried, reference, [prices], grounds, among={"playbook": 2})
    assert [(one.fate, one.by, one.ran) for one in report.results] == [
        ("failed", f"{refund.id}: its test fell_on_day_15", 0),
        ("passed", "", 0),
    ]
    broken = TrialReport((PlaybookResult("x", Path("x.md"), (TrialResult("t", False, (), (), ()),)),), 1.0)
    with pytest.raises(KitError, match=r"fails without any mistake \(playbook_tests: 1 of 1 tests: x: t"):
        check_tests(broken)


def test_a_gate_that_fails_anyway_proves_nothing(tmp_path: Path) -> None:
    prices = suite(tmp_path, PRICES, "prices")
    script = {**SCRIPT, **{one: reply("No.", "declined") for one in list(SCRIPT)[:2]}}
    reference = run_suites(Scripted(script), [prices], folder=tmp_path / "r", facts=FACTS)
    with pytest.raises(KitError, match="fails without any mistake"):
        try_corruptions([corrupt("plans")], reference, [prices], Grounds(tmp_path, {}), among={})


def test_remembered_vectors_are_the_embedders(sample: Path) -> None:
    embedder = load_embedder("packaged", cache=cache_folder())
    remembering = RememberingEmbedder(embedder)
    texts = ["How much is Plus?", "A gift card", "How much is Plus?"]
    for _ in range(2):
        assert remembering.encode(texts) == pytest.approx(embedder.encode(texts), abs=1e-5)
        assert remembering.embed_query(texts[0]) == pytest.approx(embedder.embed_query(texts[0]), abs=1e-5)
        assert remembering.encode_layers(texts) == pytest.approx(embedder.encode_layers(texts), abs=1e-5)
        for mine, theirs in zip(remembering.encode_tokens(texts), embedder.encode_tokens(texts), strict=True):
            assert list(mine.ids) == list(theirs.ids) and mine.vectors == pytest.approx(theirs.vectors, abs=1e-5)
    assert len(remembering.encode([])) == 0


def test_in_a_copy_of_the_workspace(small: Path) -> None:
    space = Workspace.open(small)
    before = {path: path.read_bytes() for path in (small / "playbooks").rglob("*") if path.is_file()}
    (removed,) = (one for one in space.corruptions(["removed"]) if one.target == "orders/shipping-times-and-costs")
    price = next(
        one for one in space.corruptions(["figure"]) if one.target == removed.target and one.what.startswith("`$14.95`")
    )
    day = date(2026, 1, 5)
    with pytest.raises(KitError, match="there is no article"), space._corrupted(removed, [], day):
        pass
    with space._corrupted(price, [], day) as ground:
        (record, _) = ground.run(space.suites()).records
        assert record.transcript and "$14.95" not in record.transcript.answer
        assert record.transcript.cited == (removed.target,) and "$22.42" in record.transcript.answer
    assert {path: path.read_bytes() for path in before} == before


def test_its_tests_are_played_with_the_wrong_playbook(small: Path) -> None:
    space = Workspace.open(small)
    every = [one for one in space.corruptions(["playbook"]) if one.target == "price-match"]
    wrong = next(one for one in every if "the limit of 14 becomes 15" in one.what)
    assert wrong.playbook is not None
    right = next(one for one in space.playbooks if one.id == wrong.target)
    with space._corrupted(wrong, [], date(2026, 1, 5)) as ground:
        assert ground.failing(wrong.playbook) in {test.id for test in right.tests}
        assert ground.failing(right) == ""


def test_the_command(small: Path, kit: Command) -> None:
    told = kit("eval", "mutate", "-w", small, "--kind", "threshold", "--kind", "removed", "--sample", "4")
    assert told.returncode == 0, told.stderr
    assert "What the gate catches" in told.stdout and "a threshold is at its end" in told.stdout
    told = kit("eval", "mutate", "-w", small, "--kind", "threshold", "--kind", "removed", "--sample", "4", "--min", "1")
    assert told.returncode == 1 and "4 of 4 were known from before" in told.stdout
    assert kit("eval", "mutate", "-w", small, "--kind", "nonsense").returncode == 2
