"""What a picture of a playbook holds: a box for each step in the order of the file, and the ways between them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from kit.playbooks.checking import Flow
from kit.playbooks.language import Ask, Call, Check, Do, Goto, Playbook, Step, texts

__all__ = ["Box", "Shape", "Way", "boxes", "notes", "ways"]

Shape = Literal["words", "question", "check", "tool", "change", "person", "end", "jump"]


@dataclass(frozen=True)
class Box:
    """A step: its id, what it does in a line, and the shape that says what kind of step it is."""

    number: int
    id: str
    text: str
    shape: Shape


@dataclass(frozen=True)
class Way:
    """From one box to another; `label` says when. `to` is the number of boxes where it leads to the end."""

    start: int
    to: int
    label: str


def boxes(playbook: Playbook) -> Iterator[Box]:
    """The steps."""
    asks = {field.name: field.ask for field in playbook.collect}
    for number, step in enumerate(playbook.steps):
        yield Box(number, step.id, _text(step, asks), _shape(step))


def ways(playbook: Playbook) -> Iterator[Way]:
    """The ways from step to step, as `kit playbooks lint` follows them."""
    for number, edges in enumerate(Flow(playbook).edges):
        for place, edge in enumerate(edges):
            yield Way(number, edge.to, _label(playbook.steps[number], edge.key, place))


def notes(playbook: Playbook) -> Iterator[str]:
    """What holds for the playbook as a whole: what is asked first, and when a person takes over."""
    later = {step.field for step in playbook.steps if isinstance(step, Ask)}
    first = [field.name for field in playbook.collect if field.name not in later]
    if first:
        yield f"Asked first, unless already said: {', '.join(first)}"
    for rule in playbook.hand_off:
        yield f"At any step, to {rule.team or playbook.team}: if {rule.if_}"


def _text(step: Step, asks: dict[str, str]) -> str:
    match step:
        case Check(if_=condition):
            return f"{condition}?"
        case Ask(field=field):
            return asks.get(field, field)
        case Do(tool=tool, confirm=confirm):
            return f"{tool}, after: {confirm}" if confirm else tool
        case Call(playbook=playbook):
            return f"plays {playbook}"
        case Goto(to=to):
            return f"on to {to}"
    return next(iter(texts(step).values()), step.type)


def _shape(step: Step) -> Shape:
    if isinstance(step, Do):
        return "change" if step.confirm else "tool"
    kinds: dict[str, Shape] = {
        "say": "words",
        "answer": "words",
        "ask": "question",
        "check": "check",
        "call": "tool",
        "hand_off": "person",
        "end": "end",
    }
    return kinds.get(step.type, "jump")


def _label(step: Step, key: str, place: int) -> str:
    if isinstance(step, Check):
        return "no" if place else "yes"
    if isinstance(step, Do) and step.confirm:
        return {"else": "refused", "on_fail": "fails"}.get(key, "agreed")
    return "fails" if key == "on_fail" else ""
