"""What there is to reach in a playbook, and what customer would reach it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from kit.playbooks.engine import Taken
from kit.playbooks.language import Check, Do, Goto, Playbook, Step
from kit.yamlfile import KeyPath

__all__ = ["KINDS", "Point", "PointKind", "points"]

PointKind = Literal["step", "branch", "rule"]
KINDS: dict[PointKind, str] = {"step": "steps", "branch": "branches", "rule": "hand-off rules"}


@dataclass(frozen=True)
class Point:
    """Something that a test can reach.

    Attributes:
        kind: a step, a branch (of a check, a confirmation or a failing tool, and an answer that is not taken), or a
            hand-off rule.
        taken: what has to come to bear.
        place: where it stands in the file.
        what: its name for people.
        who: the customer, or the test, that would reach it.
    """

    kind: PointKind
    taken: Taken
    place: KeyPath
    what: str
    who: str


def points(playbook: Playbook) -> Iterator[Point]:
    """All that tests can reach, in the order of the file's parts.

    A tool that fails counts only where the playbook says what happens then, and an answer that is not taken only where
    it says what is said then or what answers are valid: all else is done by the engine.
    """
    for number, field in enumerate(playbook.collect):
        if field.on_reject or field.valid:
            rejected = Taken(playbook.id, "collect", field.name, "rejected")
            who = f"a customer whose answer to “{field.ask}” cannot be taken"
            yield Point("branch", rejected, ("collect", number), f"an answer to `{field.name}` that is not taken", who)
    for number, step in enumerate(playbook.steps):
        place: KeyPath = ("steps", number)
        yield Point(
            "step", Taken(playbook.id, "steps", step.id), place, f"step `{step.id}`", _leads_to(playbook, number)
        )
        yield from _branches(playbook, step, place)
    for number, rule in enumerate(playbook.hand_off):
        met = Taken(playbook.id, "hand_off", str(number))
        who = f"a customer for whom `{rule.if_}` is met"
        yield Point("rule", met, ("hand_off", number), f"hand-off rule {number + 1}", who)


def _branches(playbook: Playbook, step: Step, place: KeyPath) -> Iterator[Point]:
    if isinstance(step, Check):
        for way, key, word in (("then", "then", "is met"), ("else", "else", "is not met")):
            taken = Taken(playbook.id, "steps", step.id, way)  # type: ignore[arg-type]
            yield Point(
                "branch", taken, (*place, key), f"`{way}` of `{step.id}`", f"a customer for whom `{step.if_}` {word}"
            )
    if isinstance(step, Do) and step.confirm:
        taken = Taken(playbook.id, "steps", step.id, "yes")
        yield Point(
            "branch", taken, (*place, "confirm"), f"a yes at `{step.id}`", f"a customer who agrees at `{step.id}`"
        )
        taken = Taken(playbook.id, "steps", step.id, "no")
        yield Point(
            "branch", taken, (*place, "confirm"), f"a no at `{step.id}`", f"a customer who refuses at `{step.id}`"
        )
    if isinstance(step, Do) and step.on_fail:
        taken = Taken(playbook.id, "steps", step.id, "on_fail")
        who = f"a test with `tools: {{{step.tool}: {{fails: failed}}}}`"
        yield Point("branch", taken, (*place, "on_fail"), f"`on_fail` of `{step.id}`", who)


def _leads_to(playbook: Playbook, number: int) -> str:
    """Who comes to a step: whoever goes one of the ways that lead there."""
    wanted = playbook.steps[number].id
    before = playbook.steps[number - 1] if number else None
    ways = [way for step in playbook.steps if (way := _way(step, wanted, next_is_wanted=step is before))]
    return " or ".join(ways[:3]) or ("any customer" if number == 0 else "nobody: no step leads there")


def _way(step: Step, wanted: str, *, next_is_wanted: bool) -> str:
    match step:
        case Check(id=id, if_=condition, then=then, else_=otherwise):
            if then == wanted or (then is None and next_is_wanted):
                return f"a customer for whom `{condition}` is met at `{id}`"
            if otherwise == wanted or (otherwise is None and next_is_wanted):
                return f"a customer for whom `{condition}` is not met at `{id}`"
        case Do(id=id, tool=tool, confirm=confirm, else_=otherwise, on_fail=on_fail):
            if next_is_wanted:
                return f"a customer who agrees at `{id}`" if confirm else f"a customer who gets past `{id}`"
            if otherwise == wanted:
                return f"a customer who refuses at `{id}`"
            if on_fail == wanted:
                return f"a test with `tools: {{{tool}: {{fails: failed}}}}`"
        case Goto(id=id, to=to):
            return f"a customer who comes to `{id}`" if to == wanted else ""
        case _ if next_is_wanted and step.type not in ("end", "hand_off"):
            return f"a customer who gets past `{step.id}`"
    return ""
