"""Checks of the tests that a playbook carries; what they show is for `kit playbooks test` to say."""

from collections.abc import Iterator, Mapping

from kit.playbooks.checking.finding import Findings, rule
from kit.playbooks.checking.scope import Case
from kit.playbooks.language import Call, Expect, ExpectedCall, Trial, TrialTurn
from kit.text import nearest
from kit.yamlfile import KeyPath

__all__ = ["check_testing"]

NONE = rule("no-tests", "warning", "A playbook has tests.")
KINDS = rule(
    "few-kinds-of-tests", "warning", "There is a test of a happy path, a refusal, a change of mind, a hand-off."
)
NOTHING = rule("expects-nothing", "warning", "Every test expects something.")
EMPTY = rule("test-without-customer", "error", "A test has either `turns` or a `persona`.")
SAME = rule("duplicate-test", "error", "No two tests have the same id.")
DANGLING = rule("test-names-nothing", "error", "Tests name only steps, fields, tools and playbooks that there are.")

WANTED = ("happy_path", "refusal", "change_of_mind", "hand_off")


def check_testing(case: Case) -> Findings:
    """What is wrong with the tests."""
    tests = case.playbook.tests
    if case.playbook.status == "retired":
        return
    if not tests:
        yield NONE.at(
            case.located, (), "This playbook has no tests.", "Add `tests: …`: what a customer says, what follows."
        )
        return
    missing = [kind for kind in WANTED if kind not in {test.kind for test in tests}]
    # Where nobody is asked anything and nothing is refused, these tests cannot be written.
    if missing and case.playbook.collect:
        said = f"No test is of the kind {', '.join(missing)}."
        yield KINDS.at(case.located, ("tests",), said, "Add a test of each kind.")
    seen: set[str] = set()
    for number, test in enumerate(tests):
        place: KeyPath = ("tests", number)
        if test.id in seen:
            yield SAME.at(case.located, (*place, "id"), f"There are two tests `{test.id}`.", "Rename one.")
        seen.add(test.id)
        if bool(test.turns) == (test.persona is not None):
            said = f"The test `{test.id}` has {'both' if test.turns else 'neither'} turns {'and' if test.turns else 'nor'} a persona."
            yield EMPTY.at(case.located, (*place, "id"), said, "Give it one of the two.")
        expected = list(_expected(test))
        if not any(expect.asserts for _, expect in expected):
            said = f"The test `{test.id}` expects nothing, so it cannot fail."
            yield NOTHING.at(case.located, (*place, "id"), said, "Add `expect: …`.")
        for where, expect in expected:
            yield from _names(case, (*place, *where), expect)
        yield from _rest(case, place, test)


def _expected(test: Trial) -> Iterator[tuple[KeyPath, Expect]]:
    for number, turn in enumerate(test.turns):
        if isinstance(turn, TrialTurn):
            yield ("turns", number, "expect"), turn.expect
    yield ("expect",), test.expect


def _names(case: Case, place: KeyPath, expect: Expect) -> Findings:
    steps, fields = _in_play(case)
    named = [*([("step", expect.step)] if expect.step else ())]
    named += [("steps", step) for step in expect.steps] + [("not_steps", step) for step in expect.not_steps]
    for key, step in named:
        yield from _known(case, (*place, key), "step", step, steps)
    for field in expect.fields:
        yield from _known(case, (*place, "fields", field), "field", field, fields)
    for field in expect.hand_off.fields if expect.hand_off else ():
        yield from _known(case, (*place, "hand_off", "fields"), "field", field, fields)
    called = [call.tool if isinstance(call, ExpectedCall) else call for call in expect.calls or ()]
    tools = dict.fromkeys(case.scope.tools, "")
    for key, names in (("calls", called), ("not_calls", expect.not_calls)):
        for tool in names:
            yield from _known(case, (*place, key), "tool", tool, tools)
    if expect.playbook not in (None, "none", *case.scope.unread):
        yield from _known(case, (*place, "playbook"), "playbook", expect.playbook or "", case.scope.playbooks)


def _rest(case: Case, place: KeyPath, test: Trial) -> Findings:
    steps, fields = _in_play(case)
    for tool in test.tools:
        yield from _known(case, (*place, "tools", tool), "tool", tool, case.scope.tools)
    if test.persona is None:
        return
    person: KeyPath = (*place, "persona")
    for key in ("knows", "unknown"):
        for field in getattr(test.persona, key):
            yield from _known(case, (*person, key), "field", field, fields)
    for change in test.persona.changes:
        if change.field:
            yield from _known(case, (*person, "changes"), "field", change.field, fields)
        yield from _known(case, (*person, "changes"), "field or step", change.after, {**fields, **steps})
    agrees = test.persona.agrees if isinstance(test.persona.agrees, dict) else {}
    for step in agrees:
        yield from _known(case, (*person, "agrees"), "step", step, steps)
    for name in test.persona.asks:
        yield from _known(case, (*person, "asks"), "field or step", name, {**fields, **steps})


def _in_play(case: Case) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The steps and fields of the playbook and of those that a test may come to from it: all, its own first."""
    playbooks = [case.playbook, *(p for p in case.scope.playbooks.values() if _may_follow(case, p.id))]
    steps = {step.id: "" for playbook in playbooks for step in playbook.steps}
    return steps, {field.name: "" for playbook in playbooks for field in playbook.collect}


def _may_follow(case: Case, id: str) -> bool:
    called = any(isinstance(step, Call) and step.playbook == id for step in case.playbook.steps)
    expected = any(expect.playbook == id for test in case.playbook.tests for _, expect in _expected(test))
    return called or expected


def _known(case: Case, place: KeyPath, kind: str, name: str, known: Mapping[str, object]) -> Findings:
    if name not in known:
        guess = nearest(name, known)
        remedy = f"Did you mean `{guess}`?" if guess else f"Known: {', '.join(list(known)[:12]) or 'none'}."
        yield DANGLING.at(case.located, place, f"There is no {kind} `{name}`.", remedy)
