"""Follows a playbook to the letter: collects, checks, branches, calls tools, says, hands off.

The engine is a function from a play and a message to the next play and what to say. It keeps no state of its own, so
a conversation can go on in another process.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NoReturn

from kit.playbooks.language.conditions import ConditionError, UnknownName, evaluate
from kit.playbooks.language.parser import filled, placeholders
from kit.playbooks.language.schema import (
    Answer,
    Ask,
    Check,
    Collect,
    Do,
    End,
    Goto,
    HandOff,
    Handoff,
    HandoffReason,
    Play,
    Playbook,
    Priority,
    Say,
)
from kit.playbooks.reading import read_field, read_yes_no, volunteered
from kit.playbooks.tools.tools import Tool

__all__ = ["Advance", "Part", "advance", "begin"]

# More steps than any playbook has: reaching it means that the steps go round in circles.
MAX_STEPS = 200


@dataclass(frozen=True)
class Part:
    """A piece of the reply: words of the playbook, or a question to answer from the knowledge base."""

    kind: Literal["say", "answer"]
    text: str


@dataclass(frozen=True)
class Advance:
    """What one message did. `play` is None once the playbook has ended; `path` holds the steps gone through.

    `announced` says whether the parts tell the customer of a hand-off; most of those that no step makes do not.
    """

    play: Play | None
    parts: tuple[Part, ...]
    outcome: Literal["answered", "clarified", "handed_off", "declined"]
    handoff: Handoff | None
    path: tuple[str, ...]
    announced: bool = False


def begin(playbook: Playbook) -> Play:
    """A play at the start of the playbook."""
    return Play(playbook=playbook.id, version=playbook.version)


def advance(playbook: Playbook, play: Play, message: str, tools: Mapping[str, Tool]) -> Advance:
    """Take the customer's message into the play and go on until something is needed from the customer."""
    return _Engine(playbook, play, tools).run(message)


@dataclass
class _Stop(Exception):
    """Ends the run with a result."""

    outcome: Literal["answered", "clarified", "handed_off", "declined"]
    handoff: Handoff | None = None
    waiting: str | None = None
    announced: bool = False


@dataclass
class _Engine:
    playbook: Playbook
    play: Play
    tools: Mapping[str, Tool]
    parts: list[Part] = field(default_factory=list)
    path: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.values: dict[str, Any] = dict(self.play.values)
        self.attempts = dict(self.play.attempts)
        self.at = self.play.step
        self.fields = {item.name: item for item in self.playbook.collect}
        self.places = {step.id: number for number, step in enumerate(self.playbook.steps)}

    def run(self, message: str) -> Advance:
        try:
            if self.is_stale():
                self.hand_off("tool_failure")
            self.listen(message)
            self.collect_first()
            for _ in range(MAX_STEPS):
                self.follow()
            # What goes round in circles was said over and over.
            self.parts.clear()
            self.hand_off("tool_failure")
        except _Stop as stop:
            play = None
            if stop.waiting:
                play = self.play.model_copy(
                    update={
                        "step": self.at,
                        "values": self.values,
                        "waiting": stop.waiting,
                        "attempts": self.attempts,
                    }
                )
            return Advance(play, tuple(self.parts), stop.outcome, stop.handoff, tuple(self.path), stop.announced)
        raise AssertionError("hand_off always stops")

    def is_stale(self) -> bool:
        """Whether the playbook is no longer the one that the play was begun with, so that its place means nothing."""
        if self.play.version != self.playbook.version or self.at >= len(self.playbook.steps):
            return True
        kind, _, name = (self.play.waiting or "").partition(":")
        step = self.playbook.steps[self.at]
        return (kind == "field" and name not in self.fields) or (
            kind == "confirm" and not (isinstance(step, Do) and step.id == name)
        )

    # What the customer said

    def listen(self, message: str) -> None:
        waiting = self.play.waiting
        for item in self.playbook.collect:
            if item.name not in self.values and waiting != f"field:{item.name}":
                alone = sum(other.type == item.type for other in self.playbook.collect) == 1
                value = volunteered(item, message, today=date.today(), alone=alone)
                if value is not None:
                    self.values[item.name] = value
        if waiting is None:
            return
        kind, _, name = waiting.partition(":")
        if kind == "field":
            value = read_field(self.fields[name], message, today=date.today())
            if value is None:
                self.ask_again(waiting, self.fields[name])
            self.values[name] = value
            return
        step = self.playbook.steps[self.at]
        assert isinstance(step, Do), "only a do step waits for a confirmation"
        self.path.append(step.id)
        agreed = read_yes_no(message)
        if agreed is None:
            self.ask_again(waiting, Collect(name="confirm", ask=step.confirm))
        elif agreed:
            self.call(step)
        elif step.else_:
            self.jump(step.else_)
        else:
            self.say("All right, I have not changed anything.")
            raise _Stop("answered")

    def ask_again(self, waiting: str, item: Collect) -> None:
        self.attempts[waiting] = self.attempts.get(waiting, 0) + 1
        if self.attempts[waiting] >= item.max_attempts:
            self.hand_off("pending_clarification")
        self.say(item.on_reject or item.ask)
        raise _Stop("clarified", waiting=waiting)

    # Going on

    def collect_first(self) -> None:
        """Ask for the fields that no step asks for; they are needed before the first step."""
        later = {step.field for step in self.playbook.steps if isinstance(step, Ask)}
        for item in self.playbook.collect:
            if item.name not in later:
                self.need(item)

    def need(self, item: Collect) -> None:
        if item.name not in self.values:
            self.say(item.ask)
            raise _Stop("clarified", waiting=f"field:{item.name}")

    def follow(self) -> None:
        """Execute one step and move to the next."""
        self.check_hand_off()
        if self.at >= len(self.playbook.steps):
            raise _Stop("answered")
        step = self.playbook.steps[self.at]
        self.path.append(step.id)
        match step:
            case Say(text=text):
                self.say(text)
                self.at += 1
            case Ask(field=name):
                self.need(self.fields[name])
                self.at += 1
            case Check(if_=condition, then=then, else_=otherwise):
                branch = then if self.holds(condition) else otherwise
                if branch:
                    self.jump(branch)
                else:
                    self.next()
            case Do(confirm=confirm) if confirm:
                self.say(confirm)
                raise _Stop("clarified", waiting=f"confirm:{step.id}")
            case Do():
                self.call(step)
            case Answer(question=question):
                self.parts.append(Part("answer", self.fill(question)))
                self.next()
            case Goto(to=to):
                self.jump(to)
            case HandOff(reason=reason, team=team, priority=priority, text=text):
                self.hand_off(reason, team=team, priority=priority, text=text)
            case End(text=text, outcome=outcome):
                self.say(text)
                raise _Stop(outcome)

    def next(self) -> None:
        self.at += 1

    def jump(self, step: str) -> None:
        self.at = self.places[step]

    def call(self, step: Do) -> None:
        args = {name: self.argument(value) for name, value in step.args.items()}
        try:
            result = self.tools[step.tool].call(args)
        except Exception:  # A tool is the company's own code: whatever it raises, a person takes over.
            self.hand_off("tool_failure")
        self.values[step.save_as or step.tool] = result
        self.next()

    def check_hand_off(self) -> None:
        for rule in self.playbook.hand_off:
            try:
                applies = evaluate(rule.if_, self.values)
            except UnknownName:
                continue  # not collected or looked up yet
            except ConditionError:
                # Whether a limit is passed cannot be told, so it is not for the play to go on.
                self.hand_off("tool_failure")
            if applies:
                self.hand_off(rule.reason, team=rule.team, priority=rule.priority, text=rule.text)

    def holds(self, condition: str) -> bool:
        try:
            return bool(evaluate(condition, self.values))
        except ConditionError:
            # A result without the key that the playbook relies on: the tool did not do its part.
            self.hand_off("tool_failure")

    def hand_off(
        self, reason: HandoffReason, *, team: str = "Support", priority: Priority = "normal", text: str = ""
    ) -> NoReturn:
        if text:
            self.say(text)
        collected = {name: value for name, value in self.values.items() if name in self.fields}
        summary = f"{self.playbook.title}: stopped at step {self.path[-1]}." if self.path else f"{self.playbook.title}."
        handoff = Handoff(reason=reason, team=team, priority=priority, summary=summary, fields=collected)
        raise _Stop("handed_off", handoff=handoff, announced=bool(text))

    # Words

    def say(self, text: str) -> None:
        if said := self.fill(text).strip():
            self.parts.append(Part("say", said))

    def fill(self, text: str) -> str:
        return filled(text, lambda path: _shown(self.lookup(path)))

    def argument(self, value: str | int | float | bool) -> Any:
        """An argument: one placeholder alone keeps its type."""
        if isinstance(value, str):
            found = placeholders(value)
            if len(found) == 1 and value.strip() == f"{{{found[0][1]}}}":
                return self.lookup(found[0][1])
            return self.fill(value)
        return value

    def lookup(self, path: str) -> Any:
        try:
            return evaluate(path, self.values)
        except ConditionError:
            self.hand_off("tool_failure")


def _shown(value: Any) -> str:
    """A value as a customer reads it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.2f}" if isinstance(value, float) and not value.is_integer() else str(value)
