"""Playbooks with one thing changed."""

import ast
from collections import Counter
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.playbooks.changing import Kind, Mutant, mutants
from kit.playbooks.changing.mutating import form
from kit.playbooks.changing.mutating.conditions import variants
from kit.playbooks.changing.mutating.form import _stripped
from kit.playbooks.changing.mutating.texts import FIGURE, text_edits
from kit.playbooks.language import broken, evaluate
from kit.workspace import Workspace
from kit.yamlfile import Located
from tests.conftest import ROOT
from tests.playbooks.changing import HEAD, TOOLS, changed, playbook, source

RICH = (
    HEAD.replace("    pattern:", "    valid: order_number != 'BL-000000'\n    pattern:")
    .replace("steps:\n", "must_say: [Thank you]\nmax_clarifications: 3\nsteps:\n")
    .replace("save_as: order}", "save_as: order, confirm: Shall I look it up?, on_fail: refused}")
    .replace("then: refused}", "then: refused, else: in_time}")
)


def described(found: list[Mutant]) -> set[str]:
    return {mutant.description for mutant in found}


def test_every_kind_of_change_is_made() -> None:
    assert {mutant.kind for mutant in mutants(playbook(RICH), TOOLS)} == set(get_args(Kind))


@pytest.mark.parametrize(
    "description",
    [
        "step `in_time` is left out",
        "`reason` is not asked for at `why` but at the start",
        "steps `in_time` and `why` change places",
        "`order.days <= 30` becomes its opposite",
        "`<=` becomes `<` in `order.days <= 30`",
        "the limit of 30 becomes 31 in `order.days <= 30`",
        "the limit of 30 becomes 29 in `order.days <= 30`",
        "the limit of 30 becomes 60 in `order.days <= 30`",
        "`and` becomes `or` in `order.total > 200 and order.days <= 30`",
        "`order.days <= 30` is left out in `order.total > 200 and order.days <= 30`",
        "the hand-off rule `order.total > 200 and order.days <= 30` is removed",
        "the reason of the hand-off at `refused` is tool_failure instead of policy_restriction",
        "the team of the hand-off at `refused` is Support instead of Payments",
        "the priority of the hand-off at `refused` is high instead of normal",
        "step `refused` ends the play instead of handing off",
        "step `done` ends as declined",
        "step `look_up` calls `plan_lookup` instead of `order_lookup`",
        "step `pay` calls `plan_cancel` instead of `refund_create`",
        "step `pay` calls `refund_create` without `amount`",
        "step `pay` calls `refund_create` with `order_number` {reason} instead of {order_number}",
        "step `pay` has no `else`",
        "`order_number` may match `BL-\\d{1,}` instead of `BL-\\d{6}`",
        "`order_number` need not match `BL-\\d{6}`",
        "“faulty” is no longer a choice for `reason`",
        "`reason` is asked for up to 3 times instead of 2",
        "step `done` says 6 instead of 5",
        "step `pay` no longer says the {order.total}",
    ],
)
def test_changes_are_described_in_plain_words(description: str) -> None:
    assert description in described(list(mutants(playbook(), TOOLS)))


def test_what_led_to_a_step_that_is_left_out_leads_to_the_one_after_it() -> None:
    [found] = [one for one in mutants(playbook(), TOOLS) if one.description == "step `kept` is left out"]
    [pay] = [step for step in found.playbook.steps if step.id == "pay"]
    assert pay.written()["else"] == "refused"


def test_what_changes_something_is_never_done_without_asking() -> None:
    found = described(list(mutants(playbook(RICH), TOOLS)))
    assert "step `look_up` does not ask before it calls `order_lookup`" in found
    assert "step `pay` does not ask before it calls `refund_create`" not in found


def test_a_date_is_a_limit() -> None:
    before = changed("order.days <= 30, else", "today < '2027-01-31', else")
    dates = {one.description.split(" in ")[0] for one in mutants(before, TOOLS) if "the date" in one.description}
    assert dates == {f"the date 2027-01-31 becomes {day}" for day in ("2027-01-30", "2027-02-01", "2027-03-02")}


def test_every_mutant_can_be_followed_differs_and_comes_once() -> None:
    before = playbook(RICH)
    found = list(mutants(before, TOOLS))
    forms = Counter(mutant.form for mutant in found)
    assert forms.most_common(1)[0][1] == 1
    assert form(before) not in forms
    for mutant in found:
        assert list(broken(mutant.playbook, Located({}, "x", {(): 1}), TOOLS)) == []
        assert mutant.playbook.tests == before.tests
        assert source(RICH).located.line(mutant.where) > 1


def test_mutants_come_in_the_same_order() -> None:
    one, other = ([mutant.form for mutant in mutants(playbook(), TOOLS)] for _ in range(2))
    assert one == other


def test_the_samples_playbooks_have_mutants_of_nearly_every_kind() -> None:
    space = Workspace.open(ROOT)
    others = {one.id: one for one in space.playbooks}
    kinds = Counter(mutant.kind for one in space.playbooks for mutant in mutants(one, space.tools, others))
    assert {"drop_step", "flip", "limit", "compare", "branch", "rule", "reason", "figure", "attempts"} <= kinds.keys()
    assert sum(kinds.values()) > 100 * len(space.playbooks) / 2


# What is left out as nobody could notice it


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("order.days <= 30, else", "order.days<=30, else"),
        ("if: order.final, then: refused", "if: not order.final, else: refused"),
        ("if: order.final, then: refused", "if: not not order.final, then: refused, else: in_time"),
        ("if: order.days <= 30, else: refused", "if: order.days > 30, then: refused"),
        ("team: Payments, text: A colleague", "team: Payments, priority: normal, text: A colleague"),
        ("hand_off:\n", "max_clarifications: 4\nhand_off:\n"),
        ("steps:\n", "steps:\n  - {id: first, type: goto, to: look_up}\n"),
        (
            "else: kept\n",
            "else: to_kept\n  - {id: end, type: goto, to: done}\n  - {id: to_kept, type: goto, to: kept}\n",
        ),
        ("  - {id: kept,", "  - {id: nobody, type: end, text: Nobody gets here.}\n  - {id: kept,"),
        ("save_as: order}", "save_as: order, else: kept}"),
        ("give me my money back", "i would like my money back"),
    ],
)
def test_what_plays_alike_has_the_same_form(old: str, new: str) -> None:
    assert form(changed(old, new)) == form(playbook())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("order.days <= 30, else", "order.days < 30, else"),
        ("then: refused", "then: kept"),
        ("else: kept", "else: refused"),
        ("Nothing has changed.", "Nothing has been changed."),
        ("id: done,", "id: finished,"),
        ("team: Payments, text: A", "team: Support, text: A"),
        ("team: Payments, text: A", "text: A"),
        ("    pattern:", "    max_attempts: 3\n    pattern:"),
        ("type: choice,", "type: choice, pii: true,"),
        ("hand_off:\n", "never_say: [guarantee]\nhand_off:\n"),
    ],
)
def test_what_plays_otherwise_has_another_form(old: str, new: str) -> None:
    assert form(changed(old, new)) != form(playbook())


def test_more_attempts_than_there_may_be_in_all_are_no_change() -> None:
    capped = HEAD.replace("    pattern:", "    max_attempts: 4\n    pattern:")
    assert form(playbook(capped)) == form(playbook(capped.replace("max_attempts: 4", "max_attempts: 5")))
    assert not any("`order_number` is asked" in one.description for one in mutants(playbook(capped), TOOLS))


def test_gotos_in_a_circle_have_a_form() -> None:
    circle = HEAD.replace("steps:\n", "steps:\n  - {id: a, type: goto, to: b}\n  - {id: b, type: goto, to: a}\n")
    assert form(playbook(circle)) != form(playbook())


# Conditions and texts

NAMES = st.sampled_from(["a", "b", "c"])
NUMBERS = st.integers(-3, 3)
COMPARED = st.builds("{} {} {}".format, NAMES, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), NUMBERS)
CONDITIONS = st.recursive(
    COMPARED,
    lambda inner: st.one_of(
        st.builds("not ({})".format, inner),
        st.builds("({}) and ({})".format, inner, inner),
        st.builds("({}) or ({})".format, inner, inner),
    ),
    max_leaves=5,
)
VALUES = st.fixed_dictionaries({"a": NUMBERS, "b": NUMBERS, "c": NUMBERS})


@given(CONDITIONS, VALUES)
def test_a_condition_stripped_of_its_not_is_the_same_or_the_opposite(condition: str, values: dict[str, int]) -> None:
    inner, opposite = _stripped(condition)
    assert bool(evaluate(condition, values)) == (bool(evaluate(inner, values)) != opposite)


@given(CONDITIONS, VALUES)
def test_variants_are_conditions_and_the_first_is_the_opposite(condition: str, values: dict[str, int]) -> None:
    found = list(variants(condition))
    assert bool(evaluate(found[0].condition, values)) != bool(evaluate(condition, values))
    for one in found:
        evaluate(one.condition, values)
        assert ast.dump(ast.parse(one.condition)) != ast.dump(ast.parse(condition))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("a in ['x', 'y']", {"not a in ['x', 'y']", "a not in ['x', 'y']", "a in ['y']", "a in ['x']"}),
        ("known(a)", {"not known(a)"}),
        ("a == true", {"not a == true", "a != true"}),
        ("price > 0.5", {"not price > 0.5", "price >= 0.5", "price > 0.55", "price > 0.45", "price > 1.0"}),
        ("n > 0", {"not n > 0", "n >= 0", "n > 1", "n > -1", "n > 10"}),
        ("1 <= n <= 5", None),
        ("a == '2027-13-45'", {"not a == '2027-13-45'", "a != '2027-13-45'"}),
    ],
)
def test_variants(condition: str, expected: set[str] | None) -> None:
    found = {ast.unparse(ast.parse(one.condition)) for one in variants(condition)}
    if expected is not None:
        assert found == {ast.unparse(ast.parse(one)) for one in expected}
    assert len(found) >= 1


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("We refund $200 within 30 days.", ["200", "30"]),
        ("It costs $1,299.50, or 5%.", ["1,299.50", "5"]),
        ("It is like BL-104233, on {order_2} and version2.", []),
        ("Model E4 needs 2 minutes", ["2"]),
    ],
)
def test_figures_are_numbers_by_themselves(text: str, figures: list[str]) -> None:
    assert FIGURE.findall(text) == figures


@given(st.text(st.sampled_from("ab $€.,-{}_059"), min_size=1, max_size=30))
def test_a_changed_text_differs_in_one_figure_or_has_lost_a_placeholder(text: str) -> None:
    for edit in text_edits({"text": text}, ("text",), "it"):
        now = edit.data["text"]
        assert now != text
        if edit.kind == "figure":
            assert sum(one != other for one, other in zip(now, text, strict=True)) == 1
