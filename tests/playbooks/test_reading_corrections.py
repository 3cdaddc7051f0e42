from datetime import date

import pytest

from kit.playbooks.language import Collect
from kit.playbooks.reading import Value, corrected

TODAY = date(2026, 3, 11)
ORDER = Collect(name="order", ask="?", pattern=r"BL-\d{6}")
DAY = Collect(name="day", ask="?", type="date")
COUNT = Collect(name="count", ask="?", type="number")
PAID = Collect(name="paid", ask="?", type="money")
EMAIL = Collect(name="email", ask="?", type="email")
PHONE = Collect(name="phone", ask="?", type="phone")
DEVICE = Collect(name="device", ask="?", type="choice", choices=("Dial", "Sense", "Bridge"))
WHY = Collect(name="why", ask="?", type="choice", choices=("changed my mind", "faulty", "wrong item"))
OPENED = Collect(name="opened", ask="Has the box been opened?", type="yes_no")


@pytest.mark.parametrize(
    ("field", "known", "message", "value"),
    [
        (ORDER, "BL-104233", "actually it's BL-104340", "BL-104340"),
        (ORDER, "BL-104233", "BL-104233 was wrong, use BL-104234", "BL-104234"),
        (ORDER, "BL-104233", "use BL-104234, BL-104233 isn't right", "BL-104234"),
        (ORDER, "BL-104233", "it's BL-104234 instead of BL-104233", "BL-104234"),
        (ORDER, "BL-104233", "Sorry, wrong number. bl-104234. How long will it take?", "BL-104234"),
        (ORDER, "BL-104233", "I mistyped: BL-104234", "BL-104234"),
        (ORDER, "BL-104233", "change it to BL-104299 please", "BL-104299"),
        (WHY, "wrong item", "sorry, I meant faulty", "faulty"),
        (WHY, "faulty", "no, it's the wrong item", "wrong item"),
        (DEVICE, "Dial", "it's a Sense, not the Dial", "Sense"),
        (DEVICE, "Dial", "not a Dial, it's a Sense", "Sense"),
        (DAY, "2026-03-03", "not the 3rd, the 5th", "2026-03-05"),
        (DAY, "2026-03-03", "sorry, it was the 4th", "2026-03-04"),
        (COUNT, 3, "make it 4", 4),
        (PAID, 20, "oops, $25", 25),
        (EMAIL, "a@x.example", "typo, it should be b@x.example", "b@x.example"),
        (PHONE, "+12127365000", "wrong number, it's 415-227-9999", "+14152279999"),
        (OPENED, True, "sorry, no, it was not opened", False),
        (OPENED, False, "actually yes, I opened it", True),
    ],
)
def test_corrections(field: Collect, known: Value, message: str, value: Value) -> None:
    assert corrected(field, known, message, today=TODAY) == value


@pytest.mark.parametrize(
    ("field", "known", "message"),
    [
        # nothing says that it was wrong
        (ORDER, "BL-104233", "BL-104234"),
        (ORDER, "BL-104233", "is it BL-104234 instead?"),
        (WHY, "faulty", "it is the wrong item"),
        (OPENED, True, "no"),
        # nothing else is said
        (ORDER, "BL-104233", "actually BL-104233 is right"),
        (ORDER, "BL-104233", "sorry, that was wrong"),
        (DEVICE, "Dial", "not the Dial"),
        (DEVICE, "Sense", "it's a Sense, not the Dial"),
        # besides, not instead
        (ORDER, "BL-104233", "actually I also ordered BL-104234"),
        (ORDER, "BL-104233", "sorry for the late reply, BL-104234 is broken too"),
        # which one
        (ORDER, "BL-104233", "not BL-104233 but BL-104234 or BL-104235"),
        (OPENED, True, "sorry, I meant no"),
        (OPENED, True, "actually, it is faulty"),
        (OPENED, True, "sorry, the box is not here"),
        # about something else
        (COUNT, 3, "actually I waited 5 days for an answer to the first mail that I sent you"),
        (Collect(name="street", ask="?"), "12 Elm St", "sorry, 13 Elm St"),
        (ORDER, "BL-104233", ""),
    ],
)
def test_what_corrects_nothing(field: Collect, known: Value, message: str) -> None:
    assert corrected(field, known, message, today=TODAY) is None
