"""Conditions in playbooks: small expressions, read by Python's own parser and evaluated by a short list of rules.

Nothing is ever executed: a node that is not on the list is an error, so there are no calls, no attributes of Python
objects, no comprehensions.
"""

import ast
import operator
from collections.abc import Mapping
from typing import Any

__all__ = ["ConditionError", "UnknownName", "evaluate", "names_in"]

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
_ARITHMETIC = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
_WORDS = {"true": True, "false": False, "yes": True, "no": False}
_SHAPES = (ast.Name, ast.Attribute, ast.Constant, ast.Compare, ast.BoolOp, ast.UnaryOp, ast.BinOp, ast.List, ast.Tuple)
_SIGNS = (ast.Load, ast.And, ast.Or, ast.Not, ast.USub, *_COMPARE, *_ARITHMETIC)
# Far more parts than anyone writes, far fewer than Python's own limit on nesting.
MAX_PARTS = 300


class ConditionError(ValueError):
    """The expression is not one that playbooks may use."""


class UnknownName(ConditionError):
    """A field or result that is not known (yet)."""


def evaluate(expression: str, values: Mapping[str, Any]) -> Any:
    """The value of an expression over `values`: fields by name, tool results as `result.key`.

    Raises:
        UnknownName: a name that `values` does not have.
        ConditionError: anything else that cannot be evaluated.
    """
    return _value(_parse(expression), values)


def names_in(expression: str) -> set[str]:
    """The first parts of the names that an expression uses: `order.total > limit` → order, limit.

    Raises:
        ConditionError: it is not an expression that playbooks may use.
    """
    tree = _parse(expression)
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - _WORDS.keys()


def _parse(expression: str) -> ast.expr:
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
    return tree


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
                if not _applied(_COMPARE[type(kind)], node, at, following):
                    return False
                at = following
            return True
    raise AssertionError("_parse lets nothing else through")


def _calculated(operation: Any, node: ast.expr, *operands: Any) -> Any:
    # Python also multiplies texts and lists: a short condition could fill the memory.
    if not all(isinstance(operand, int | float) for operand in operands):
        raise ConditionError(f"`{ast.unparse(node)}` cannot be evaluated: it calculates with what is no number")
    return _applied(operation, node, *operands)


def _applied(operation: Any, node: ast.expr, *operands: Any) -> Any:
    try:
        return operation(*operands)
    except (TypeError, ArithmeticError) as error:
        raise ConditionError(f"`{ast.unparse(node)}` cannot be evaluated: {error}") from error
