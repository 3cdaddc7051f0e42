"""Simulated customers: what they understand, feel and say, and that equal seeds act alike."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from langchain_core.language_models.fake_chat_models import FakeListChatModel
from pydantic import ValidationError

from kit.assistant import Citation, Conversation, Reply
from kit.evals.customers import ModelVoice, Visit, misspelt, simulate
from kit.evals.customers.reading import Asked, best_option, key_for, understood
from kit.evals.script import PERSONAS, Script
from kit.evals.types import Case
from kit.playbooks import Handoff

Answers = Callable[[str, int], Reply]


class Told:
    """An assistant that replies as a function says, from the message and the number of the turn."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.visits = 0

    def start(self) -> Conversation:
        self.visits += 1
        return Conversation(id=str(self.visits))

    def reply(self, conversation: Conversation, message: str, /) -> tuple[Conversation, Reply]:
        reply = self.answers(message, len(conversation.turns) // 2)
        return conversation.said("customer", message).said("assistant", reply.text), reply


def answered(text: str, *articles: str) -> Reply:
    return Reply(
        outcome="answered",
        text=text,
        citations=tuple(Citation(article_id=one, passage_id=f"{one}#1", quote=text) for one in articles),
    )


def asking(text: str) -> Reply:
    return Reply(outcome="clarified", text=text)


def case(**script: Any) -> Case:
    given: dict[str, Any] = {"goal": "know the price", "opens": ["what does it cost"], **script}
    return Case(id="sim", expect="answer", articles=("prices",), customer=Script.model_validate(given))


def said(visit: Visit) -> list[str]:
    return [turn.text for turn in visit.conversation.turns if turn.role == "customer"]


def test_a_customer_who_is_helped_leaves_content_and_the_helping_reply_is_judged() -> None:
    script = case(manner={"silent": 0.0, "typos": 0.0})
    visit = simulate(Told(lambda message, turn: answered("It costs $5.", "prices")), script)
    assert (visit.ending, visit.said_so, visit.judged, visit.failures) == ("content", True, 0, ())
    assert len(visit.replies) == 2, "the thanks get a reply that is not judged"
    assert visit.mood > 0
    assert visit.returned is None


def test_a_silent_customer_says_nothing_more() -> None:
    visit = simulate(Told(lambda message, turn: answered("It costs $5.", "prices")), case(manner={"silent": 1.0}))
    assert (visit.ending, visit.said_so, len(visit.replies)) == ("content", False, 1)


def test_facts_are_given_when_they_are_asked_for_and_not_before() -> None:
    questions = ("What is your order number?", "Has the box been opened?", "Shall I go ahead?")

    def answers(message: str, turn: int) -> Reply:
        return asking(questions[turn]) if turn < 3 else answered("Done, RF-1.", "prices")

    script = case(knows={"order number": "BL-1", "box opened": "no, sealed"}, manner={"typos": 0.0})
    visit = simulate(Told(answers), script)
    assert said(visit)[1:4] == ["BL-1", "no, sealed", "Yes, please."]
    assert "BL-1" not in said(visit)[0]


def test_an_answer_that_does_not_help_is_met_with_other_words_and_then_with_leaving() -> None:
    script = case(opens=["what does it cost", "price please"], patience=2, manner={"person": 0.0, "typos": 0.0})
    visit = simulate(Told(lambda message, turn: answered(f"Blue {turn}.", "colours")), script)
    assert visit.ending == "gave_up"
    assert said(visit)[1].endswith("price please")
    assert visit.mood < 0


def test_patience_ends_in_asking_for_a_person() -> None:
    def answers(message: str, turn: int) -> Reply:
        if "person" in message:
            handoff = Handoff(reason="customer_request", summary="")
            return Reply(outcome="handed_off", text="A colleague takes over.", handoff=handoff)
        return answered("It is blue.", "colours")

    visit = simulate(Told(answers), case(patience=1, manner={"person": 1.0, "typos": 0.0}))
    assert visit.ending == "with_person"
    assert len(visit.replies) == visit.judged + 1 == 2


def test_the_same_reply_twice_hurts_more_than_two_different_ones() -> None:
    script = case(patience=3, manner={"typos": 0.0, "person": 0.0})
    same = simulate(Told(lambda message, turn: answered("Blue.", "colours")), script)
    different = simulate(Told(lambda message, turn: answered(f"Blue {turn}.", "colours")), script)
    assert same.mood < different.mood


def test_whoever_does_not_notice_a_wrong_answer_leaves_content_and_comes_back() -> None:
    script = case(notices=False, manner={"returns": 1.0, "silent": 1.0})
    told = Told(lambda message, turn: answered("It is blue.", "colours"))
    visit = simulate(told, script)
    assert visit.ending == "content"
    assert visit.returned is not None
    days, second = visit.returned
    assert 1 <= days <= 14
    assert told.visits == 2
    assert second.ending != "content", "the second time they look closely"
    assert visit.mood > second.mood


def test_a_change_of_mind_comes_once() -> None:
    script = case(changes_mind={"after": 1, "says": "and in red?"}, manner={"typos": 0.0, "silent": 1.0})
    visit = simulate(Told(lambda message, turn: answered("It costs $5.", "prices")), script)
    assert said(visit).count("and in red?") == 1
    assert visit.judged == 1


def test_further_questions_follow_the_first_answer() -> None:
    script = case(asks=["since when", "until when"], manner={"typos": 0.0, "silent": 1.0})
    visit = simulate(Told(lambda message, turn: answered("It costs $5.", "prices")), script)
    assert said(visit)[1:] == ["since when", "until when"]


def test_equal_seeds_act_alike_and_others_do_not() -> None:
    def play(seed: int) -> list[str]:
        script = case(opens=["what does it really cost with everything included"], manner={"typos": 0.5, "person": 0.5})
        return said(simulate(Told(lambda message, turn: answered(f"Blue {turn}.", "colours")), script, seed=seed))

    assert play(1) == play(1)
    assert len({tuple(play(seed)) for seed in range(8)}) > 4


def test_what_the_script_does_not_foresee_is_the_simulations_failure() -> None:
    def answers(message: str, turn: int) -> Reply:
        return answered("$5", "prices") if turn else asking("What is your shoe size?")

    visit = simulate(Told(answers), case())
    assert visit.failures == ("was asked what the script does not say: What is your shoe size?",)
    knowing = simulate(Told(answers), case(does_not_know=["shoe size"]))
    assert knowing.failures == ()


def test_a_conversation_without_end_is_cut_and_reported() -> None:
    script = case(knows={"order number": "BL-1"}, patience=10, manner={"returns": 0.0, "swing": 0.1})
    visit = simulate(Told(lambda message, turn: asking(f"What is your order number, the {turn}th time?")), script)
    assert visit.ending == "limit"
    assert visit.failures == ("came to no end in 12 messages",)


def test_options_are_read_by_what_they_share_with_the_goal() -> None:
    text = "Is it about one of these?\n\n1. Colours of the Dial\n2. The price of the Dial\n3. Deliveries"
    asked = understood(asking(text))
    assert asked is not None
    assert asked.options == ("Colours of the Dial", "The price of the Dial", "Deliveries")
    assert best_option(asked.options, "know the price") == 1
    assert best_option(asked.options, "cancel") is None


def test_small_talk_at_the_end_asks_for_nothing() -> None:
    assert understood(answered("You're welcome. Is there anything else I can help with?")) is None
    assert understood(answered("Please send the parcel back.")) is None
    assert understood(asking("Please choose one of these: faulty, wrong item.")) is not None


def test_a_key_must_be_asked_for_with_most_of_its_words() -> None:
    assert key_for(Asked("What is your order number?"), ["order number", "serial number"]) == "order number"
    assert key_for(Asked("How many sensors are there, in number?"), ["order number"]) is None
    assert key_for(Asked("Why are you sending it back?"), ["why", "order number"]) == "why"


def test_misspelling_spares_codes_names_and_first_letters() -> None:
    text = "please refund BL-104233 for Katharina, her mail is kate@example.com and the Thermostat ARRIVED broken"
    typed = misspelt(text, 1.0, random.Random(3), keep=("Katharina",))
    assert typed != text
    for kept in ("BL-104233", "Katharina", "kate@example.com", "ARRIVED"):
        assert kept in typed
    assert [word[0] for word in typed.split()] == [word[0] for word in text.split()]
    assert misspelt(text, 0.0, random.Random(3)) == text


@pytest.mark.parametrize("persona", PERSONAS)
def test_every_persona_can_be_played_to_an_end(persona: str) -> None:
    for seed in range(5):
        visit = simulate(Told(lambda message, turn: answered("Blue.", "colours")), case(persona=persona), seed=seed)
        assert visit.ending in ("gave_up", "with_person")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"opens": []}, "at least 1 item"),
        ({"knows": {"Mail": "a"}, "does_not_know": ["mail"]}, "stands in `knows` and in `does_not_know`"),
        ({"manner": {"typos": 2}}, "less than or equal to 0.5"),
        ({"persona": "happy"}, "'plain'"),
        ({"mood": 1}, "Extra inputs"),
    ],
)
def test_a_script_that_makes_no_sense_is_refused(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        case(**wrong)


def test_a_model_may_phrase_but_not_change_what_is_said() -> None:
    script = Script(goal="refund", opens=("refund BL-1 please",))
    conversation = Conversation(id="1")
    good = ModelVoice(FakeListChatModel(responses=["Hiya, could I get BL-1 refunded?"]))
    assert good.phrase("refund BL-1 please", conversation, script) == "Hiya, could I get BL-1 refunded?"
    for stray in ("Refund please", "Refund BL-2 please", "How can I help you with BL-1?", "", "BL-1 " * 200):
        voice = ModelVoice(FakeListChatModel(responses=[stray]))
        assert voice.phrase("refund BL-1 please", conversation, script) == "refund BL-1 please"
        assert (voice.asked, voice.refused) == (1, 1)
    flipped = ModelVoice(FakeListChatModel(responses=["No, do not."]))
    assert flipped.phrase("Yes, please.", conversation, script) == "Yes, please."
