"""Which steps, branches and hand-off rules no test reaches."""

from kit.playbooks import cover, coverage_json, coverage_lines
from kit.playbooks.trying import Coverage, points
from tests.playbooks.trying import BOOKING, TOOLS, EngineHost, source

ALL = """
- {id: happy, turns: [change BK-1000, '4', none, 'yes'], expect: {step: done}}
- {id: kept, turns: [change BK-1000, '4', none, 'no'], expect: {step: kept}}
- {id: late, turns: [change BK-2000, '4'], expect: {step: too_late}}
- {id: broken, turns: [change BK-1000, '4', none, 'yes'], tools: {rebook: {fails: failed}}, expect: {step: broken}}
- {id: many, turns: [change BK-1000, '9'], expect: {outcome: handed_off}}
- {id: bad_number, turns: [change it, 'BK 1', BK-1000], expect: {fields: {number: BK-1000}}}
- {id: bad_guests, turns: [change BK-1000, '0'], expect: {fields: {guests: null}}}
"""


def covered(tests: str, body: str = BOOKING) -> Coverage:
    one = source(body, tests)
    [coverage] = cover(EngineHost(one.playbook), [one], TOOLS).playbooks
    return coverage


def test_everything_can_be_reached() -> None:
    coverage = covered(ALL)
    assert coverage.missing == () and coverage.share == 1
    assert coverage.count("step") == (8, 8)
    # Two answers that are not taken, both ways of the check, a yes, a no and a failure.
    assert coverage.count("branch") == (7, 7)
    assert coverage.count("rule") == (1, 1)


def test_each_test_is_needed() -> None:
    """Without one of them something is missing, and it says what customer would reach it."""
    lines = ALL.strip().splitlines()
    missing = {}
    for line in lines:
        coverage = covered("\n".join(other for other in lines if other != line) + "\n")
        missing[line.split(",")[0].removeprefix("- {id: ")] = {point.what: point.who for point in coverage.missing}
    assert missing == {
        "happy": {"step `done`": "a customer who agrees at `change`"},
        "kept": {
            "a no at `change`": "a customer who refuses at `change`",
            "step `kept`": "a customer who refuses at `change`",
        },
        "late": {
            "`else` of `in_time`": "a customer for whom `booking.days >= 2` is not met",
            "step `too_late`": "a customer for whom `booking.days >= 2` is not met at `in_time`",
        },
        "broken": {
            "`on_fail` of `change`": "a test with `tools: {rebook: {fails: failed}}`",
            "step `broken`": "a test with `tools: {rebook: {fails: failed}}`",
        },
        "many": {"hand-off rule 1": "a customer for whom `guests > 8` is met"},
        "bad_number": {
            "an answer to `number` that is not taken": "a customer whose answer to “Which booking?” cannot be taken"
        },
        "bad_guests": {
            "an answer to `guests` that is not taken": "a customer whose answer to “How many guests?” cannot be taken"
        },
    }


def test_a_branch_is_reached_by_what_happens_and_not_by_where_it_leads() -> None:
    """Both ways lead to the same step."""
    body = """
collect: [{name: guests, ask: How many?, type: number}]
steps:
  - {id: many, type: check, if: guests > 4, then: over, else: over}
  - {id: over, type: end, text: Fine.}
"""
    coverage = covered("- {id: a, turns: [hello, '2'], expect: {step: over}}\n", body)
    assert [point.what for point in coverage.missing] == ["`then` of `many`"]


def test_a_playbook_without_tests_reaches_nothing() -> None:
    one = source(BOOKING)
    report = cover(EngineHost(one.playbook), [one], TOOLS)
    assert report.playbooks[0].share == 0 and report.below(0.1) == report.playbooks
    assert next(coverage_lines(report)).endswith("There are no tests.")


def test_lines_are_those_of_the_file() -> None:
    one = source(
        BOOKING,
        ALL.replace("{id: kept", "{id: kept_again")
        .replace("none, 'no'", "none, 'yes'")
        .replace("step: kept", "step: done"),
    )
    report = cover(EngineHost(one.playbook), [one], TOOLS)
    rows = coverage_json(report)["playbooks"][0]["missing"]
    assert [(row["what"], row["line"]) for row in rows] == [
        ("a no at `change`", one.located.line(("steps", 3, "confirm"))),
        ("step `kept`", one.located.line(("steps", 5))),
    ]
    text = "\n".join(coverage_lines(report))
    assert (
        f"booking.md:{one.located.line(('steps', 5))}: step `kept`. It takes a customer who refuses at `change`."
        in text
    )
    # 14 of 16, and never rounded up.
    assert text.startswith("booking: 87 % (steps 7 of 8, branches 6 of 7, hand-off rules 1 of 1).")


def test_tests_of_the_playbook_that_calls_count_too() -> None:
    inner = source("steps:\n  - {id: checked, type: end}\n", id="inner")
    tests = "- {id: a, turns: [hello], expect: {outcome: answered}}\n"
    outer = source("steps: [{id: ask, type: call, playbook: inner}]\n", tests)
    host = EngineHost(outer.playbook, inner.playbook)
    for ids in ((), ("inner",)):
        report = cover(host, [inner, outer], TOOLS, ids=ids)
        assert {one.source.playbook.id: one.share for one in report.playbooks}["inner"] == 1
    # The steps of the other one do not count for it, even where they are called alike.
    twin = source("steps:\n  - {id: checked, type: end}\n  - {id: never, type: end}\n", tests, id="twin")
    report = cover(EngineHost(twin.playbook, inner.playbook), [twin, inner], TOOLS)
    assert [one.share for one in report.playbooks] == [0.5, 0]


def test_failing_tests_count_and_are_mentioned() -> None:
    report = cover(EngineHost((one := source(BOOKING, ALL.replace("step: done", "step: kept"))).playbook), [one], TOOLS)
    assert report.playbooks[0].share == 1
    assert list(coverage_lines(report))[-1].startswith("1 of the tests fail")


def test_every_point_has_a_place_and_a_customer() -> None:
    one = source(BOOKING)
    for point in points(one.playbook):
        assert point.place in one.located.lines or point.place[:-1] in one.located.lines
        assert point.who
