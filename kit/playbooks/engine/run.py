"""The state of a play while one message is taken into it, and the words that it sends."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NoReturn

from kit.playbooks.engine.advance import Made, Part, Setting, Taken, Way
from kit.playbooks.engine.play import Caller, Handoff, Play
from kit.playbooks.language import (
    Collect,
    ConditionError,
    HandoffReason,
    Outcome,
    Playbook,
    Priority,
    evaluate,
    filled,
    placeholders,
)
from kit.text import squash

__all__ = ["Run", "Stop", "shown"]


@dataclass
class Stop(Exception):
    """Ends the run with a result; with `waiting` the play goes on with the next message."""

    outcome: Outcome
    handoff: Handoff | None = None
    waiting: str | None = None
    announced: bool = False


@dataclass
class Run:
    """A play on its way through one message. It is made from a `Play` and leaves one behind."""

    playbook: Playbook
    play: Play
    setting: Setting
    parts: list[Part] = field(default_factory=list)
    calls: list[Made] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.values: dict[str, Any] = dict(self.play.values)
        self.attempts = dict(self.play.attempts)
        self.said = list(self.play.said)
        self.changed = list(self.play.changed)
        self.callers: list[Caller] = list(self.play.callers)
        self.at = self.play.step
        self.first = self.playbook

    @property
    def fields(self) -> Mapping[str, Collect]:
        """What the playbook collects, by name."""
        return {item.name: item for item in self.playbook.collect}

    @property
    def collected(self) -> dict[str, Any]:
        """The fields that are known."""
        return {name: self.values[name] for name in self.fields if self.values.get(name) is not None}

    @property
    def known(self) -> dict[str, Any]:
        """What conditions and texts may name; what the customer does not know is not known here either."""
        values = {name: value for name, value in self.values.items() if value is not None}
        return {"today": self.setting.today, "customer": self.setting.customer, **values}

    def left(self, waiting: str) -> Play:
        """The play as it waits for the next message."""
        return self.play.model_copy(
            update={
                "playbook": self.playbook.id,
                "version": self.playbook.version,
                # Making it anew for every message would take longer than most steps.
                "edition": self.play.edition if self.playbook is self.first else self.playbook.edition,
                "step": self.at,
                "values": self.values,
                "waiting": waiting,
                "attempts": self.attempts,
                "path": (*self.play.path, *self.path),
                "said": tuple(self.said),
                "changed": tuple(self.changed),
                "callers": tuple(self.callers),
            }
        )

    # What came to bear

    def take(self, step: str) -> None:
        """Note that a step was taken."""
        self.path.append(step)
        self.taken.append(Taken(self.playbook.id, "steps", step))

    def branch(self, step: str, way: Way) -> None:
        """Note which way a step went."""
        self.taken.append(Taken(self.playbook.id, "steps", step, way))

    def reject(self, name: str) -> None:
        """Note that the answer to a field was not taken."""
        self.taken.append(Taken(self.playbook.id, "collect", name, "rejected"))

    def meet(self, rule: int) -> None:
        """Note that a hand-off rule was met."""
        self.taken.append(Taken(self.playbook.id, "hand_off", str(rule)))

    # Ends

    def ask(self, text: str, waiting: str) -> NoReturn:
        """Say a question and wait for the answer. A question for consent is sent as it is written."""
        self.say(text, kind="fixed" if waiting.startswith("confirm:") else "say")
        raise Stop("clarified", waiting=waiting)

    def hand_off(
        self,
        reason: HandoffReason,
        *,
        team: str = "",
        priority: Priority = "normal",
        text: str = "",
        why: str = "",
        summary_fields: tuple[str, ...] = (),
    ) -> NoReturn:
        """Stop, and let a person take over."""
        if text:
            self.say(text)
        handoff = Handoff(
            reason=reason,
            team=team or self.playbook.team,
            priority=priority,
            summary=self.summary(why, summary_fields),
            fields=self.collected,
        )
        raise Stop("handed_off", handoff=handoff, announced=bool(text))

    def summary(self, why: str = "", names: tuple[str, ...] = ()) -> str:
        """What a person has to know first: where it stands, what is known and what was done."""
        steps = (*self.play.path, *self.path)
        at = f", stopped at {steps[-1]}" if steps else ""
        collected = self.collected
        known = [
            f"{name} {shown(collected[name])}"
            for name in names or collected
            if name in collected and not self.fields[name].pii
        ]
        done = [f"{call.tool} {call.failed or 'done'}" for call in self.calls if call.changes or call.failed]
        done = [f"{step} done" for step in self.play.changed] + done
        notes = [f"{self.playbook.title}{at}", ", ".join(known), ", ".join(done), why]
        return "; ".join(note for note in notes if note) + "."

    # Words

    def say(self, text: str, *, kind: Literal["say", "fixed"] = "say") -> None:
        """Send words of the playbook."""
        words = self.fill(text).strip()
        if words:
            self.parts.append(Part(kind, words))
        for number, phrase in enumerate(self.playbook.must_say):
            if squash(phrase).lower() in squash(words).lower():
                self.said.append(f"must_say:{number}")

    def fill(self, text: str) -> str:
        """The text with the values of its placeholders."""
        return filled(text, lambda path: shown(self.lookup(path)))

    def argument(self, value: str | int | float | bool) -> Any:
        """An argument of a call: one placeholder alone keeps its type; None is an argument that is not given."""
        if not isinstance(value, str):
            return value
        found = placeholders(value)
        if len(found) == 1 and value.strip() == f"{{{found[0][1]}}}":
            return self.lookup(found[0][1])
        return filled(value, lambda path: _plain(self.lookup(path)))

    def lookup(self, path: str) -> Any:
        """The value of a placeholder; None for an optional field that is not known."""
        if path in self.fields and self.fields[path].optional and self.values.get(path) is None:
            return None
        try:
            return evaluate(path, self.known)
        except ConditionError as error:
            self.hand_off("tool_failure", why=str(error))

    def holds(self, condition: str) -> bool:
        """Whether a condition is met."""
        try:
            return bool(evaluate(condition, self.known))
        except ConditionError as error:
            # A result without the key that the playbook relies on: the tool did not do its part.
            self.hand_off("tool_failure", why=str(error))


def _plain(value: Any) -> str:
    """A value within a longer argument."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.2f}" if isinstance(value, float) and not value.is_integer() else str(value)


def shown(value: Any) -> str:
    """A value as a customer reads it."""
    if isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-":
        with suppress(ValueError):  # a text may only look like a date
            value = date.fromisoformat(value)
    if isinstance(value, date):
        return f"{value:%B} {value.day}, {value.year}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _plain(value)
