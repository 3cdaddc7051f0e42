"""What one message does to a play."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Protocol

from kit.playbooks.engine.play import Handoff, Play
from kit.playbooks.language import Collect, Outcome, Playbook
from kit.playbooks.tools import Tool

__all__ = ["Advance", "FieldReader", "Library", "Made", "Part", "Setting", "Taken", "Way"]

Way = Literal["", "then", "else", "yes", "no", "on_fail", "rejected"]


class Library(Protocol):
    """Finds the playbook that a play follows."""

    def find(self, playbook: str, edition: str = "") -> Playbook | None:
        """The playbook with this id, in the edition named or else the one in force; None if there is none."""
        ...


class FieldReader(Protocol):
    """Helps to read what the rules could not: a chat model, say. It can fill in fields and nothing else."""

    def __call__(self, field: Collect, message: str) -> Any | None:
        """The value that the message holds for the field, or None."""
        ...


@dataclass(frozen=True)
class Setting:
    """What a play is played with.

    Attributes:
        library: the playbooks.
        tools: what `do` steps call.
        today: the day.
        customer: what is known of the customer beforehand; conditions see it as `customer`.
        reader: reads fields that the rules could not read.
    """

    library: Library
    tools: Mapping[str, Tool]
    today: date
    customer: Mapping[str, Any] = field(default_factory=dict)
    reader: FieldReader | None = None


@dataclass(frozen=True)
class Part:
    """A piece of the reply.

    `say`: written words of the playbook, which a `fluid` one lets a chat model phrase. `fixed`: words that are sent as
    they are in any case: the kit's own, and every question for consent. `answer`: a question that has to
    be answered from the knowledge base. `aside`: a question of the customer's, answered from there if it can be.
    """

    kind: Literal["say", "fixed", "answer", "aside"]
    text: str


@dataclass(frozen=True)
class Made:
    """A call of a tool that was made; `failed` says how, if it did."""

    tool: str
    args: Mapping[str, Any]
    changes: bool
    failed: str = ""


@dataclass(frozen=True)
class Taken:
    """Something of a playbook that came to bear: the measure of what its tests reach.

    Attributes:
        playbook: whose it is; of a playbook that calls another, either.
        part: `steps` for a step that was taken, `hand_off` for a rule that was met, `collect` for a field.
        name: the step's id, the rule's place (from 0), the field's name.
        way: which branch of a step; `rejected` for a field whose answer was not taken; empty for the thing as such.
    """

    playbook: str
    part: Literal["steps", "hand_off", "collect"]
    name: str
    way: Way = ""


@dataclass(frozen=True)
class Advance:
    """What one message did. `play` is None once the playbook has ended; `path` holds the steps gone through.

    `announced` says whether the parts tell the customer of a hand-off; most of those that no step makes do not.
    `values` is what is known at the end, fields and results. `taken` is the path with the branches, in order.
    """

    play: Play | None
    parts: tuple[Part, ...]
    outcome: Outcome
    handoff: Handoff | None
    path: tuple[str, ...]
    values: Mapping[str, Any] = field(default_factory=dict)
    calls: tuple[Made, ...] = ()
    announced: bool = False
    taken: tuple[Taken, ...] = ()
