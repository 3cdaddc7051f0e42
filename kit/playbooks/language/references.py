"""Finds what a playbook refers to and does not have; a playbook with any of this cannot be followed."""

from collections.abc import Collection, Iterator, Mapping
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

__all__ = ["MAX_STEPS", "Flaw", "broken", "result_name"]

# More than anyone can oversee; the engine stops a play that takes as many for one message.
MAX_STEPS = 200


class Flaw(KitError):
    """Something that keeps a playbook from being followed.

    Attributes:
        rule: what it is, by the name that `kit playbooks lint --rules` explains.
        place: the part of the file.
        name: the name that leads nowhere, if that is what it is.
        known: the names that there are instead.
    """

    def __init__(self, rule: str, error: KitError, place: KeyPath, name: str = "", known: Collection[str] = ()) -> None:
        super().__init__(error.problem, path=error.path, line=error.line, remedy=error.remedy)
        self.rule, self.place, self.name, self.known = rule, place, name, known


def broken(
    playbook: Playbook,
    located: Located,
    tools: Mapping[str, Tool],
    others: Mapping[str, Playbook] | None = None,
    *,
    unread: Collection[str] = (),
) -> Iterator[Flaw]:
    """Everything that keeps the playbook from being followed, in the order of the file.

    Args:
        playbook: the playbook.
        located: its file.
        tools: what its `do` steps may call.
        others: all playbooks by id, to check the ones that it calls; without them these are not looked at.
        unread: the ids of playbooks that exist and cannot be read.
    """
    yield from _Checker(playbook, located, tools, others, unread).all()


def result_name(step: Step) -> str | None:
    """The name under which a step keeps what it was given back; None if it gets nothing."""
    if isinstance(step, Do):
        return step.save_as or step.tool
    if isinstance(step, Call):
        return step.save_as or step.playbook.replace("-", "_")
    return None


_RULES = {"field or tool result": "name"}


class _Checker:
    def __init__(
        self,
        playbook: Playbook,
        located: Located,
        tools: Mapping[str, Tool],
        others: Mapping[str, Playbook] | None,
        unread: Collection[str],
    ) -> None:
        self.playbook, self.located, self.tools, self.others = playbook, located, tools, others
        self.ids = {*(others or ()), *unread}
        self.steps = {step.id for step in playbook.steps}
        self.fields = {field.name for field in playbook.collect}
        self.names = self.fields | {name for step in playbook.steps if (name := result_name(step))}

    def flaw(
        self, rule: str, problem: str, place: KeyPath, remedy: str, *, name: str = "", known: Collection[str] = ()
    ) -> Flaw:
        return Flaw(rule, self.located.error(problem, place, remedy=remedy), place, name, known)

    def all(self) -> Iterator[Flaw]:
        if len(self.playbook.steps) > MAX_STEPS:
            said = f"This playbook has {len(self.playbook.steps)} steps; more than {MAX_STEPS} are not followed."
            yield self.flaw("too-many-steps", said, ("steps",), "Move a part into a playbook of its own and `call` it.")
        for number, trigger in enumerate(self.playbook.triggers):
            if not words(trigger):
                said = "A trigger without a word would match every message."
                yield self.flaw("empty-trigger", said, ("triggers", number), "Remove it.")
        yield from self.condition(self.playbook.audience_if, ("audience_if",), {"customer", "today"})
        if self.others is not None:
            for number, other in enumerate(self.playbook.disambiguate_with):
                yield from self.known(other, self.ids, ("disambiguate_with", number), "playbook")
        yield from self.collected()
        yield from self.followed()
        for number, phrase in enumerate(self.playbook.must_say):
            yield from self.text(phrase, ("must_say", number))
        for number, rule in enumerate(self.playbook.hand_off):
            yield from self.condition(rule.if_, ("hand_off", number, "if"))
            yield from self.text(rule.text, ("hand_off", number, "text"))
            yield from self.all_known(rule.summary_fields, ("hand_off", number, "summary_fields"))

    def collected(self) -> Iterator[Flaw]:
        seen: set[str] = set()
        for number, field in enumerate(self.playbook.collect):
            place: KeyPath = ("collect", number)
            yield from self.unique(field.name, seen, (*place, "name"), "field")
            if field.type == "choice" and not field.choices:
                said = f"The field `{field.name}` has no choices."
                yield self.flaw("no-choices", said, place, "Add `choices: [..]`.")
            if field.default is not None and not field.optional:
                said = f"The field `{field.name}` has to be answered, so its default never holds."
                yield self.flaw(
                    "idle-default", said, (*place, "default"), "Add `optional: true`, or remove the default."
                )
            if field.choices and field.default is not None:
                yield from self.known(str(field.default), set(field.choices), (*place, "default"), "choice")
            for choice in field.synonyms:
                yield from self.known(choice, set(field.choices), (*place, "synonyms", choice), "choice")
            if problem := pattern_problem(field.pattern):
                yield self.flaw("bad-pattern", problem[0], (*place, "pattern"), problem[1])
            yield from self.condition(field.valid, (*place, "valid"))
            yield from self.text(field.ask, (*place, "ask"))
            yield from self.text(field.on_reject, (*place, "on_reject"))

    def followed(self) -> Iterator[Flaw]:
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

    def do(self, step: Do, place: KeyPath) -> Iterator[Flaw]:
        yield from self.arguments(step.args, place)
        yield from self.result(step, place)
        if step.tool not in self.tools:
            yield from self.known(step.tool, set(self.tools), (*place, "tool"), "tool")
        elif self.tools[step.tool].changes and not step.confirm:
            said = f"The tool `{step.tool}` changes something, so the customer must agree first."
            yield self.flaw("change-without-confirm", said, place, "Add `confirm: …` to this step.")

    def call(self, step: Call, place: KeyPath) -> Iterator[Flaw]:
        yield from self.arguments(step.args, place)
        yield from self.result(step, place)
        if self.others is None:
            return
        yield from self.known(step.playbook, self.ids, (*place, "playbook"), "playbook")
        if other := self.others.get(step.playbook):
            fields = {field.name for field in other.collect}
            for name in step.args:
                yield from self.known(name, fields, (*place, "args", name), f"field of `{step.playbook}`")
            if circle := _circle(self.playbook.id, step.playbook, self.others):
                said = f"This playbook calls itself: {' → '.join(circle)}."
                yield self.flaw("calls-itself", said, place, "Break the circle.")

    def result(self, step: Step, place: KeyPath) -> Iterator[Flaw]:
        name = result_name(step)
        if name in RESERVED:
            yield self.flaw("reserved-name", f"`{name}` has a meaning of its own.", place, "Choose another `save_as`.")
        if name in self.fields:
            said = f"`{name}` is a field already, and this result would replace it."
            yield self.flaw("replaces-field", said, place, "Add `save_as: …`.")

    def arguments(self, args: Mapping[str, Any], place: KeyPath) -> Iterator[Flaw]:
        for name, value in args.items():
            yield from self.text(str(value), (*place, "args", name))

    def unique(self, name: str, seen: set[str], place: KeyPath, kind: str) -> Iterator[Flaw]:
        if name in seen:
            yield self.flaw(f"duplicate-{kind}", f"There are two {kind}s `{name}`.", place, "Rename one.")
        if kind == "field" and name in RESERVED:
            yield self.flaw("reserved-name", f"`{name}` has a meaning of its own.", place, "Rename the field.")
        seen.add(name)

    def known(self, name: str, known: set[str], place: KeyPath, kind: str) -> Iterator[Flaw]:
        if name not in known:
            guess = nearest(name, known)
            remedy = f"Did you mean `{guess}`?" if guess else f"Known: {', '.join(sorted(known)) or 'none'}."
            rule = "no-such-" + _RULES.get(kind, kind if " " not in kind else "argument")
            yield self.flaw(rule, f"There is no {kind} `{name}`.", place, remedy, name=name, known=known)

    def all_known(self, names: tuple[str, ...], place: KeyPath) -> Iterator[Flaw]:
        for number, name in enumerate(names):
            yield from self.known(name, self.fields, (*place, number), "field")

    def condition(self, condition: str, place: KeyPath, known: set[str] | None = None) -> Iterator[Flaw]:
        if not condition:
            return
        try:
            names = names_in(condition)
        except ConditionError as error:
            yield self.flaw("bad-condition", f"{error}.", place, "Use fields, results, comparisons, and/or/not.")
            return
        for name in sorted(names):
            yield from self.known(name, known or self.names | {"today", "customer"}, place, "field or tool result")

    def text(self, text: str, place: KeyPath) -> Iterator[Flaw]:
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
