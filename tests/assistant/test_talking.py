"""Conversations as customers hold them: follow-ups, courtesy, another try, the same again, anger, languages."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kit.assistant import Assistant, Conversation, Detector, Nodes, Reply, Turn, phrases
from kit.assistant.further import same_question
from kit.assistant.languages import language, wants_person
from kit.assistant.smalltalk import courtesy
from kit.assistant.tone import is_angry
from kit.evals import load_suites
from kit.workspace import Workspace
from tests.conftest import ROOT

HERE = Path(__file__).parent
DISCLOSURE = "You are chatting with Brightloom's support assistant, an AI."
BATTERY = "How do I change the battery of a Sense?"
WARRANTY = "how long is the warranty on the Dial?"


@pytest.fixture(scope="module")
def workspace(sample: Path) -> Workspace:
    return Workspace.open(sample)


@pytest.fixture(scope="module")
def nodes(workspace: Workspace) -> Nodes:
    return workspace.assistant()._nodes


def at(nodes: Nodes, *, answer: float, clarify: float) -> Assistant:
    """An assistant with another operating point, so that what it decides does not hang on how well it searches."""
    point = {"answer_threshold": answer, "clarify_threshold": clarify, "scope_threshold": 0.0}
    thresholds = nodes.settings.assistant.model_copy(update=point)
    return Assistant(replace(nodes, settings=nodes.settings.model_copy(update={"assistant": thresholds})))


@pytest.fixture(scope="module")
def sure(nodes: Nodes) -> Assistant:
    """An assistant that answers every question."""
    return at(nodes, answer=0.0, clarify=0.0)


def talk(assistant: Assistant, *messages: str) -> tuple[Conversation, list[Reply]]:
    """A conversation from its start. It goes through JSON before every message, as between two processes."""
    conversation, replies = assistant.start(), []
    for message in messages:
        conversation, reply = assistant.reply(Conversation.model_validate_json(conversation.model_dump_json()), message)
        replies.append(reply)
    return conversation, replies


def articles(reply: Reply) -> set[str]:
    return {citation.article_id for citation in reply.citations}


# Follow-ups


def test_a_follow_up_is_about_what_was_asked_before_whatever_courtesy_came_between(sure: Assistant) -> None:
    _, replies = talk(sure, WARRANTY, "thanks!", "and for the Sense?")
    [retrieve] = [step for step in replies[-1].trace if step.node == "retrieve"]
    assert retrieve.detail["question"] == f"{WARRANTY}\nand for the Sense?"
    assert articles(replies[0]) & articles(replies[-1])


def test_a_question_in_place_of_a_choice_is_answered_by_itself(nodes: Nodes) -> None:
    unsure = at(nodes, answer=1.0, clarify=0.0)
    conversation, [asked] = talk(unsure, "how do I change the schedule?")
    assert asked.outcome == "clarified"
    _, reply = at(nodes, answer=0.0, clarify=0.0).reply(conversation, "what does Plus cost per month?")
    assert "billing/plans-and-prices" in articles(reply)


# Courtesy


@pytest.mark.parametrize(
    ("message", "kinds", "rest"),
    [
        ("Hi there!", {"greeting"}, ""),
        ("thanks, that's great. you are really helpful!", {"thanks", "compliment"}, ""),
        ("That worked, thank you! Now how do I pair a Sense?", {"glad", "thanks"}, "Now how do I pair a Sense?"),
        ("hello, how do i reset the dial?", {"greeting"}, "how do i reset the dial?"),
        ("Hi team, my dial is broken. Thanks in advance!", {"greeting", "thanks"}, "my dial is broken."),
        ("no", {"nothing"}, ""),
        ("no. i did that yesterday", set(), "no.\ni did that yesterday"),
        ("no, it is still blank", {"failed"}, ""),
        ("are you a human or a bot?", {"who"}, ""),
        ("is the Dial smart?", set(), "is the Dial smart?"),
        ("are you open on Sunday?", set(), "are you open on Sunday?"),
        ("can you help me with my order", set(), "can you help me with my order"),
        ("that did not work. the ring is red now", {"failed"}, "the ring is red now"),
        ("It worked but now the app is slow", set(), "It worked but now the app is slow"),
        ("👍", {"noted"}, ""),
        ("", set(), ""),
    ],
)
def test_courtesy_is_taken_off(message: str, kinds: set[str], rest: str) -> None:
    found = courtesy(message)
    assert (set(found.kinds), found.rest) == (kinds, rest)


def test_no_question_of_the_suites_is_taken_for_courtesy() -> None:
    questions = [str(case.question) for suite in load_suites(ROOT / "evals", ["knowledge"]) for case in suite.cases]
    assert len(questions) > 100
    assert [text for text in questions if text != "None" and courtesy(text).kinds and not courtesy(text).rest] == []


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("good bot", "compliment"), ("you're awesome!!", "compliment"), ("how are you?", "how"), ("lol", "remark"),
        ("are you a real person?", "who"), ("what can you do?", "able"), ("thx a lot", "thanks"),
        ("that worked", "glad"),
        ("bye", "bye"), ("that's all", "nothing"), ("ok", "noted"),
    ],
)  # fmt: skip
def test_small_talk_is_replied_to_and_no_article_is_looked_for(sure: Assistant, message: str, kind: str) -> None:
    _, [_, reply] = talk(sure, WARRANTY, message)
    words = phrases.SMALL_TALK[kind].replace("{company}", "Brightloom")
    assert reply.outcome == "answered" and not reply.citations
    assert reply.text == words.replace("{name}", "Brightloom's support assistant")
    assert "retrieve" not in [step.node for step in reply.trace]


def test_thanks_before_a_question_are_returned_before_the_answer(sure: Assistant) -> None:
    _, [_, reply] = talk(sure, BATTERY, "That worked, thank you! how long is the warranty?")
    assert reply.text.startswith(f"{phrases.WELCOME}\n\n") and reply.citations
    _, [first] = talk(sure, "Thanks in advance! how long is the warranty?")
    assert phrases.WELCOME not in first.text


def test_who_asks_whether_this_is_a_person_is_told_and_may_have_one(sure: Assistant) -> None:
    _, [who, reply] = talk(sure, "are you human?", "yes please")
    assert "an AI, not a person" in who.text
    assert reply.handoff and reply.handoff.reason == "customer_request"
    # A yes to nothing is none.
    assert talk(sure, WARRANTY, "yes please")[1][1].outcome != "handed_off"


# Another try


def test_what_did_not_help_is_followed_by_another_article_and_then_a_person(sure: Assistant) -> None:
    conversation, [first, second, third] = talk(sure, BATTERY, "that did not work", "still not working")
    assert second.outcome == "answered" and second.citations
    assert second.text.startswith(phrases.FURTHER)
    assert not articles(first) & articles(second)
    assert third.handoff and (third.outcome, third.handoff.reason) == ("handed_off", "missing_knowledge")
    assert third.text.startswith(phrases.NOT_SOLVED) and not third.citations
    assert "Tried: answered from" in third.handoff.summary
    assert conversation.topics[-1].failed == 2


def test_without_another_article_to_be_sure_of_a_person_comes_at_once(nodes: Nodes, sure: Assistant) -> None:
    conversation, _ = talk(sure, BATTERY)
    _, reply = at(nodes, answer=1.0, clarify=1.0).reply(conversation, "that didn't help")
    assert reply.handoff and reply.handoff.reason == "missing_knowledge"


def test_what_happens_instead_is_asked_about_where_it_could_be_several_things(nodes: Nodes, sure: Assistant) -> None:
    conversation, _ = talk(sure, BATTERY)
    _, reply = at(nodes, answer=1.0, clarify=0.0).reply(conversation, "I did that, but the light is amber now")
    assert reply.outcome == "clarified" and phrases.FURTHER not in reply.text


def test_thanks_between_do_not_make_it_forgotten_what_failed(sure: Assistant) -> None:
    _, replies = talk(sure, BATTERY, "thanks, I will try that", "it did not work")
    assert replies[-1].text.startswith(phrases.FURTHER)


def test_a_question_beside_what_failed_is_answered(sure: Assistant) -> None:
    _, [_, reply] = talk(sure, BATTERY, "That didn't work. How long is the warranty on the Dial?")
    assert phrases.FURTHER not in reply.text and "Dial" in reply.citations[0].quote


def test_from_a_history_alone_it_is_known_what_failed(sure: Assistant) -> None:
    before = (Turn(role="customer", text=BATTERY), Turn(role="assistant", text="Put in a new CR2477."))
    conversation = sure.start().model_copy(update={"turns": before})
    first = sure.reply(sure.start(), BATTERY)[1]
    _, reply = sure.reply(conversation, "that did not help")
    assert reply.text.startswith(phrases.FURTHER) and articles(first) - articles(reply)


def test_where_nothing_was_answered_it_is_asked_what_is_wrong_and_then_a_person_comes(sure: Assistant) -> None:
    _, [first, second] = talk(sure, "it still doesn't work", "that didn't help")
    assert first.outcome == "clarified" and first.text.endswith(phrases.ASK["vague"])
    assert second.handoff and second.handoff.reason == "pending_clarification"


# The same again


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("how long is the warranty on the Dial?", "How long is the warranty on the dial", True),
        ("how long is the warranty on the Dial?", "how long is the waranty on the dial???", True),
        ("how long is the warranty on the Dial?", "how long is the warranty on the Sense?", False),
        ("what does Plus cost?", "what does Home Pro cost?", False),
        ("error E203", "error E204", False),
        ("how much is it?", "how long is it?", False),
    ],
)
def test_the_same_question(one: str, other: str, same: bool) -> None:
    assert same_question(one, other) is same


def test_the_same_question_is_not_answered_with_the_same_text(sure: Assistant) -> None:
    conversation, [first, second, third] = talk(sure, WARRANTY, WARRANTY.upper(), WARRANTY)
    answer = first.text.removeprefix(DISCLOSURE).strip()
    assert second.outcome == "clarified" and answer not in second.text and "one above" in second.text
    title = first.citations[0].title
    assert f"“{title}”" in second.text
    assert third.handoff and third.handoff.reason == "pending_clarification"
    assert conversation.handed_off


def test_no_answer_is_given_twice_in_the_same_words_whatever_the_question(sure: Assistant) -> None:
    _, [first, second] = talk(sure, "how do I pair a Sense?", "it doesn't show up in the app")
    answer = first.text.removeprefix(DISCLOSURE).strip()
    assert answer and answer not in second.text
    assert second.outcome == "answered" and second.text.startswith(phrases.FURTHER)


def test_what_is_offered_to_who_asks_again_can_be_picked(sure: Assistant) -> None:
    conversation, _ = talk(sure, WARRANTY, WARRANTY)
    assert conversation.offered
    _, reply = sure.reply(conversation, "1")
    assert conversation.offered[0] in articles(reply)


def test_the_same_question_later_on_is_the_same_question(sure: Assistant) -> None:
    _, replies = talk(sure, WARRANTY, BATTERY, WARRANTY)
    assert replies[-1].outcome == "clarified" and "one above" in replies[-1].text


# Anger

ANGER = [json.loads(line) for line in (HERE / "tone.jsonl").read_text(encoding="utf-8").split("\n") if line]


@pytest.mark.parametrize(("half", "found", "alarms"), [("chosen on", 0.9, 0.05), ("unseen", 0.6, 0.05)])
def test_anger_is_told_from_reports_of_something_bad(half: str, found: float, alarms: float) -> None:
    rows = [row for row in ANGER if row["half"] == half]
    angry = [row for row in rows if row["angry"]]
    calm = [row for row in rows if not row["angry"]]
    assert sum(is_angry(row["text"]) for row in angry) >= found * len(angry)
    assert sum(is_angry(row["text"]) for row in calm) <= alarms * len(calm)


def test_anger_is_met_with_calm_once_and_then_with_a_person_on_offer(sure: Assistant) -> None:
    angry = (
        "This is RIDICULOUS!!! how do I change the battery of a Sense?",
        "how long is the damn warranty?! terrible",
    )
    _, [first, second, third] = talk(sure, *angry, "what does Plus cost per month?")
    assert first.text.startswith(f"{DISCLOSURE}\n\n{phrases.CALM}\n\n") and first.citations
    assert phrases.CALM not in second.text and second.text.endswith(phrases.OFFER)
    assert phrases.CALM not in third.text and phrases.OFFER not in third.text
    _, replies = talk(sure, *angry, "yes please")
    assert replies[-1].handoff and replies[-1].handoff.reason == "customer_request"


def test_anger_alone_is_asked_what_happened(sure: Assistant) -> None:
    _, [reply] = talk(sure, "you are the worst company ever!!")
    assert reply.text == f"{DISCLOSURE}\n\n{phrases.CALM}\n\n{phrases.ASK['upset']}"


@pytest.mark.parametrize(
    "message",
    ["THE DIAL IS ON FIRE!!! what the hell", "I am so fed up, I want to kill myself", "smoke!! ridiculous, sparks"],
)
def test_no_calming_words_in_danger(sure: Assistant, message: str) -> None:
    _, [reply] = talk(sure, message)
    assert reply.outcome == "handed_off" and phrases.CALM not in reply.text


# Languages

ROWS = [json.loads(line) for line in (HERE / "languages.jsonl").read_text(encoding="utf-8").split("\n") if line]


@pytest.fixture(scope="module")
def detector(nodes: Nodes) -> Iterator[Detector]:
    yield nodes.listener.detector


@pytest.mark.parametrize(("half", "right", "alarms"), [("chosen on", 0.97, 0.02), ("unseen", 0.9, 0.05)])
def test_languages_are_told(detector: Detector, half: str, right: float, alarms: float) -> None:
    rows = [row for row in ROWS if row["half"] == half]
    own = [row for row in rows if row["language"] == "en"]
    foreign = [row for row in rows if row["language"] != "en"]
    assert len({row["language"] for row in foreign}) == 27
    assert sum(detector.language(row["text"]) == row["language"] for row in foreign) >= right * len(foreign)
    assert sum(detector.language(row["text"]) != "en" for row in own) <= alarms * len(own)


def test_nothing_that_customers_say_in_the_suites_is_taken_for_another_language(detector: Detector) -> None:
    suites = load_suites(ROOT / "evals")
    cases = [case for suite in suites for case in suite.cases if "language" not in case.tags]
    said = [text for case in cases for text in (case.question, *(turn.customer for turn in case.turns))]
    assert len(said) > 400
    assert [text for text in said if text and detector.language(text) != "en"] == []


@pytest.mark.parametrize(
    "text", ["BL-104233", "maria@example.com", "", "😀", "???", "E-17", "Jürgen", "<EMAIL_1>", "1"]
)
def test_what_tells_no_language_stays_in_that_of_the_conversation(detector: Detector, text: str) -> None:
    assert detector.language(text) == "en"
    assert detector.language(text, before="es") == "es"


def test_the_company_s_own_language_is_what_the_settings_say() -> None:
    german = Detector("de", lambda stem: False)
    assert german.language("Wie setze ich das Gerät zurück?") == "de"
    assert german.language("How do I reset the device to its defaults?") == "en"
    japanese = Detector("ja", lambda stem: False)
    assert japanese.language("Plus を解約したいです") == "ja"
    assert japanese.language("Как сбросить термостат?") == "ru"


@pytest.mark.parametrize("code", sorted({row["language"] for row in ROWS}))
def test_every_language_has_its_words(code: str) -> None:
    spoken = language(code)
    assert spoken.code == code and spoken.alarms
    assert "{company}" in spoken.hello and "{emergency}" in spoken.danger and spoken.passing and spoken.waiting
    # All but English are written in the language that they are for.
    if code not in ("en", "no", "da"):
        assert Detector("en", lambda stem: False).language(spoken.passing) == code


def test_in_another_language_fixed_words_and_a_person(sure: Assistant) -> None:
    spanish = language("es")
    conversation, [first, second] = talk(sure, "Hola, ¿cómo puedo restablecer el termostato?", "gracias")
    hello = spanish.hello.replace("{company}", "Brightloom")
    assert first.text == f"{hello}\n\n{spanish.passing}"
    assert first.handoff and first.handoff.reason == "unsupported_request"
    assert first.handoff.fields == {"language": "Spanish"} and "Spanish" in first.handoff.summary
    assert second.text == spanish.waiting and conversation.language == "es"


@pytest.mark.parametrize("message", ["quiero hablar con una persona", "Ich will mit einem Menschen sprechen", "转人工"])
def test_a_person_can_be_asked_for_in_another_language(sure: Assistant, message: str) -> None:
    reply = sure.reply(sure.start(), message)[1]
    assert reply.handoff and reply.handoff.reason == "customer_request"


def test_calls_for_a_person_are_told_from_other_messages_in_their_language() -> None:
    calls = [row["text"] for row in ROWS if wants_person(row["text"], language(row["language"]))]
    assert len(calls) == 25 and not any(row["language"] == "en" for row in ROWS if row["text"] in calls)


def test_danger_in_another_language_is_urgent_and_says_whom_to_call(sure: Assistant) -> None:
    _, [reply] = talk(sure, "hay humo saliendo del termostato, ayuda por favor")
    assert reply.handoff and (reply.handoff.reason, reply.handoff.priority) == ("safety", "urgent")
    assert "911" in reply.text


def test_a_name_within_a_playbook_is_no_other_language(sure: Assistant) -> None:
    conversation, _ = talk(sure, "I want a refund for BL-104233")
    assert conversation.plays.current
    _, reply = sure.reply(conversation, "José Ángel García Núñez")
    assert "play" in [step.node for step in reply.trace]
