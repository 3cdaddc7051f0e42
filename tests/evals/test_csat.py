"""The CSAT index: transcripts from anywhere, the signals they show, and what moves the index."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.assistant import Turn
from kit.errors import KitError
from kit.evals import CsatScorer
from kit.evals.csat import SIGNALS, WEIGHTS, SignalName, read_signals, read_talk, talk_of
from kit.evals.csat.wording import closes, complains, is_frustrated, thanks


def row(*turns: tuple[str, str], **more: Any) -> dict[str, Any]:
    return {"id": "a", "turns": [{"role": role, "text": text} for role, text in turns], **more}


def values(*turns: tuple[str, str]) -> dict[SignalName, float]:
    return {name: part.value for name, part in read_signals(read_talk(row(*turns))).parts.items()}


def index(*turns: tuple[str, str]) -> float:
    return read_signals(read_talk(row(*turns))).index


ASK = ("customer", "my screen is broken")
FIX = ("assistant", "Hold the button for ten seconds.")


def test_weights_are_published() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1)
    assert set(WEIGHTS) == {signal.name for signal in SIGNALS}
    assert all(0 < signal.weight < 1 and signal.definition for signal in SIGNALS)


@pytest.mark.parametrize(
    ("roles", "sides"),
    [
        (["user", "system"], ["customer", "reply"]),
        (["User", "BOT "], ["customer", "reply"]),
        (["customer", "agent"], ["customer", "reply"]),
        (["system", "user", "assistant"], ["customer", "reply"]),
        (["human", "ai", "tool"], ["customer", "reply"]),
    ],
)
def test_roles_from_anywhere(roles: list[str], sides: list[str]) -> None:
    """Beside an assistant, `system` is a prompt, which nobody said."""
    talk = read_talk(row(*((role, "x") for role in roles)))
    assert [turn.side for turn in talk.turns] == sides
    # A turn keeps its place in the list it came from.
    assert [turn.index for turn in talk.turns] == [
        place for place, role in enumerate(roles) if not (role == "tool" or (role == "system" and "assistant" in roles))
    ]


@pytest.mark.parametrize(
    ("given_row", "said"),
    [
        ({}, "no list under `turns`"),
        ({"turns": []}, "Nobody says anything"),
        ({"turns": [{"role": "customer", "text": " "}]}, "Nobody says anything"),
        ({"turns": ["hi"]}, "Turn 0 is not an object"),
        ({"turns": [{"role": "cat", "text": "x"}]}, "Turn 0 has the role `cat`"),
        ({"turns": [{"role": "user", "text": 3}]}, "Turn 0 has no text"),
        ({"turns": [{"role": "user", "text": "x", "rating": 6}]}, "Turn 0 has the rating 6; ratings go from 1 to 5"),
        ({"turns": [{"role": "user", "text": "x", "rating": [3, "good"]}]}, "`good`, which is not a number"),
        ({"turns": [{"role": "user", "text": "x"}], "rating": True}, "The conversation has the rating `True`"),
    ],
)
def test_bad_rows_say_what_is_wrong(given_row: dict[str, Any], said: str) -> None:
    with pytest.raises(KitError, match=said):
        read_talk(given_row)


def test_ratings() -> None:
    talk = read_talk(row(ASK, FIX, rating=[4, None, 5]))
    assert talk.ratings == (4, 5) and talk.rating == 4.5
    rated = row(ASK, FIX)
    rated["turns"][1]["rating"] = [1, 2]
    assert read_talk(rated).rating == 1.5
    assert read_talk(row(ASK, FIX)).rating is None


def test_what_the_customer_says_next_counts() -> None:
    plain = index(ASK, FIX, ("customer", "ok, and the other one?"))
    for worse in (
        "that did not work",
        "this is ridiculous!!",
        "can I speak to a real person",
        "My screen is broken.",
    ):
        assert index(ASK, FIX, ("customer", worse)) < plain - 0.04, worse
    assert index(ASK, FIX, ("customer", "thank you, it works now")) > plain


def test_each_signal_fires_where_it_should() -> None:
    assert values(ASK, FIX, ("customer", "that did not work"))["failure"] == 0
    assert values(ASK, FIX, ("customer", "WHAT A WASTE of my time"))["frustration"] == 0
    assert values(ASK, FIX, ("customer", "agent please"))["asks_for_person"] == 0
    assert values(ASK, FIX, ("customer", "My screen is broken!"))["repetition"] == 0
    assert values(ASK, FIX, ("customer", "ok"), FIX, ("customer", "ok"))["stuck"] == 0
    assert values(ASK, FIX, ("customer", "cheers"))["thanks"] == 1
    assert "thanks" not in values(ASK, FIX, ("customer", "and then?"))
    assert values(ASK, ("customer", "is anybody there"), FIX)["unanswered"] == 0.5
    # A customer who takes leave is not waiting for a reply; silence after an answer says nothing.
    assert values(ASK, FIX, ("customer", "ok thanks, bye"))["abandonment"] == 1
    assert "abandonment" not in values(ASK, FIX)
    assert values(ASK, ("assistant", "Which screen is it?"))["abandonment"] == 0
    assert values(ASK, ("assistant", "I'm sorry to hear that, of course I will help."))["politeness"] == 1
    long = [ASK, FIX] * 12
    assert values(*long)["effort"] < values(ASK, FIX)["effort"]


@pytest.mark.parametrize(
    ("reply", "value"),
    [
        ("I am connecting you to a colleague.", 0.5),
        ("I'm sorry, I could not find anything.", 0.25),
        ("Your table is booked.", 1.0),
        ("Which day?", 0.6),
        ("It is near the station.", 0.7),
    ],
)
def test_an_unknown_outcome_is_guessed_from_the_reply(reply: str, value: float) -> None:
    assert values(ASK, ("assistant", reply))["outcome"] == value


def test_the_last_reply_of_a_case_is_right_or_wrong() -> None:
    turns = [Turn(role="customer", text="hi"), Turn(role="assistant", text="Sorry, that failed.")]
    right, wrong = (read_signals(talk_of(turns, outcomes=["answered"], right=one)) for one in (True, False))
    assert right.parts["outcome"].value == 1 and wrong.parts["outcome"].value == 0
    assert right.index > 0.85 and wrong.index < 0.4
    # The script ends there; nobody walked out.
    asked = [*turns[:1], Turn(role="assistant", text="Which one?")]
    assert "abandonment" not in read_signals(talk_of(asked, outcomes=["clarified"], right=True)).parts


def test_the_explanation_adds_up() -> None:
    reading = read_signals(read_talk(row(ASK, FIX, ("customer", "that did not work"), FIX, ("customer", "useless"))))
    assert sum(part.weight for part in reading.parts.values()) == pytest.approx(1)
    assert sum(part.weight * part.value for part in reading.parts.values()) == pytest.approx(reading.index)
    assert reading.parts["failure"].moved < 0 < reading.parts["asks_for_person"].moved
    assert reading.reason.startswith("failure 0.00×")


def test_what_a_row_comes_to() -> None:
    found = CsatScorer().score(row(("assistant", "Hello!"), ASK, FIX, ("customer", "that did not work")))
    assert list(found) == ["index", "calibrated", "turns", "signals"] and found["calibrated"] is False
    assert [turn["index"] for turn in found["turns"]] == [0, 1, 2, 3]
    # A reply and the reaction to it are judged alike.
    assert found["turns"][2]["dissatisfied"] == pytest.approx(found["turns"][3]["dissatisfied"], abs=0.05)
    assert found["turns"][2]["dissatisfied"] > found["turns"][0]["dissatisfied"]


roles = st.sampled_from(["user", "customer", "assistant", "bot", "agent"])


@given(st.lists(st.tuples(roles, st.text(max_size=60)), min_size=1, max_size=12))
def test_anything_that_is_said_has_an_index(turns: list[tuple[str, str]]) -> None:
    if not any(text.strip() for _, text in turns):
        return
    found = CsatScorer().score(row(*turns))
    assert 0 <= found["index"] <= 1
    assert [turn["index"] for turn in found["turns"]] == list(range(len(turns)))
    assert all(0 <= turn["dissatisfied"] <= 1 for turn in found["turns"])


@pytest.mark.parametrize(
    ("text", "judged"),
    [
        ("no thanks", (False, True, False, False)),
        ("thanks a lot, bye", (True, True, False, False)),
        ("thnaks that wroked", (True, False, False, False)),
        ("tahnks!", (True, True, False, False)),
        ("thnx, it sovled it", (True, False, False, False)),
        ("the tanks are empty", (False, False, False, False)),
        ("no thnaks it didn't work", (False, False, True, False)),
        ("no, I said Tuesday", (False, False, True, False)),
        ("I already tried that", (False, False, True, False)),
        ("thanks for nothing, that is useless", (False, False, True, False)),
        ("are you KIDDING me??", (False, False, False, True)),
        ("yes, for two people please", (False, False, False, False)),
        ("ok", (False, True, False, False)),
    ],
)
def test_wording(text: str, judged: tuple[bool, ...]) -> None:
    assert (thanks(text), closes(text), complains(text), is_frustrated(text)) == judged
