import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.playbooks import load_playbooks, load_tools
from kit.playbooks.language import Collect
from kit.playbooks.reading import asks, cancels, corrected, read_field, split_question, volunteered
from kit.playbooks.reading.dates import _parsed
from tests.conftest import ROOT

TODAY = date(2026, 3, 11)
BRIGHTLOOM = load_playbooks(ROOT / "playbooks", load_tools(ROOT / "playbooks"))
# The same examples on every machine, and none that fails because the machine is slow.
same = settings(deadline=None, derandomize=True, database=None)


@pytest.mark.parametrize(
    ("message", "value"),
    [
        ("it is bl-104233.", "BL-104233"),
        ("(BL-104233)", "BL-104233"),
        ("BL-1042339", None),
        ("xBL-104233", None),
        ("BL-1042339, sorry, BL-104233", "BL-104233"),
        ("104233", None),
    ],
)
def test_a_pattern_matches_whole_identifiers_only(message: str, value: str | None) -> None:
    assert read_field(Collect(name="order", ask="?", pattern=r"BL-\d{6}"), message, today=TODAY) == value


@pytest.mark.parametrize(
    ("item", "message", "value"),
    [
        (Collect(name="e", ask="?", type="email"), "it's maria.lopez@example.com, thanks", "maria.lopez@example.com"),
        (Collect(name="e", ask="?", type="email"), "my address is <EMAIL_2>", "<EMAIL_2>"),
        (Collect(name="e", ask="?", type="email"), "maria at example dot com", None),
        (Collect(name="d", ask="?", type="date"), "on 2026-02-30, no, 2026-02-28", "2026-02-28"),
        (Collect(name="d", ask="?", type="date"), "yesterday", "2026-03-10"),
        (Collect(name="t", ask="?"), "  12 Elm St  ", "12 Elm St"),
        (Collect(name="t", ask="?"), "   ", None),
    ],
)
def test_other_fields(item: Collect, message: str, value: str | None) -> None:
    assert read_field(item, message, today=TODAY) == value


def test_only_what_has_a_form_of_its_own_is_taken_without_being_asked_for() -> None:
    said = "yes, 5, refund, BL-104233, a@b.example, 2026-02-28"
    taken = {
        kind: volunteered(Collect(name="f", ask="?", type=kind, choices=("refund",)), said, today=TODAY, alone=True)
        for kind in ("text", "number", "money", "date", "email", "phone", "choice", "yes_no")
    }
    assert {kind: value for kind, value in taken.items() if value is not None} == {
        "choice": "refund",
        "date": "2026-02-28",
        "email": "a@b.example",
    }


@same
@given(
    message=st.text(max_size=300),
    kind=st.sampled_from(["text", "number", "money", "date", "email", "phone", "choice", "yes_no"]),
)
def test_any_message_is_read_or_not(message: str, kind: Any) -> None:
    value = read_field(Collect(name="f", ask="?", type=kind, choices=("refund", "cancel")), message, today=TODAY)
    json.dumps(value, allow_nan=False)
    if kind == "choice":
        assert value in ("refund", "cancel", None)


@pytest.mark.parametrize(
    "message",
    [
        "a" * 8000,
        "a@" * 4000,
        "a-" * 4000,
        " " * 8000,
        "1" * 8000 + "x",
        "1," * 4000,
        "no " * 2600,
        "it is " * 1300,
        "'t " * 2600,
    ],
)
def test_no_message_is_too_long_to_be_read(message: str) -> None:
    # A pattern that backtracks would run into the time limit that pytest sets for each test.
    for kind in ("number", "money", "email", "phone", "choice", "yes_no", "date"):
        read_field(Collect(name="f", ask="?", type=kind, choices=("refund", "cancel")), message, today=TODAY)
    for playbook in BRIGHTLOOM:
        for item in playbook.collect:
            assert volunteered(item, message, today=TODAY, alone=True) is None


FRAGMENTS = st.sampled_from(
    """
    not no sorry actually the a 3rd 3 March 3/3/26 2026-03-03 last Friday yesterday may sun 31 February in two weeks ago
    $20 €15,50 20 bucks and 50 cents one hundred dozen 1,234.50 a@b.example <EMAIL_1> <PHONE_2> +1 212 736 5000 refund
    refnud cancel BL-104233 BL-104234 was wrong , . ? ! - yes how long is it can you I meant
    """.split()
)
KINDS: dict[str, tuple[type, ...]] = {
    "number": (int, float),
    "money": (int, float),
    "date": (str,),
    "email": (str,),
    "phone": (str,),
    "choice": (str,),
    "yes_no": (bool,),
}


@same
@given(message=st.lists(FRAGMENTS, max_size=14).map(" ".join), kind=st.sampled_from(sorted(KINDS)), alone=st.booleans())
def test_what_is_read_is_of_its_type_and_agrees(message: str, kind: Any, alone: bool) -> None:
    field = Collect(name="f", ask="?", type=kind, choices=("refund", "cancel"))
    value = read_field(field, message, today=TODAY)
    assert value is None or type(value) in KINDS[kind]
    if kind == "date" and value is not None:
        assert date.fromisoformat(str(value)).isoformat() == value
    if kind == "money" and value is not None:
        assert round(float(value), 2) == value
    # What is taken without a question would also have answered it.
    unasked = volunteered(field, message, today=TODAY, alone=alone)
    if unasked is not None and not asks(message):
        assert unasked == value
    if value is not None:
        assert corrected(field, value, message, today=TODAY) != value


@pytest.mark.parametrize("end", ["", "x", "?"])
@pytest.mark.parametrize(
    "part",
    [
        "1 ", "$1 ", "$", "one ", "one hundred ", "a hundred ", "minus ", "1 and a half ", "20 dollars and ", "1/1/",
        "3/3 ",
        "the 3rd ", "the ", "3 March ", "jan ", "friday ", "last ", "two days ago ", "in a ", "monday, ", "a.a@a.a ",
        "212-736-5000 ", "(5", "+1 ", "1-", "refund ", "not refund ", "not the ", "wait no ", "sorry ", "so, ", "and ",
        "and what is ", ", can you ", ", how long", "? ", "how ", "i would like to ", "never mind, ", "( ", "\n", "—",
        "...",
        "BL-104233 ", "<EMAIL_1> ",
    ],
)  # fmt: skip
def test_nothing_that_repeats_takes_long(part: str, end: str) -> None:
    # As above: what grows with the square of the length would run into the time limit.
    message = (part * 8000)[:8000] + end
    for kind in ("text", *sorted(KINDS)):
        field = Collect(
            name="f", ask="?", type=kind, choices=("refund", "cancel"), synonyms={"refund": ("money back",)}
        )
        read_field(field, message, today=TODAY)
        volunteered(field, message, today=TODAY, alone=True)
        corrected(field, "refund", message, today=TODAY)
    said, asked = split_question(message)
    assert len(said) + len(asked) <= len(message) + 1
    assert not cancels(message)


@pytest.mark.parametrize(
    ("kind", "pattern", "message", "value"),
    [
        ("number", r"\d{4}", "the code is 2040, not 20401", 2040),
        ("number", r"\d{4}", "twenty forty", None),
        ("text", r"bd[12]-\w{8}", "It is bd2-7kq4m2xa", "BD2-7KQ4M2XA"),
        ("text", r"BL-\d{6}", "BL-104233 and BL-104234", None),
        ("text", r"BL-\d{6}", "BL-104233, I mean BL-104234", "BL-104234"),
        ("text", r"BL-\d{6}", "not BL-104233", None),
        ("email", r"\S+@work\.example", "me@home.example or Me@Work.example", "Me@work.example"),
        ("money", r"\$\d+\.\d\d", "$20.50 of 30", 20.5),
        ("text", r"x*", "no such thing", None),
    ],
)
def test_a_pattern_and_a_type(kind: Any, pattern: str, message: str, value: Any) -> None:
    field = Collect(name="f", ask="?", type=kind, pattern=pattern)
    assert read_field(field, message, today=TODAY) == value
    assert volunteered(field, message, today=TODAY, alone=False) == value


def test_many_threads_read_the_same() -> None:
    # dateparser by itself does not promise it.
    field = Collect(name="d", ask="?", type="date")
    jobs = [
        (said, TODAY + timedelta(days=7 * week)) for week in range(20) for said in ("3 March", "9 days ago", "2/14")
    ]
    with ThreadPoolExecutor(16) as pool:
        together = list(pool.map(lambda job: read_field(field, job[0], today=job[1]), jobs))
    _parsed.cache_clear()
    assert together == [read_field(field, said, today=today) for said, today in jobs]


def test_the_readers_load_what_they_read_with_only_when_they_read() -> None:
    late = ("dateparser", "babel", "email_validator", "phonenumbers", "rapidfuzz", "text_to_num")
    code = f"import sys, kit.playbooks; print(*[name for name in {late!r} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == ""
