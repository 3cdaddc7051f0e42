"""A playbook with one thing changed, and the small tools that make one."""

import copy
from dataclasses import dataclass
from typing import Any, Literal

from kit.playbooks.language import Playbook
from kit.yamlfile import KeyPath

__all__ = ["Data", "Edit", "Kind", "Mutant", "put", "remove", "taken_from"]

Kind = Literal[
    "drop_step",
    "skip_ask",
    "reorder",
    "flip",
    "compare",
    "limit",
    "and_or",
    "operand",
    "branch",
    "rule",
    "reason",
    "team",
    "priority",
    "effect",
    "outcome",
    "tool",
    "argument",
    "confirm",
    "must_say",
    "valid",
    "pattern",
    "choice",
    "attempts",
    "figure",
    "placeholder",
]
Data = dict[str, Any]


@dataclass(frozen=True)
class Edit:
    """A change to the data of a playbook, before anyone looked whether a playbook comes of it.

    Attributes:
        kind: what sort of change it is.
        where: what was changed, as keys into the unchanged playbook's head.
        description: the change as a clause that follows "if": "step `why` is left out".
        suggestion: a test that would notice it.
        data: the whole head after the change.
    """

    kind: Kind
    where: KeyPath
    description: str
    suggestion: str
    data: Data


@dataclass(frozen=True)
class Mutant:
    """A playbook that can be followed and differs in one thing from the one that was written.

    Attributes:
        kind: what sort of change it is.
        where: what was changed, as keys into the unchanged playbook's head; its file knows the line.
        description: the change as a clause that follows "if": "step `why` is left out".
        suggestion: a test that would notice it.
        playbook: the changed playbook, with the tests of the unchanged one.
        form: a digest of all that a play of it does; no two mutants of a playbook have the same.
    """

    kind: Kind
    where: KeyPath
    description: str
    suggestion: str
    playbook: Playbook
    form: str


def taken_from(data: Data, where: KeyPath) -> Any:
    """The value at a place."""
    value: Any = data
    for key in where:
        value = value[key]
    return value


def put(data: Data, where: KeyPath, value: Any) -> Data:
    """A copy of the data with another value at a place, which need not have existed before."""
    changed = copy.deepcopy(data)
    taken_from(changed, where[:-1])[where[-1]] = value
    return changed


def remove(data: Data, where: KeyPath) -> Data:
    """A copy of the data without what is at a place."""
    changed = copy.deepcopy(data)
    del taken_from(changed, where[:-1])[where[-1]]
    return changed
