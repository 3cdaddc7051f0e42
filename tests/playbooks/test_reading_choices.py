from datetime import date

import pytest

from kit.playbooks.language import Collect
from kit.playbooks.reading import read_field, volunteered

TODAY = date(2026, 3, 11)
REMEDY = Collect(name="remedy", ask="?", type="choice", choices=("replacement", "refund"))
CAUSE = Collect(
    name="cause", ask="?", type="choice", choices=("by itself", "surge", "water", "wiring", "impact", "burning")
)


@pytest.mark.parametrize(
    ("item", "message", "choice"),
    [
        (REMEDY, "a replacement please", "replacement"),
        (REMEDY, "REFUND!!", "refund"),
        (REMEDY, "just replace it", "replacement"),
        (REMEDY, "I don't want a replacement, refund please", "refund"),
        (REMEDY, "I don't want a replacement I want a refund", "refund"),
        (REMEDY, "instead of a replacement I'd like a refund", "refund"),
        (REMEDY, "not the refund, the replacement", "replacement"),
        (REMEDY, "refund or replacement, whatever", None),
        (REMEDY, "no refund", None),
        (REMEDY, "yes", None),
        (REMEDY, "", None),
        (CAUSE, "it failed by itself", "by itself"),
        (CAUSE, "no water, it failed by itself", "by itself"),
        (CAUSE, "it did not fail by itself", None),
        (CAUSE, "cracked by impact, my son threw a ball", "impact"),
        (CAUSE, "a wire burned", None),
        (CAUSE, "a surge or water, not sure", None),
        (CAUSE, "lightning", None),
        (
            Collect(name="n", ask="?", type="choice", choices=("mail", "mail to work")),
            "by mail to work",
            "mail to work",
        ),
    ],
)
def test_choices(item: Collect, message: str, choice: str | None) -> None:
    assert read_field(item, message, today=TODAY) == choice


DEVICE = Collect(
    name="device",
    ask="Which is it: the Sense, the Bridge or the Dial?",
    type="choice",
    choices=("Dial", "Sense", "Bridge"),
    synonyms={"Dial": ("thermostat",), "Sense": ("room sensor",), "Bridge": ("does not blink", "hub")},
)


@pytest.mark.parametrize(
    ("message", "choice"),
    [
        ("my thermostat", "Dial"),
        ("two room sensors", "Sense"),
        ("HUB", "Bridge"),
        ("the one that doesn't blink", "Bridge"),
        ("it does not blink", "Bridge"),
        ("a thermostat, a Dial", "Dial"),
        ("a thermostat and a hub", None),
        # misspelt, but not another word
        ("the brigde", "Bridge"),
        ("thermostst", "Dial"),
        ("fridge", None),
        ("dull", None),
        # by its place in the question
        ("the first one", "Sense"),
        ("option 2 please", "Bridge"),
        ("I'll take the last one", "Dial"),
        ("the latter", None),
        ("the fourth", None),
        ("the first one I bought broke", None),
        # what is refused, corrected or asked
        ("not the hub, the thermostat", "Dial"),
        ("the Dial, no wait, the Sense", "Sense"),
        ("it's a Sense, not the Dial", "Sense"),
        ("that makes sense", None),
        ("does the Bridge need a cable?", None),
        ("can I take the Bridge?", "Bridge"),
        ("the Bridge, why do you ask?", "Bridge"),
    ],
)
def test_other_words_for_a_choice(message: str, choice: str | None) -> None:
    assert read_field(DEVICE, message, today=TODAY) == choice


@pytest.mark.parametrize(
    ("message", "choice"),
    [
        ("my Dial is broken", "Dial"),
        ("the thermostat is broken", "Dial"),
        ("I have no Bridge", None),
        ("the Dial and the Sense", None),
        ("how does the Sense work?", None),
        ("BL-104233 please. Is the Sense wireless?", None),
        ("the first one", None),
        ("the brigde", None),
    ],
)
def test_a_choice_is_taken_unasked_only_where_it_is_named(message: str, choice: str | None) -> None:
    assert volunteered(DEVICE, message, today=TODAY, alone=False) == choice


@pytest.mark.parametrize(
    ("message", "choice"),
    [
        ("how long does it last", "how long does it last"),
        ("How do I wash it?", "how do I wash it"),
        ("can you tell me how it is washed?", "how do I wash it"),
        ("it is for my sister", None),
        ("how much is it?", None),
    ],
)
def test_where_questions_are_what_is_chosen_a_question_chooses(message: str, choice: str | None) -> None:
    questions = ("how long does it last", "how do I wash it")
    item = Collect(name="asked", ask="Which of these is your question?", type="choice", choices=questions)
    assert read_field(item, message, today=date(2026, 6, 15)) == choice
