"""What a test of a playbook expects, held against what happened."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.playbooks import play_trials
from kit.playbooks.engine import Made
from kit.playbooks.language import Expect
from kit.playbooks.trying import Said
from kit.playbooks.trying.expecting import departures
from kit.playbooks.trying.values import same
from tests.playbooks.trying import BOOKING, TOOLS, EngineHost, only, played, source

PLAYED = """
- id: one
  turns:
    - change BK-1000 please
    - '4'
    - a cot please
    - {customer: 'yes', expect: {EXPECTED}}
"""
AT_THE_END = """
- id: one
  turns: [change BK-1000 please, '4', a cot please, 'yes']
  expect: {EXPECTED}
"""

HOLDS = [
    "playbook: booking",
    "outcome: answered",
    "step: done",
    "steps: [change, done]",
    "not_steps: [kept, too_late]",
    "fields: {number: BK-1000, guests: 4, note: a cot please}",
    "calls: [rebook]",
    "calls: [{tool: rebook, args: {guests: 4}}]",
    "not_calls: []",
    "says: ['booking BK-1000 IS   for 4 guests']",
    "never_says: [5 guests]",
]
FAILS = {
    "playbook: none": ("no playbook", "the playbook `booking` leads"),
    "outcome: declined": ("the outcome `declined`", "it is `answered`"),
    "step: kept": ("step `kept`", "it is at `done`"),
    "steps: [done, change]": ("step `change` after the ones before it", "the steps were"),
    "steps: [kept]": ("step `kept`", "the steps were"),
    "not_steps: [done]": ("no step `done`", "it was taken"),
    "fields: {guests: 5}": ("`guests` to be 5", "it is 4"),
    "fields: {guests: true}": ("`guests` to be true", "it is 4"),
    "fields: {number: null}": ("`number` not to be known", "it is “BK-1000”"),
    "calls: []": ("no (other) call that changes anything", "it called `rebook`(number: “BK-1000”, guests: 4)"),
    "calls: [rebook, rebook]": ("the call `rebook`", "called was"),
    "calls: [{tool: rebook, args: {guests: 5}}]": ("the call `rebook`(guests: 5)", "it called `rebook`("),
    "calls: [{tool: rebook, args: {name: x}}]": ("the call `rebook`(name: “x”)", "it called `rebook`("),
    "not_calls: [rebook]": ("no call of `rebook`", "it was called"),
    "says: [I have left it]": ("the words “I have left it”", "they are not said"),
    "never_says: [IS FOR 4]": ("not the words “IS FOR 4”", "they are said"),
    "cites: [orders/refunds]": ("a citation of `orders/refunds`", "cited is nothing"),
    "hand_off: {}": ("a hand-off", "there is none"),
}


@pytest.mark.parametrize("where", [PLAYED, AT_THE_END], ids=["turn", "end"])
@pytest.mark.parametrize("expected", HOLDS)
def test_what_holds(where: str, expected: str) -> None:
    result = only(where.replace("EXPECTED", expected))
    assert result.passed and result.departures == ()


@pytest.mark.parametrize("where", [PLAYED, AT_THE_END], ids=["turn", "end"])
@pytest.mark.parametrize(("expected", "said"), FAILS.items())
def test_what_does_not_hold(where: str, expected: str, said: tuple[str, str]) -> None:
    result = only(where.replace("EXPECTED", expected))
    [departure] = result.departures
    assert not result.passed
    assert departure.expected == said[0] and departure.found.startswith(said[1])
    # Only what could have been wrong earlier is shown earlier.
    assert departure.turn == 3
    assert departure.place[:3] == ("turns", 3, "expect") or departure.place[0] == "expect"


def test_a_turn_is_about_its_reply_and_the_end_about_all() -> None:
    """The look-up was made two turns before."""
    assert only(PLAYED.replace("EXPECTED", "steps: [look_up]")).passed is False
    assert only(AT_THE_END.replace("EXPECTED", "steps: [look_up, in_time, change, done]")).passed
    assert only(AT_THE_END.replace("EXPECTED", "calls: [find, rebook]")).passed
    assert only(AT_THE_END.replace("EXPECTED", "says: [Shall I change, How many guests]")).passed


def test_what_is_said_too_early_is_shown_where_it_is_said() -> None:
    [departure] = only(AT_THE_END.replace("EXPECTED", "never_says: [How many guests]")).departures
    assert departure.turn == 0
    for expected in ("not_steps: [look_up]", "not_calls: [find]"):
        [departure] = only(AT_THE_END.replace("EXPECTED", expected)).departures
        assert departure.turn == 1
    goes_on = AT_THE_END.replace("'yes']", "'yes', thanks]")
    for expected in ("calls: []", "not_calls: [rebook]"):
        [departure] = only(goes_on.replace("EXPECTED", expected)).departures
        assert departure.turn == 3


def test_a_hand_off() -> None:
    turns = "turns: [change BK-1000, '9']"
    good = "hand_off: {reason: policy_restriction, team: Groups, priority: high, fields: [number, guests]}"
    assert only(f"- {{id: one, {turns}, expect: {{{good}}}}}\n").passed
    for wrong, expected, found in (
        ("reason: sensitive", "reason `sensitive`", "it is `policy_restriction`"),
        ("team: Desk", "team `Desk`", "it is `Groups`"),
        ("priority: low", "priority `low`", "it is `high`"),
        ("fields: [number, note]", "the person to be given `note`", "given is number, guests"),
    ):
        [departure] = only(f"- {{id: one, {turns}, expect: {{hand_off: {{{wrong}}}}}}}\n").departures
        assert (departure.expected, departure.found) == (expected, found)
    [departure] = only(f"- {{id: one, {turns}, expect: {{outcome: answered}}}}\n").departures
    assert departure.found == "it is `handed_off`, for `policy_restriction`"
    assert departure.hint == "Its way: hand-off rule 1."


def test_the_way_is_told_with_its_branches() -> None:
    result = only("- {id: one, turns: [change BK-2000, '2'], expect: {step: done}}\n")
    assert result.departures[0].hint == "Its way: `look_up` → `in_time` (no) → `too_late`."
    result = only("- {id: one, turns: [change BK-2000, none at all], expect: {step: done}}\n")
    assert result.departures[0].hint == "Its way: the answer to `guests` was not taken."


def test_words_that_are_nearly_said_are_shown() -> None:
    [departure] = only(AT_THE_END.replace("EXPECTED", "says: [Booking BK-1000 is for five guests now]")).departures
    assert departure.hint == "It says: “Booking BK-1000 is for 4 guests now.”"
    [departure] = only(AT_THE_END.replace("EXPECTED", "says: [a refund of $20]")).departures
    assert departure.hint == "Its way: `change` (yes) → `done`."


def test_a_test_is_about_its_own_playbook() -> None:
    """Otherwise a test that says only what must not happen would pass where nothing happens."""
    [departure] = only("- {id: one, turns: [who knows], expect: {calls: []}}\n").departures
    assert departure.expected == "the playbook `booking`"
    assert departure.found == "it never leads, the first message was taken for: knowledge (0.50)"
    assert only("- {id: one, turns: [who knows], expect: {playbook: none, calls: []}}\n").passed


def test_stopping_at_the_first_departure() -> None:
    tests = """
- id: good
  turns: [change BK-1000]
  expect: {step: null, outcome: clarified}
- id: bad
  turns: [{customer: change BK-1000, expect: {outcome: answered}}, '4', x, 'yes']
- id: later
  turns: [change BK-1000]
  expect: {outcome: clarified}
"""
    playbook = source(BOOKING, tests).playbook
    host = EngineHost(playbook)
    results = play_trials(host, playbook, TOOLS, stop_at_first=True)
    assert [(one.trial_id, one.passed, len(one.transcript)) for one in results] == [
        ("good", True, 1),
        ("bad", False, 1),
    ]
    assert [one.trial_id for one in play_trials(host, playbook, TOOLS, only={"later"})] == ["later"]
    assert [len(one.transcript) for one in played(tests)] == [1, 4, 1]


MADE = st.lists(st.sampled_from(["look", "see", "do", "undo"]), max_size=6)


@given(made=MADE, listed=MADE)
def test_calls_are_kept_to_exactly_where_they_change_something(made: list[str], listed: list[str]) -> None:
    """Listed are, in order, all calls that change something, and look-ups as one likes."""
    said = Said("", "answered", calls=tuple(Made(name, {}, name.endswith("do")) for name in made))
    found = list(departures(Expect(calls=tuple(listed)), [said], turn=0, place=()))
    rest = iter(made)
    in_order = all(name in rest for name in listed)
    all_changes = [name for name in made if name.endswith("do")] == [name for name in listed if name.endswith("do")]
    assert (not found) == (in_order and all_changes)


def test_values_are_the_same_to_a_person() -> None:
    assert same(20, 20.0) and same("2026-06-15", date(2026, 6, 15)) and same("a  b", "a b")
    assert same({"a": [1, "x"]}, {"a": [1.0, "x "]})
    assert (
        not same(True, 1) and not same(1, True) and not same(None, False) and not same("A", "a") and not same(0, None)
    )
    assert not same({"a": 1}, {"a": 1, "b": 2}) and not same([1], [1, 2])
