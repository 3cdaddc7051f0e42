"""What a check is given: the playbook, all the others, and what they may refer to."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from kit.playbooks.checking.flow import Flow
from kit.playbooks.language import Call, Collect, Do, Playbook, Source, names_in, placeholders, result_name, texts
from kit.playbooks.language.conditions import ConditionError
from kit.playbooks.tools import Tool
from kit.yamlfile import KeyPath, Located

__all__ = ["Case", "Embed", "Scope"]

# From texts to their vectors, one row each, of length 1; None where they cannot be made.
Embed = Callable[[Sequence[str]], Any]


@dataclass(frozen=True)
class Scope:
    """All playbooks of a workspace and what surrounds them.

    Attributes:
        sources: the playbooks that could be read, by id.
        unread: the ids of those that could not.
        tools: what `do` steps may call.
        today: the day on which dates are judged.
        missing: which of some article ids the knowledge base does not have, each with the nearest one that it has;
            None where there is no knowledge base to ask.
        embed: finds sentences that mean the same; None where that is not looked at.
    """

    sources: Mapping[str, Source]
    unread: frozenset[str]
    tools: Mapping[str, Tool]
    today: date
    missing: Callable[[Collection[str]], Mapping[str, str | None]] | None = None
    embed: Embed | None = None

    @cached_property
    def playbooks(self) -> Mapping[str, Playbook]:
        """The playbooks that could be read, by id."""
        return {id: source.playbook for id, source in self.sources.items()}

    @cached_property
    def called(self) -> frozenset[str]:
        """The ids of the playbooks that others call."""
        steps = (step for playbook in self.playbooks.values() for step in playbook.steps)
        return frozenset(step.playbook for step in steps if isinstance(step, Call))

    @cached_property
    def cases(self) -> Sequence["Case"]:
        """The playbooks as checks want them."""
        return [Case(source.playbook, source.located, self) for source in self.sources.values()]

    @cached_property
    def routed(self) -> Sequence["Case"]:
        """The playbooks that messages are routed to, or will be once they are active."""
        return [case for case in self.cases if case.playbook.status != "retired" and not case.playbook.callable_only]


@dataclass(frozen=True, eq=False)
class Case:
    """A playbook under examination."""

    playbook: Playbook
    located: Located
    scope: Scope

    @property
    def path(self) -> Path:
        """Its file."""
        return Path(self.located.path)

    @property
    def active(self) -> bool:
        """Whether customers are served by it."""
        return self.playbook.status == "active"

    @cached_property
    def flow(self) -> Flow:
        """The ways through its steps."""
        return Flow(self.playbook)

    @cached_property
    def fields(self) -> Mapping[str, Collect]:
        """What it collects, by name."""
        return {field.name: field for field in self.playbook.collect}

    @cached_property
    def makers(self) -> Mapping[str, Sequence[Do | Call]]:
        """The steps that get each result."""
        found: dict[str, list[Do | Call]] = {}
        for step in self.playbook.steps:
            if isinstance(step, Do | Call) and (name := result_name(step)):
                found.setdefault(name, []).append(step)
        return found

    def conditions(self) -> Iterator[tuple[KeyPath, str]]:
        """Every condition with its place."""
        if self.playbook.audience_if:
            yield ("audience_if",), self.playbook.audience_if
        for number, field in enumerate(self.playbook.collect):
            if field.valid:
                yield ("collect", number, "valid"), field.valid
        for number, step in enumerate(self.playbook.steps):
            if condition := getattr(step, "if_", ""):
                yield ("steps", number, "if"), condition
        for number, rule in enumerate(self.playbook.hand_off):
            yield ("hand_off", number, "if"), rule.if_

    def written(self) -> Iterator[tuple[KeyPath, str]]:
        """Every text that may be sent to a customer, with its place."""
        for number, field in enumerate(self.playbook.collect):
            yield ("collect", number, "ask"), field.ask
            if field.on_reject:
                yield ("collect", number, "on_reject"), field.on_reject
        for number, step in enumerate(self.playbook.steps):
            for key, text in texts(step).items():
                yield ("steps", number, key), text
        for number, rule in enumerate(self.playbook.hand_off):
            if rule.text:
                yield ("hand_off", number, "text"), rule.text

    def arguments(self) -> Iterator[tuple[KeyPath, str]]:
        """Every argument of a call, as text, with its place."""
        for number, step in enumerate(self.playbook.steps):
            for name, value in getattr(step, "args", {}).items():
                yield ("steps", number, "args", name), str(value)

    @cached_property
    def mentioned(self) -> frozenset[str]:
        """The names of fields and results that anything in the playbook makes use of."""
        found = {name for _, text in (*self.written(), *self.arguments()) for name, _ in placeholders(text)}
        found |= {name for phrase in self.playbook.must_say for name, _ in placeholders(phrase)}
        for place, condition in self.conditions():
            try:
                names = names_in(condition)
            except ConditionError:
                continue
            # That a value is valid is no use of it.
            own = (
                {self.playbook.collect[place[1]].name} if place[0] == "collect" and isinstance(place[1], int) else set()
            )
            found |= names - own
        for part in (*self.playbook.steps, *self.playbook.hand_off):
            found |= set(getattr(part, "summary_fields", ()))
        return frozenset(found)
