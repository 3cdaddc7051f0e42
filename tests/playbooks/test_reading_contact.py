from datetime import date
from typing import Any

import pytest

from kit.playbooks.language import Collect
from kit.playbooks.reading import read_field, volunteered
from kit.safety import mask

TODAY = date(2026, 3, 11)
EMAIL = Collect(name="e", ask="?", type="email")


@pytest.mark.parametrize(
    ("message", "address"),
    [
        ("Maria.Lopez@Example.COM", "Maria.Lopez@example.com"), ("it's a+b@mail.example.org.", "a+b@mail.example.org"),
        ("<a@b.example>", "a@b.example"), ("mailto:a@b.example", "a@b.example"), ("<EMAIL_12>, thanks", "<EMAIL_12>"),
        ("a@b.example, yes, A@B.example", None), ("a@b.example or a@c.example", None),
        ("a@b.example a@B.example", "a@b.example"),
        ("not a@b.example, a@c.example", "a@c.example"), ("a@b.example was wrong: a@c.example", "a@c.example"),
        ("a@b", None), ("a..b@c.example", None), ("a@b..example", None), ("a@@b.example", None), ("@ann", None),
        ("ann at b dot example", None), (f"{'a' * 300}@b.example", None), (f"a@{'b' * 300}.example", None), ("", None),
    ],
)  # fmt: skip
def test_email(message: str, address: str | None) -> None:
    assert read_field(EMAIL, message, today=TODAY) == address
    assert volunteered(EMAIL, message, today=TODAY, alone=False) == address


@pytest.mark.parametrize(
    ("country", "message", "number"),
    [
        ("US", "(212) 736-5000", "+12127365000"), ("US", "call 212.736.5000, thanks", "+12127365000"),
        ("US", "+1 555 123 4567", "+15551234567"), ("US", "555-123-4567", "+15551234567"),
        ("US", "2127365000", "+12127365000"),
        ("US", "+44 20 7946 0018", "+442079460018"), ("GB", "020 7946 0018", "+442079460018"),
        ("US", "<PHONE_2>", "<PHONE_2>"), ("US", "212-736-5000 or 415-227-9999", None),
        ("US", "not 212-736-5000, 415-227-9999", "+14152279999"), ("US", "212-736-5000, 212-736-5000", "+12127365000"),
        ("US", "736-5000", None), ("US", "911", None), ("US", "BL-104233", None), ("US", "$1,234,567.00", None),
        ("US", "2026-03-03 10:15", None), ("US", "1" * 30, None), ("US", "020 7946 0018", None), ("US", "", None),
    ],
)  # fmt: skip
def test_phone(country: str, message: str, number: str | None) -> None:
    assert read_field(Collect(name="p", ask="?", type="phone", country=country), message, today=TODAY) == number


@pytest.mark.parametrize(
    ("message", "alone", "number"),
    [
        ("reach me at (212) 736-5000", True, "+12127365000"),
        ("reach me at (212) 736-5000", False, None),
        ("reach me at +1 555 123 4567", True, "+15551234567"),
        ("reach me at <PHONE_1>", True, "<PHONE_1>"),
        # possible, but assigned to nobody: it may be any number
        ("my customer number is 555-123-4567", True, None),
    ],
)
def test_a_phone_number_is_taken_unasked_only_if_it_is_one(message: str, alone: bool, number: str | None) -> None:
    assert volunteered(Collect(name="p", ask="?", type="phone"), message, today=TODAY, alone=alone) == number


@pytest.mark.parametrize(("kind", "said"), [("email", "a@b.example"), ("phone", "+1 212 736 5000")])
def test_what_was_masked_is_read(kind: Any, said: str) -> None:
    masked = mask(f"it is {said}.").text
    assert said not in masked
    value = read_field(Collect(name="f", ask="?", type=kind), masked, today=TODAY)
    assert value == f"<{kind.upper()}_1>"
