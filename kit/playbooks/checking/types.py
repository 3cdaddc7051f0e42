"""What is known of the values that a playbook's conditions and texts name: their types, and what they can be."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from kit.playbooks.checking.facts import Constant
from kit.playbooks.checking.scope import Case
from kit.playbooks.language import Call, Collect, compiled, pattern_problem

__all__ = ["Type", "keys_of", "result_keys", "type_of"]

# The types of fields by what their values are.
_KINDS = {
    "text": "text",
    "email": "text",
    "phone": "text",
    "choice": "text",
    "number": "number",
    "money": "number",
    "date": "date",
    "yes_no": "yes_no",
}


@dataclass(frozen=True)
class Type:
    """What a value is: `text`, `number`, `date` or `yes_no`.

    Attributes:
        choices: the only texts that it can be; empty where there are others.
        pattern: the regular expression that it matches in full.
        field: whether a customer gives it, so that a text is never empty.
    """

    kind: str
    choices: tuple[str, ...] = ()
    pattern: str = ""
    field: bool = False

    @property
    def values(self) -> tuple[Constant, ...] | None:
        """The only values that it can have."""
        return (True, False) if self.kind == "yes_no" and self.field else self.choices or None


def type_of(case: Case, path: str) -> Type | None:
    """The type of the value at a path such as `order.total`; None where it is not known."""
    name, _, key = path.partition(".")
    if path == "today":
        return Type("date")
    if not key and name in case.fields:
        return _of_field(case.fields[name])
    if not key or "." in key or name not in case.makers:
        return None
    kinds = {_of_result(case, step, key) for step in case.makers.get(name, ())}
    return kinds.pop() if len(kinds) == 1 else None


def result_keys(case: Case, name: str) -> Collection[str] | None:
    """What `name.…` can be of a result; None where that is not known."""
    found: set[str] = set()
    for step in case.makers.get(name, ()):
        keys = keys_of(case, step)
        if keys is None:
            return None
        found |= set(keys)
    return found


def keys_of(case: Case, step: Any) -> Collection[str] | None:
    """The keys of what one `do` or `call` step gets."""
    if isinstance(step, Call):
        other = case.scope.playbooks.get(step.playbook)
        return None if other is None else {"outcome", *(field.name for field in other.collect)}
    returns = getattr(case.scope.tools.get(step.tool), "returns", None)
    return None if returns is None else set(returns)


def _of_result(case: Case, step: Any, key: str) -> Type | None:
    if isinstance(step, Call):
        other = case.scope.playbooks.get(step.playbook)
        if key == "outcome":
            return Type("text", ("answered", "declined"))
        field = next((field for field in other.collect if field.name == key), None) if other else None
        return _of_field(field) if field else None
    returns = getattr(case.scope.tools.get(step.tool), "returns", None) or {}
    kind = {"money": "number"}.get(returns.get(key, ""), returns.get(key, ""))
    return Type(kind) if kind in ("text", "number", "date", "yes_no") else None


def _of_field(field: Collect) -> Type:
    choices = field.choices if field.type == "choice" else ()
    return Type(_KINDS[field.type], choices, field.pattern if field.type == "text" else "", field=True)


def matches(pattern: str, value: str) -> bool:
    """Whether a text could be the value of a field with this pattern; true where the pattern is none."""
    return pattern_problem(pattern) is not None or compiled(pattern).fullmatch(value) is not None
