"""Customers who are played by rules."""

from datetime import date
from typing import Any, get_args

import pytest

from kit.playbooks import Said, play_trials
from kit.playbooks.language import Collect, Mood, Persona
from kit.playbooks.reading import cancels, corrected, read_field, read_yes_no
from kit.playbooks.trying import Exchange
from kit.playbooks.trying.played import PlayedCustomer, wordings
from tests.playbooks.trying import BOOKING, TOOLS, EngineHost, only, played, reached, source

MOODS: tuple[str, ...] = get_args(Mood)
TODAY = date(2026, 6, 15)
FIELDS: list[tuple[Collect, str, Any]] = [
    (Collect(name="order_number", ask="?", pattern=r"BK-\d{4}"), "BK-1000", "BK-1000"),
    (Collect(name="guests", ask="?", type="number"), "4", 4),
    (Collect(name="amount", ask="?", type="money", currency="USD"), "$20", 20),
    (Collect(name="email", ask="?", type="email"), "ada@example.com", "ada@example.com"),
    (Collect(name="day", ask="?", type="date"), "2026-06-02", "2026-06-02"),
    (Collect(name="reason", ask="?", type="choice", choices=("faulty", "wrong item")), "wrong item", "wrong item"),
]


def ways(*occasions: str) -> list[tuple[str, str, str]]:
    """Mood, occasion and words of all ways to put something."""
    return [(mood, what, words) for mood in MOODS for what in occasions for words in wordings()[mood][what]]


def test_every_mood_has_words_for_everything() -> None:
    tables = [set(wordings()[mood]) for mood in MOODS]
    assert all(table == tables[0] for table in tables)
    assert set(wordings()) == {*MOODS, "volunteer"}


@pytest.mark.parametrize(("field", "value", "read"), FIELDS, ids=[field.name for field, _, _ in FIELDS])
def test_what_customers_state_is_read(field: Collect, value: str, read: Any) -> None:
    """What a customer means would otherwise depend on the mood that a test gives them."""
    for mood, what, words in ways("state", "again"):
        said = words.format(value=value)
        assert read_field(field, said, today=TODAY) == read, (mood, what, said)


def test_a_yes_and_a_no_are_read_as_such() -> None:
    for mood, what, words in ways("yes", "agree"):
        assert read_yes_no(words) is True, (mood, what, words)
    for mood, what, words in ways("no", "refuse"):
        assert read_yes_no(words) is False, (mood, what, words)


@pytest.mark.parametrize(("field", "value", "read"), FIELDS, ids=[field.name for field, _, _ in FIELDS])
def test_a_change_of_mind_is_understood(field: Collect, value: str, read: Any) -> None:
    before = {"order_number": "BK-2222", "guests": 7, "amount": 99.0, "email": "bob@example.com", "day": "2026-06-05"}
    label = field.name.replace("_", " ")
    for mood, _, words in ways("change"):
        said = words.format(value=value, label=label)
        assert corrected(field, before.get(field.name, "faulty"), said, today=TODAY) == read, (mood, said)


def test_a_yes_that_becomes_a_no_is_understood() -> None:
    field = Collect(name="box_opened", ask="Has the box been opened?", type="yes_no")
    for mood, _, words in ways("change"):
        for before, after in ((True, "no"), (False, "yes")):
            said = words.format(value=after, label="box opened")
            assert corrected(field, before, said, today=TODAY) is not before, (mood, said)
            assert corrected(field, before, said, today=TODAY) is not None, (mood, said)


def test_what_is_not_known_is_no_answer() -> None:
    yes_no = Collect(name="sealed", ask="?", type="yes_no")
    for mood, _, words in ways("unknown"):
        for field in (*(field for field, _, _ in FIELDS), yes_no):
            assert read_field(field, words, today=TODAY) is None, (mood, field.name, words)


def test_calling_it_off_is_understood() -> None:
    for mood, _, words in ways("call_off"):
        assert cancels(words), (mood, words)
        assert read_yes_no(words) is False, (mood, words)


# A play

PERSONA = "- {{id: one, persona: {{opening: change my booking, {persona}}}, expect: {{{expect}}}}}\n"
KNOWN = "knows: {number: BK-1000, guests: '4', note: a cot please}"


def persona(persona: str, expect: str = "outcome: answered") -> Any:
    return only(PERSONA.format(persona=persona, expect=expect))


def messages(result: Any) -> list[str]:
    return [exchange.customer for exchange in result.transcript]


@pytest.mark.parametrize("mood", MOODS)
def test_a_customer_who_knows_it_all(mood: str) -> None:
    result = persona(
        f"{KNOWN}, mood: {mood}",
        "step: done, fields: {number: BK-1000, guests: 4, note: a cot please}, calls: [rebook]",
    )
    assert result.passed, result.departures
    said = messages(result)
    assert said[0] == "change my booking" and len(said) == 5
    assert "BK-1000" in said[1] and "4" in said[2]
    # Of a text every word would be kept.
    assert said[3] == "a cot please"


def test_the_seed_decides_on_the_words_and_nothing_else_does() -> None:
    same = [tuple(messages(persona(f"{KNOWN}, seed: 3"))) for _ in range(3)]
    assert len(set(same)) == 1
    assert len({tuple(messages(persona(f"{KNOWN}, seed: {seed}"))) for seed in range(8)}) > 4
    # A playbook that asks one thing less changes none of the other answers.
    shorter = persona(f"{KNOWN}, seed: 3".replace(", note: a cot please", ", note: a cot please"), "step: done")
    assert messages(shorter) == list(same[0])


def test_volunteering() -> None:
    result = persona(f"{KNOWN}, volunteers: true", "fields: {number: BK-1000}, step: done")
    assert result.passed
    opening = messages(result)[0]
    assert opening.startswith("change my booking. ") and "BK-1000" in opening and "uests" in opening
    # Nobody says a note out of the blue.
    assert "cot" not in opening


def test_not_knowing() -> None:
    result = persona("unknown: [number], knows: {guests: '4'}", "outcome: handed_off, calls: []")
    assert result.passed, result.departures
    assert messages(result)[1:] == ["I don't know.", "No idea, sorry.", "I really can't tell you."]
    assert ("number", "rejected") in reached(result)


def test_what_the_test_forgot_to_say_is_pointed_out() -> None:
    [departure] = persona("knows: {guests: '4'}").departures
    assert departure.hint.endswith(
        "The customer was asked for `number`, which is neither under `knows` nor under `unknown`."
    )
    assert persona("knows: {guests: '4'}", "outcome: handed_off").passed


def test_refusing() -> None:
    for agrees in ("agrees: false", "agrees: {change: false}"):
        result = persona(f"{KNOWN}, {agrees}", "step: kept, calls: []")
        assert result.passed and ("change", "no") in reached(result)
    assert persona(f"{KNOWN}, agrees: {{change: true}}", "step: done").passed


def test_a_question_is_asked_once_instead_of_answering() -> None:
    result = persona(f"{KNOWN}, asks: {{guests: Do children count?}}", "step: done, fields: {guests: 4}")
    assert result.passed
    assert messages(result).count("Do children count?") == 1
    [departure] = persona(f"{KNOWN.replace('1000', '2000')}, asks: {{note: What for?}}", "step: too_late").departures
    assert departure.place == ("persona", "asks", "note")
    assert departure.found == "`note` was never asked for, so the customer had no occasion to"


def test_changing_a_field() -> None:
    change = "changes: [{after: note, field: number, to: BK-1001}]"
    result = persona(f"{KNOWN}, {change}, mood: angry", "step: done, fields: {number: BK-1001}, calls: [rebook]")
    assert result.passed, result.departures
    assert "BK-1001" in messages(result)[4]


def test_calling_everything_off() -> None:
    result = persona(f"{KNOWN}, changes: [{{after: number}}]", "outcome: answered, calls: [], not_steps: [change]")
    assert result.passed, result.departures
    assert messages(result)[-1] in wordings()["calm"]["call_off"]
    # Too late: it is said, and changes nothing any more.
    result = persona(f"{KNOWN}, changes: [{{after: change}}]", "calls: [rebook]")
    assert result.passed and messages(result)[-1] in wordings()["calm"]["call_off"]
    [departure] = persona(f"{KNOWN.replace('1000', '2000')}, changes: [{{after: change}}]", "step: too_late").departures
    assert departure.place == ("persona", "changes", 0)


def test_an_answer_that_is_not_taken_is_no_answer_yet() -> None:
    """The change of mind waits until what comes before it has been answered."""
    change = "changes: [{after: number, field: guests, to: '5'}]"
    result = persona(f"unknown: [number], knows: {{guests: '4'}}, {change}", "outcome: handed_off")
    assert [one.place for one in result.departures] == [("persona", "changes", 0)]


def test_giving_up() -> None:
    [departure] = persona(f"{KNOWN}, patience: 2", "calls: []").departures
    assert departure.place == ("persona", "patience") and departure.turn == 1
    assert departure.expected == "the play to end within 2 messages"
    assert departure.found == "it still asks for `guests`, and the customer gives up"
    # A test may leave a play open on purpose.
    assert persona(f"{KNOWN}, patience: 2", "outcome: clarified").passed


def test_choosing_what_the_customer_came_for() -> None:
    """Asked which of two it is, the customer takes the one that the test is about, and says no more."""
    playbook = source(BOOKING).playbook
    customer = PlayedCustomer(Persona(opening="hello"), playbook, {})
    which = Said("Which of these is it?\n\n1. change a flight\n2. booking", "clarified")
    assert customer.next([]) == "hello"
    assert customer.next([Exchange("hello", which)]) == "2"
    assert customer.next([Exchange("hello", Said("1. change a flight", "clarified"))]) is None
    assert customer.next([Exchange("hello", Said("", "handed_off", waiting="field:number"))]) is None


def test_a_playbook_that_is_called_asks_too() -> None:
    """The customer states its fields as it does the others."""
    inner = "collect: [{name: code, ask: Which code?, type: number}]\nsteps: [{id: checked, type: end}]\n"
    outer = "steps:\n  - {id: ask, type: call, playbook: inner}\n  - {id: over, type: end, text: '{inner.code}'}\n"
    tests = (
        "- {id: one, persona: {opening: hello, knows: {code: '7'}, mood: chatty}, expect: {says: ['7'], step: over}}\n"
    )
    called, playbook = source(inner, id="inner").playbook, source(outer, tests).playbook
    [result] = play_trials(EngineHost(playbook, called), playbook, TOOLS)
    assert result.passed, result.departures
    assert messages(result)[1] != "7"
    assert result.steps == ("ask", "over")
    assert [(one.playbook, one.name) for one in result.taken] == [
        ("booking", "ask"),
        ("inner", "checked"),
        ("booking", "over"),
    ]


def test_mocks_and_days_and_customers() -> None:
    body = """
steps:
  - {id: look_up, type: do, tool: find, on_fail: gone}
  - {id: new, type: check, if: "customer.plan == 'Plus' and today > '2026-12-01'", then: plus, else: other}
  - {id: plus, type: end, text: plus}
  - {id: other, type: end, text: other}
  - {id: gone, type: end, text: gone}
"""
    tests = """
- {id: plain, turns: [hello], customer: {plan: Basic}, expect: {step: other}}
- {id: plus, turns: [hello], customer: {plan: Plus}, today: 2026-12-24, expect: {step: plus}}
- {id: too_early, turns: [hello], customer: {plan: Plus}, expect: {step: other}}
- {id: broken, turns: [hello], tools: {find: {fails: timeout}}, expect: {step: gone, calls: [find]}}
"""
    assert [one.passed for one in played(tests, body)] == [True] * 4
