"""The question between answering and handing off, and what the customer makes of it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kit.assistant import Assistant, Conversation, Nodes, Reply
from kit.assistant.deciding import clarification, picked_all, picked_article, refuses
from kit.knowledge import Article, Found, Hit, HybridRetriever, Passage, Signals
from kit.workspace import Workspace
from tests.keeping.conftest import Shop

ELSE = "If none fits, tell me in your own words."


def found(*titles: str, scores: tuple[float, ...] = (), headings: tuple[str, ...] = ()) -> Found:
    hits = tuple(
        Hit(
            rank,
            Passage(f"a{rank}", 1, title, (headings[rank - 1],) if headings else (), "Text."),
            scores[rank - 1] if scores else 1.0,
        )
        for rank, title in enumerate(titles, start=1)
    )
    return Found("q", hits, Signals(scope=0.9))


def articles(hits: Found, **facts: tuple[str, ...]) -> dict[str, Article]:
    made = {}
    for place, hit in enumerate(hits.hits):
        passage = hit.passage
        own: dict[str, Any] = {name: values[place] for name, values in facts.items()}
        made[passage.article_id] = Article(passage.article_id, passage.title, "Text.", "a.md", **own)
    return made


def asked(hits: Found, facts: dict[str, Article] | None = None, **context: Any) -> str | None:
    made = clarification(hits, facts or articles(hits), **context)
    return made.text if made else None


# The question


def test_titles_that_differ_in_a_word_are_asked_by_that_word() -> None:
    assert asked(found("Install the Dial", "Install the Sense")) == (
        f"Is it about the Dial or the Sense? {ELSE}\n\n1. Install the Dial\n2. Install the Sense"
    )
    three = asked(found("Cancel a monthly plan", "Cancel a yearly plan", "Cancel a gift plan"))
    assert three and three.startswith("Is it about a monthly, a yearly or a gift plan?")


@pytest.mark.parametrize(
    "titles",
    [("Refunds", "Invoices and tax"), ("How to pay", "How to return a lamp"), ("The Dial", "The Sense")],
)
def test_titles_with_nothing_in_common_are_listed(titles: tuple[str, str]) -> None:
    text = asked(found(*titles))
    assert text == f"Which of these do you mean? {ELSE}\n\n1. {titles[0]}\n2. {titles[1]}"


def test_equal_titles_are_told_apart_by_product_or_audience_or_heading() -> None:
    hits = found("Warranty", "Warranty", headings=("In Canada", "In the US"))
    by_product = asked(hits, articles(hits, product=("Dial", "Sense")))
    assert by_product and by_product.endswith("1. Warranty (Dial)\n2. Warranty (Sense)")
    by_audience = asked(hits, articles(hits, audience=("customers", "installers")))
    assert by_audience and "Warranty (installers)" in by_audience
    by_heading = asked(hits)
    assert by_heading and by_heading.endswith("1. Warranty (In Canada)\n2. Warranty (In the US)")
    assert asked(found("Warranty", "warranty")) is None


def test_only_what_fits_nearly_as_well_is_offered() -> None:
    scores = (5.0, 4.0, 2.9, 2.8)
    assert "3. " not in (asked(found("Refunds", "Invoices", "Taxes", "Prices", scores=scores)) or "")
    assert (asked(found("Refunds", "Invoices", "Taxes", "Prices")) or "").count("\n") == 4
    assert asked(found("Refunds")) is None and asked(found()) is None


def test_what_was_offered_or_asked_before_is_not_asked_again() -> None:
    hits = found("Refunds", "Invoices", "Taxes", "Prices")
    first = asked(hits)
    assert first and asked(hits, said=[f"Hello.\n\n{first}"]) is None
    second = asked(hits, offered=("a1", "a2"))
    assert second == f"Is it one of these, then? {ELSE}\n\n1. Taxes\n2. Prices"
    assert asked(hits, offered=("a1", "a2", "a3")) is None


@pytest.mark.parametrize("message", ["none of these", "No.", "neither", "nope, something else", "not really", "none"])
def test_a_refusal_is_understood(message: str) -> None:
    assert refuses(message)


@pytest.mark.parametrize("message", ["no, the yearly one", "the other plan: yearly", "2", "nothing works on my Dial"])
def test_what_says_more_is_no_refusal(message: str) -> None:
    assert not refuses(message)


# The pick


@pytest.fixture(scope="module")
def retriever(workspace: Workspace) -> HybridRetriever:
    return workspace.retriever


@pytest.fixture(scope="module")
def workspace(sample: Path) -> Workspace:
    return Workspace.open(sample)


PLANS = ("billing/plans-and-prices", "orders/shipping-times-and-costs", "billing/gift-cards-and-discounts")
THINGS = ("troubleshooting/sense-not-responding", "troubleshooting/blank-screen", "troubleshooting/dial-offline")


@pytest.mark.parametrize(
    ("offered", "message", "place"),
    [
        (PLANS, "1", 0),
        (PLANS, "I mean the second one, please", 1),
        (PLANS, "it's about shipping", 1),
        (PLANS, "shiping", 1),
        (PLANS, "the discounts one", 2),
        (PLANS, "delivery fees", 1),
        (PLANS, "the monthly subscription", 0),
        (THINGS, "the display stays dark", 1),
        (THINGS, "its not connecting to the internet", 2),
        (THINGS, "my room sensor", 0),
        (THINGS, "last", 2),
        (PLANS, "none of these", None),
        (PLANS, "4", None),
        (PLANS, "hello?", None),
        (PLANS, "how do I close my account?", None),
        (THINGS, "it does not work", None),
    ],
)
def test_a_pick_in_the_customers_own_words(
    retriever: HybridRetriever, offered: tuple[str, ...], message: str, place: int | None
) -> None:
    conversation = Conversation(id="one", asked_back="q", offered=offered)
    picked = picked_article(retriever, conversation, message)
    assert picked == (None if place is None else offered[place])


@pytest.mark.parametrize("message", ["both", "Both of them, please", "I mean all three", "either one", "all of these!"])
def test_all_may_be_picked(retriever: HybridRetriever, message: str) -> None:
    assert picked_all(retriever, Conversation(id="one", asked_back="q", offered=PLANS), message) == PLANS
    assert picked_all(retriever, Conversation(id="one"), message) == ()


@pytest.mark.parametrize(
    "message", ["both batteries are empty", "all red", "any news?", "either the first or the last"]
)
def test_what_says_more_than_all_picks_not_all(retriever: HybridRetriever, message: str) -> None:
    assert picked_all(retriever, Conversation(id="one", asked_back="q", offered=PLANS), message) == ()


# The conversation


@pytest.fixture(scope="module")
def nodes(workspace: Workspace) -> Nodes:
    return workspace._nodes(workspace.playbooks)


@pytest.fixture(scope="module")
def unsure(nodes: Nodes) -> Assistant:
    """An assistant that asks back about every question."""
    point = {"answer_threshold": 1.0, "clarify_threshold": 0.0, "scope_threshold": 0.0}
    thresholds = nodes.settings.assistant.model_copy(update=point)
    return Assistant(replace(nodes, settings=nodes.settings.model_copy(update={"assistant": thresholds})))


def talk(assistant: Assistant, *messages: str) -> tuple[Conversation, list[Reply]]:
    conversation, replies = assistant.start(), []
    for message in messages:
        conversation, reply = assistant.reply(conversation, message)
        replies.append(reply)
    return conversation, replies


def test_it_asks_twice_at_most_and_never_the_same(unsure: Assistant) -> None:
    conversation, replies = talk(unsure, "what does it cost", "something for the living room", "something for my aunt")
    assert [reply.outcome for reply in replies] == ["clarified", "clarified", "handed_off"]
    first, second = (reply.text.split("\n\n1. ")[1] for reply in replies[:2])
    assert not set(first.splitlines()) & set(second.splitlines())
    assert replies[2].handoff and replies[2].handoff.reason == "pending_clarification"
    assert conversation.clarifications == 2 and conversation.handed_off


def test_who_means_none_of_them_gets_a_person(unsure: Assistant) -> None:
    _, replies = talk(unsure, "what does it cost", "none of these")
    assert replies[1].handoff and replies[1].handoff.reason == "pending_clarification"
    assert "I want to get this right" in replies[1].text


def test_who_means_both_gets_both_answers(unsure: Assistant) -> None:
    conversation, _ = talk(unsure, "what does it cost")
    offered = conversation.offered
    reply = unsure.reply(conversation, "both")[1]
    assert reply.outcome == "answered"
    assert list(dict.fromkeys(citation.article_id for citation in reply.citations)) == list(offered)


@pytest.mark.parametrize("message", ["warranty", "Schedule?", "hello battery"])
def test_the_bare_name_of_a_subject_is_asked_about_however_sure_the_search_is(nodes: Nodes, message: str) -> None:
    point = {"answer_threshold": 0.0, "clarify_threshold": 0.0, "scope_threshold": 0.0}
    thresholds = nodes.settings.assistant.model_copy(update=point)
    eager = Assistant(replace(nodes, settings=nodes.settings.model_copy(update={"assistant": thresholds})))
    assert talk(eager, message)[1][0].outcome == "clarified"
    assert talk(eager, "how long is the warranty?")[1][0].outcome == "answered"


def test_a_question_of_its_own_is_no_answer_to_the_question_back(workspace: Workspace, nodes: Nodes) -> None:
    thresholds = nodes.settings.assistant.model_copy(update={"answer_threshold": 0.9, "clarify_threshold": 0.0})
    sure = Assistant(replace(nodes, settings=nodes.settings.model_copy(update={"assistant": thresholds})))
    conversation = sure.start().said("customer", "what does it cost").said("assistant", "Which?")
    conversation = conversation.model_copy(update={"asked_back": "what does it cost", "offered": PLANS})
    _, reply = sure.reply(conversation, "How do I pair a new Sense sensor with the bridge?")
    [retrieve] = [step for step in reply.trace if step.node == "retrieve"]
    assert "cost" not in retrieve.detail["question"]


# Articles that are not for customers


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> HybridRetriever:
    shop = Shop(tmp_path_factory.mktemp("internal"))
    body = "The refund takes five days. The card is credited by the bank.\n"
    for name, head in {
        "public": "audience: customers",
        "plain": "product: Lamp",
        "internal": "audience: internal",
        "agents": "audience: Agents only",
        "draft": "draft: true",
        "status": "status: Draft",
        "archived": "audience: customers\nstatus: archived",
    }.items():
        shop.write(f"{name}.md", f"---\n{head}\n---\n# Refund {name}\n\n{body}")
    shop.refresh()
    return HybridRetriever(build=shop.open(), top=20)


def ids(found: Found) -> set[str]:
    return {hit.passage.article_id for hit in found.hits}


def test_only_articles_for_customers_are_found_for_them(company: HybridRetriever) -> None:
    every = {"public", "plain", "internal", "agents", "draft", "status", "archived"}
    assert ids(company.find("how long does a refund take")) == every
    assert ids(company.for_customers().find("how long does a refund take")) == {"public", "plain"}
    assert ids(company.for_customers().find("refund internal draft archived agents")) == {"public", "plain"}
    assert ids(company.for_customers().find("refund", where={"audience": "internal"})) == set()
    filtered = company.model_copy(update={"where": {"audience": ["customers", "internal"]}})
    assert ids(filtered.for_customers().find("refund")) == {"public"}


def test_where_everything_is_public_nothing_is_filtered(retriever: HybridRetriever) -> None:
    assert retriever.for_customers() is retriever


def test_the_assistant_never_cites_what_is_internal(indexed_workspace: Path) -> None:
    knowledge = indexed_workspace / "playbooks" / "knowledge"
    (knowledge / "orders" / "secret.md").write_text(
        "---\naudience: internal\n---\n# Goodwill limits for zorbing vouchers\n\n"
        "Agents may grant zorbing vouchers of up to 40 dollars without asking.\n",
        encoding="utf-8",
    )
    space = Workspace.open(indexed_workspace)
    space.index()
    question = "What is the goodwill limit for zorbing vouchers?"
    assert space.search(question)[0].passage.article_id == "orders/secret"
    reply = space.ask(question, deliver=False)
    assert all(citation.article_id != "orders/secret" for citation in reply.citations)
    assert "40 dollars" not in reply.text
    assert "orders/secret" not in str([step.detail for step in reply.trace])
