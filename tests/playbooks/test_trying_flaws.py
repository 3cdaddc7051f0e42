"""Tests of playbooks that cannot be played, or cannot fail."""

import pytest

from kit.errors import KitError
from kit.playbooks import TrialReport, try_playbooks
from kit.playbooks.language import Source
from tests.playbooks.trying import BOOKING, TOOLS, EngineHost, source

END = "expect: {outcome: answered}"
INNER = "collect: [{name: code, ask: Which code?}]\nsteps: [{id: checked, type: end}]\n"
OUTER = "steps: [{id: ask, type: call, playbook: inner}]\n"

# Each as the test, what is wrong with it, and the mend.
FLAWS = {
    f"{{id: a, {END}}}": ("The test `a` has neither turns nor a persona.", "Give it one of the two."),
    f"{{id: a, turns: [x], persona: {{opening: x}}, {END}}}": (
        "The test `a` has both turns and a persona.",
        "Give it one of the two.",
    ),
    "{id: a, turns: [x]}": ("The test `a` expects nothing, so it cannot fail.", "Add `expect: …`."),
    "{id: a, turns: [{customer: x, expect: {}}]}": (
        "The test `a` expects nothing, so it cannot fail.",
        "Add `expect: …`.",
    ),
    "{id: a, turns: [x], expect: {step: kep}}": ("There is no step `kep`.", "Did you mean `kept`?"),
    "{id: a, turns: [x], expect: {steps: [kept, dome]}}": ("There is no step `dome`.", "Did you mean `done`?"),
    "{id: a, turns: [x], expect: {not_steps: [zzz]}}": ("There is no step `zzz`.", "Known: broken, change, done, "),
    "{id: a, turns: [{customer: x, expect: {fields: {gests: 4}}}]}": (
        "There is no field `gests`.",
        "Did you mean `guests`?",
    ),
    "{id: a, turns: [x], expect: {calls: [rebok]}}": ("There is no tool `rebok`.", "Did you mean `rebook`?"),
    "{id: a, turns: [x], expect: {calls: [{tool: fnd}]}}": ("There is no tool `fnd`.", "Did you mean `find`?"),
    "{id: a, turns: [x], expect: {not_calls: [refind]}}": ("There is no tool `refind`.", "Did you mean `find`?"),
    "{id: a, turns: [x], expect: {playbook: bookin}}": ("There is no playbook `bookin`.", "Did you mean `booking`?"),
    "{id: a, turns: [x], expect: {hand_off: {fields: [nmber]}}}": (
        "There is no field `nmber`.",
        "Did you mean `number`?",
    ),
    f"{{id: a, turns: [x], tools: {{fin: {{fails: failed}}}}, {END}}}": (
        "There is no tool `fin`.",
        "Did you mean `find`?",
    ),
    f"{{id: a, persona: {{opening: x, knows: {{nubmer: y}}}}, {END}}}": (
        "There is no field `nubmer`.",
        "Did you mean `number`?",
    ),
    f"{{id: a, persona: {{opening: x, unknown: [notes]}}, {END}}}": (
        "There is no field `notes`.",
        "Did you mean `note`?",
    ),
    f"{{id: a, persona: {{opening: x, agrees: {{done: true}}}}, {END}}}": (
        "There is no step with `confirm` `done`.",
        "Known: change.",
    ),
    f"{{id: a, persona: {{opening: x, asks: {{chang: why}}}}, {END}}}": (
        "There is no field or step with `confirm` `chang`.",
        "Did you mean `change`?",
    ),
    f"{{id: a, persona: {{opening: x, changes: [{{after: look_up}}]}}, {END}}}": (
        "There is no field or step with `confirm` `look_up`.",
        "Known: ",
    ),
    f"{{id: a, persona: {{opening: x, changes: [{{after: note, field: gests, to: 3}}]}}, {END}}}": (
        "There is no field `gests`.",
        "Did you mean `guests`?",
    ),
    f"{{id: a, persona: {{opening: x, changes: [{{after: note, field: guests}}]}}, {END}}}": (
        "A change of mind has both `field` and `to`, or neither: then everything is called off.",
        "Add the other one.",
    ),
}


def tried(*sources: Source) -> TrialReport:
    return try_playbooks(EngineHost(*(one.playbook for one in sources)), sources, TOOLS)


@pytest.mark.parametrize(("test", "said"), FLAWS.items(), ids=str)
def test_a_flaw_is_named_with_file_line_and_mend(test: str, said: tuple[str, str]) -> None:
    one = source(BOOKING, f"- {test}\n")
    with pytest.raises(KitError) as caught:
        tried(one)
    error = caught.value
    assert error.problem == said[0] and str(error.remedy).startswith(said[1])
    assert str(error.path) == "booking.md"
    assert error.line == one.located.line(("tests", 0))


def test_two_tests_of_one_name() -> None:
    one = source(
        BOOKING, f"- {{id: a, turns: [x], {END}}}\n- {{id: b, turns: [x], {END}}}\n- {{id: a, turns: [x], {END}}}\n"
    )
    with pytest.raises(KitError, match="There are two tests `a`") as caught:
        tried(one)
    assert caught.value.line == one.located.line(("tests", 2))


def test_nothing_is_played_when_one_test_is_flawed() -> None:
    good = source(BOOKING, f"- {{id: a, turns: [x], {END}}}\n")
    bad = source(INNER, "- {id: a, turns: [x]}\n", id="inner")
    host = EngineHost(good.playbook, bad.playbook)
    with pytest.raises(KitError):
        try_playbooks(host, [good, bad], TOOLS)
    assert host.opened == 0


def test_names_of_a_playbook_that_is_called_or_expected_may_be_used() -> None:
    inner = source(INNER, id="inner")
    called = "- {id: a, persona: {opening: x, knows: {code: '1'}}, expect: {steps: [ask, checked], step: checked}}\n"
    assert len(tried(source(OUTER, called), inner).playbooks) == 2
    expected = "- {id: a, turns: [{customer: x, expect: {playbook: inner, step: checked}}]}\n"
    alone = "steps: [{id: over, type: end}]\n"
    assert tried(source(alone, expected), inner).passed is False
    with pytest.raises(KitError, match="There is no step `checked`"):
        tried(source(alone, expected.replace("playbook: inner, ", "")), inner)


def test_a_flawed_test_does_not_keep_a_playbook_from_being_followed() -> None:
    """Customers come first: the test is refused, the assistant still starts."""
    from kit.playbooks.language import broken

    one = source(BOOKING, "- {id: a, turns: [x], expect: {step: nowhere}}\n")
    assert list(broken(one.playbook, one.located, TOOLS, {})) == []
