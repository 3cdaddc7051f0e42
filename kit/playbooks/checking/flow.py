"""The ways through the steps of a playbook, and what is known on each of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from kit.playbooks.checking.guards import learned, needed
from kit.playbooks.language import (
    Ask,
    Call,
    Check,
    Collect,
    Do,
    End,
    Goto,
    HandOff,
    Playbook,
    Step,
    placeholders,
    result_name,
    texts,
)

__all__ = ["Edge", "Flow", "Use", "uses"]

_ALWAYS = frozenset({"today", "customer"})


@dataclass(frozen=True)
class Edge:
    """A way from one step to another: by the key that names it, or "" to the step below.

    Attributes:
        to: the number of the step; the number of steps where it leads off the end.
        key: `then`, `else`, `on_fail`, `to`, or "".
        gives: the field or result that is known once this way is taken.
    """

    to: int
    key: str = ""
    gives: str | None = None


@dataclass(frozen=True)
class Use:
    """A name that a step uses: by which key, and where within the key."""

    name: str
    key: str
    within: str = ""


class Flow:
    """The graph of a playbook's steps; a step goes by its number.

    What is known is found by the iteration of Kildall (1973): at a step is known what is known on every way to it.
    """

    def __init__(self, playbook: Playbook) -> None:
        self.playbook = playbook
        self.steps: Sequence[Step] = playbook.steps
        self._places = {step.id: number for number, step in reversed(list(enumerate(playbook.steps)))}
        self.edges: Sequence[Sequence[Edge]] = [tuple(self._edges(number)) for number in range(len(self.steps))]

    @cached_property
    def reachable(self) -> frozenset[int]:
        """The steps that some way leads to; with the number of steps, if a way leads off the end."""
        return self.reached_from([0])

    @cached_property
    def first(self) -> frozenset[str]:
        """The fields that are asked for before the first step: those that no step asks for."""
        later = {step.field for step in self.steps if isinstance(step, Ask)}
        return frozenset(field.name for field in self.playbook.collect if field.name not in later)

    @cached_property
    def uncertain(self) -> frozenset[str]:
        """The optional fields that a customer may not know, asked or not."""
        return frozenset(field.name for field in self.playbook.collect if _is_uncertain(field))

    @cached_property
    def known(self) -> dict[int, frozenset[str]]:
        """What is certainly known at each step that can be reached."""
        at: dict[int, frozenset[str]] = {0: self.first - self.uncertain | _ALWAYS}
        changed = [0]
        while changed:
            number = changed.pop()
            if number == len(self.steps):
                continue
            for edge in self.edges[number]:
                after = self._after(number, edge, at[number])
                before = at.get(edge.to)
                now = after if before is None else before & after
                if now != before:
                    at[edge.to] = now
                    changed.append(edge.to)
        return at

    @cached_property
    def possibly_known(self) -> dict[int, frozenset[str]]:
        """What some way to each step makes known."""
        at: dict[int, frozenset[str]] = {0: self.first | _ALWAYS}
        changed = [0]
        while changed:
            number = changed.pop()
            if number == len(self.steps):
                continue
            for edge in self.edges[number]:
                now = at.get(edge.to, frozenset()) | at[number] | ({edge.gives} if edge.gives else set())
                if edge.to not in at or now != at[edge.to]:
                    at[edge.to] = now
                    changed.append(edge.to)
        return at

    def reached_from(self, starts: Iterable[int]) -> frozenset[int]:
        """The steps that can be reached from some steps, and those themselves."""
        seen, todo = set(starts), list(starts)
        while todo:
            number = todo.pop()
            for edge in self.edges[number] if number < len(self.steps) else ():
                if edge.to not in seen:
                    seen.add(edge.to)
                    todo.append(edge.to)
        return frozenset(seen)

    def ends(self, number: int) -> bool:
        """Whether a play can end at the step, other than by a failure."""
        if number >= len(self.steps):
            return True
        step = self.steps[number]
        return isinstance(step, End | HandOff) or (isinstance(step, Do) and bool(step.confirm) and step.else_ is None)

    @cached_property
    def loops(self) -> Sequence[frozenset[int]]:
        """The largest sets of steps from each of which every other can be reached again, in their order."""
        import networkx

        ways = [(number, edge.to) for number, edges in enumerate(self.edges) for edge in edges]
        graph = networkx.DiGraph((start, to) for start, to in ways if to < len(self.steps))
        parts = map(frozenset, networkx.strongly_connected_components(graph))
        return sorted((part for part in parts if len(part) > 1 or graph.has_edge(*part, *part)), key=min)

    def _after(self, number: int, edge: Edge, before: frozenset[str]) -> frozenset[str]:
        """What is known once a step was taken by an edge.

        What the step uses counts as well: if it was not known there, that is said there and not at every later step.
        """
        step = self.steps[number]
        after = before | {use.name for use in uses(step, self.playbook)}
        if isinstance(step, Check):
            after |= learned(step.if_, edge is self.edges[number][0])
        return after | {edge.gives} - self.uncertain if edge.gives else after

    def _edges(self, number: int) -> Iterator[Edge]:
        step = self.steps[number]
        below = number + 1
        match step:
            case Check(then=then, else_=otherwise):
                yield self._edge("then", then, below)
                yield self._edge("else", otherwise, below)
            case Do(else_=otherwise, on_fail=on_fail):
                yield Edge(below, "", result_name(step))
                if otherwise is not None:
                    yield self._edge("else", otherwise, below)
                if on_fail is not None:
                    yield self._edge("on_fail", on_fail, below)
            case Call():
                yield Edge(below, "", result_name(step))
            case Ask(field=field):
                yield Edge(below, "", field)
            case Goto(to=to):
                yield self._edge("to", to, below)
            case End() | HandOff():
                return
            case _:
                yield Edge(below)

    def _edge(self, key: str, target: str | None, below: int) -> Edge:
        # A step that does not exist is a flaw of its own; here the way ends.
        return Edge(below) if target is None else Edge(self._places.get(target, len(self.steps)), key)


def _is_uncertain(field: Collect) -> bool:
    return field.optional and field.default is None


def uses(step: Step, playbook: Playbook) -> Iterator[Use]:
    """The names that a step cannot do without; texts and arguments can do without what the customer need not know."""
    uncertain = {field.name for field in playbook.collect if _is_uncertain(field)}
    return (use for use in _uses(step, playbook) if use.key == "if" or use.name not in uncertain)


def _uses(step: Step, playbook: Playbook) -> Iterator[Use]:
    for key, text in texts(step).items():
        yield from (Use(name, key) for name, _ in placeholders(text))
    if isinstance(step, Check):
        yield from (Use(name, "if") for name in sorted(needed(step.if_)))
    if isinstance(step, Do | Call):
        for argument, value in step.args.items():
            yield from (Use(name, "args", argument) for name, _ in placeholders(str(value)))
    if isinstance(step, Ask):
        asked = next((field for field in playbook.collect if field.name == step.field), None)
        yield from (Use(name, "field") for name, _ in placeholders(f"{asked.ask} {asked.on_reject}" if asked else ""))
