"""What is asked: identifiers, the questions of one message, messages that lean on the one before."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.knowledge.finding.query import codes_in, questions, read_query, standalone
from tests.keeping.fake import FakeEmbedder


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("what does E204 mean", {"e204"}),
        ("is firmware 4.8.2 out?", {"4.8.2"}),
        ("my order BL-104233 is late", {"bl-104233"}),
        ("ticket 104233 please", {"104233"}),
        ("E204, e204 and E205", {"e204", "e205"}),
        ("within 30 days, 2 lamps, 365 nights", set()),
        ("press 1", set()),
        ("no codes here", set()),
        ("", set()),
    ],
)
def test_identifiers_are_told_from_small_numbers(text: str, found: set[str]) -> None:
    assert set(codes_in(text)) == found
    assert len(codes_in(text)) == len(found)


def test_a_query_has_each_word_once() -> None:
    query = read_query("Lamps, lamps and the E204 of a lamp", FakeEmbedder())
    assert query.stems == ("lamp", "e204") and query.codes == ("e204",)
    assert query.vector.shape == (32,) and query.tokens.shape[1] == 32


@pytest.mark.parametrize(
    ("message", "found"),
    [
        (
            "How much is express shipping? And how do I turn on the child lock?",
            ["How much is express shipping?", "And how do I turn on the child lock?"],
        ),
        (
            "how do I pair the bridge and what does the warranty cover",
            ["how do I pair the bridge", "what does the warranty cover"],
        ),
        (
            "how much is express shipping? what does the warranty cover?",  # small letters begin sentences too
            ["how much is express shipping?", "what does the warranty cover?"],
        ),
        (
            "I bought a lamp in May. What does the warranty cover? Thanks! Can I pay with a gift card?",
            ["What does the warranty cover?", "Can I pay with a gift card?"],
        ),
    ],
)
def test_a_message_may_ask_several_questions(message: str, found: list[str]) -> None:
    assert questions(message) == found


@pytest.mark.parametrize(
    "message",
    [
        "How do I reset the thermostat? I mean, how can I reset my thermostat?",  # the same in other words
        "Can I get a refund and exchange my lamp?",
        "Where do I buy salt and pepper and how?",
        "The lamp and the hub are broken and the app is slow",
        "Why? How? When?",
        "The lamp flickers. It also hums.",
        "how long is the warranty",
    ],
)
def test_a_message_with_one_question_stays_whole(message: str) -> None:
    assert questions(message) == [message]


def test_of_many_questions_the_first_four_are_taken() -> None:
    subjects = ["express shipping", "gift cards", "child lock", "bridge pairing", "annual plan", "solar panels"]
    message = " ".join(f"What about {subject} prices{number}?" for number, subject in enumerate(subjects))
    assert questions(message) == [f"What about {one} prices{number}?" for number, one in enumerate(subjects[:4])]


PRICE = "how much does the plus plan cost?"


@pytest.mark.parametrize(
    "message",
    ["and for the annual plan?", "does it work abroad too", "why?", "what about geofencing?", "is there one for kids?"],
)
def test_a_message_that_leans_on_the_one_before_is_searched_with_it(message: str) -> None:
    found = standalone(message, ["my lamp is broken", PRICE])
    assert PRICE in found and message in found and "lamp" not in found


@pytest.mark.parametrize(
    "message",
    [
        "How do I return a lamp?",
        "Is there a student discount?",
        "are there outdoor sensors",
        "and what does the warranty on the hub's power supply cover",
    ],
)
def test_a_message_that_names_its_subject_is_left_alone(message: str) -> None:
    assert standalone(message, [PRICE]) == message


@pytest.mark.parametrize("message", ["why?", "and for the annual plan?", "", "how do I return a lamp?"])
def test_without_a_history_a_message_stands_alone(message: str) -> None:
    assert standalone(message, []) == message


def test_a_chain_of_short_messages_reaches_back_to_the_subject() -> None:
    found = standalone("and why?", [PRICE, "really?"])
    assert PRICE in found and "really?" in found and "and why?" in found


TEXTS = st.one_of(
    st.text(st.characters(), max_size=80),  # unpaired surrogates too
    st.lists(
        st.sampled_from(["and", "how", "do", "it", "why?", "lamp", "E204", "return", "?", ".", ";", "\n", "cost?"]),
        max_size=25,
    ).map(" ".join),
)


@settings(max_examples=150, deadline=None)
@given(message=TEXTS, history=st.lists(TEXTS, max_size=3))
def test_any_message_can_be_read(message: str, history: list[str]) -> None:
    asked = questions(message)
    assert 1 <= len(asked) <= 4
    assert all(part in " ".join(message.split()) for part in asked) or asked == [message]
    alone = standalone(message, history)
    assert alone.endswith(message)
    if message:
        assert alone and all(asked)
    codes_in(message)
