"""Finds what a playbook refers to and does not have; a playbook with any of this cannot be followed."""

from collections.abc import Iterator, Mapping
from typing import Any

from kit.errors import KitError
from kit.playbooks.language.conditions import ConditionError, names_in
from kit.playbooks.language.parts import RESERVED
from kit.playbooks.language.patterns import pattern_problem
from kit.playbooks.language.playbook import Playbook
from kit.playbooks.language.steps import Ask, Call, Check, Do, HandOff, Step, targets, texts
from kit.playbooks.language.words import placeholders
from kit.playbooks.tools import Tool
from kit.text import nearest, words
from kit.yamlfile import KeyPath, Located

__all__ = ["broken", "result_name"]


def broken(
    playbook: Playbook, located: Located, tools: Mapping[str, Tool], others: Mapping[str, Playbook] | None = None
) -> Iterator[KitError]:
    """Everything that keeps the playbook from being followed, in the order of the file.

    Args:
        playbook: the playbook.
        located: its file.
        tools: what its `do` steps may call.
        others: all playbooks by id, to check the ones that it calls; without them these are not looked at.
    """
    yield from _Checker(playbook, located, tools, others).all()


def result_name(step: Step) -> str | None:
    """The name under which a step keeps what it was given back; None if it gets nothing."""
    if isinstance(step, Do):
        return step.save_as or step.tool
    if isinstance(step, Call):
        return step.save_as or step.playbook.replace("-", "_")
    return None


class _Checker:
    def __init__(
        self,
        playbook: Playbook,
        located: Located,
        tools: Mapping[str, Tool],
        others: Mapping[str, Playbook] | None,
    ) -> None:
        self.playbook, self.located, self.tools, self.others = playbook, located, tools, others
        self.steps = {step.id for step in playbook.steps}
        self.fields = {field.name for field in playbook.collect}
        self.names = self.fields | {name for step in playbook.steps if (name := result_name(step))}

    def all(self) -> Iterator[KitError]:
        for number, trigger in enumerate(self.playbook.triggers):
            if not words(trigger):
                yield self.located.error(
                    "A trigger without a word would match every message.", ("triggers", number), remedy="Remove it."
                )
        yield from self.condition(self.playbook.audience_if, ("audience_if",), {"customer", "today"})
        if self.others is not None:
            for number, other in enumerate(self.playbook.disambiguate_with):
                yield from self.known(other, set(self.others), ("disambiguate_with", number), "playbook")
        yield from self.collected()
        yield from self.followed()
        for number, rule in enumerate(self.playbook.hand_off):
            yield from self.condition(rule.if_, ("hand_off", number, "if"))
            yield from self.text(rule.text, ("hand_off", number, "text"))
            yield from self.all_known(rule.summary_fields, ("hand_off", number, "summary_fields"))

    def collected(self) -> Iterator[KitError]:
        seen: set[str] = set()
        for number, field in enumerate(self.playbook.collect):
            place: KeyPath = ("collect", number)
            yield from self.unique(field.name, seen, (*place, "name"), "field")
            if field.type == "choice" and not field.choices:
                yield self.located.error(
                    f"The field `{field.name}` has no choices.", place, remedy="Add `choices: [..]`."
                )
            for choice in field.synonyms:
                yield from self.known(choice, set(field.choices), (*place, "synonyms", choice), "choice")
            if problem := pattern_problem(field.pattern):
                yield self.located.error(problem[0], (*place, "pattern"), remedy=problem[1])
            yield from self.condition(field.valid, (*place, "valid"))

    def followed(self) -> Iterator[KitError]:
        seen: set[str] = set()
        for number, step in enumerate(self.playbook.steps):
            place: KeyPath = ("steps", number)
            yield from self.unique(step.id, seen, (*place, "id"), "step")
            for key, target in targets(step).items():
                yield from self.known(target, self.steps, (*place, key), "step")
            for key, text in texts(step).items():
                yield from self.text(text, (*place, key))
            match step:
                case Ask(field=field_name):
                    yield from self.known(field_name, self.fields, (*place, "field"), "field")
                case Check(if_=condition):
                    yield from self.condition(condition, (*place, "if"))
                case Do():
                    yield from self.do(step, place)
                case Call():
                    yield from self.call(step, place)
                case HandOff(summary_fields=fields):
                    yield from self.all_known(fields, (*place, "summary_fields"))

    def do(self, step: Do, place: KeyPath) -> Iterator[KitError]:
        yield from self.arguments(step.args, place)
        yield from self.result(step, place)
        if step.tool not in self.tools:
            yield from self.known(step.tool, set(self.tools), (*place, "tool"), "tool")
        elif self.tools[step.tool].changes and not step.confirm:
            yield self.located.error(
                f"The tool `{step.tool}` changes something, so the customer must agree first.",
                place,
                remedy="Add `confirm: …` to this step.",
            )

    def call(self, step: Call, place: KeyPath) -> Iterator[KitError]:
        yield from self.arguments(step.args, place)
        yield from self.result(step, place)
        if self.others is None:
            return
        yield from self.known(step.playbook, set(self.others), (*place, "playbook"), "playbook")
        if other := self.others.get(step.playbook):
            fields = {field.name for field in other.collect}
            for name in step.args:
                yield from self.known(name, fields, (*place, "args", name), f"field of `{step.playbook}`")
            if circle := _circle(self.playbook.id, step.playbook, self.others):
                yield self.located.error(
                    f"This playbook calls itself: {' → '.join(circle)}.", place, remedy="Break the circle."
                )

    def result(self, step: Step, place: KeyPath) -> Iterator[KitError]:
        name = result_name(step)
        if name in RESERVED:
            yield self.located.error(f"`{name}` has a meaning of its own.", place, remedy="Choose another `save_as`.")
        if name in self.fields:
            yield self.located.error(
                f"`{name}` is a field already, and this result would replace it.", place, remedy="Add `save_as: …`."
            )

    def arguments(self, args: Mapping[str, Any], place: KeyPath) -> Iterator[KitError]:
        for name, value in args.items():
            yield from self.text(str(value), (*place, "args", name))

    def unique(self, name: str, seen: set[str], place: KeyPath, kind: str) -> Iterator[KitError]:
        if name in seen:
            yield self.located.error(f"There are two {kind}s `{name}`.", place, remedy="Rename one.")
        if kind == "field" and name in RESERVED:
            yield self.located.error(f"`{name}` has a meaning of its own.", place, remedy="Rename the field.")
        seen.add(name)

    def known(self, name: str, known: set[str], place: KeyPath, kind: str) -> Iterator[KitError]:
        if name not in known:
            guess = nearest(name, known)
            remedy = f"Did you mean `{guess}`?" if guess else f"Known: {', '.join(sorted(known)) or 'none'}."
            yield self.located.error(f"There is no {kind} `{name}`.", place, remedy=remedy)

    def all_known(self, names: tuple[str, ...], place: KeyPath) -> Iterator[KitError]:
        for number, name in enumerate(names):
            yield from self.known(name, self.fields, (*place, number), "field")

    def condition(self, condition: str, place: KeyPath, known: set[str] | None = None) -> Iterator[KitError]:
        if not condition:
            return
        try:
            names = names_in(condition)
        except ConditionError as error:
            yield self.located.error(f"{error}.", place, remedy="Use fields, results, comparisons, and/or/not.")
            return
        for name in sorted(names):
            yield from self.known(name, known or self.names | {"today", "customer"}, place, "field or tool result")

    def text(self, text: str, place: KeyPath) -> Iterator[KitError]:
        for name, _ in placeholders(text):
            yield from self.known(name, self.names | {"today", "customer"}, place, "field or tool result")


def _circle(start: str, at: str, others: Mapping[str, Playbook]) -> list[str]:
    """The way from `at` back to `start` along calls, with both ends; empty when there is none."""
    ways, seen = [[start, at]], {at}
    while ways:
        way = ways.pop()
        if way[-1] == start:
            return way
        for step in others[way[-1]].steps if way[-1] in others else ():
            if isinstance(step, Call) and (step.playbook == start or step.playbook not in seen):
                seen.add(step.playbook)
                ways.append([*way, step.playbook])
    return []
