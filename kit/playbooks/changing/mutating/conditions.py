"""Conditions with one thing changed."""

import ast
import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from kit.playbooks.changing.mutating.mutant import Kind

__all__ = ["Variant", "variants"]

_NEIGHBOUR: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_SIGNS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.In: "in",
    ast.NotIn: "not in",
}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
# A limit that is far off, beside the two that are just off.
FAR_DAYS = 30


@dataclass(frozen=True)
class Variant:
    """A condition that differs in one thing from the one that was written.

    Attributes:
        kind: what sort of change it is.
        condition: what it is now.
        description: the change, as a clause.
        suggestion: a test that would notice it.
    """

    kind: Kind
    condition: str
    description: str
    suggestion: str


def variants(condition: str) -> Iterator[Variant]:
    """All conditions that differ in one thing, in the order in which the things stand in it."""
    tree = ast.parse(condition.strip(), mode="eval").body
    negated = tree.operand if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.Not) else _not(tree)
    yield Variant(
        "flip",
        ast.unparse(negated),
        f"`{condition}` becomes its opposite",
        f"Add one test in which `{condition}` holds and one in which it does not.",
    )
    for number, node in enumerate(ast.walk(tree)):
        for kind, change, said, test in _changes(node):
            copied = copy.deepcopy(tree)
            found = list(ast.walk(copied))[number]
            assert isinstance(found, ast.expr), "only parts with a value are changed"
            changed = _replaced(copied, found, change(found))
            yield Variant(kind, ast.unparse(changed), f"{said} in `{condition}`", test)


def _changes(node: ast.AST) -> Iterator[tuple[Kind, Callable[[ast.expr], ast.expr], str, str]]:
    match node:
        case ast.BoolOp():
            yield from _connected(node)
        case ast.Compare():
            yield from _compared(node)
        case ast.Constant(value=bool() | None):
            return
        case ast.Constant(value=int() | float() as value):
            for other in _near(value):
                yield "limit", _constant(other), f"the limit of {value:g} becomes {other:g}", _at_limit(f"{value:g}")
        case ast.Constant(value=str() as text) if _DATE.fullmatch(text):
            for days in (-1, 1, FAR_DAYS):
                if moved := _moved(text, days):
                    yield "limit", _constant(moved), f"the date {text} becomes {moved}", _at_limit(text)
        case ast.List(elts=items) | ast.Tuple(elts=items) if len(items) > 1:
            for place, item in enumerate(items):
                said = ast.unparse(item)
                yield "operand", _without_item(place), f"{said} is missing", f"Add a test in which it is {said}."


def _connected(node: ast.BoolOp) -> Iterator[tuple[Kind, Callable[[ast.expr], ast.expr], str, str]]:
    was, now = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
    parts = [ast.unparse(part) for part in node.values]
    holds = "does not" if was == "and" else "alone does"
    test = f"Add a test in which `{parts[0]}` holds and `{parts[-1]}` does not."
    yield "and_or", _other_connection, f"`{was}` becomes `{now}`", test
    for place, part in enumerate(parts):
        # Where all others hold (or none does), this part alone decides.
        test = f"Add a test in which `{part}` {holds} hold and the rest {'does' if was == 'and' else 'does not'}."
        yield "operand", _without_operand(place), f"`{part}` is left out", test
        yield "flip", _negated_operand(place), f"`{part}` becomes its opposite", test


def _compared(node: ast.Compare) -> Iterator[tuple[Kind, Callable[[ast.expr], ast.expr], str, str]]:
    for place, sign in enumerate(node.ops):
        was, now = _SIGNS[type(sign)], _SIGNS[_NEIGHBOUR[type(sign)]]
        said = ast.unparse(node)
        test = _at_limit(ast.unparse(node.comparators[place])) if was[0] in "<>" else f"Add a test in which `{said}`."
        yield "compare", _other_sign(place), f"`{was}` becomes `{now}`", test


def _at_limit(limit: str) -> str:
    return f"Add a test that is exactly at {limit}, and one that is just beyond it."


def _near(value: int | float) -> Iterator[int | float]:
    step = 1 if float(value).is_integer() else abs(value) / 10
    yield value + step
    yield value - step
    yield value * 2 if value else 10


def _moved(text: str, days: int) -> str | None:
    try:
        return (date.fromisoformat(text) + timedelta(days=days)).isoformat()
    except (ValueError, OverflowError):
        return None  # digits that are no date, or the last day there is


def _not(node: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), node)


def _constant(value: int | float | str) -> Callable[[ast.expr], ast.expr]:
    return lambda node: ast.Constant(value)


def _other_connection(node: ast.expr) -> ast.expr:
    assert isinstance(node, ast.BoolOp)
    return ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)


def _without_operand(place: int) -> Callable[[ast.expr], ast.expr]:
    def change(node: ast.expr) -> ast.expr:
        assert isinstance(node, ast.BoolOp)
        kept = [*node.values[:place], *node.values[place + 1 :]]
        return kept[0] if len(kept) == 1 else ast.BoolOp(node.op, kept)

    return change


def _negated_operand(place: int) -> Callable[[ast.expr], ast.expr]:
    def change(node: ast.expr) -> ast.expr:
        assert isinstance(node, ast.BoolOp)
        part = node.values[place]
        opposite = part.operand if isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.Not) else _not(part)
        return ast.BoolOp(node.op, [*node.values[:place], opposite, *node.values[place + 1 :]])

    return change


def _without_item(place: int) -> Callable[[ast.expr], ast.expr]:
    def change(node: ast.expr) -> ast.expr:
        assert isinstance(node, ast.List | ast.Tuple)
        return ast.List([*node.elts[:place], *node.elts[place + 1 :]], ast.Load())

    return change


def _other_sign(place: int) -> Callable[[ast.expr], ast.expr]:
    def change(node: ast.expr) -> ast.expr:
        assert isinstance(node, ast.Compare)
        signs = [_NEIGHBOUR[type(sign)]() if at == place else sign for at, sign in enumerate(node.ops)]
        return ast.Compare(node.left, signs, node.comparators)

    return change


class _Swap(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.expr) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)


def _replaced(tree: ast.expr, old: ast.AST, new: ast.expr) -> ast.expr:
    swapped = _Swap(old, new).visit(tree)
    assert isinstance(swapped, ast.expr)
    return swapped
