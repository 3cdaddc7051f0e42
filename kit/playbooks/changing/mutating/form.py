"""What a playbook does, written down in one way only: two playbooks with the same form play alike.

This is how changes that nobody could notice are told from changes that no test notices. The rules are few, and each
one holds for every conversation, whatever the tools answer; that two playbooks have different forms proves nothing.
"""

import ast
import json
from typing import Any

from kit.playbooks.language import Ask, Check, Do, End, Goto, HandOff, Playbook
from kit.text import digest

__all__ = ["form"]

_OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
# What no play ever looks at: for people, for the router, or for the tests.
_NOT_PLAYED = {"steps", "tests", "hand_off", "collect", "examples", "not_for", "triggers", "version"}


def form(playbook: Playbook) -> str:
    """A digest of what a play of it does.

    - Steps that no play reaches are left out, but for the fields they ask for: a field that no step asks for is asked
      before the first one.
    - A `goto` does nothing but lead on, so what leads to it leads to where it leads; the order in which steps are
      written only matters where one goes on to the next.
    - A check of `not x` is a check of `x` with its branches swapped. Conditions are compared without their spacing.
    - `else` of a step that asks for no confirmation is never taken.
    - A default that is written out is still the default; a hand-off without a team goes to the playbook's own.
    - A field is never asked more often than the playbook allows in all.
    """
    steps, rest = playbook.steps, playbook.model_dump(mode="json", exclude=_NOT_PLAYED)
    rest["asked_by_steps"] = sorted({step.field for step in steps if isinstance(step, Ask)})
    rest["collect"] = [
        {
            **item.model_dump(mode="json"),
            "valid": _plain(item.valid),
            "max_attempts": min(item.max_attempts, playbook.max_clarifications),
        }
        for item in playbook.collect
    ]
    rest["hand_off"] = [
        {**rule.model_dump(mode="json"), "if_": _plain(rule.if_), "team": rule.team or playbook.team}
        for rule in playbook.hand_off
    ]
    places = {step.id: number for number, step in enumerate(steps)}
    at = _Flow(playbook, places)
    rest["start"], waiting, reached = at.name(0), [at.resolved(0)], dict[str, Any]()
    while waiting:
        number = waiting.pop()
        if number is None or number >= len(steps) or steps[number].id in reached:
            continue
        reached[steps[number].id], following = at.node(number)
        waiting += following
    return digest(json.dumps([rest, reached], sort_keys=True))


class _Flow:
    """Where each step leads, with the gotos followed."""

    def __init__(self, playbook: Playbook, places: dict[str, int]) -> None:
        self.playbook, self.places = playbook, places

    def resolved(self, number: int) -> int | None:
        """The first step from a place on that is no goto; None where gotos go round in a circle."""
        seen: set[int] = set()
        while number < len(self.playbook.steps) and isinstance(step := self.playbook.steps[number], Goto):
            if number in seen:
                return None
            seen.add(number)
            number = self.places[step.to]
        return number

    def name(self, number: int) -> str:
        found = self.resolved(number)
        if found is None:
            return "circle"
        return self.playbook.steps[found].id if found < len(self.playbook.steps) else "end"

    def node(self, number: int) -> tuple[Any, list[int | None]]:
        """A step and what it leads to."""
        step, after = self.playbook.steps[number], number + 1
        said = step.model_dump(mode="json", exclude={"then", "else_", "on_fail", "id"})
        ways: dict[str, int] = {} if isinstance(step, End | HandOff) else {"next": after}
        if isinstance(step, Check):
            condition, opposite = _stripped(step.if_)
            yes, no = self._target(step.then, after), self._target(step.else_, after)
            said["if_"], ways = condition, {"then": no, "else": yes} if opposite else {"then": yes, "else": no}
        elif isinstance(step, Do):
            if step.confirm and step.else_:
                ways["else"] = self.places[step.else_]
            if step.on_fail:
                ways["on_fail"] = self.places[step.on_fail]
        elif isinstance(step, HandOff):
            said["team"] = step.team or self.playbook.team
        return [said, {key: self.name(way) for key, way in ways.items()}], [self.resolved(w) for w in ways.values()]

    def _target(self, step: str | None, after: int) -> int:
        return after if step is None else self.places[step]


def _plain(condition: str) -> str:
    """A condition in one way of writing."""
    if not condition:
        return ""
    inner, opposite = _stripped(condition)
    return f"not ({inner})" if opposite else inner


def _stripped(condition: str) -> tuple[str, bool]:
    """A condition without the `not` around it, and whether there was one (an odd number of them)."""
    node, opposite = ast.parse(condition.strip(), mode="eval").body, False
    while isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        node, opposite = node.operand, not opposite
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        # Numbers, dates and texts are in order: what is not below is equal or above. One way to say it is kept.
        kind = type(node.ops[0])
        if kind in (ast.GtE, ast.LtE, ast.NotEq, ast.NotIn):
            node = ast.Compare(node.left, [_OPPOSITE[kind]()], node.comparators)
            opposite = not opposite
    return ast.unparse(node), opposite
