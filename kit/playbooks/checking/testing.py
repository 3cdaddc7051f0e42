"""Checks of the tests that a playbook carries; what they show is for `kit playbooks test` to say."""

from kit.playbooks.checking.finding import Findings, rule
from kit.playbooks.checking.scope import Case
from kit.playbooks.language import trial_flaws
from kit.yamlfile import KeyPath

__all__ = ["check_testing"]

NONE = rule("no-tests", "warning", "A playbook has tests.")
KINDS = rule(
    "few-kinds-of-tests", "warning", "There is a test of a happy path, a refusal, a change of mind, a hand-off."
)
# Found by `kit.playbooks.language.trial_flaws`, and refused by `kit playbooks test` as well.
FLAWS = {
    "duplicate": rule("duplicate-test", "error", "No two tests have the same id."),
    "customer": rule("test-without-customer", "error", "A test has either `turns` or a `persona`."),
    "expects_nothing": rule("expects-nothing", "error", "Every test expects something."),
    "name": rule("test-names-nothing", "error", "Tests name only steps, fields, tools and playbooks that there are."),
    "change": rule("half-a-change", "error", "A change of mind in a test has both `field` and `to`, or neither."),
}

WANTED = ("happy_path", "refusal", "change_of_mind", "hand_off")


def check_testing(case: Case) -> Findings:
    """What is wrong with the tests."""
    playbook, scope = case.playbook, case.scope
    if not playbook.tests:
        if playbook.status != "retired":
            remedy = "Add `tests: …`: what a customer says, what follows."
            yield NONE.at(case.located, (), "This playbook has no tests.", remedy)
        return
    missing = [kind for kind in WANTED if kind not in {test.kind for test in playbook.tests}]
    # Where nothing is asked, nobody is refused and nobody changes their mind.
    if missing and playbook.collect and playbook.status != "retired":
        said = f"No test is of the kind {', '.join(missing)}."
        yield KINDS.at(case.located, ("tests",), said, "Add a test of each kind.")
    for flaw in trial_flaws(playbook, scope.tools, scope.playbooks):
        if flaw.place[-1] != "playbook" or _at(case, flaw.place) not in scope.unread:
            yield FLAWS[flaw.rule].at(case.located, flaw.place, flaw.problem, flaw.remedy)


def _at(case: Case, place: KeyPath) -> object:
    found = case.located.data
    for key in place:
        found = found[key]
    return found
