"""Every definition of deflection on the same transcripts, with its own denominator."""

import pytest

from kit.assistant import Reply
from kit.evals import Transcript
from kit.evals.metrics import REGISTRY, ending_of
from kit.evals.types import Simulated
from tests.evals.asking import score, value
from tests.scripted import case, handoff, reply, transcript

ASKED = case(articles=["a"])
RIGHT, WRONG = reply("Hold the dial.", "answered", "a"), reply("Hold the dial.", "answered", "b")
WHICH, NO = reply("Which one?", "clarified"), reply("That is not our business.", "declined")
WELCOME = reply("You are welcome.", "answered")
Q = "How do I reset it?"


def came_back(days: int | None) -> Simulated:
    return Simulated(ending="content", returned_days=days)


@pytest.mark.parametrize(
    ("replies", "said", "ending"),
    [
        ([RIGHT], [Q], "assumed_resolution"),
        ([RIGHT, WELCOME], [Q, "Thanks, that worked!"], "confirmed_resolution"),
        ([RIGHT, WELCOME], [Q, "ok bye"], "confirmed_resolution"),
        ([RIGHT, WRONG], [Q, "That did not work, I said the dial"], "assumed_resolution"),
        ([RIGHT, WHICH], [Q, "And my other one?"], "abandoned"),
        # A yes to a playbook's question confirms nothing: there was no answer yet.
        ([WHICH, RIGHT], [Q, "ok"], "assumed_resolution"),
        ([WHICH], [Q], "abandoned"),
        ([NO], [Q], "abandoned"),
        ([RIGHT, handoff(), WELCOME], [Q, "A person please", "thanks"], "routed_to_team"),
    ],
)
def test_endings(replies: list[Reply], said: list[str], ending: str) -> None:
    assert ending_of(transcript(*replies, said=tuple(said))) == ending


def test_who_leaves_with_a_complaint_was_not_helped() -> None:
    said = transcript(RIGHT, WELCOME, said=(Q, "forget it, that is useless"))
    assert ending_of(said.model_copy(update={"judged": 0})) == "abandoned"


def test_silence_lies_between_the_two_resolutions() -> None:
    silent, thanked = transcript(RIGHT, said=(Q,)), transcript(RIGHT, WELCOME, said=(Q, "thanks, great"))
    names = ("confirmed_resolution", "assumed_resolution")
    assert [score(name, ASKED, silent).value for name in names] == [0, 1]
    assert [score(name, ASKED, thanked).value for name in names] == [1, 1]


@pytest.mark.parametrize(
    ("days", "true", "contained", "false"),
    [
        # At least and at most; where nobody watched they differ.
        (None, (1, 1), (1, 1), (0, 0)),
        (1, (0, 0), (0, 0), (1, 1)),
        (2, (0, 0), (1, 1), (1, 1)),
        (3, (1, 1), (1, 1), (1, 1)),
        (7, (1, 1), (1, 1), (1, 1)),
        (10, (1, 1), (1, 1), (0, 1)),
    ],
)
def test_coming_back(
    days: int | None, true: tuple[int, int], contained: tuple[int, int], false: tuple[int, int]
) -> None:
    said = transcript(RIGHT, said=(Q,)).model_copy(update={"simulated": came_back(days)})

    def values(*names: str) -> tuple[float | None, ...]:
        return tuple(score(name, ASKED, said).value for name in names)

    assert values("true_deflection_low", "true_deflection") == true
    assert values("containment_no_callback_low", "containment_no_callback") == contained
    assert values("false_deflection", "false_deflection_14d") == false


def test_where_nobody_watched_there_are_bounds() -> None:
    said = transcript(RIGHT, said=(Q,))
    for name in ("true_deflection", "containment_no_callback"):
        assert score(name, ASKED, said).value == 1
        low = score(f"{name}_low", ASKED, said)
        assert (low.value, low.reason) == (0, "not known whether they came back")
    handed = transcript(handoff(), said=(Q,))
    assert score("true_deflection", ASKED, handed).value == 0


def test_denominators_of_one_deflection() -> None:
    """Sent, eligible, received: each leaves out more or fewer of the same conversations."""
    talks: list[tuple[str, Transcript]] = [
        ("answer", transcript(RIGHT, said=(Q,))),
        ("answer", transcript(RIGHT, WRONG, said=(Q, "no, the other dial"))),
        ("answer", transcript(WHICH, said=(Q,))),
        ("hand_off", transcript(handoff(), said=(Q,))),
        ("hand_off", transcript(WRONG, said=(Q,))),
    ]

    def values(name: str) -> list[float | None]:
        return [
            score(name, case(expect, **({"articles": ["a"]} if expect == "answer" else {})), s).value
            for expect, s in talks
        ]

    assert values("deflection_of_sent") == [1, 0, None, None, 1]
    assert values("deflection_of_eligible") == [1, 0, 0, None, None]
    assert values("deflection_of_received") == [1, 0, 0, 0, 1]


def test_thanks_are_no_further_request() -> None:
    assert value("deflection_of_received", ASKED, RIGHT, WELCOME, said=(Q, "thank you")) == 1
    assert value("deflection_of_received", ASKED, RIGHT, WELCOME, said=(Q, "thanks, but it still doesn't work")) == 0


def test_automated_resolution_is_right_and_safe() -> None:
    assert value("automated_resolution", ASKED, RIGHT) == 1
    assert value("automated_resolution", ASKED, WRONG) == 0
    assert value("automated_resolution", ASKED, handoff()) == 0
    assert value("automated_resolution", case("clarify"), WHICH) == 0
    assert value("automated_resolution", case("decline"), NO) == 1
    promise = reply("Hold the dial. I have refunded your order.", "answered", "a")
    assert score("automated_resolution", ASKED, transcript(promise)).reason.startswith("claims “I have refunded")


def test_a_greeting_is_no_conversation() -> None:
    hello = transcript(reply("Hello. What can I help you with?", "clarified"), said=("Good morning!",))
    vendors = [name for name, one in REGISTRY.items() if one.group == "deflection" and one.source]
    for name in set(vendors) - {"deflection", "escalation_rate"}:
        assert score(name, case("clarify"), hello).unscored, name
    assert score("containment", case("clarify"), hello).unscored == "the customer only greeted"
    assert value("containment", case("clarify"), WHICH, said=("Hi, my order is late",)) == 1
    assert value("containment", case("clarify"), WHICH, WHICH, said=("hey", "it is broken")) == 1


def test_escalation_and_abandonment() -> None:
    assert value("escalation_rate", ASKED, handoff(), RIGHT) == 1
    assert value("escalation_rate", ASKED, RIGHT) == 0
    assert value("abandonment", ASKED, WHICH) == 1
    assert value("abandonment", ASKED, handoff()) == 0


def test_bounds_enclose() -> None:
    """Whatever happens, the figure that counts least is not above the one that counts most."""
    for replies in ([RIGHT], [WHICH], [handoff()], [RIGHT, WELCOME], [NO]):
        for simulated in (None, came_back(None), came_back(1), came_back(9)):
            said = transcript(*replies, said=(Q, "thanks")).model_copy(update={"simulated": simulated})
            for low, high in (
                ("true_deflection_low", "true_deflection"),
                ("containment_no_callback_low", "containment_no_callback"),
                ("confirmed_resolution", "assumed_resolution"),
                ("true_deflection", "assumed_resolution"),
                ("containment_no_callback", "containment"),
            ):
                one, other = score(low, ASKED, said).value, score(high, ASKED, said).value
                assert one is not None and other is not None and one <= other, (low, high)
