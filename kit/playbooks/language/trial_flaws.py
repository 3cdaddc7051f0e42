"""Finds what makes a test of a playbook unplayable or empty. The playbook itself can be followed all the same."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from kit.playbooks.language.collect import Collect
from kit.playbooks.language.playbook import Playbook
from kit.playbooks.language.references import result_name
from kit.playbooks.language.steps import Call, Do
from kit.playbooks.language.trials import Expect, ExpectedCall, Persona, Trial, TrialTurn
from kit.text import nearest
from kit.yamlfile import KeyPath

__all__ = ["TrialFlaw", "fields_in_reach", "in_reach", "trial_flaws"]


@dataclass(frozen=True)
class TrialFlaw:
    """Something wrong with a test.

    Attributes:
        rule: what kind: two tests with one id; neither or both of turns and persona; nothing expected; a name that
            leads nowhere; a change of mind without what to.
        place: the part of the file.
        problem, remedy: in a sentence each.
    """

    rule: Literal["duplicate", "customer", "expects_nothing", "name", "change"]
    place: KeyPath
    problem: str
    remedy: str


def trial_flaws(playbook: Playbook, tools: Collection[str], others: Mapping[str, Playbook]) -> Iterator[TrialFlaw]:
    """All flaws of a playbook's tests, in their order.

    Args:
        playbook: whose tests.
        tools: the names of all tools.
        others: all playbooks by id.
    """
    seen: set[str] = set()
    for number, trial in enumerate(playbook.tests):
        place: KeyPath = ("tests", number)
        if trial.id in seen:
            yield TrialFlaw("duplicate", (*place, "id"), f"There are two tests `{trial.id}`.", "Rename one.")
        seen.add(trial.id)
        yield from _Checker(trial, place, tools, others, in_reach(playbook, trial, others)).all()


def in_reach(playbook: Playbook, trial: Trial | None, others: Mapping[str, Playbook]) -> list[Playbook]:
    """The playbooks that a test may come to: its own first, those that these call, and those that it expects."""
    named = [str(expect.playbook) for _, expect in _expected(trial)] if trial else []
    found = {playbook.id: playbook}
    waiting = [*(others[id] for id in named if id in others), playbook]
    while waiting:
        one = waiting.pop()
        found.setdefault(one.id, one)
        called = [step.playbook for step in one.steps if isinstance(step, Call)]
        waiting += [others[id] for id in called if id in others and id not in found]
    return list(found.values())


def fields_in_reach(playbooks: Collection[Playbook]) -> dict[str, Collect]:
    """What these playbooks ask for, by name; of two with the same name the first one's."""
    fields: dict[str, Collect] = {}
    for playbook in playbooks:
        for item in playbook.collect:
            fields.setdefault(item.name, item)
    return fields


def _expected(trial: Trial) -> Iterator[tuple[KeyPath, Expect]]:
    for number, turn in enumerate(trial.turns):
        if isinstance(turn, TrialTurn):
            yield ("turns", number, "expect"), turn.expect
    yield ("expect",), trial.expect


class _Checker:
    def __init__(
        self,
        trial: Trial,
        place: KeyPath,
        tools: Collection[str],
        others: Mapping[str, Playbook],
        reach: Collection[Playbook],
    ) -> None:
        self.trial, self.place, self.tools, self.others = trial, place, tools, others
        every = [step for playbook in reach for step in playbook.steps]
        self.steps = {step.id for step in every}
        self.confirmed = {step.id for step in every if isinstance(step, Do) and step.confirm}
        self.fields = set(fields_in_reach(reach))
        self.results = {name for step in every if (name := result_name(step))}

    def all(self) -> Iterator[TrialFlaw]:
        trial = self.trial
        if bool(trial.turns) == (trial.persona is not None):
            has = "both turns and a persona" if trial.turns else "neither turns nor a persona"
            said = f"The test `{trial.id}` has {has}."
            yield TrialFlaw("customer", (*self.place, "id"), said, "Give it one of the two.")
        if not any(expect.asserts for _, expect in _expected(trial)):
            said = f"The test `{trial.id}` expects nothing, so it cannot fail."
            yield TrialFlaw("expects_nothing", (*self.place, "id"), said, "Add `expect: …`.")
        for tool in trial.tools:
            yield from self.known(tool, self.tools, ("tools", tool), "tool")
        for place, expect in _expected(trial):
            yield from self.expect(expect, place)
        if trial.persona is not None:
            yield from self.persona(trial.persona)

    def expect(self, expect: Expect, place: KeyPath) -> Iterator[TrialFlaw]:
        if expect.playbook not in (None, "none"):
            yield from self.known(str(expect.playbook), self.others, (*place, "playbook"), "playbook")
        if expect.step is not None:
            yield from self.known(expect.step, self.steps, (*place, "step"), "step")
        for key in ("steps", "not_steps"):
            for number, step in enumerate(getattr(expect, key)):
                yield from self.known(step, self.steps, (*place, key, number), "step")
        for name in expect.fields:
            yield from self.known(name, self.fields | self.results, (*place, "fields", name), "field")
        for number, call in enumerate(expect.calls or ()):
            tool = call.tool if isinstance(call, ExpectedCall) else call
            yield from self.known(tool, self.tools, (*place, "calls", number), "tool")
        for number, tool in enumerate(expect.not_calls):
            yield from self.known(tool, self.tools, (*place, "not_calls", number), "tool")
        for number, name in enumerate(expect.hand_off.fields if expect.hand_off else ()):
            yield from self.known(name, self.fields, (*place, "hand_off", "fields", number), "field")

    def persona(self, persona: Persona) -> Iterator[TrialFlaw]:
        answered = self.fields | self.confirmed
        for name in persona.knows:
            yield from self.known(name, self.fields, ("persona", "knows", name), "field")
        for number, name in enumerate(persona.unknown):
            yield from self.known(name, self.fields, ("persona", "unknown", number), "field")
        for step in persona.agrees if isinstance(persona.agrees, dict) else ():
            yield from self.known(step, self.confirmed, ("persona", "agrees", step), "step with `confirm`")
        for name in persona.asks:
            yield from self.known(name, answered, ("persona", "asks", name), "field or step with `confirm`")
        for number, change in enumerate(persona.changes):
            place: KeyPath = ("persona", "changes", number)
            yield from self.known(change.after, answered, (*place, "after"), "field or step with `confirm`")
            if change.field is not None:
                yield from self.known(change.field, self.fields, (*place, "field"), "field")
            if (change.field is None) != (change.to is None):
                said = "A change of mind has both `field` and `to`, or neither: then everything is called off."
                yield TrialFlaw("change", (*self.place, *place), said, "Add the other one.")

    def known(self, name: str, known: Collection[str], place: KeyPath, kind: str) -> Iterator[TrialFlaw]:
        if name not in known:
            guess = nearest(name, known)
            remedy = f"Did you mean `{guess}`?" if guess else f"Known: {', '.join(sorted(known)) or 'none'}."
            yield TrialFlaw("name", (*self.place, *place), f"There is no {kind} `{name}`.", remedy)
