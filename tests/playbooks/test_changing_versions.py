"""How two versions of a playbook differ, in words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.playbooks import Playbook
from kit.playbooks.changing import GROUPS, changes, fewest_that_show, mutants, paired
from kit.playbooks.changing.versions.change import marked, moved
from kit.playbooks.changing.versions.pairing import holm
from kit.playbooks.changing.versions.report import placed
from kit.workspace import Workspace
from tests.conftest import ROOT
from tests.playbooks.changing import HEAD, TESTS, TOOLS, changed, playbook, source


def told(after: Playbook, before: Playbook | None = None) -> list[str]:
    return [change.text for change in changes(before or playbook(), after)]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("order.days <= 30, else", "order.days <= 14, else", "The limit in `in_time` went from 30 to 14 days."),
        (
            "if: order.total > 200",
            "if: order.total > 150",
            "The limit in the hand-off rule for policy restriction went from 200 to 150.",
        ),
        (
            "if: order.days <= 30, else",
            "if: today < '2027-01-31', else",
            "`in_time` now decides by `today < '2027-01-31'`, not `order.days <= 30`.",
        ),
        ("Nothing has changed.", "Nothing has been changed.", "Step `kept`: Nothing has {+been +}changed."),
        ("It takes 5 days.", "It takes 7 days.", "Step `done`: Done. It takes [-5-]{+7+} days."),
        (
            "else: kept",
            "else: refused",
            "Where step `pay` does not hold or is refused the play now goes to `refused`, not to `kept`.",
        ),
        (
            "    else: kept\n",
            "",
            "Where step `pay` does not hold or is refused the play now goes to its end, not to `kept`.",
        ),
        (
            "tool: order_lookup",
            "tool: plan_lookup",
            "The tool of step `look_up` is now “plan_lookup” instead of “order_lookup”.",
        ),
        ("amount: '{order.total}'", "amount: '9'", "Step `pay` now gives `amount` as “9” instead of “{order.total}”."),
        (
            "text: Nothing",
            "outcome: declined, text: Nothing",
            "The outcome of step `kept` is now “declined” instead of “answered”.",
        ),
        (
            "team: Payments, text: A colleague",
            "team: Fraud, text: A colleague",
            "The team of step `refused` is now “Fraud” instead of “Payments”.",
        ),
        (
            "team: Payments, text: A lot",
            "team: Fraud, text: A lot",
            "The team of the hand-off where `order.total > 200 and "
            "order.days <= 30` is now “Fraud” instead of “Payments”.",
        ),
        ("id: kept,", "id: left_alone,", "Step `kept` is now called `left_alone`."),
        ("choices: [faulty, unwanted]", "choices: [faulty, unwanted, wrong]", "Added to choices of `reason`: “wrong”."),
        (
            "    pattern:",
            "    max_attempts: 3\n    pattern:",
            "`order_number` is now asked for up to 3 times instead of 2.",
        ),
        (
            "What is your order number?",
            "Which order number?",
            "The question for `order_number`: [-What is your-]{+Which+} order number?",
        ),
        ("steps:\n", "must_say: [Thank you]\nsteps:\n", "Added to words that have to be said: “Thank you”."),
        ("steps:\n", "max_clarifications: 2\nsteps:\n", "The number of answers that may fail is now 2 instead of 4."),
        ("give me my money back, ", "give it back, ", "Removed from examples: “give me my money back”."),
        ("title: Return an order", "title: Give an order back", "The title: [-Return-]{+Give+} an order{+ back+}"),
        ("id: on_day_31", "id: a_day_late", "The test `on_day_31` was removed."),
        ("BL-100250]", "BL-100250, thanks]", "The test `over_200` is different."),
    ],
)
def test_what_changed_is_told_in_plain_words(old: str, new: str, said: str) -> None:
    after = HEAD + TESTS
    # A step that is renamed is renamed wherever it is named.
    after = after.replace("else: kept", "else: left_alone") if "left_alone" in new else after
    assert said in told(changed(old, new, after))


def test_the_order_of_questions_is_told_once() -> None:
    why = "  - {id: why, type: ask, field: reason}\n"
    before = HEAD.replace("    pattern:", "    pattern:").replace(
        why, why + "  - {id: which, type: ask, field: size}\n"
    )
    before = before.replace("steps:\n", "  - {name: size, ask: Which size?}\nsteps:\n")
    after = before.replace(why, "").replace("field: size}\n", "field: size}\n" + why)
    said = told(playbook(after), playbook(before))
    assert len(said) == 1 and "Customers are now asked for" in said[0]


def test_a_field_asked_at_the_start_comes_before_those_that_steps_ask_for() -> None:
    after = changed("  - {id: why, type: ask, field: reason}\n", "")
    assert "Step `why`, which asks for `reason`, was removed." in told(after)


def test_hand_off_rules_that_go_and_come() -> None:
    rule = HEAD[HEAD.index("hand_off:\n") :]
    without = playbook(HEAD.replace(rule, ""))
    assert told(without, playbook(HEAD)) == [
        "A hand-off rule was removed: where `order.total > 200 and order.days <= 30`, Payments took over "
        "(policy_restriction)."
    ]
    assert "A hand-off rule was added" in told(playbook(HEAD), without)[0]


def test_rules_in_another_order_matter() -> None:
    second = "  - {if: order.final, reason: sensitive}\n"
    one, other = HEAD + second, HEAD.replace("hand_off:\n", "hand_off:\n" + second)
    assert told(playbook(other), playbook(one)) == [
        "The hand-off rules stand in another order; the first that holds counts."
    ]


def test_limits_come_first_and_tests_near_the_end() -> None:
    after = changed("order.days <= 30, else", "order.days <= 14, else").model_copy(update={"tests": ()})
    groups = [change.group for change in changes(playbook(), after)]
    assert groups[0] == "limits" and groups[-1] == "tests"
    assert groups == sorted(groups, key=list(GROUPS).index)


def test_the_same_is_no_change() -> None:
    assert told(playbook()) == []


def test_the_guidance_is_told_by_its_changed_lines() -> None:
    [change] = changes(playbook(), playbook().model_copy(update={"guidance": "Be very kind."}))
    assert change.text == "The guidance for people: Be{+ very+} kind."


def test_what_is_gone_is_placed_in_the_older_file() -> None:
    before, after = source(), source(HEAD.replace("  - {id: kept, type: end, text: Nothing has changed.}\n", ""), "new")
    found = {one.change.text: one for one in placed(before, after)}
    gone = next(one for text, one in found.items() if text.startswith("Step `kept`"))
    assert gone.path == "playbooks/refund.md"
    assert "id: kept" in f"---\n{HEAD}".splitlines()[gone.line - 1]


def test_every_change_that_can_be_made_is_told() -> None:
    space = Workspace.open(ROOT)
    others = {one.id: one for one in space.playbooks}
    for before in (playbook(), others["refund"], others["lost-parcel"]):
        tools = TOOLS if before is not others.get(before.id) else space.tools
        for mutant in mutants(before, tools, others):
            assert changes(before, mutant.playbook), mutant.description


TEXTS = st.text(st.sampled_from("ab 1.,$’\n"), max_size=30)
ORDERS = st.lists(st.sampled_from("abcdef"), unique=True, max_size=6).flatmap(
    lambda names: st.tuples(st.just(names), st.permutations(names))
)


@given(
    TEXTS.filter(lambda text: not set("[{-+}]") & set(text)), TEXTS.filter(lambda text: not set("[{-+}]") & set(text))
)
def test_marks_hold_both_texts(before: str, after: str) -> None:

    said = marked(before, after)
    assert re.sub(r"\[-.*?-\]|\{\+(.*?)\+\}", lambda found: found[1] or "", said, flags=re.DOTALL) == after
    assert re.sub(r"\{\+.*?\+\}|\[-(.*?)-\]", lambda found: found[1] or "", said, flags=re.DOTALL) == before


@given(
    st.lists(st.sampled_from("abcdef"), unique=True, max_size=6).flatmap(
        lambda names: st.tuples(st.just(names), st.permutations(names))
    )
)
def test_what_moved_is_told_truly(orders: tuple[list[str], list[str]]) -> None:
    before, after = orders
    found = list(moved(before, after))
    assert bool(found) == (before != after)
    for name, other, earlier in found:
        assert (after.index(name) < after.index(other)) == earlier
        assert (before.index(name) < before.index(other)) != earlier


# Whether results differ


def test_paired_results() -> None:
    before = {str(n): n < 8 for n in range(10)}
    after = {str(n): n < 1 for n in range(10)} | {"x": True}
    found = paired(before, after)
    assert (found.n, found.both, found.only_before, found.only_after) == (10, 1, 7, 0)
    assert (found.before, found.after) == (8, 1)
    # McNemar's exact test of 7 to 0: 2 · 0.5⁷.
    assert found.p == pytest.approx(0.015625)
    assert found.significant and found.could_show


def test_a_few_cases_cannot_show_a_difference() -> None:
    found = paired(dict.fromkeys("abcde", True), dict.fromkeys("abcde", False))
    assert not found.significant and not found.could_show
    assert fewest_that_show() == 6
    assert paired({}, {}).p == 1


def test_holm() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.6, 0.7]) == [1.0, 1.0]
    assert holm([]) == []
