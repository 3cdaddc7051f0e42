"""Simple facts about single values, and whether several can hold at once: `total > 200` and `total <= 100` cannot.

Only what is certain is said: a comparison that is not of a name with a constant is no fact, and facts that are not
understood are taken to go together.
"""

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kit.playbooks.language.calendar import day

__all__ = ["Domain", "Fact", "Facts", "certain", "consistent"]

Constant = str | int | float | bool | None
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">", "true": "false", "false": "true"}
_MIRRORED = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
_SIGNS: Mapping[type, str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_WORDS: Mapping[str, bool] = {"true": True, "yes": True, "false": False, "no": False}


@dataclass(frozen=True)
class Fact:
    """That the value at a path compares so with a constant; with `true` or `false`, that it counts as either."""

    path: str
    sign: str
    value: Constant = None

    def opposite(self) -> "Fact":
        """The fact that holds exactly when this one does not."""
        return Fact(self.path, _OPPOSITE[self.sign], self.value)


Facts = frozenset[Fact]
# The only values that the thing at a path can have; None where there are others, or nobody knows.
Domain = Callable[[str], tuple[Constant, ...] | None]


def certain(node: ast.expr, truth: bool) -> Facts:
    """What is certain where the condition is met, or is not."""
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return certain(operand, not truth)
        case ast.BoolOp(op=op, values=parts) if isinstance(op, ast.And) == truth:
            return frozenset(fact for part in parts for fact in certain(part, truth))
        case ast.BoolOp(values=parts):
            # Of several parts one decides, and nobody knows which; unless all but one say nothing at all.
            return frozenset.intersection(*(certain(part, truth) for part in parts))
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _SIGNS:
            fact = _compared(left, _SIGNS[type(op)], right)
            return frozenset({fact if truth else fact.opposite()}) if fact else frozenset()
        case ast.Compare(left=left, ops=ops, comparators=others) if truth and all(type(op) in _SIGNS for op in ops):
            chain = zip([left, *others], ops, others, strict=False)
            found = (_compared(one, _SIGNS[type(op)], other) for one, op, other in chain)
            return frozenset(fact for fact in found if fact)
        case ast.Name() | ast.Attribute() if (path := path_of(node)) is not None:
            return frozenset({Fact(path, "true" if truth else "false")})
    return frozenset()


def consistent(facts: Iterable[Fact], domain: Domain) -> bool:
    """Whether the facts can all hold at once; true where that cannot be told."""
    by_path: dict[str, list[Fact]] = {}
    for fact in facts:
        by_path.setdefault(fact.path, []).append(fact)
    return all(_possible(some, domain(path)) for path, some in by_path.items())


def path_of(node: ast.expr) -> str | None:
    """`order.total` as text; None for what is no path, such as `yes`."""
    if isinstance(node, ast.Name):
        return None if node.id in _WORDS else node.id
    if isinstance(node, ast.Attribute) and (owner := path_of(node.value)) is not None:
        return f"{owner}.{node.attr}"
    return None


def constant_of(node: ast.expr) -> tuple[Constant] | None:
    """The value of a constant, in a tuple so that None can be one; None for what is no constant."""
    match node:
        case ast.Constant(value=str() | int() | float() | None as value):
            return (value,)
        case ast.Name(id=name) if name in _WORDS:
            return (_WORDS[name],)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return (-value,)
    return None


def _compared(left: ast.expr, sign: str, right: ast.expr) -> Fact | None:
    path, value = path_of(left), constant_of(right)
    if path is None or value is None:
        path, value, sign = path_of(right), constant_of(left), _MIRRORED[sign]
    return None if path is None or value is None else Fact(path, sign, value[0])


def _possible(facts: list[Fact], domain: tuple[Constant, ...] | None) -> bool:
    """Whether one value can be all of this."""
    if domain is not None:
        return any(all(_holds(fact, value) for fact in facts) for value in domain)
    given = [fact.value for fact in facts if fact.sign == "=="]
    if given:
        return all(_holds(fact, given[0]) for fact in facts)
    if {"true", "false"} <= {fact.sign for fact in facts}:
        return False
    limits = [(fact.sign, at) for fact in facts if (at := _number(fact.value)) is not None and len(fact.sign) <= 2]
    low = max(((at, sign == ">") for sign, at in limits if sign in (">", ">=")), default=None)
    high = min(((at, sign != "<") for sign, at in limits if sign in ("<", "<=")), default=None)
    if low is None or high is None:
        return True
    return low[0] < high[0] or (low[0] == high[0] and not low[1] and high[1])


def _holds(fact: Fact, value: Constant) -> bool:
    """Whether the fact holds of this value; true where they cannot be compared."""
    if fact.sign in ("true", "false"):
        return bool(value) == (fact.sign == "true")
    left, right = _number(value), _number(fact.value)
    one: Any = value if left is None or right is None else left
    other: Any = fact.value if left is None or right is None else right
    if fact.sign in ("==", "!="):
        return bool(one == other) == (fact.sign == "==")
    try:
        return bool({"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[fact.sign])
    except TypeError:
        return True


def _number(value: Constant) -> float | None:
    """A number, or a date as one, so that both have an order."""
    if isinstance(value, int | float):
        return float(value)
    found = day(value)
    return None if found is None else float(found.toordinal())
