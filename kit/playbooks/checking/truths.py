"""Checks of conditions: what can never be met, what always is, and what compares unlike things."""

import ast
from collections.abc import Iterator

from kit.playbooks.checking.facts import Fact, Facts, certain, consistent, constant_of, path_of
from kit.playbooks.checking.finding import Findings, rule
from kit.playbooks.checking.scope import Case
from kit.playbooks.checking.types import Type, matches, type_of
from kit.playbooks.language import Check, ConditionError, parsed, paths_in
from kit.playbooks.language.calendar import day
from kit.text import nearest
from kit.yamlfile import KeyPath

__all__ = ["check_truths"]

CONSTANT = rule("constant-condition", "warning", "What a condition comes to depends on what is known.")
NEVER_VALUE = rule("impossible-value", "error", "A value is compared with what it can be.")
UNLIKE = rule("unlike-types", "error", "Only like is compared with like: numbers with numbers, yes/no with nothing.")
DECIDED = rule("decided-check", "warning", "A `check` can come out both ways, after those that lead to it.")
NEVER_RULE = rule("impossible-hand-off", "error", "Every hand-off rule can hold.")

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_FUNCTIONS = {
    "days_since": Type("number"),
    "days_until": Type("number"),
    "length": Type("number"),
    "abs": Type("number"),
    "round": Type("number"),
    "weekday": Type("text", _DAYS),
    "known": Type("yes_no"),
}
_A = {"text": "a text", "number": "a number", "date": "a date", "yes_no": "yes or no"}


def check_truths(case: Case) -> Findings:
    """What is wrong with the conditions of a playbook."""
    trees: dict[KeyPath, ast.expr] = {}
    for place, condition in case.conditions():
        try:
            trees[place] = parsed(condition)
        except ConditionError:
            continue  # named by `bad-condition`
        wrong = [finding for node in ast.walk(trees[place]) for finding in _compared(case, node, place)]
        yield from wrong
        if wrong:
            del trees[place]  # whatever else there is follows from it
            continue
        if (comes_to := _constant(case, trees[place])) is not None:
            met = "always" if comes_to else "never"
            broken = NEVER_RULE if place[0] == "hand_off" and not comes_to else CONSTANT
            yield broken.at(case.located, place, f"`{condition}` is {met} met.", "Correct it, or remove it.")
            del trees[place]
    yield from _decided(case, trees)


def _constant(case: Case, tree: ast.expr) -> bool | None:
    """What a condition comes to whatever is known; None if that depends."""

    def domain(path: str) -> tuple[str | int | float | bool | None, ...] | None:
        kind = type_of(case, path)
        return kind.values if kind else None

    names = bool(paths_in(ast.unparse(tree))) or "known(" in ast.unparse(tree)
    if not names:
        return _plainly(tree)
    if path := path_of(tree):
        kind = type_of(case, path)
        # The answer to a question is never empty.
        return True if kind and kind.field and kind.kind in ("text", "date") else None
    if not consistent(certain(tree, True), domain):
        return False
    return True if not consistent(certain(tree, False), domain) else None


def _plainly(tree: ast.expr) -> bool | None:
    from kit.playbooks.language import evaluate

    try:
        return bool(evaluate(ast.unparse(tree), {}))
    except ConditionError:
        return None


def _compared(case: Case, node: ast.AST, place: KeyPath) -> Findings:
    if not isinstance(node, ast.Compare):
        return
    operands = [node.left, *node.comparators]
    for left, op, right in zip(operands, node.ops, operands[1:], strict=False):
        for one, other in ((left, right), (right, left)):
            kind = _type(case, one)
            if kind is None:
                continue
            said = ast.unparse(one)
            if isinstance(op, ast.In | ast.NotIn):
                others = other.elts if isinstance(other, ast.List | ast.Tuple) and one is left else []
            else:
                others = [other]
            for constant in others:
                yield from _against(case, said, kind, constant, place)
            if isinstance(op, ast.Lt | ast.LtE | ast.Gt | ast.GtE) and kind.kind == "yes_no" and one is left:
                yield UNLIKE.at(
                    case.located, place, f"`{said}` is yes or no, and has no order.", f"Write `{said}` alone."
                )
        first, second = _type(case, left), _type(case, right)
        known = first and second and isinstance(op, ast.Eq | ast.NotEq | ast.Lt | ast.LtE | ast.Gt | ast.GtE)
        if known and first and second and first.kind != second.kind and {first.kind, second.kind} != {"date", "text"}:
            said = f"`{ast.unparse(left)}` is {_A[first.kind]} and `{ast.unparse(right)}` is {_A[second.kind]}."
            yield UNLIKE.at(case.located, place, said, "Compare like with like.")


def _type(case: Case, node: ast.expr) -> Type | None:
    if (path := path_of(node)) is not None:
        return type_of(case, path)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _FUNCTIONS.get(node.func.id)
    return None


def _against(case: Case, said: str, kind: Type, node: ast.expr, place: KeyPath) -> Findings:
    """What is wrong with comparing a value of this type with a constant."""
    constant = constant_of(node)
    if constant is None or constant[0] is None:
        return
    value = constant[0]
    written = ast.unparse(node)
    if kind.kind == "yes_no":
        if not isinstance(value, bool):
            remedy = f"Write `{said}`, or `not {said}`."
            yield UNLIKE.at(case.located, place, f"`{said}` is yes or no, and never `{written}`.", remedy)
        return
    fits = {
        "number": isinstance(value, int | float) and not isinstance(value, bool),
        "text": isinstance(value, str),
        "date": day(value) is not None,
    }
    if not fits[kind.kind]:
        ways = {
            "number": "Write a number without quotes.",
            "text": "Put it in quotes.",
            "date": "Write '2026-11-30'.",
        }
        said = f"`{said}` is {_A[kind.kind]}, and `{written}` is none."
        yield UNLIKE.at(case.located, place, said, ways[kind.kind])
    elif isinstance(value, str) and kind.choices and value not in kind.choices:
        guess = nearest(value, kind.choices)
        remedy = f"Did you mean '{guess}'?" if guess else f"Possible: {', '.join(kind.choices)}."
        yield NEVER_VALUE.at(case.located, place, f"`{said}` is never `{written}`.", remedy)
    elif isinstance(value, str) and kind.pattern and not matches(kind.pattern, value):
        remedy = f"It matches {kind.pattern}."
        yield NEVER_VALUE.at(case.located, place, f"`{said}` is never `{written}`.", remedy)


def _decided(case: Case, trees: dict[KeyPath, ast.expr]) -> Findings:
    """Checks that come out the same on every way that leads to them, because of what was checked before."""

    def domain(path: str) -> tuple[str | int | float | bool | None, ...] | None:
        kind = type_of(case, path)
        return kind.values if kind else None

    at = _facts(case, trees)
    for number, step in enumerate(case.playbook.steps):
        place: KeyPath = ("steps", number, "if")
        if not isinstance(step, Check) or place not in trees or not at.get(number):
            continue
        if not consistent(at[number], domain):
            continue  # no play comes here, which was said at the check before
        for truth in (True, False):
            if not consistent(at[number] | certain(trees[place], truth), domain):
                met = "never" if truth else "always"
                said = f"Where this is checked, `{step.if_}` is {met} met: earlier checks have decided it."
                yield DECIDED.at(case.located, place, said, "Correct a limit, or remove this check.")
                break


def _facts(case: Case, trees: dict[KeyPath, ast.expr]) -> dict[int, Facts]:
    """What is certain at each step that can be reached, from the checks before it."""
    flow, steps = case.flow, case.playbook.steps
    at: dict[int, Facts] = {0: frozenset()}
    changed = [0]
    while changed:
        number = changed.pop()
        if number == len(steps):
            continue
        tree = trees.get(("steps", number, "if"))
        for place, edge in enumerate(flow.edges[number]):
            after = at[number]
            if isinstance(steps[number], Check) and tree is not None:
                after |= certain(tree, place == 0)
            after = frozenset(_kept(after, edge.gives))
            now = after if edge.to not in at else at[edge.to] & after
            if edge.to not in at or now != at[edge.to]:
                at[edge.to] = now
                changed.append(edge.to)
    return at


def _kept(facts: Facts, made: str | None) -> Iterator[Fact]:
    """The facts that stay when a result is got anew."""
    return (fact for fact in facts if made is None or fact.path.partition(".")[0] != made)
