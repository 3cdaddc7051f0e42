"""Conditions in playbooks: small expressions, read by Python's own parser and evaluated by a short list of rules.

Nothing is ever executed: a node that is not on the list is an error, so there are no attributes of Python objects, no
comprehensions, and no calls but of the few functions named here.

    order.total > 200 and days_since(order.delivered_on) <= 30
    reason in ['faulty', 'wrong item'] or customer.plan == 'Home Pro'
    known(serial_number) and today < '2027-01-31'
"""

import ast
import operator
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from kit.playbooks.language.calendar import day, days_between, minus, plus, weekday

__all__ = ["FUNCTIONS", "ConditionError", "UnknownName", "evaluate", "names_in", "parsed", "paths_in"]

_COMPARE = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}
_ARITHMETIC = {ast.Add: plus, ast.Sub: minus, ast.Mult: operator.mul, ast.Div: operator.truediv}
_WORDS = {"true": True, "false": False, "yes": True, "no": False}
# What may be called, with how many arguments at least and at most. `known`, `days_since` and `days_until` look at the
# names that are known, so they are evaluated apart.
FUNCTIONS: dict[str, tuple[int, int]] = {
    "known": (1, 1),
    "days_since": (1, 1),
    "days_until": (1, 1),
    "weekday": (1, 1),
    "lower": (1, 1),
    "length": (1, 1),
    "min": (2, 9),
    "max": (2, 9),
    "abs": (1, 1),
    "round": (1, 2),
}
_PLAIN: dict[str, Callable[..., Any]] = {
    "weekday": weekday,
    "lower": lambda text: str(text).lower(),
    "length": len,
    "min": min,
    "max": max,
    "abs": abs,
    "round": round,
}
_SHAPES = (
    ast.Name,
    ast.Attribute,
    ast.Constant,
    ast.Compare,
    ast.BoolOp,
    ast.UnaryOp,
    ast.BinOp,
    ast.List,
    ast.Tuple,
    ast.Call,
)
_SIGNS = (ast.Load, ast.And, ast.Or, ast.Not, ast.USub, *_COMPARE, *_ARITHMETIC)
# Far more parts than anyone writes, far fewer than Python's own limit on nesting.
MAX_PARTS = 300


class ConditionError(ValueError):
    """The expression is not one that playbooks may use."""


class UnknownName(ConditionError):
    """A field or result that is not known (yet)."""


def evaluate(expression: str, values: Mapping[str, Any]) -> Any:
    """The value of an expression over `values`: fields by name, tool results as `result.key`.

    `today` (a date) and `customer` (a mapping) are names like any other, if `values` has them. A text that is a date
    as in 2026-11-30 is one where a date is compared or calculated with it.

    Raises:
        UnknownName: a name that `values` does not have.
        ConditionError: anything else that cannot be evaluated.
    """
    return _value(parsed(expression), values)


def names_in(expression: str) -> set[str]:
    """The first parts of the names that an expression uses: `order.total > limit` → order, limit.

    Raises:
        ConditionError: it is not an expression that playbooks may use.
    """
    return {path.partition(".")[0] for path in paths_in(expression)}


def paths_in(expression: str) -> set[str]:
    """The names that an expression uses, in full: `order.total > limit` → order.total, limit.

    Raises:
        ConditionError: it is not an expression that playbooks may use.
    """
    tree = parsed(expression)
    within = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    within |= {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    named = (node for node in ast.walk(tree) if isinstance(node, ast.Name | ast.Attribute) and id(node) not in within)
    return {ast.unparse(node) for node in named} - _WORDS.keys()


@lru_cache(4096)
def parsed(expression: str) -> ast.expr:
    """The expression as Python's parser reads it, with nothing in it that playbooks may not use.

    Raises:
        ConditionError: it is not an expression that playbooks may use.
    """
    try:
        tree = ast.parse(expression.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ConditionError(f"`{expression}` is not a condition") from error
    parts = list(ast.walk(tree))
    if len(parts) > MAX_PARTS:
        raise ConditionError(f"`{expression[:60]}…` is too long for a condition")
    for node in parts:
        known = isinstance(node, (*_SHAPES, *_SIGNS))
        if not known or (isinstance(node, ast.Constant) and not isinstance(node.value, str | int | float | None)):
            said = ast.unparse(node) if isinstance(node, ast.expr) else type(node).__name__
            raise ConditionError(f"`{said}` may not be used in a condition")
        if isinstance(node, ast.Call):
            _check_call(node)
    return tree


def _check_call(node: ast.Call) -> None:
    said = ast.unparse(node)
    if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
        raise ConditionError(f"`{said}` may not be used in a condition: there are only {', '.join(FUNCTIONS)}")
    least, most = FUNCTIONS[node.func.id]
    if node.keywords or not least <= len(node.args) <= most:
        raise ConditionError(f"`{said}` has the wrong number of parts between its brackets")
    if node.func.id == "known" and not isinstance(node.args[0], ast.Name | ast.Attribute):
        raise ConditionError(f"`{said}` must hold the name of a field or result")


def _value(node: ast.expr, values: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            if name in values:
                return values[name]
            if name in _WORDS:
                return _WORDS[name]
            raise UnknownName(f"`{name}` is not known")
        case ast.Attribute(value=owner, attr=key):
            holder = _value(owner, values)
            if not isinstance(holder, Mapping) or key not in holder:
                raise UnknownName(f"`{ast.unparse(node)}` is not known")
            return holder[key]
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _called(node, name, arguments, values)
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return [_value(item, values) for item in items]
        case ast.BoolOp(op=ast.And(), values=parts):
            return all(_value(part, values) for part in parts)
        case ast.BoolOp(values=parts):
            return any(_value(part, values) for part in parts)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not _value(operand, values)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _calculated(operator.neg, node, _value(operand, values))
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _ARITHMETIC:
            return _calculated(_ARITHMETIC[type(sign)], node, _value(left, values), _value(right, values))
        case ast.Compare(left=left, ops=kinds, comparators=others):
            at = _value(left, values)
            for kind, other in zip(kinds, others, strict=True):
                following = _value(other, values)
                if not _applied(_COMPARE[type(kind)], node, *_alike(at, following)):
                    return False
                at = following
            return True
    raise AssertionError("parsed lets nothing else through")


def _called(node: ast.expr, name: str, arguments: list[ast.expr], values: Mapping[str, Any]) -> Any:
    if name == "known":
        try:
            return _value(arguments[0], values) is not None
        except UnknownName:
            return False
    given = [_value(argument, values) for argument in arguments]
    if name in ("days_since", "days_until"):
        if "today" not in values:
            raise UnknownName("`today` is not known")
        between = _applied(days_between, node, given[0], values["today"])
        return between if name == "days_since" else -between
    return _applied(_PLAIN[name], node, *given)


def _alike(left: Any, right: Any) -> tuple[Any, Any]:
    """Both as dates where one is a date and the other the text of one."""
    if isinstance(left, str) != isinstance(right, str):
        one, other = day(left), day(right)
        if one and other:
            return one, other
    return left, right


def _calculated(operation: Any, node: ast.expr, *operands: Any) -> Any:
    # Python also multiplies texts and lists: a short condition could fill the memory.
    if not all(isinstance(operand, int | float) or day(operand) for operand in operands):
        raise ConditionError(
            f"`{ast.unparse(node)}` cannot be evaluated: it calculates with what is neither a number nor a date"
        )
    return _applied(operation, node, *operands)


def _applied(operation: Any, node: ast.expr, *operands: Any) -> Any:
    try:
        return operation(*operands)
    except (TypeError, ValueError, ArithmeticError) as error:
        raise ConditionError(f"`{ast.unparse(node)}` cannot be evaluated: {error}") from error
