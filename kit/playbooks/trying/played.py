"""A customer who is played by rules.

A played customer sees what customers see, the replies, and in addition which field or confirmation a reply asks for:
reading the question is not what a test is about. Chance is seeded by what is asked and how often, so that a test
comes out the same every time, and a playbook that asks one thing more changes nothing about the other answers.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from kit.playbooks.language import Change, Collect, Persona, Playbook, Value
from kit.playbooks.trying.customers import Customer
from kit.playbooks.trying.host import Said
from kit.playbooks.trying.results import Departure, Exchange
from kit.yamlfile import load_yaml, read_text

__all__ = ["PlayedCustomer", "wordings"]

_OFFERED = re.compile(r"^(\d{1,2})\. (.+)$", re.MULTILINE)


class PlayedCustomer(Customer):
    """A customer who is played by rules.

    Args:
        persona: who it is.
        playbook: what the customer came for.
        fields: what can be asked, by name.
        ends_open: whether the play may be left without an end.
    """

    def __init__(
        self, persona: Persona, playbook: Playbook, fields: Mapping[str, Collect], *, ends_open: bool = False
    ) -> None:
        self.persona, self.playbook, self.fields, self.ends_open = persona, playbook, fields, ends_open
        self.knows: dict[str, Value] = dict(persona.knows)
        self.changes = list(enumerate(persona.changes))
        self.questions = dict(persona.asks)
        self.answered: set[str] = set()
        self.told: list[str] = []  # what was asked, each time
        self.answering = ""  # what the last message answers
        self.strangers: list[str] = []  # what was asked that the test says nothing about
        self.gave_up = False

    def next(self, exchanges: Sequence[Exchange]) -> str | None:
        if not exchanges:
            return self.opening()
        said = exchanges[-1].said
        if self.answering and said.waiting != self.answering:
            self.answered.add(self.answering.partition(":")[2])
        self.answering = ""
        if said.outcome == "handed_off":
            return None
        if len(exchanges) >= self.persona.patience:
            self.gave_up = said.waiting is not None
            return None
        if change := self.due():
            return self.changed(change)
        if said.waiting is None:
            return self.choice(said.text)
        kind, _, name = said.waiting.partition(":")
        if name in self.questions:
            return self.questions.pop(name)
        self.answering = said.waiting
        return self.confirmation(name) if kind == "confirm" else self.answer(name)

    def after(self, turn: int, said: Said) -> Iterator[Departure]:
        yield from ()

    def at_the_end(self, exchanges: Sequence[Exchange]) -> Iterator[Departure]:
        last = len(exchanges) - 1
        if self.gave_up and not self.ends_open:
            waiting = exchanges[-1].said.waiting or ""
            most = self.persona.patience
            found = f"it still asks for `{waiting.partition(':')[2]}`, and the customer gives up"
            yield Departure(last, ("persona", "patience"), f"the play to end within {most} messages", found)
        for number, change in self.changes:
            found = f"`{change.after}` was never answered, so the customer had no occasion to"
            yield Departure(last, ("persona", "changes", number), "the customer to change their mind", found)
        for name, question in self.questions.items():
            found = f"`{name}` was never asked for, so the customer had no occasion to"
            yield Departure(last, ("persona", "asks", name), f"the customer to ask “{question}”", found)

    @property
    def note(self) -> str:
        asked = ", ".join(f"`{name}`" for name in dict.fromkeys(self.strangers))
        return (
            f"The customer was asked for {asked}, which is neither under `knows` nor under `unknown`." if asked else ""
        )

    # What the customer says

    def opening(self) -> str:
        facts = []
        for name, value in self.knows.items() if self.persona.volunteers else ():
            if isinstance(value, bool) or self.is_free(name):
                continue  # nobody says out of the blue "Opened: yes"
            facts.append(self.worded("volunteer", name, value))
            self.answered.add(name)
        opening = self.persona.opening
        ended = not facts or opening[-1] in ".!?,:"
        return " ".join([opening if ended else f"{opening}.", *facts])

    def answer(self, name: str) -> str:
        asked = self.told.count(name)
        self.told.append(name)
        if name not in self.knows:
            if name not in self.persona.unknown:
                self.strangers.append(name)
            unknown: Sequence[str] = wordings()[self.persona.mood]["unknown"]
            return unknown[min(asked, len(unknown) - 1)]
        value = self.knows[name]
        if isinstance(value, bool):
            return self.worded("yes" if value else "no", name, value)
        # Of a text every word is taken for what was asked, so it is stated bare.
        return str(value) if self.is_free(name) else self.worded("again" if asked else "state", name, value)

    def confirmation(self, step: str) -> str:
        self.told.append(step)
        agrees = self.persona.agrees
        yes = agrees if isinstance(agrees, bool) else agrees.get(step, True)
        return self.worded("agree" if yes else "refuse", step, yes)

    def due(self) -> Change | None:
        """A change of mind whose time has come; it is made once."""
        for entry in self.changes:
            if entry[1].after in self.answered:
                self.changes.remove(entry)
                return entry[1]
        return None

    def changed(self, change: Change) -> str:
        if change.field is None or change.to is None:
            return self.worded("call_off", change.after, "")
        self.knows[change.field] = change.to
        return self.worded("change", change.field, change.to)

    def choice(self, text: str) -> str | None:
        """The number under which the reply offers what the customer came for."""
        return next((number for number, offer in _OFFERED.findall(text) if offer == self.playbook.offered_as), None)

    def is_free(self, name: str) -> bool:
        """Whether any text is an answer to the question for the field."""
        field = self.fields.get(name)
        return field is None or (field.type == "text" and not field.pattern)

    def worded(self, what: str, name: str, value: Any) -> str:
        table = wordings() if what == "volunteer" else wordings()[self.persona.mood]
        dice = random.Random(f"{self.persona.seed}/{what}/{name}/{self.told.count(name)}")
        label = name.replace("_", " ")
        stated = ("no", "yes")[value] if isinstance(value, bool) else value
        chosen: str = dice.choice(table[what])
        return chosen.format(value=stated, label=label, Label=label.capitalize())


@lru_cache(1)
def wordings() -> Any:
    """How customers put things: by mood and occasion, several ways each."""
    path = Path(__file__).with_name("wordings.yaml")
    return load_yaml(read_text(path), path=path).data
