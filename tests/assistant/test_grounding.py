"""The grounding check: what it reads, what it finds wrong, and what it lets pass."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kit.assistant import Meaning, Support, check_sentence, check_text
from kit.models import Embedder, load_embedder
from kit.settings import cache_folder

PLANS = "Plus costs $4.99 a month or $49 a year, and Home Pro costs $9.99 a month or $99 a year. Basic is free."
TABLE = """\
| | Basic | Plus | Home Pro |
|---|---|---|---|
| History | 7 days | 2 years | 2 years |
| Energy reports | no | yes | yes |
| Homes | 1 | 1 | up to 5 |
"""
RECORDS = """\
| Where | Service | Cost | Business days |
|---|---|---|---|
| US | Standard | $6.95 | 3–5 |
| US | Express | $14.95 | 2 |
| Canada | Standard | $8.95 | 5–8 |
"""
STEPS = "1. Turn off the breaker.\n2. Pull the cover off.\n3. Take a photo of the wires.\n4. Loosen the wires."
RULES = (
    "Returns are possible within 30 days of delivery. You don't need a receipt. Only the owner can change the plan. "
    "We send a reminder 14 days before each renewal. Visitors may use the garden. Most claims are settled in a week. "
    "Support is open from 9 a.m. to 5 p.m., Monday to Friday. The recall was announced on 12 September 2025."
)


@pytest.mark.parametrize(
    ("sentence", "passage"),
    [
        ("Plus is $49 per year.", PLANS),
        ("You pay $9.99 monthly for Home Pro.", PLANS),
        ("Nothing has to be paid for Basic.", PLANS),
        ("Plus keeps 2 years of history.", TABLE),
        ("Basic has no energy reports, but Plus and Home Pro do.", TABLE),
        ("Home Pro is for up to five homes.", TABLE),
        ("Express costs $14.95 and takes two business days.", RECORDS),
        ("Standard shipping to Canada takes 5 to 8 business days.", RECORDS),
        ("First turn off the breaker, then pull the cover off.", STEPS),
        ("Take a photo before you loosen the wires.", STEPS),
        ("No receipt is needed.", RULES),
        ("You have thirty days from delivery to return it.", RULES),
        ("Two weeks before each renewal you get a reminder.", RULES),
        ("The recall was announced on September 12, 2025.", RULES),
        ("It was announced in September 2025.", RULES),
        ("We're open 9 am–5 pm, Monday to Friday.", RULES),
        ("Nobody but the owner can change the plan.", RULES),
    ],
)
def test_what_the_passage_says_passes(sentence: str, passage: str) -> None:
    result = check_sentence(sentence, passage)
    assert result.supported, result.reason


@pytest.mark.parametrize(
    ("sentence", "passage", "reason"),
    [
        ("Plus costs $45 a year.", PLANS, "the figure $45 does not stand in the passage"),
        ("Plus costs $9.99 a month.", PLANS, "the passage gives $4.99 for that, not $9.99"),
        ("Premium costs $9.99 a month.", PLANS, "the name Premium does not stand in the passage"),
        ("Basic is not free.", PLANS, "it says the opposite of the passage about “free”"),
        ("Basic keeps 2 years of history.", TABLE, "the passage gives 7 days for that, not 2 years"),
        ("Energy reports are included in Basic.", TABLE, "opposite"),
        ("Home Pro is for at least 5 homes.", TABLE, "5 is at least here, in the passage at most"),
        ("Standard shipping to Canada takes 3 to 5 business days.", RECORDS, "for that, not"),
        ("Express takes 2 days.", RECORDS, "the passage says 2 Business days, not 2 days"),
        ("Loosen the wires before you take a photo.", STEPS, "its steps stand in another order in the passage"),
        ("You need a receipt.", RULES, "opposite"),
        ("Returns are possible within 30 weeks of delivery.", RULES, "the passage says 30 days, not 30 weeks"),
        ("Returns are possible within 30 days of purchase.", RULES, "30 days is counted from another event"),
        ("We send a reminder 14 days after each renewal.", RULES, "other side"),
        ("Visitors must use the garden.", RULES, "it makes a duty of what the passage only allows"),
        ("All claims are settled in a week.", RULES, "it says “All” where the passage says “Most”"),
        ("Only visitors can change the plan.", RULES, "only of others"),
        ("Support is open Monday to Saturday.", RULES, "the name Saturday does not stand in the passage"),
        ("The recall was announced on 12 October 2025.", RULES, "the date 12 October 2025 does not stand"),
        (
            "Returns are possible within 30 days of delivery, and a courier fetches them.",
            RULES,
            "says nothing of courier",
        ),
        ("Returns are possible, see https://evil.example/now.", RULES, "the address https://evil.example/now"),
    ],
)
def test_what_it_does_not_say_is_found_with_the_reason(sentence: str, passage: str, reason: str) -> None:
    result = check_sentence(sentence, passage)
    assert not result.supported and reason in result.reason, result.reason


@pytest.mark.parametrize(
    ("sentence", "supported"),
    [
        ("Hello!", True),
        ("Thanks for reaching out!", True),
        ("I'm sorry to hear that.", True),
        ("Would you like to know more?", True),
        ("Let me know if you have any other questions.", True),
        ("Sorry, but returns are not possible.", False),
        ("Did you know that you get a free phone?", False),
        ("Would you like the $500 voucher?", False),
        ("Could you write to boss@evil.example?", False),
    ],
)
def test_courtesies_and_questions_claim_nothing_but_may_not_smuggle(sentence: str, supported: bool) -> None:
    assert check_sentence(sentence, RULES).supported is supported


def test_a_sentence_of_the_passage_is_not_a_part_of_one() -> None:
    passage = "Do not touch the wires. Turn off the breaker."
    assert check_sentence("Turn off the breaker.", passage) == Support(True, 1.0, "stands there word for word")
    assert not check_sentence("Touch the wires.", passage).supported


@pytest.mark.parametrize(
    ("sentence", "supported"),
    [
        ("A factory reset keeps your schedules.", False),
        ("Your schedules are not kept in a factory reset.", True),
        ("A factory reset doesn't erase your schedules.", False),
        ("Members can export a home.", False),
        ("Members can't export a home.", True),
        ("The old PIN is needed.", False),
    ],
)
def test_what_one_word_denies_counts_as_a_negation_does(sentence: str, supported: bool) -> None:
    passage = "A factory reset erases your schedules. Only the owner can export a home. The old PIN isn't needed."
    assert check_sentence(sentence, passage).supported is supported


def test_rows_of_tables_pass_as_the_composer_says_them() -> None:
    said = "Energy reports: Basic: no, Plus: yes, Home Pro: yes. Homes: Basic: 1, Plus: 1, Home Pro: up to 5."
    assert [one.reason for one in check_text(said, [TABLE])] == ["stands there word for word"] * 2
    [wrong] = check_text("Homes: Basic: 1, Plus: 3, Home Pro: up to 5.", [TABLE])
    assert not wrong.supported


@given(st.text(max_size=300), st.text(max_size=600))
@example("1 " * 25_000, "12-" * 16_000)
@example("a" * 50_000, "| a " * 12_500)
@settings(max_examples=60, deadline=None)
def test_any_text_can_be_checked(sentence: str, passage: str) -> None:
    result = check_sentence(sentence, passage)
    assert 0.0 <= result.score <= 1.0 and result.reason
    assert check_sentence(sentence, passage) == result


@given(st.sampled_from(RULES.split(". ")), st.integers(min_value=31, max_value=10**6))
def test_a_figure_from_nowhere_is_always_found(sentence: str, figure: int) -> None:
    assert not check_sentence(f"{sentence.rstrip('.')} for {figure} points.", RULES).supported


def test_a_text_is_checked_sentence_by_sentence_against_all_passages() -> None:
    text = "Plus is $49 per year. [2] You don't need a receipt; Basic is free. Plus is $59 per year."
    first, second, third = check_text(text, [RULES, PLANS])
    assert (first.supported, first.passage) == (True, 1)
    assert second.supported and second.reason == "its parts stand in several passages"
    assert (third.supported, third.passage) == (False, 1)
    assert third.text == "Plus is $59 per year." and "$59" in third.reason
    [alone] = check_text("Plus is $49 per year.", [])
    assert (alone.supported, alone.passage, alone.reason) == (False, None, "there is no passage")
    assert check_text("", [RULES]) == []


@pytest.fixture(scope="module")
def embedder(environment: None) -> Embedder:
    return load_embedder("packaged", cache=cache_folder())


def test_an_encoder_knows_words_that_mean_the_same(embedder: Embedder) -> None:
    passage = "Dogs are welcome in the restaurant. Prams can be left in the foyer."
    meaning = Meaning(embedder)
    same, added = "Puppies are welcome in the diner.", "Dogs are welcome in the restaurant and get insulin vouchers."
    assert not check_sentence(same, passage).supported
    assert check_sentence(same, passage, meaning=meaning).supported
    assert not check_sentence(added, passage, meaning=meaning).supported
    assert not check_sentence("Puppies are not welcome in the diner.", passage, meaning=meaning).supported
    assert not check_sentence(same, "", meaning=meaning).supported
