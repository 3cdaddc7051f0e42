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
    for node in ast.walk(tree):
        if isinstance(node, (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)):
            continue
        if not isinstance(
            node,
            (ast.Name, ast.Attribute, ast.Constant, ast.Compare, ast.BoolOp, ast.UnaryOp, ast.BinOp, ast.List, ast.Tuple),
        ):
            raise ConditionError(f"`{ast.unparse(node)}` may not be used in a condition")
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
            return -_value(operand, values)
        case ast.BinOp(left=left, op=kind, right=right) if type(kind) in _ARITHMETIC:
            return _applied(_ARITHMETIC[type(kind)], _value(left, values), _value(right, values), node)
        case ast.Compare(left=left, ops=kinds, comparators=others):
            at = _value(left, values)
            for kind, other in zip(kinds, others, strict=True):
                if type(kind) not in _COMPARE:
                    break
                following = _value(other, values)
                if not _applied(_COMPARE[type(kind)], at, following, node):
                    return False
                at = following
            else:
                return True
    raise ConditionError(f"`{ast.unparse(node)}` may not be used in a condition")


def _applied(operation: Any, left: Any, right: Any, node: ast.expr) -> Any:
    try:
        return operation(left, right)
    except (TypeError, ZeroDivisionError) as error:
        raise ConditionError(f"`{ast.unparse(node)}` cannot be evaluated: {error}") from error
