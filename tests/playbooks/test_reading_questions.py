import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.playbooks.reading import asks, split_question


@pytest.mark.parametrize(
    ("message", "said", "asked"),
    [
        ("BL-104233. How long does the refund take?", "BL-104233.", "How long does the refund take?"),
        ("faulty - do I pay for shipping?", "faulty", "do I pay for shipping?"),
        ("faulty, how long will it take", "faulty", "how long will it take"),
        ("BL-104233 how long will it take?", "BL-104233", "how long will it take?"),
        ("my order BL-104233 where is it", "my order BL-104233", "where is it"),
        ("BL-104233\nwhen will I get it", "BL-104233", "when will I get it"),
        ("What is the fee? I have BL-104233.", "I have BL-104233.", "What is the fee?"),
        ("Yes please. By the way are you open on Sunday", "Yes please.", "By the way are you open on Sunday"),
        ("refund, but how much do I get back", "refund", "but how much do I get back"),
        ("It cost $3.50. OK?", "It cost $3.50.", "OK?"),
        ("a@b.example; does that work", "a@b.example", "does that work"),
        ("A. B? C. D?", "A. C.", "B? D?"),
        ("the 3rd. I want to know if I'm still in time", "the 3rd.", "I want to know if I'm still in time"),
    ],
)
def test_a_message_is_parted(message: str, said: str, asked: str) -> None:
    assert split_question(message) == (said, asked)
    assert asks(message)


@pytest.mark.parametrize(
    "message",
    [
        "how long will it take", "can you tell me how long it takes", "I'd like to know whether I pay for shipping",
        "I was wondering if that is covered", "do you know when it comes", "Is the fee refundable", "why", "who pays",
        "?",
        "it's faulty, right?", "tell me how to pack it", "I don't understand why I was charged",
        "and what about the box",
        "so do I keep the cable", "any news on my parcel", "can I keep the box", "Can I have a refund please?",
        "can you cancel it?", "which one is cheaper", "what time do you open",
    ],
)  # fmt: skip
def test_a_question_is_nothing_but_one(message: str) -> None:
    assert split_question(message) == ("", message)


@pytest.mark.parametrize(
    "message",
    [
        "BL-104233", "yes", "do it", "do that please", "it is", "I do", "what a mess", "whatever",
        "when it came it was broken",
        "it broke, which is annoying", "my wife, who pays the bills, is out", "I know how long it takes",
        "the box in which it came is gone", "I don't know where it is", "not sure what is wrong", "I have the box",
        "can you cancel it please", "could you send it again", "let me know if you need anything else",
        "have it your way",
        "", "   ", "...",
    ],
)  # fmt: skip
def test_what_asks_nothing(message: str) -> None:
    assert split_question(message) == (message.strip() if any(map(str.isalnum, message)) else "", "")
    assert not asks(message)


@settings(deadline=None, derandomize=True, database=None)
@given(
    st.lists(st.sampled_from("BL-1 faulty how long is it ? . , - \n and do I pay e.g. $3.50 why".split(" "))).map(
        " ".join
    )
)
def test_no_word_is_lost_or_made_up(message: str) -> None:
    said, asked = split_question(message)
    letters = [char for char in message if char.isalnum()]
    assert sorted(letters) == sorted(char for char in said + asked if char.isalnum())
    if message.rstrip().endswith("?"):
        assert asked
