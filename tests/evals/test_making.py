"""Cases made without a model: what headings ask, the kinds of cases, and that they read as they were written."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kit.errors import KitError
from kit.evals import Case, load_suite
from kit.evals.making import KINDS, Asked, draft_cases, suite_text, ticket_cases
from kit.evals.making.asking import Asker
from kit.knowledge import HybridRetriever
from kit.workspace import Workspace
from tests.keeping.conftest import Shop

ASKER = Asker.of(
    ["if you pair the Dial with a Sense, see Apple Home of Brightloom, and it works"], lambda options: options[0]
)


@pytest.fixture(scope="module")
def retriever(sample: Path) -> HybridRetriever:
    return Workspace.open(sample).retriever


@pytest.fixture(scope="module")
def drafted(retriever: HybridRetriever) -> tuple[Case, ...]:
    return draft_cases(retriever, n=60, seed=4, prefix="m")


@pytest.mark.parametrize(
    ("title", "heading", "question"),
    [
        ("Pairing a sensor", "Pairing a sensor", "How do I pair a sensor?"),
        ("Moving", "Moving house or transferring a Dial", "How do I move house or transfer a Dial?"),
        ("x", "Using discounts together", "How do I use discounts together?"),
        ("x", "Reset your password", "How do I reset my password?"),
        ("Two-step verification", "Turn it on", "About two-step verification: how do I turn it on?"),
        ("x", "How to trade in a Dial", "How do I trade in a Dial?"),
        ("Plans and prices", "How billing works", "About plans and prices: how does billing work?"),
        ("x", "How tax is worked out", "How is tax worked out?"),
        ("Returns", "How long you have", "About returns: how long do I have?"),
        ("x", "How far back you can look", "How far back can I look?"),
        ("x", "What the warranty covers", "What does the warranty cover?"),
        ("Child lock", "What it locks", "About child lock: what does it lock?"),
        ("x", "When a payment fails", "What happens when a payment fails?"),
        ("When a payment fails", "Fix it", "When a payment fails, how do I fix it?"),
        ("x", "If your plan has already dropped", "What do I do if my plan has already dropped?"),
        ("Install the Dial", "Where to put it", "If I install the Dial, where do I put it?"),
        ("x", "The trial didn't appear", "The trial didn't appear. What can I do?"),
        ("x", "Is a lower Eco temperature always cheaper?", "Is a lower Eco temperature always cheaper?"),
        ("x", "E1: no power on Rc", "What does E1 mean?"),
        ("Sign-in", "Forgotten the PIN?", "I have forgotten the PIN. What can I do?"),
        ("Recovery codes", "Recovery codes", "What should I know about recovery codes?"),
        ("Platforms", "Apple Home", "About platforms: what should I know about Apple Home?"),
        ("About Brightloom", "What we make", "About Brightloom: what do you make?"),
        ("Moving a Dial", "Taking it with you", "If I move a Dial, how do I take it with me?"),
        ("x", "1. Warranty periods", "About x: what should I know about warranty periods?"),
    ],
)
def test_headings_become_what_customers_ask(title: str, heading: str, question: str) -> None:
    assert ASKER.ask(title, heading) == question


@pytest.mark.parametrize(
    "heading",
    [
        "Steps",
        "Before you start",
        "Next",
        "123",
        "Shipping times",
        "Get told",
        "On Basic",
        "Express",
        "Two PINs, not one",
    ],
)
def test_headings_that_no_customer_asks_for_give_nothing(heading: str) -> None:
    assert ASKER.ask("Set up the Dial", heading) is None


def test_the_same_seed_makes_the_same_cases(retriever: HybridRetriever, drafted: tuple[Case, ...]) -> None:
    assert draft_cases(retriever, n=10, seed=4, prefix="m") == drafted[:10]
    assert draft_cases(retriever, n=10, seed=5, prefix="m") != drafted[:10]


def test_cases_of_every_kind(retriever: HybridRetriever, drafted: tuple[Case, ...]) -> None:
    cases = drafted
    assert len(cases) == len({case.id for case in cases}) == len({case.question for case in cases}) == 60
    assert {case.tags[1] for case in cases} == set(KINDS) and all(case.generated for case in cases)
    assert len({case.articles[0] for case in cases if case.articles}) > 25
    by_kind = {kind: [case for case in cases if kind in case.tags] for kind in KINDS}
    plain = {case.question for kind in ("plain",) for case in by_kind[kind]}
    assert all(case.articles_all and len(case.articles) == 2 for case in by_kind["two-questions"])
    assert all(len(case.question) > 90 for case in by_kind["rambling"])
    assert not plain & {case.question for case in by_kind["misspelt"]}
    assert all(case.reference and case.articles[0] in retriever.build.article for case in by_kind["plain"])


def test_what_is_unanswerable_has_no_article_left(retriever: HybridRetriever, drafted: tuple[Case, ...]) -> None:
    unknown = [case for case in drafted if "unknown" in case.tags]
    assert len(unknown) >= 3
    for case in unknown:
        assert case.expect == "hand_off" and case.cluster == case.without[0]
        whole = retriever.find(case.question)
        assert whole.hits[0].passage.article_id in case.without
        left = retriever.model_copy(update={"without": frozenset(case.without)}).find(case.question)
        assert left.signals.scope < min(0.4, 0.7 * whole.signals.scope)


def test_ids_that_are_taken_are_not_given_again(retriever: HybridRetriever) -> None:
    first = draft_cases(retriever, n=5, prefix="m")
    again = draft_cases(retriever, n=5, prefix="m", taken=[case.id for case in first])
    assert [case.question for case in again] == [case.question for case in first]
    assert not {case.id for case in again} & {case.id for case in first}


@pytest.fixture
def small(retriever: HybridRetriever, tmp_path: Path) -> Callable[[str], HybridRetriever]:
    def index(text: str) -> HybridRetriever:
        shop = Shop(tmp_path, embedder=retriever.build.embedder)  # type: ignore[arg-type]
        shop.write("parcels.md", text)
        shop.refresh()
        return HybridRetriever(build=shop.open())

    return index


def test_few_headings_give_few_cases(small: Callable[[str], HybridRetriever]) -> None:
    made = draft_cases(small("# Track a parcel\n\nUse the link.\n\n## Report a lost parcel\n\nWrite to us.\n"), n=500)
    assert 2 <= len(made) <= 10
    assert {"How do I track a parcel?", "How do I report a lost parcel?"} <= {case.question for case in made}


def test_other_languages_are_not_guessed_at(small: Callable[[str], HybridRetriever]) -> None:
    text = "---\nlanguage: de\n---\n# Ein Paket verfolgen\n\nÜber den Link.\n"
    with pytest.raises(KitError, match="No heading of these articles gives a question; only English"):
        draft_cases(small(text), n=5)


ASKED = [
    Asked(id="T 1", question="How much is it?", articles=("a", "gone"), reference="It is $5.", tags=("Billing!",)),
    Asked(id="T 2", question="I am scared", escalated=True),
    Asked(id="T 3", question="how much is it", articles=("b",)),
    Asked(id="T 4", question="no idea what happened", escalated=False),
    Asked(id="T 5", question="where?", articles=("gone",)),
]


def test_tickets_give_cases_where_they_say_what_was_right() -> None:
    cases = ticket_cases(ASKED, n=10, prefix="t", articles=["a", "b"])
    assert {case.id: (case.expect, case.articles) for case in cases} == {
        "t-T-1": ("answer", ("a",)),
        "t-T-2": ("hand_off", ()),
    }
    priced = next(case for case in cases if case.id == "t-T-1")
    assert (priced.reference, priced.tags, priced.generated) == ("It is $5.", ("made", "ticket", "billing"), True)
    assert ticket_cases(ASKED, n=10, prefix="t", articles=["a", "b"], taken=["t-T-1"]) == tuple(
        case for case in cases if case.id != "t-T-1"
    )
    with pytest.raises(KitError, match="No ticket says what was right"):
        ticket_cases(ASKED[3:], n=10, articles=["a"])


TRICKY = [
    Case(id="a", question="yes", expect="clarify", tags=("no", "x; y", " z")),
    Case(
        id="b",
        question="=1+1 \u2028 \x85 “quoted”: # no comment",
        expect="hand_off",
        reason=("safety",),
        generated=True,
    ),
    Case.model_validate(
        {
            "id": "c",
            "turns": ["- one\n\nstill one", {"customer": "@two", "must_contain": ["[x]"]}, "three"],
            "expect": "answer",
            "playbook": "refund",
            "fields": {"complete": True, "amount": 1.5},
            "tools": [{"tool": "t", "arguments": {"a": None}}],
            "weight": 2.5,
        }
    ),
    Case.model_validate(
        {
            "id": "d",
            "customer": {"goal": "a refund", "opens": ["refund; please"], "knows": {"order number": "BL-1"}},
            "expect": "hand_off",
        }
    ),
]


@pytest.mark.parametrize("suffix", [".yaml", ".jsonl", ".csv"])
def test_a_suite_reads_as_it_was_written(tmp_path: Path, drafted: tuple[Case, ...], suffix: str) -> None:
    cases = (*drafted, *TRICKY)
    path = tmp_path / f"made{suffix}"
    path.write_text(suite_text("made", "Made: of #1.", cases, suffix, note="Two\nlines."), encoding="utf-8", newline="")
    read = load_suite(path)
    assert read.cases == cases
    assert read.name == "made"
