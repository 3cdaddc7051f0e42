"""Reads the answers of an operation: checked against its schema, with names as playbooks write them."""

import json
from typing import Any

from kit.playbooks.tools.kinds import name_of
from kit.playbooks.tools.openapi.operation import Operation
from kit.playbooks.tools.openapi.sending import Answer
from kit.playbooks.tools.results import MAX_LEVELS
from kit.playbooks.tools.tools import ToolFailure

__all__ = ["read_answer"]


def read_answer(operation: Operation, answer: Answer) -> dict[str, Any]:
    """What an answer with a good status says; one without a body says nothing.

    Raises:
        ToolFailure: it is not JSON, or not what the operation's schema for this status describes.
        KitError: the schema cannot be used.
    """
    try:
        value = json.loads(answer.body, parse_constant=_no_number) if answer.body.strip() else {}
    except (ValueError, RecursionError):
        raise ToolFailure("the answer is not JSON", kind="nonsense") from None
    schema = operation.schema_of(answer.status)
    if schema and operation.method != "HEAD" and (problem := schema.document.misfit(value, schema, sent=False)):
        raise ToolFailure(f"the answer does not fit its description: {problem}", kind="nonsense")
    named = _named(value)
    if not isinstance(named, dict):
        raise ToolFailure("the answer is not a mapping of names to values", kind="nonsense")
    return named


def _named(value: Any, level: int = 1) -> Any:
    """The answer with its names written the playbook's way; what cannot have such a name is left out."""
    if level > MAX_LEVELS + 1:
        return value
    if isinstance(value, dict):
        found: dict[str, Any] = {}
        for key, inner in value.items():
            if (name := name_of(key)) and name not in found:
                found[name] = _named(inner, level + 1)
        return found
    return [_named(inner, level + 1) for inner in value] if isinstance(value, list) else value


def _no_number(word: str) -> float:
    raise ValueError(word)
