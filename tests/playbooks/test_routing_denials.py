"""What a message says is not the case does not decide where it goes."""

import pytest

from kit.playbooks.routing.denials import without_denied


@pytest.mark.parametrize(
    ("message", "left"),
    [
        ("Refund please. Nothing is damaged.", "Refund please."),
        ("I want to return it, nothing is missing and it never got hot", "I want to return it,"),
        ("it's not broken, I changed my mind", "I changed my mind"),
        ("There is no damage, nothing's scratched; send it back for me", "send it back for me"),
        ("The box isn't damaged but the sensor does not pair", "but the sensor does not pair"),
    ],
)
def test_a_denied_harm_is_left_out(message: str, left: str) -> None:
    assert without_denied(message) == left


@pytest.mark.parametrize(
    "message",
    [
        "nothing is working, I want a refund",
        "nothing is damaged",
        "it is not hot in here, the heating does nothing",
        "the parcel is damaged",
        "it's not only broken, it smells",
        "nothing happened after I paid",
    ],
)
def test_a_complaint_stays(message: str) -> None:
    assert without_denied(message) == message
