"""Every rule of the linter: what breaks it is found, on its line, and nothing is found where nothing is wrong."""

# ruff: noqa: E501 (a case is easier to read on one line)

import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from kit.errors import KitError
from kit.playbooks import RULES, TableTool, load_playbooks
from tests.playbooks.linting import RETURN, TOOLS, Described, Folder, line_of


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@dataclass(frozen=True)
class Case:
    """A change of the good playbook, what it breaks, and a text on the line that is named.

    `remedy` is a part of what is advised; `level` is given where it is not the rule's own.
    """

    rule: str
    old: str
    new: str
    at: str
    says: str = ""
    remedy: str = ""
    level: str = ""
    id: str = "return-order"


END = "  - {id: person, type: hand_off, reason: policy_restriction, team: Returns}\n"
CASES = [
    # What cannot be read
    Case("no-head", "---\nid: damaged-order", "id: damaged-order", "id: damaged-order", "begins with a YAML head", id="damaged-order"),
    Case("unknown-key", "owner: Returns team", "ownr: Returns team", "ownr:", "`ownr`", "`owner`"),
    Case("unknown-key", "type: ask, field: opened", "type: ask, feild: opened", "feild", "`feild`", "`field`"),
    Case("missing-key", "title: Return an order\n", "", "id: return-order", "`title` is missing"),
    Case("missing-key", "id: state, type: ask", "id: state, typ: ask", "typ: ask", "`type`", "`typ`"),
    Case("wrong-value", "type: yes_no", "type: yes_n", "type: yes_n", "`yes_n`", "`yes_no`"),
    Case("wrong-value", "outcome: declined}\n  - id: unknown", "outcome: refused}\n  - id: unknown", "outcome: refused"),
    Case("wrong-value", "title: Return an order", "title: 12", "title: 12", "must be text"),
    Case("id-not-file-name", "id: return-order\n", "id: returns-order\n", "id: returns-order", "differs"),
    Case("duplicate-playbook", "id: return-order\n", "id: damaged-order\n", "id: damaged-order", "damaged-order.md"),
    Case("trailing-spaces", "owner: Returns team", "owner: Returns team  ", "owner:"),
    # What leads nowhere
    Case("no-such-step", "else: unknown}", "else: unkown}", "else: unkown", "`unkown`", "`unknown`"),
    Case("no-such-field", "type: ask, field: opened", "type: ask, field: openend", "field: openend", "`openend`", "`opened`"),
    Case("no-such-name", "if: order.found", "if: ordr.found", "ordr", "`ordr`", "`order`"),
    Case("no-such-name", "set up the return of {order_number}?", "set up {ordernumber}?", "{ordernumber}", "", "`order_number`"),
    Case("no-such-name", "Which e-mail address shall", "Which e-mail address for {nobody} shall", "{nobody}", "`nobody`"),
    Case("no-such-name", "[returns are free]", "['for {nobody}']", "{nobody}", "`nobody`"),
    Case("no-such-tool", "tool: order_lookup", "tool: order_lokup", "order_lokup", "`order_lokup`", "`order_lookup`"),
    Case("no-such-playbook", "disambiguate_with: [damaged-order]", "disambiguate_with: [damagd-order]", "damagd", "", "damaged"),
    Case("no-such-choice", "synonyms: {changed:", "synonyms: {chnged:", "chnged", "`chnged`", "`changed`"),
    Case("duplicate-step", "{id: state,", "{id: why,", "field: opened}", "two steps `why`"),
    Case("duplicate-field", "{name: opened,", "{name: reason,", "Has it been", "two fields `reason`"),
    Case("reserved-name", "save_as: order}", "save_as: today}", "save_as: today", "`today`"),
    Case("replaces-field", "save_as: order}", "save_as: email}", "save_as: email", "`email`"),
    Case("no-choices", "    choices: [faulty, changed]\n    synonyms: {changed: [change your mind]}\n", "", "name: reason"),
    Case("idle-default", "choices: [faulty, changed]", "choices: [faulty, changed]\n    default: faulty", "default: faulty", "never holds"),
    Case("empty-trigger", "[return label]", "['!?']", "'!?'"),
    Case("bad-pattern", "'KT-\\d{4}'", "'(KT-)(?<!x)\\d+'", "(KT-)", "perl operator"),
    Case("bad-pattern", "'KT-\\d{4}'", "'KT-(\\d{4}'", "KT-(", "not a regular expression"),
    Case("bad-condition", "if: order.found", "if: order.found or", "order.found or"),
    Case("change-without-confirm", "    confirm: Shall I set up the return of {order_number}?\n    else: stopped\n", "", "id: create"),
    # Ways
    Case("unreachable-step", "if: opened and reason != 'faulty', then: refused}", "if: opened and reason != 'faulty', then: stopped}", "{id: refused", "`refused`"),
    Case("check-without-effect", "if: order.total > 200 and reason == 'changed', then: person}", "if: order.total > 200 and reason == 'changed'}", "{id: large"),
    Case("endless-loop", END, "  - {id: person, type: goto, to: again}\n  - {id: again, type: goto, to: person}\n", "{id: person", "without end"),
    Case("endless-loop", "then: refused}", "then: state}", "{id: is_open", "never comes out differently", "on_reject"),
    Case("no-end", END, "  - {id: person, type: say, text: Bye.}\n", "{id: person", "`person`"),
    # Names
    Case("used-before-known", "question: how are returns sent", "question: 'how long, {return_create.reference}'", "{id: details", "before it is known", "`create`"),
    Case("used-before-known", "if: order.found, else: unknown", "if: opened, else: unknown", "{id: found", "`opened`", "Ask for"),
    Case("used-before-known", "text: Nothing has changed.", "text: 'Nothing, {return_create.reference}'", "{id: stopped", "before it is known", "`create`"),
    Case("used-before-known", "What is the order number?", "What is it, {opened}?", "What is it", "`opened`"),
    Case("used-before-known", "'That was long ago.'", "'{return_create.reference}'", "'{return_create", "`return_create`", "known(return_create)"),
    Case("no-such-key", "if: order.found", "if: order.fond", "order.fond", "no `fond`", "`order.found`"),
    Case("no-such-key", "order.days_since_delivery > 100", "order.age > 100", "order.age"),
    Case("no-such-key", "set up the return of {order_number}?", "do {order_number.length}?", "{order_number.length}", "is a field"),
    Case("unused-result", "{id: state,", "{id: more, type: do, tool: order_lookup, args: {order_number: '1'}, save_as: more}\n  - {id: state,", "{id: more"),
    # Conditions
    Case("constant-condition", "if: order.found", "if: 1 < 2", "if: 1 < 2", "always"),
    Case("constant-condition", "if: order.found", "if: order.total > 5 or order.total <= 7", "<= 7", "always"),
    Case("constant-condition", "if: order.found", "if: order.total > 5 and order.total < 3", "< 3", "never"),
    Case("constant-condition", "if: order.found", "if: order_number", "if: order_number", "always"),
    Case("constant-condition", "if: opened and reason != 'faulty'", "if: reason == 'faulty' or reason == 'changed'", "reason == 'faulty' or", "always"),
    Case("impossible-value", "reason == 'changed'", "reason == 'change'", "'change'", "never `'change'`", "'changed'"),
    Case("impossible-value", "order.total > 200 and reason == 'changed'", "\"reason in ['faulty', 'broken']\"", "'broken'", "'broken'"),
    Case("impossible-value", "reason == 'changed'", "order_number == 'BL-1'", "'BL-1'", "'BL-1'"),
    Case("impossible-value", "reason == 'changed'", "weekday(order.delivered_on) == 'monday'", "'monday'", "", "'Monday'"),
    Case("unlike-types", "if: opened and", "if: opened == 'yes' and", "'yes'", "yes or no", "`opened`"),
    Case("unlike-types", "order.total > 200", "order.total > '200'", "'200'", "a number", "without quotes"),
    Case("unlike-types", "order.total > 200", "email > 200", "email > 200", "a text"),
    Case("unlike-types", "order.total > 200", "order.delivered_on > 'soon'", "'soon'", "a date"),
    Case("unlike-types", "order.total > 200", "order.total > order.state", "order.state", "`order.total`"),
    Case("unlike-types", "order.total > 200", "order.found > 0", "order.found > 0", "yes or no"),
    Case("decided-check", "if: opened and reason != 'faulty'", "if: order.found and order.found", "order.found and", "always"),
    Case("decided-check", "if: opened and reason != 'faulty', then: refused}", "if: opened, then: refused}\n  - {id: again, type: check, if: opened, then: refused}", "{id: again", "never"),
    Case("impossible-hand-off", "order.days_since_delivery > 100", "order.total > 9 and order.total < 8", "< 8", "never"),
    # Tools
    Case("unknown-argument", "email: '{email}'}", "mail: '{email}'}", "mail: '{email}'", "no `mail`", "`email`"),
    Case("missing-argument", "args: {order_number: '{order_number}'}, save_as", "args: {}, save_as", "{id: look_up", "needs `order_number`"),
    Case("vague-confirm", "confirm: Shall I set up the return of {order_number}?", "confirm: Is that right?", "Is that right"),
    Case("unchecked-change", "  - {id: made, type: check, if: return_create.ok, else: person}\n", "", "id: create"),
    # Questions
    Case("choices-not-named", "Is it faulty, or did you change your mind?", "Why is that?", "Why is that", "`faulty`, `changed`"),
    Case("not-a-yes-no-question", "Has it been opened?", "Thank you. When was it opened?", "When was it"),
    Case("pii-not-marked", "    pii: true\n", "", "name: email"),
    # Examples
    Case("few-examples", "  - refund please\n", "", "examples:", "7 examples"),
    Case("duplicate-example", "  - take back the toaster\n", "  - Refund, please!\n", "Refund, please!", "the same as"),
    Case("claimed-example", "  - refund please\n", "  - Dented toaster!\n", "Dented toaster", "`damaged-order`"),
    Case("denied-example", "how long do returns take", "refund, please?", "refund, please?"),
    Case("overlapping-triggers", "disambiguate_with", "triggers: [a return label please]\ndisambiguate_with", "triggers:", "`return label`", id="damaged-order"),
    Case("trigger-takes-example", "glass everywhere", "a return with a label", "a return with", "`return label`", id="damaged-order"),
    Case("one-way-neighbour", "disambiguate_with: [damaged-order]\n", "", "id: return-order", "`damaged-order`"),
    Case("own-neighbour", "disambiguate_with: [damaged-order]", "disambiguate_with: [damaged-order, return-order]", "disambiguate_with"),
    # Policy
    Case("expired", "owner:", "expires: 2026-06-14\nowner:", "expires:", "2026-06-14", "retired"),
    Case("expires-soon", "owner:", "expires: 2026-07-01\nowner:", "expires:", "16 days"),
    Case("expires-before-it-begins", "owner:", "effective_from: 2027-06-01\nexpires: 2027-05-01\nowner:", "expires:"),
    Case("todo-left", "owner: Returns team", "owner: TODO", "owner:"),
    Case("todo-left", "Be kind.", "TODO: be kind.", "TODO: be"),
    Case("todo-left", "owner: Returns team", "status: draft\nowner: 'TODO: who?'", "owner:", level="warning"),
    Case("no-such-article", "knowledge: [returns]", "knowledge: [return]", "knowledge:", "`return`", "`returns`"),
    Case("no-knowledge", "knowledge: [returns]\n", "", "{id: details"),
    Case("must-say-not-written", "[returns are free]", "[you can rely on it]", "rely on it"),
    Case("says-never-say", "text: Nothing has changed.", "text: It is  Guaranteed.", "Guaranteed."),
    Case("fluid-high-risk", "owner:", "risk: high\ncomposition: fluid\nowner:", "composition:"),
    Case("odd-team", "team: Returns, text: 'That was", "team: Retuns, text: 'That was", "Retuns", "`Returns`"),
    # Tests
    Case("few-kinds-of-tests", "kind: change_of_mind", "kind: limit", "tests:", "change_of_mind"),
    Case("half-a-change", "agrees: {create: true}", "changes: [{after: reason, field: email}]", "changes:", "or neither"),
    Case("expects-nothing", ", expect: {outcome: declined}}", "}", "{id: refusal"),
    Case("test-without-customer", "turns: [return KT-1234], expect: {outcome: declined}", "expect: {outcome: declined}", "{id: refusal", "neither"),
    Case("duplicate-test", "{id: change,", "{id: refusal,", "never mind", "two tests"),
    Case("test-names-nothing", "expect: {step: why}", "expect: {step: wy}", "step: wy", "no step `wy`", "`why`"),
    Case("test-names-nothing", "not_calls: [return_create]", "not_calls: [return_crate]", "return_crate", "no tool"),
    Case("test-names-nothing", "unknown: [reason]", "unknown: [reson]", "reson", "no field", "`reason`"),
    Case("test-names-nothing", "agrees: {create: true}", "agrees: {creat: true}", "creat:", "no step", "`create`"),
]  # fmt: skip
# Rules that are shown by tests of their own.
ELSEWHERE = {
    "calls-itself",
    "near-example",
    "no-such-argument",
    "no-tests",
    "not-yaml",
    "too-many-steps",
    "unreadable",
    "unused-field",
}


def test_nothing_is_found_where_nothing_is_wrong(folder: Folder) -> None:
    linted = folder.lint()
    assert [path.stem for path in linted.files] == ["damaged-order", "return-order"]
    assert linted.findings == []
    assert len(load_playbooks(folder.path, TOOLS)) == 2


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.new[:30]}")
def test_what_is_wrong_is_found(folder: Folder, case: Case) -> None:
    path = folder.change(case.old, case.new, case.id)
    found = [finding for finding in folder.found(case.rule) if finding.path == path]
    line = line_of(path, case.at)
    assert line in [finding.line for finding in found], found
    finding = next(finding for finding in found if finding.line == line)
    assert case.says in finding.problem and case.remedy in finding.remedy
    assert finding.level == (case.level or RULES[case.rule].level)
    assert finding.problem.endswith((".", "?")) and finding.remedy.endswith((".", "?", "!"))
    assert f"{path}:{line}: {finding.level}: " in str(finding) and str(finding).endswith(f"[{case.rule}]")


def test_every_rule_is_shown() -> None:
    assert {case.rule for case in CASES} | ELSEWHERE == RULES.keys()
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) and rule.about.endswith(".") for name, rule in RULES.items())


# Rules that need more than a change of one text


def call_each_other(folder: Folder, *, args: str = "{}") -> None:
    other = "  - {id: back, type: call, playbook: return-order}\n  - {id: person, type: hand_off"
    folder.change("  - {id: person, type: hand_off", other, "damaged-order")
    folder.change(
        "{id: details, type: answer, question: how are returns sent}",
        f"{{id: details, type: call, playbook: damaged-order, args: {args}}}",
    )


def test_playbooks_that_call_each_other(folder: Folder) -> None:
    call_each_other(folder, args="{reason: 'x'}")
    assert [finding.path.stem for finding in folder.found("calls-itself")] == ["damaged-order", "return-order"]
    [argument] = folder.found("no-such-argument")
    assert "field of `damaged-order`" in argument.problem


def test_a_field_that_is_of_no_use(folder: Folder) -> None:
    lines = "collect:\n  - {name: colour, ask: Which colour?}\nsteps:\n  - {id: bye, type: end, text: Bye.}\ntests:"
    text = re.sub(r"(?s)steps:.*?tests:", lines, folder.file("damaged-order").read_text())
    path = folder.write("damaged-order", text)
    [finding] = folder.found("unused-field")
    assert "`colour`" in finding.problem and finding.line == line_of(path, "name: colour")
    # What the playbook that calls it, or a person, is given, is of use.
    folder.change("{id: bye, type: end, text: Bye.}", "{id: bye, type: hand_off, reason: safety}", "damaged-order")
    assert folder.found("unused-field") == []
    folder.change("{id: bye, type: hand_off, reason: safety}", "{id: bye, type: end}", "damaged-order")
    folder.change(
        "{id: details, type: answer, question: how are returns sent}",
        "{id: details, type: call, playbook: damaged-order}",
    )
    assert folder.found("unused-field") == []


def test_a_playbook_without_tests(folder: Folder) -> None:
    text = folder.file("damaged-order").read_text()
    folder.write("damaged-order", text[: text.index("tests:")] + "---\n")
    [finding] = folder.lint().findings
    assert (finding.rule, finding.level, finding.path.stem) == ("no-tests", "warning", "damaged-order")
    [strict] = replace(folder.linter, strict=True).lint().errors
    assert strict.rule == "no-tests"


def test_more_steps_than_are_followed(folder: Folder) -> None:
    many = "".join(f"  - {{id: s{number}, type: say, text: Word {number}.}}\n" for number in range(1000))
    path = folder.change("  - {id: sorry, type: say, text: I am sorry to hear that.}\n", many, "damaged-order")
    [finding] = folder.lint().findings
    assert (finding.rule, finding.line) == ("too-many-steps", line_of(path, "steps:"))
    assert "1001 steps" in finding.problem


class Words:
    """Vectors that count a few words, so that what is alike is known beforehand."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: list[str]) -> list[list[float]]:
        self.asked += texts
        rows = [[float(word in text) for word in ("kettle", "broken", "back", "toaster")] + [0.1] for text in texts]
        return [[x / sum(y * y for y in row) ** 0.5 for x in row] for row in rows]


def test_examples_that_mean_the_same_are_found_by_their_vectors(folder: Folder) -> None:
    embed = Words()
    folder.change("  - the handle came off in the box\n", "  - take this kettle back to you\n", "damaged-order")
    found = [f for f in replace(folder.linter, embed=embed).lint().findings if f.rule == "near-example"]
    lines = {
        line_of(folder.file(), "  - i want to send my kettle back"),
        line_of(folder.file(), "  - the kettle is not for me, take it back"),
    }
    mine = [
        finding for finding in found if finding.path == folder.file() and "take this kettle back" in finding.problem
    ]
    assert {finding.line for finding in mine} == lines
    assert all("an example of `damaged-order`" in finding.problem for finding in mine)
    theirs = {finding.line for finding in found if finding.path != folder.file()}
    assert line_of(folder.file("damaged-order"), "  - take this kettle back") in theirs
    assert len(embed.asked) == 16
    assert replace(folder.linter, embed=lambda texts: None).lint().findings == []


# What is not wrong


FINE = [
    # `known` guards what it guards, and nothing else
    ("if: order.found, else: unknown}", "if: known(opened) and opened, else: unknown}", "used-before-known"),
    ("if: order.found, else: unknown}", "if: not known(opened) or opened, else: unknown}", "used-before-known"),
    # Where something was looked at, it is known afterwards
    ("'That was long ago.'", "'After {order.days_since_delivery} days.'", "used-before-known"),
    # A date may be compared with the text of one, and with another
    ("order.total > 200", "order.delivered_on >= '2026-01-31'", "unlike-types"),
    ("order.total > 200", "days_since(order.delivered_on) > 30", "unlike-types"),
    ("order.total > 200", "customer.plan == 'Gold'", "unlike-types"),
    ("order.total > 200", "opened == yes", "unlike-types"),
    ("reason == 'changed'", "reason != 'faulty'", "impossible-value"),
    # Limits that leave something between them
    ("if: opened and", "if: order.total > 100 and", "decided-check"),
    ("order.total > 200 and reason == 'changed'", "order.total > 5 and order.total < 6", "constant-condition"),
    ("order.total > 200 and reason == 'changed'", "order.total >= 5 and order.total <= 5", "constant-condition"),
    ("order.total > 200 and reason == 'changed'", "5 < order.total < 6", "constant-condition"),
    ("order.total > 200 and reason == 'changed'", "order.state == 'a' or order.state == 'b'", "constant-condition"),
    # A look-up can come out differently the second time
    ("if: return_create.ok, else: person", "if: return_create.ok, else: look_up", "endless-loop"),
    # So can a field that is asked for on the way
    ("{id: is_open, type: check, if: opened and reason != 'faulty', then: refused}", "{id: is_open, type: check, if: known(email), else: state}", "endless-loop"),
    ("Has it been opened?", "Thanks! Is it known when it was opened?", "not-a-yes-no-question"),
    ("Has it been opened?", "What a pity. Was it opened?", "not-a-yes-no-question"),
    ("    pii: true\n", "    pii: false\n", "pii-not-marked"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "rule"), FINE)
def test_what_is_right_is_not_found(folder: Folder, old: str, new: str, rule: str) -> None:
    folder.change(old, new)
    assert [finding for finding in folder.lint().findings if finding.rule in (rule, "bad-condition")] == []


def test_a_table_needs_the_argument_by_which_it_looks(folder: Folder) -> None:
    folder.tools = {
        **TOOLS,
        "order_lookup": TableTool(description="", key="order_number", records={"1": {"found": True}}),
    }
    folder.change("args: {order_number: '{order_number}'}, save_as", "args: {number: '{order_number}'}, save_as")
    assert [finding.problem for finding in folder.found("missing-argument")] == [
        "The tool `order_lookup` needs `order_number`."
    ]


def test_a_change_whose_answer_says_nothing_need_not_be_looked_at(folder: Folder) -> None:
    folder.change("  - {id: made, type: check, if: return_create.ok, else: person}\n", "")
    folder.tools = {**TOOLS, "return_create": Described(changes=True, returns={"reference": "text"})}  # type: ignore[dict-item]
    assert folder.found("unchecked-change") == []


def test_tools_that_say_nothing_of_themselves_are_not_judged(folder: Folder) -> None:
    folder.tools = {"order_lookup": Described(), "return_create": Described(changes=True)}  # type: ignore[dict-item]
    folder.change("if: order.found", "if: order.anything")
    assert folder.lint().findings == []


# All playbooks together


def test_one_that_cannot_be_read_does_not_hide_the_others(folder: Folder) -> None:
    folder.change("title: A damaged order\n", "title: A damaged order\ntitel: x\n  y: z\n", "damaged-order")
    folder.change("owner: Returns team", "owner: TODO")
    found = {(finding.path.stem, finding.rule) for finding in folder.lint().findings}
    # That it is there is known, though it cannot be read.
    assert found == {("damaged-order", "not-yaml"), ("return-order", "todo-left")}


def test_all_misfits_of_a_file_are_found(folder: Folder) -> None:
    text = RETURN.replace("owner: Returns team", "ownr: Returns team").replace("type: yes_no", "type: yesno")
    text = text.replace("outcome: declined}\n  - id", "outcome: no}\n  - id").replace(
        "id: state, type: ask", "id: state, type: aks"
    )
    path = folder.write("return-order", text)
    found = [(finding.rule, finding.line) for finding in folder.lint().findings if finding.path == path]
    expected = [
        ("unknown-key", "ownr"),
        ("wrong-value", "yesno"),
        ("wrong-value", "type: aks"),
        ("wrong-value", "outcome: no}"),
    ]
    assert found == [(rule, line_of(path, text)) for rule, text in expected]


def test_some_playbooks_are_checked_with_all_in_view(folder: Folder) -> None:
    folder.change("  - refund please\n", "  - dented toaster\n")
    assert {finding.path.stem for finding in folder.lint().findings} == {"return-order", "damaged-order"}
    assert {finding.path.stem for finding in folder.lint("damaged-order").findings} == {"damaged-order"}


def test_retired_and_callable_playbooks_claim_nothing(folder: Folder) -> None:
    folder.change("  - refund please\n", "  - dented toaster\n")
    folder.change("owner: Returns team", "owner: Returns team\nstatus: retired", "damaged-order")
    assert folder.found("claimed-example") == []
    folder.change("status: retired", "callable_only: true", "damaged-order")
    assert folder.found("claimed-example") == []


def test_dates_are_those_of_the_day(folder: Folder) -> None:
    folder.change("owner:", "expires: 2026-09-30\nowner:")
    assert folder.lint().findings == []
    folder.today = date(2026, 9, 30)
    assert [finding.rule for finding in folder.lint().findings] == ["expires-soon"]
    folder.today = date(2026, 10, 1)
    assert [finding.rule for finding in folder.lint().findings] == ["expired"]
    folder.change("owner:", "status: retired\nowner:")
    assert folder.found("expired") == []


def test_what_loading_refuses_the_linter_calls_an_error(folder: Folder) -> None:
    """Whatever keeps a playbook from being loaded is also found, and as an error."""
    refused = set()
    for case in CASES:
        folder.write("return-order", RETURN)
        spoilt = Folder(folder.path)
        spoilt.change(case.old, case.new, case.id)
        try:
            load_playbooks(spoilt.path, TOOLS)
        except KitError as error:
            refused.add(case.rule)
            found = [(f.path, f.line) for f in spoilt.lint().errors]
            assert (error.path, error.line) in found
    assert {"no-such-step", "unknown-key", "bad-pattern", "id-not-file-name"} <= refused
