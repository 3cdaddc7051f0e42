"""What a condition needs to be known, and what is known once it was evaluated: `known(x) and x > 3` needs nothing."""

import ast
from functools import lru_cache

from kit.playbooks.language import ConditionError, parsed

__all__ = ["learned", "needed"]

_WORDS = frozenset({"true", "false", "yes", "no"})


@lru_cache(4096)
def needed(condition: str) -> frozenset[str]:
    """The names that have to be known for the condition to be evaluated, whatever else is known."""
    try:
        return frozenset(_needed(parsed(condition), frozenset()))
    except ConditionError:
        return frozenset()  # a flaw of its own


@lru_cache(4096)
def learned(condition: str, truth: bool) -> frozenset[str]:
    """The names that are certainly known where the condition is met, or is not."""
    try:
        return frozenset(_learned(parsed(condition), truth))
    except ConditionError:
        return frozenset()


def _needed(node: ast.expr, have: frozenset[str]) -> set[str]:
    match node:
        case ast.Call(func=ast.Name(id="known")):
            return set()
        case ast.BoolOp(op=op, values=parts):
            found: set[str] = set()
            for part in parts:
                # The part behind `and` is evaluated only where those before it are met; behind `or`, where none is.
                found |= _needed(part, have)
                have |= _learned(part, isinstance(op, ast.And)) | found
            return found
        case ast.Name(id=name):
            return {name} - have - _WORDS
        case ast.Call(args=arguments):
            return {name for argument in arguments for name in _needed(argument, have)}
    return {name for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr) for name in _needed(part, have)}


def _learned(node: ast.expr, truth: bool) -> set[str]:
    match node:
        case ast.Call(func=ast.Name(id="known"), args=[held]):
            return {ast.unparse(held).partition(".")[0]} if truth else set()
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _learned(operand, not truth)
        case ast.BoolOp(op=op, values=parts):
            if isinstance(op, ast.And) == truth:
                return {name for part in parts for name in _learned(part, truth)}
            # Of `a or b` met, either may be: known is what both tell.
            return set.intersection(*(_learned(part, truth) for part in parts))
    return set()
