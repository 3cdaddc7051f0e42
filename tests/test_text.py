import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.text import STOPWORDS, content_words, digest, nearest, sentences, slug, squash, stem, words

# The same examples on every machine, and none that fails because the machine is slow.
settings.register_profile("kit", deadline=None, derandomize=True, database=None)
settings.load_profile("kit")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hold BL-104233, version 4.8.2!", ["hold", "bl-104233", "version", "4.8.2"]),
        ("I don’t / don't", ["i", "don't", "don't"]),
        ("snake_case", ["snake", "case"]),
        ("Größe 10 °C", ["größe", "10", "c"]),
        ("-- ' . _", []),
    ],
)
def test_words(text: str, found: list[str]) -> None:
    assert words(text) == found


@pytest.mark.parametrize(
    "group",
    [
        ["charge", "charges", "charged", "charging"],
        ["cancel", "cancels"],
        ["stop", "stopped", "stopping"],
        ["reply", "replies"],
        ["thermostat", "thermostats"],
    ],
)
def test_forms_of_a_word_have_one_stem(group: list[str]) -> None:
    assert len({stem(word) for word in group}) == 1, [stem(word) for word in group]


@pytest.mark.parametrize("word", ["gas", "is", "press", "wiring", "app", "bill", "add"])
def test_a_stem_keeps_three_letters(word: str) -> None:
    assert len(stem(word)) >= min(3, len(word))


@given(st.text(alphabet=st.characters(categories=["Ll", "Nd"]), max_size=15))
def test_a_stem_begins_its_word(word: str) -> None:
    assert word.startswith(stem(word))
    assert len(stem(word)) >= min(3, len(word))


def test_content_words_are_those_that_carry_the_subject() -> None:
    assert content_words("Can I please have a refund for the BL-104233?") == ["refund", "bl-104233", "bl", "104233"]
    assert content_words("do it now, thank you") == []
    assert all(word == word.lower() and word.strip() for word in STOPWORDS)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It is amber. Wait! Is it back? Yes", ["It is amber.", "Wait!", "Is it back?", "Yes"]),
        ("Open 9 a.m. to 5 p.m. Eastern, e.g. Toronto.", ["Open 9 a.m. to 5 p.m. Eastern, e.g. Toronto."]),
        ("It costs $4.99. That is all.", ["It costs $4.99.", "That is all."]),
        ("Hold it (10 s). Then let go.", ["Hold it (10 s).", "Then let go."]),
        ('He said "Stop." Then he left.', ['He said "Stop."', "Then he left."]),
        ("1. Open the app.\n2. Tap Rooms.", ["1. Open the app.", "2. Tap Rooms."]),
        ("Before a list:\n- one\n- two", ["Before a list:", "- one", "- two"]),
        ("wrapped\nline. Next", ["wrapped line.", "Next"]),
        ("A title\n\nA paragraph", ["A title", "A paragraph"]),
        ("see brightloom.example. then", ["see brightloom.example. then"]),
        ("", []),
        (" \n\n ", []),
    ],
)
def test_sentences(text: str, found: list[str]) -> None:
    assert sentences(text) == found


@given(st.text(alphabet=st.sampled_from("aZ1 \n\t.!?)\"'([-*•|>“”e.g\x0b\u2028é"), max_size=120))
def test_sentences_lose_and_invent_nothing(text: str) -> None:
    found = sentences(text)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(sentence == squash(sentence) != "" for sentence in found)


@given(st.text(max_size=200))
def test_any_text_has_sentences_and_words(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
    assert all(word == word.lower() for word in words(text))
    assert squash(squash(text)) == squash(text)


@pytest.mark.parametrize("unit", ["\n", "\n ", ". ", ".'", "a", "1. ", "- ", "!)", "x.y"])
def test_no_text_is_too_long_to_be_read(unit: str) -> None:
    # A pattern that backtracks would run into the time limit that pytest sets for each test.
    text = unit * (200_000 // len(unit))
    assert sum(len("".join(one.split())) for one in sentences(text)) == len("".join(text.split()))
    words(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [("Change or cancel", "change-or-cancel"), ("Über 10 °C!", "uber-10-c"), ("日本", "x"), ("", "x"), ("--a--", "a")],
)
def test_slugs(text: str, found: str) -> None:
    assert slug(text) == found


@given(st.text(max_size=50))
def test_a_slug_fits_into_any_address(text: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug(text))
    assert slug(slug(text)) == slug(text)


def test_the_parts_of_a_digest_do_not_run_into_each_other() -> None:
    assert len({digest("ab", "c"), digest("a", "bc"), digest("abc"), digest("abc", ""), digest()}) == 5
    assert digest("ü") == digest("ü".encode())
    assert re.fullmatch("[0-9a-f]{64}", digest("x"))


def test_nearest() -> None:
    assert nearest("trigers", ["triggers", "title"]) == "triggers"
    assert nearest("zzz", ["triggers"]) is None
    assert nearest("x", []) is None
