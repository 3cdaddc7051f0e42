"""Metrics: what each counts, and that what does not apply is unscored with a cause."""

import asyncio

import pytest

from kit.assistant import Reply
from kit.evals import REGISTRY, Case, Metric, Score, Transcript, faults, metric
from kit.evals.metrics import Tools
from kit.evals.metrics.right import contains
from kit.evals.running import Scorer
from kit.evals.types import Simulated
from tests.scripted import Letters, case, handoff, reply, transcript


def score(name: str, one: Case, said: Transcript, tools: Tools = Tools()) -> Score:  # noqa: B008 (frozen)
    got = REGISTRY[name](tools).score(one, said)
    return got if isinstance(got, Score) else asyncio.run(_wait(got))  # type: ignore[arg-type]


async def _wait(got: object) -> Score:
    return await got  # type: ignore[misc]


def value(name: str, one: Case, *replies: Reply) -> float | None:
    return score(name, one, transcript(*replies)).value


PLUS = {"articles": ["billing/plans", "billing/trial"]}


@pytest.mark.parametrize(
    ("text", "wanted", "found"),
    [
        ("It costs **$4.99** a month.", "$4.99 a month", True),
        ("It costs $14.99.", "4.99", False),
        ("It costs $4.995.", "4.99", False),
        ("It costs 4.99.", "4.99", True),
        ("Within 130 days", "30 days", False),
        ("Within 30 Days", "30 days", True),
        ("1,030 days", "030 days", False),
        ("Don’t reset – wait", "don't reset - WAIT", True),
        ("refunds", "refund", True),
    ],
)
def test_contains(text: str, wanted: str, found: bool) -> None:
    assert contains(text, wanted) is found


def test_outcome() -> None:
    assert value("outcome_accuracy", case("clarify"), reply("Which one?", "clarified")) == 1
    wrong = score("outcome_accuracy", case("clarify"), transcript(reply()))
    assert wrong == Score(value=0, reason="answered instead of clarified")
    # The last reply is the one that counts.
    assert value("outcome_accuracy", case(articles=["a"]), reply("Which?", "clarified"), reply()) == 1


def test_faults() -> None:
    asked = case(**PLUS, must_contain=["4.99"], must_not_contain=["free"], playbook="plans")
    assert faults(asked, transcript(reply("It is 4.99.", "answered", "x", "billing/trial", playbook="plans"))) == ()
    bad = transcript(reply("It is free.", "answered", "x"))
    assert faults(asked, bad) == (
        "cited x, not billing/plans or billing/trial",
        "lacks “4.99”",
        "contains “free”",
        "followed no playbook, not plans",
    )
    assert faults(asked, transcript(handoff())) == ("handed_off instead of answered",)
    both = case(**PLUS, articles_all=True)
    assert faults(both, transcript(reply("x", "answered", "billing/trial"))) == (
        "cited billing/trial, not billing/plans",
    )
    assert faults(both, transcript(reply("x", "answered", "billing/trial", "billing/plans"))) == ()
    sensitive = case("hand_off", reason=["safety", "sensitive"])
    assert faults(sensitive, transcript(handoff("sensitive"))) == ()
    assert faults(sensitive, transcript(handoff("missing_knowledge"))) == (
        "handed off for missing_knowledge, not safety or sensitive",
    )


def test_articles() -> None:
    one = case(**PLUS)
    right_second = reply("x", "answered", "other", "billing/trial")
    assert value("article_first", one, right_second) == 0
    assert value("article_first", one, reply("x", "answered", "billing/trial")) == 1
    assert value("citation_recall", one, right_second) == 1  # any one of the two will do
    assert value("citation_precision", one, right_second) == 0.5
    assert value("citation_recall", case(**PLUS, articles_all=True), right_second) == 0.5
    nothing = transcript(reply())
    assert score("article_first", one, nothing) == Score(value=0, reason="cited nothing first")
    assert score("citation_recall", one, nothing).value == 0
    assert score("citation_precision", one, nothing) == Score.none("cites nothing")
    for name in ("article_first", "citation_recall", "citation_precision"):
        assert score(name, one, transcript(handoff())) == Score.none("was handed_off")
        assert score(name, case(must_contain=["x"]), nothing) == Score.none("names no articles")
        assert score(name, case("decline"), nothing) == Score.none("expects no answer")


def test_must_contain() -> None:
    one = case(must_contain=["4.99", "month"], must_not_contain=["free"])
    assert value("must_contain", one, reply("4.99 a month")) == 1
    assert value("must_contain", one, reply("4.99 a year")) == 0.5
    assert value("must_contain", one, reply("4.99 a month, free")) == 0
    assert value("must_contain", case(articles=["a"], must_not_contain=["free"]), reply("paid")) == 1
    assert score("must_contain", one, transcript(handoff())) == Score.none("was handed_off")
    assert score("must_contain", case(**PLUS), transcript(reply())) == Score.none("requires and forbids no text")


def test_quotes() -> None:
    passages = {"a#1": "Plus costs\n$4.99   a month.", "b#1": "Free."}
    true = transcript(reply("x", "answered", "a", quote="costs $4.99 a month"), passages=passages)
    assert score("quote_accuracy", case(**PLUS), true).value == 1
    half = transcript(reply("x", "answered", "a", "b", quote="costs $4.99"), passages=passages)
    assert score("quote_accuracy", case(**PLUS), half) == Score(value=0.5, reason="“costs $4.99” is not in b#1")
    gone = transcript(reply("x", "answered", "c", quote="x"), passages={})
    assert score("quote_accuracy", case(**PLUS), gone).value == 0
    unknown = transcript(reply("x", "answered", "a"))
    for name in ("quote_accuracy", "groundedness", "quoted_spans"):
        assert score(name, case(**PLUS), transcript(reply())) == Score.none("cites nothing")
        assert score(name, case(**PLUS), unknown) == Score.none("the passages were not at hand")


ANSWERED, WRONG = reply("x", "answered", "billing/plans"), reply("x", "answered", "other")
CLARIFIED, DECLINED = reply("Which?", "clarified"), reply("No.", "declined")


@pytest.mark.parametrize(
    # The values of deflection, containment, false deflection, needless hand-off, correct hand-off.
    ("expect", "said", "values"),
    [
        ("answer", ANSWERED, (1, 1, 0, 0, None)),
        ("answer", WRONG, (0, 1, 1, 0, None)),
        ("answer", CLARIFIED, (0, 1, 0, 0, None)),
        ("answer", handoff(), (0, 0, None, 1, None)),
        ("answer", DECLINED, (0, 1, 0, 1, None)),
        ("hand_off", ANSWERED, (0, 1, 1, None, 0)),
        ("hand_off", DECLINED, (0, 1, 1, None, 0)),
        ("hand_off", handoff(), (0, 0, None, None, 1)),
        ("decline", DECLINED, (1, 1, 0, None, None)),
        ("decline", ANSWERED, (0, 1, 1, None, None)),
        ("clarify", CLARIFIED, (None, 1, 0, None, None)),
        ("clarify", ANSWERED, (None, 1, 1, None, None)),
    ],
)
def test_deflection(expect: str, said: Reply, values: tuple[float | None, ...]) -> None:
    one = case(expect, **(PLUS if expect == "answer" else {}))
    names = ("deflection", "containment", "false_deflection", "needless_handoff", "correct_handoff")
    assert tuple(value(name, one, said) for name in names) == values


def test_a_conversation_once_handed_off_is_not_contained() -> None:
    assert value("containment", case(**PLUS), handoff(), ANSWERED) == 0
    assert value("deflection", case(**PLUS), handoff(), ANSWERED) == 0


def test_correct_handoff_needs_the_reason() -> None:
    one = case("hand_off", reason="safety")
    assert value("correct_handoff", one, handoff("safety")) == 1
    assert value("correct_handoff", one, handoff("missing_knowledge")) == 0


def test_playbook() -> None:
    one = case(playbook="refund")
    assert value("playbook_accuracy", one, reply(playbook="refund"), reply()) == 1
    assert value("playbook_accuracy", one, reply(playbook="refund"), reply(playbook="cancel")) == 0
    assert value("playbook_accuracy", case(**PLUS), reply()) is None


def test_reference() -> None:
    embedder = Letters()
    same, other = case(articles=["a"], reference="It is $4.99."), case(articles=["a"], reference="zzz")
    tools = Tools(embedder=embedder)
    similarity = REGISTRY["reference_similarity"](tools)
    values = [asyncio.run(_wait(similarity.score(one, transcript(reply())))).value for one in (same, other)]
    assert values == [pytest.approx(1), pytest.approx(0)]
    # Each by itself, and none twice: so a score does not depend on what else is scored.
    assert sorted(embedder.batches) == [["It is $4.99."], ["zzz"]]
    assert value("reference_rouge", same, reply()) == 1 and value("reference_rouge", other, reply()) == 0
    assert score("reference_similarity", same, transcript(reply())) == Score.none("no embedder")
    for name in ("reference_similarity", "reference_rouge"):
        assert score(name, same, transcript(handoff()), tools) == Score.none("was handed_off")
        assert score(name, case(articles=["a"]), transcript(reply()), tools) == Score.none("has no reference answer")


def test_latency() -> None:
    assert value("latency_p95", case(**PLUS), reply(latency_ms=2), reply(latency_ms=312.5)) == 312.5


def test_csat() -> None:
    """The signals are tested with the index, in tests/evals/test_csat.py."""
    right = score("csat_index", case(**PLUS), transcript(ANSWERED))
    wrong = score("csat_index", case(**PLUS), transcript(WRONG))
    assert right.value is not None and wrong.value is not None and right.value > 0.8 and wrong.value < 0.4
    assert right.reason.startswith("outcome 1.00×")


def test_every_metric_is_described() -> None:
    for name, one in REGISTRY.items():
        assert one.name == name and one.title and one.definition.endswith(".") and one.__doc__
        # A sentence says over what it is taken.
        assert "÷" in one.definition or " over " in one.definition


def test_a_metric_registers_once() -> None:
    with pytest.raises(ValueError, match="two metrics named deflection"):
        metric(REGISTRY["deflection"])


def test_a_failing_metric_leaves_the_case_unscored(monkeypatch: pytest.MonkeyPatch) -> None:
    class Odd(Metric):
        name, title, definition, kind = "odd", "Odd", "Odd.", "mean"

        def score(self, case: Case, transcript: Transcript) -> Score:
            raise RuntimeError("no such model")

    class Empty(Odd):
        name = "empty"

        async def score(self, case: Case, transcript: Transcript) -> Score:  # type: ignore[override]
            return Score(value=float("nan"))

    monkeypatch.setitem(REGISTRY, "odd", Odd)
    monkeypatch.setitem(REGISTRY, "empty", Empty)
    with Scorer(Tools()) as scorer:
        scores = scorer.score(case(**PLUS), transcript(ANSWERED))
    assert scores["odd"] == Score.none("RuntimeError: no such model")
    assert scores["empty"] == Score.none("the metric gave no number")
    assert scores["deflection"].value == 1


def test_scoring_within_a_running_loop() -> None:
    async def notebook() -> dict[str, Score]:
        with Scorer(Tools()) as scorer:
            return scorer.score(case(**PLUS), transcript(ANSWERED))

    assert asyncio.run(notebook())["citation_recall"].value == 1


def test_where_the_simulation_failed_nothing_is_scored() -> None:
    said = transcript(ANSWERED)
    failed = said.model_copy(update={"simulated": Simulated(ending="limit", failures=("said three times: hi",))})
    fine = said.model_copy(update={"simulated": Simulated(ending="content")})
    with Scorer(Tools()) as scorer:
        scores = scorer.score(case(**PLUS), failed)
        assert scorer.score(case(**PLUS), fine)["deflection"].value == 1
    assert set(scores) == set(REGISTRY)
    assert {one.unscored for one in scores.values()} == {"the simulated customer failed"}
