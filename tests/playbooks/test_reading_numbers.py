from datetime import date
from typing import Any

import pytest

from kit.playbooks.language import Collect
from kit.playbooks.reading import read_field, volunteered

TODAY = date(2026, 3, 11)


@pytest.mark.parametrize(
    ("message", "number"),
    [
        ("5", 5), ("about 20%", 20), ("$1,234.50", 1234.5), ("-5 degrees", -5), ("1,234", 1234), ("4.99.", 4.99),
        ("BL-104233 cost 50", 50), ("3 or 4", None),
        # these are read differently in different countries, or are no numbers
        ("1.234.567", None), ("12,5", None), ("192.168.001.001", None), ("1.5e3", None), ("9" * 400, None),
        ("five", 5),
        ("x5", None), ("", None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["number", "money"])
def test_numbers(message: str, number: float | None, kind: Any) -> None:
    assert read_field(Collect(name="n", ask="?", type=kind), message, today=TODAY) == number


@pytest.mark.parametrize(
    ("message", "number"),
    [
        ("three", 3), ("a dozen", 12), ("two dozen", 24), ("half a dozen", 6), ("two hundred and ten", 210),
        ("2k", 2000),
        ("minus five", -5), ("two and a half", 2.5), ("just the one", 1), ("five, three of them old", None),
        ("not two but three", 3), ("2, sorry, 3", 3), ("3 sensors since 3 March 2026", 3), ("two (2)", 2),
        ("a couple", None), ("the second one", None), ("no one", None), ("forty-nine ninety-nine", None),
        ("between 3 and 5", None), ("3-5", None), ("at 5:30", None), ("5pm", None), ("<PHONE_1>", None),
        ("+1 212 736 5000", None), ("(212) 736-5000", None), ("3/3/26", None), ("2026-03-03", None), ("1,23", None),
    ],
)  # fmt: skip
def test_numbers_in_words(message: str, number: float | None) -> None:
    assert read_field(Collect(name="n", ask="?", type="number"), message, today=TODAY) == number


def test_whole_numbers_have_no_decimal_point() -> None:
    field = Collect(name="n", ask="?", type="number")
    assert [repr(read_field(field, said, today=TODAY)) for said in ("5", "5.0", "1,200", "2.5")] == [
        "5",
        "5",
        "1200",
        "2.5",
    ]


@pytest.mark.parametrize(
    ("currency", "message", "amount"),
    [
        ("", "$20", 20), ("", "20 bucks", 20), ("", "20 dollars and 50 cents", 20.5), ("", "twenty dollars", 20),
        ("", "15 quid", 15), ("", "USD 20", 20), ("", "US$ 1,299.00", 1299), ("", "99 cents", 0.99), ("", "50p", None),
        ("", "two sensors for $40", 40), ("", "$49.99 on 3 March", 49.99), ("", "€15,50", 15.5), ("", "$15,50", None),
        ("", "$20 or $30", None), ("", "$20 plus 5 dollars", None), ("", "not $20, $30", 30), ("", "$12.345", 12.35),
        ("", "$2k", 2000), ("", "-$5", -5), ("", "a hundred bucks", 100), ("", "BL-104233", None), ("", "$" * 50, None),
        ("EUR", "15,50", 15.5), ("EUR", "15.50", 15.5), ("EUR", "1.234,50 €", 1234.5), ("EUR", "1,234.50", 1234.5),
        ("EUR", "1.234", 1234), ("EUR", "$20", None), ("EUR", "20 euros and 50 cents", 20.5), ("EUR", "EUR 20", 20),
        ("USD", "€20", None), ("USD", "$20", 20), ("USD", "20 quid", None), ("USD", "12,5", None), ("USD", "US$20", 20),
        ("GBP", "£20", 20), ("GBP", "50 pence", 0.5), ("GBP", "50 cents", None), ("CAD", "$20", 20),
        ("CAD", "20 USD", None), ("CAD", "$20 CAD", 20), ("SEK", "200 kr", 200), ("USD", "I have 20 and paid €5", None),
    ],
)  # fmt: skip
def test_money(currency: str, message: str, amount: float | None) -> None:
    field = Collect(name="m", ask="?", type="money", currency=currency)
    assert read_field(field, message, today=TODAY) == amount


@pytest.mark.parametrize(
    ("message", "alone", "amount"),
    [
        ("you charged me $49.99", True, 49.99),
        ("you charged me $49.99", False, None),
        ("you charged me 49.99", True, None),
        ("$49.99 and $5", True, None),
    ],
)
def test_an_amount_is_taken_unasked_only_with_its_currency(message: str, alone: bool, amount: float | None) -> None:
    assert volunteered(Collect(name="m", ask="?", type="money"), message, today=TODAY, alone=alone) == amount
