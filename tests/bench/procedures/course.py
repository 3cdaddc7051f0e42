"""What is known while a procedure is written as a playbook, and while one of its actions is."""

import re
from dataclasses import dataclass, field

from tests.bench.procedures.clauses import Clause, clauses
from tests.bench.procedures.conditions import Reader, is_granted
from tests.bench.procedures.flow import Flow
from tests.bench.procedures.manual import Action, Button, Manual, Procedure
from tests.bench.procedures.wording import is_it_so

__all__ = ["Block", "Course"]

_BUTTON = re.compile(r"\[(\w[^]]+)\]")


@dataclass
class Course:
    """What the actions of a procedure share.

    Attributes:
        reader: reads conditions.
        skippable: fields and results that not every customer comes by.
        notes: sentences that no rule could place, for a person.
        placed: how many sentences a rule did place.
        used: sentences that became a question.
    """

    manual: Manual
    procedure: Procedure
    flow: Flow
    reader: Reader = field(default_factory=Reader)
    skippable: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    placed: int = 0
    used: set[str] = field(default_factory=set)

    def where(self, number: int) -> str:
        """The label of an action; past the last one that of the end."""
        return f"action {number}" if number < len(self.procedure.actions) else "end"

    def later(self, words: str, after: int) -> int | None:
        """The first action behind another one whose button is named by the words."""
        said = set(re.findall(r"[a-z]+", words.lower()))
        for number, action in enumerate(self.procedure.actions):
            if number > after and action.button and set(action.button.name.split("-")) <= said:
                return number
        return None

    def refused(self, after: int) -> str:
        """Where those go on who do not get what they want: at an action for them, else at the end."""
        for number, action in enumerate(self.procedure.actions):
            words = [clause.condition for text in (action.text, *action.lines) if text for clause in clauses(text)]
            if number > after and any(is_granted(one) is False for one in words):
                return f"refused {number}"
        return "declined"

    def skip(self, first: int, last: int) -> None:
        """Some customers do not come by the actions between two."""
        for action in self.procedure.actions[first + 1 : last]:
            self.skippable |= brings(action)


def brings(action: Action) -> set[str]:
    """The names that are known only behind an action."""
    button = action.button
    slots = button.slots if button and len(button.slots) == 1 else ()
    return {*slots, *({"oracle"} if button and "oracle" in button.name else ())}


@dataclass
class Block:
    """An action while it is written.

    Attributes:
        opening, rules: the clauses of its text and of its lines.
        facts: the fields that its button is given.
        sources: the button that finds a fact out if the customer does not know it.
        doubt: whether only the customer could say that the action is for them.
        answer: the last question of yes or no that the action had asked.
        done: the clauses that a rule has taken.
    """

    course: Course
    number: int
    opening: list[Clause]
    rules: list[Clause]
    facts: list[str] = field(default_factory=list)
    sources: dict[str, Button] = field(default_factory=dict)
    doubt: bool = False
    answer: str = ""
    done: list[Clause] = field(default_factory=list)

    @property
    def action(self) -> Action:
        """What is written."""
        return self.course.procedure.actions[self.number]

    @property
    def flow(self) -> Flow:
        """The steps."""
        return self.course.flow

    @property
    def name(self) -> str:
        """A word for it, to name fields by."""
        return self.action.button.tool.split("_")[-1] if self.action.button else "answer"

    @property
    def slot(self) -> str:
        """The one thing that its button is given, where there is one."""
        slots = self.action.button.slots if self.action.button else ()
        return slots[0] if len(slots) == 1 else ""

    @property
    def skippable(self) -> set[str]:
        """What this customer may never have been asked; what the action itself asks for is none of it."""
        return self.course.skippable - brings(self.action)

    @property
    def following(self) -> str:
        """The label of the next action."""
        return self.course.where(self.number + 1)

    @property
    def plain(self) -> list[str]:
        """The sentences that hold for every customer."""
        return [one for clause in (*self.opening, *self.rules) if not clause.condition for one in clause.then]

    def pressed_in(self, sentence: str) -> list[Button]:
        """The buttons in brackets."""
        found = [self.course.manual.pressed(words) for words in _BUTTON.findall(sentence)]
        return [button for button in found if button]

    def remember(self, name: str) -> None:
        """Let later conditions name a field."""
        spec = self.flow.fields[name]
        if spec.get("type") == "choice":
            self.course.reader.choices[name] = tuple(spec["choices"])
        if spec.get("type") == "number":
            self.course.reader.number = name

    def ask_whether(self, words: str, *, question: str = "") -> str:
        """Ask a question of yes or no; the field."""
        plain = re.sub(
            r"^(?:they|the customer|it)(?: is| are| do| does| has| have)? ", "", words.lower().replace("'", "")
        )
        name = "_".join(re.findall(r"\w+", plain)[:6])
        name = name if name[:1].isalpha() else f"is_{name}"
        self.flow.ask(name, type="yes_no", ask=question or is_it_so(words), on_reject="Please answer yes or no.")
        self.answer = name
        return name
