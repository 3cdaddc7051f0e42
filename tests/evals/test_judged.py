"""The metrics that ask a judge: the whole way through ragas, our adapter and a server."""

import json
from pathlib import Path

import pytest

from kit.evals import (
    REGISTRY,
    JudgeAgreement,
    JudgedBy,
    Record,
    Transcript,
    rescore,
    run_suites,
    summarise,
)
from kit.evals.judging import Judge, JudgeFailure
from kit.evals.metrics import Tools
from kit.evals.metrics.judged import Judged, judged_metrics
from kit.evals.running.scoring import Scorer
from kit.models.fake_server import Behaviour, FakeOpenAI
from kit.safety import Rules, mask
from tests.evals.asking import score
from tests.evals.judges import by_words, judge
from tests.scripted import DISCLOSURE, Letters, Scripted, case, handoff, reply, suite, transcript

PASSAGES = {"a#1": "Plus costs $4.99. It renews each month.", "b#1": "Returns take 30 days.", "c#1": "Pro is dear."}
REFERENCE = "Plus costs $4.99."
ASKED = case(articles=["a"], reference=REFERENCE)


def answered(text: str, *, passages: dict[str, str] | None = None, said: str = "How much is Plus?") -> Transcript:
    texts = passages or {one: PASSAGES[one] for one in ("b#1", "a#1")}
    talk = transcript(reply(text, "answered", "a", quote="x"), said=(said,), passages={"a#1": texts["a#1"]})
    return talk.model_copy(update={"retrieved": (*texts, "unknown#1"), "found": texts})


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("faithfulness", "Plus costs $4.99. It renews each month.", 1),
        ("faithfulness", "Plus costs $4.99. It is green.", 0.5),
        ("response_relevancy", "It is $4.99.", 1),
        ("response_relevancy", "I am not sure.", 0),
        # The second of two passages is the useful one.
        ("context_precision", "x", 0.5),
        ("context_recall", "x", 1),
        ("factual_correctness", "Plus costs $4.99.", 1),
        ("factual_correctness", "Plus costs $4.99. It is green.", 0.67),
        ("factual_correctness", "It is green.", 0),
    ],
)
def test_values(name: str, text: str, value: float) -> None:
    with FakeOpenAI(reply=by_words) as server:
        found = score(name, ASKED, answered(text), Tools(judge=judge(server), embedder=Letters()))
    assert found.value == pytest.approx(value, abs=0.005), found
    assert found.judge is not None and found.judge.model == "openai:judge" and not found.judge.calibrated


def test_passages_are_shown_as_they_were_ranked() -> None:
    first = answered("x", passages={one: PASSAGES[one] for one in ("a#1", "b#1")})
    cited = first.model_copy(update={"passages": {"c#1": PASSAGES["c#1"]}})
    many = first.model_copy(update={"found": {f"x#{n}": "Nothing." for n in range(9)}})
    with FakeOpenAI(reply=by_words) as server:
        tools = Tools(judge=judge(server))
        assert score("context_precision", ASKED, first, tools).value == pytest.approx(1)
        assert len(server.requests) == 2
        assert score("context_recall", ASKED, cited, tools).value == 1
        assert "Pro is dear." in server.requests[-1]["messages"][0]["content"]  # cited, and not found
        assert score("context_recall", ASKED, many, tools).value == 1  # what is cited is shown beside the first five
        assert server.requests[-1]["messages"][0]["content"].count("Nothing.") == 5


@pytest.mark.parametrize(
    ("name", "one", "said", "cause"),
    [
        ("faithfulness", ASKED, answered("x"), "no judge"),
        ("faithfulness", ASKED, transcript(handoff()), "was handed_off"),
        ("faithfulness", ASKED, transcript(reply()), "the passages were not at hand"),
        ("context_recall", case(articles=["a"]), answered("x"), "has no reference answer"),
        ("factual_correctness", case(articles=["a"]), answered("x"), "has no reference answer"),
        ("response_relevancy", ASKED, answered("x"), "no judge"),
    ],
)
def test_what_does_not_apply_is_not_asked(name: str, one: object, said: Transcript, cause: str) -> None:
    assert score(name, one, said).unscored == cause  # type: ignore[arg-type]


def test_relevancy_needs_an_embedder() -> None:
    with FakeOpenAI(reply=by_words) as server:
        assert score("response_relevancy", ASKED, answered("x"), Tools(judge=judge(server))).unscored == "no embedder"
        assert server.requests == []


@pytest.mark.parametrize(
    ("behaviour", "cause"),
    [
        (Behaviour("status", status=429), "HTTP 429"),
        (Behaviour("status", status=401), "HTTP 401"),
        (Behaviour("status", status=500), "HTTP 500"),
        ("bad_json", "broken answer"),
        ("web_page", "broken answer"),
        ("empty", "The judge answered nothing."),
        ("cut", ""),
    ],
)
def test_a_judge_that_fails_leaves_the_case_unscored(behaviour: Behaviour, cause: str) -> None:
    with FakeOpenAI(reply=by_words, behaviour=behaviour) as server, Scorer(Tools(judge=judge(server))) as scorer:
        scores = scorer.score(ASKED, answered("Plus costs $4.99."))
    assert scores["must_contain"].unscored and scores["deflection"].value == 1
    for name in ("faithfulness", "factual_correctness", "context_recall", "context_precision"):
        found = scores[name]
        assert found.value is None and found.unscored and cause in found.unscored, found
        assert "4.99" not in found.unscored and "Error:" not in found.unscored


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("I would say it is good.", "The judge did not answer in JSON."),
        ('{"statements": "none"}', "The judge left out or misread `statements`"),
        ('{"other": 1}', "The judge left out or misread `statements`"),
        ("{" * 2000, "The judge did not answer in JSON."),
        ('{"statements": []}', "the metric gave no number"),
    ],
)
def test_a_judgement_of_another_shape(text: str, cause: str) -> None:
    with FakeOpenAI(reply=text) as server, Scorer(Tools(judge=judge(server))) as scorer:
        found = scorer.score(ASKED, answered("Plus costs $4.99."))["faithfulness"]
        asked = len(server.requests)
    assert found.value is None and found.unscored.startswith(cause), found
    assert asked >= 2 or cause == "the metric gave no number"


def test_a_slip_is_forgiven_once() -> None:
    good = json.dumps({"statements": ["Plus costs $4.99."]})
    verdict = json.dumps({"statements": [{"statement": "x", "reason": "y", "verdict": 1}]})
    with FakeOpenAI(reply=["Sure!", f"Here:\n```json\n{good}\n```", f"I think {verdict} it is."]) as server:
        found = score("faithfulness", ASKED, answered("Plus costs $4.99."), Tools(judge=judge(server)))
        assert (found.value, len(server.requests)) == (1, 3)


def test_a_judge_sees_no_personal_data() -> None:
    mail, order = "jane.doe@example.org", "BL-104233"
    said = answered(
        f"Plus costs $4.99. We wrote to {mail}.",
        passages={"a#1": f"Write to {mail}."},
        said=f"I am {mail}, order {order}",
    )
    one = case(articles=["a"], reference=f"Plus costs $4.99 for {order}.")
    tools_rules = Rules(patterns={"ORDER": r"BL-\d{6}"})
    with (
        FakeOpenAI(reply=by_words) as server,
        Scorer(Tools(judge=judge(server, rules=tools_rules), embedder=Letters())) as s,
    ):
        scores = s.score(one, said)
        sent = json.dumps(server.requests)
    assert mail not in sent and order not in sent and "<EMAIL_1>" in sent and "<ORDER_1>" in sent
    assert "<EMAIL_2>" not in sent, "one value has one token in all that the judge is shown"
    assert all(scores[name].value is not None for name in judged_metrics())


def test_whatever_is_asked_is_masked() -> None:
    """A plug-in may forget to mask its inputs."""
    from pydantic import BaseModel

    class Shape(BaseModel):
        ok: bool

    class Other(BaseModel):
        ok: list[int]

    with FakeOpenAI(reply='{"ok": true}') as server:
        assert judge(server).ask("Is jane.doe@example.org polite?", Shape).ok
        assert server.requests[0]["messages"][0]["content"] == "Is <EMAIL_1> polite?"
        with pytest.raises(JudgeFailure, match="misread `ok`"):
            judge(server).ask("x", Other)


def test_masking_leaves_the_prompts_of_ragas_alone() -> None:
    with FakeOpenAI(reply=by_words) as server, Scorer(Tools(judge=judge(server), embedder=Letters())) as scorer:
        scorer.score(ASKED, answered("Plus costs $4.99."))
        sent = [request["messages"][0]["content"] for request in server.requests]
    assert len(sent) > 8
    for prompt in sent:
        assert mask(prompt).spans == () and "<" not in prompt.partition("EXAMPLES")[2].partition("input:")[0]


def metrics(server: FakeOpenAI) -> dict[str, Judged]:
    tools = Tools(judge=judge(server), embedder=Letters())
    return {name: one(tools) for name, one in judged_metrics().items()}


def test_the_hash_is_of_what_is_asked() -> None:
    with FakeOpenAI(reply=by_words) as server:
        one, again = metrics(server), metrics(server)
        hashes = [metric.judged_by.prompt for metric in one.values()]
        assert hashes == [metric.judged_by.prompt for metric in again.values()] and len(set(hashes)) == len(hashes)
        again["faithfulness"].ragas.nli_statement_prompt.instruction += " Be strict."
        assert again["faithfulness"].judged_by.prompt == one["faithfulness"].judged_by.prompt  # as it was first asked
        changed = metrics(server)["faithfulness"]
        changed.ragas.nli_statement_prompt.instruction += " Be strict."
        assert changed.judged_by.prompt != one["faithfulness"].judged_by.prompt


def test_a_score_carries_how_far_people_agree_with_its_judge() -> None:
    with FakeOpenAI(reply=by_words) as server:
        prompt = metrics(server)["faithfulness"].judged_by.prompt
        known = JudgedBy(model="openai:judge", prompt=prompt, n=80, kappa=0.6, alpha=0.5, bias=0.1)
        standing = {("faithfulness", prompt): known}
        tools = Tools(judge=judge(server, standing=standing), embedder=Letters())
        with Scorer(tools) as scorer:
            scores = scorer.score(ASKED, answered("Plus costs $4.99."))
    assert scores["faithfulness"].judge == known
    assert scores["context_recall"].judge is not None and scores["context_recall"].judge.n == 0
    record = Record(suite="s", case=ASKED, transcript=answered("Plus costs $4.99."), scores=scores)
    assert Record.model_validate_json(record.model_dump_json()).scores["faithfulness"].judge == known
    overall = summarise("r", [record]).overall
    figures = {name: overall.figure(name) for name in ("faithfulness", "context_recall", "deflection")}
    assert [figure and figure.judge for figure in figures.values()] == [known, scores["context_recall"].judge, None]


def test_a_judge_takes_any_chat_model() -> None:
    from langchain_core.language_models import FakeListChatModel

    model = FakeListChatModel(
        responses=['{"statements": ["x."]}', '{"statements": [{"statement": "x.", "reason": "", "verdict": 0}]}']
    )
    found = score("faithfulness", ASKED, answered("x."), Tools(judge=Judge(model, "mine")))
    assert (found.value, found.judge and found.judge.model) == (0, "mine")


def test_judged_metrics_are_the_five() -> None:
    assert list(judged_metrics()) == [name for name, one in REGISTRY.items() if one.group == "judged"]
    assert len(judged_metrics()) == 5


def test_scoring_again_keeps_what_was_judged_and_says_what_is_known_of_the_judge_by_now(tmp_path: Path) -> None:
    one = suite(tmp_path, "cases: [{id: c, question: hi, expect: answer, articles: [a], reference: Plus costs $4.99.}]")
    said = reply("Plus costs $4.99.", "answered", "a")
    with FakeOpenAI(reply=by_words) as server:
        tools = Tools(judge=judge(server))
        done = run_suites(
            Scripted({"hi": said}),
            [one],
            folder=tmp_path / "r",
            passages=PASSAGES.get,
            disclosure=DISCLOSURE,
            tools=tools,
        )
        asked = len(server.requests)
        first = done.records[0].scores["faithfulness"]
        assert first.judge is not None and first.value == 1 and not first.judge.calibrated
        again = rescore(done, tools=Tools()).records[0].scores["faithfulness"]
        assert again == first and len(server.requests) == asked
    known = JudgeAgreement(
        model="openai:judge", metric="faithfulness", prompt=first.judge.prompt, data="d", n=40, kappa=0.9
    )
    calibrated = rescore(done, tools=Tools(), agreements=[known]).records[0].scores["faithfulness"]
    assert calibrated.judge == known.judged_by and calibrated.value == 1
    # Where something else is right today, the judgement may no longer hold.
    today = rescore(done, tools=Tools(), suites=[one]).records[0].scores["faithfulness"]
    assert today.unscored == "no judge"
