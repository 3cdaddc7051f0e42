"""A question that asks for a time, a price or a number is told what an answer must show."""

import pytest

from kit.assistant.composing.expecting import expected, tells_of_before


@pytest.mark.parametrize(
    ("question", "shows", "lacks"),
    [
        ("how long does standard shipping take", "It takes 3–5 business days.", "Standard shipping is free over $75."),
        ("when will my order arrive", "It takes two weeks.", "You can track an order in the app."),
        ("how much is Plus?", "Plus costs $4.99 a month.", "Plus has energy reports."),
        ("what does the bridge cost", "The Bridge is free with Home Pro.", "The Bridge has a light."),
        ("how many sensors can I add", "A Dial takes up to 6.", "Sensors measure the temperature."),
        ("until when can I chat with you", "Chat is open until 10 pm.", "Chat is in English."),
    ],
)
def test_the_kind_of_thing_that_is_asked_for(question: str, shows: str, lacks: str) -> None:
    kind = expected(question)
    assert kind is not None
    assert kind.search(shows)
    assert not kind.search(lacks)


@pytest.mark.parametrize("question", ["how do I pair a sensor", "why is the screen dark", "can I use it in Canada"])
def test_other_questions_ask_for_nothing_that_a_pattern_tells(question: str) -> None:
    assert expected(question) is None


def test_a_long_message_is_not_taken_at_its_word() -> None:
    assert expected("how long does it take") is not None
    assert expected("how long does it take " + "and so on " * 10) is None


def test_two_things_have_no_one_kind() -> None:
    assert expected("what does Plus cost, and how do I cancel it?") is None


def test_news_of_a_price_is_no_answer_to_what_it_is() -> None:
    news = "The monthly price went from $3.99 to $4.99."
    assert tells_of_before("how much is Plus", news)
    assert not tells_of_before("did the price of Plus change", news)
    assert not tells_of_before("how much is Plus", "Plus costs $4.99 a month.")
    assert not tells_of_before("how do I update", "The dialog used to be elsewhere.")
