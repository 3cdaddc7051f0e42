"""Changes to what is done, and in which order."""

from collections.abc import Iterator, Mapping
from typing import Any

from kit.playbooks.changing.mutating.mutant import Data, Edit, put, remove
from kit.playbooks.tools import Tool
from kit.yamlfile import KeyPath

__all__ = ["edits"]

_TARGETS = ("then", "else", "on_fail", "to")
# What goes on to the step after it when it is done; of two that do, the order matters.
_GOES_ON = frozenset({"say", "ask", "check", "do", "answer", "call"})


def edits(data: Data, tools: Mapping[str, Tool]) -> Iterator[Edit]:
    """Every step left out, moved, or changed in one thing, in the order of the file."""
    steps = data["steps"]
    for number, step in enumerate(steps):
        where: KeyPath = ("steps", number)
        yield from _left_out(data, number)
        if number + 1 < len(steps) and _goes_on(step) and steps[number + 1]["type"] in _GOES_ON:
            swapped = [*steps[:number], steps[number + 1], step, *steps[number + 2 :]]
            said = f"steps `{step['id']}` and `{steps[number + 1]['id']}` change places"
            test = f"Add a test with `steps: [{step['id']}, {steps[number + 1]['id']}]`, where both make a difference."
            yield Edit("reorder", where, said, test, {**data, "steps": swapped})
        match step["type"]:
            case "check":
                yield from _branches(data, where, step)
            case "do":
                yield from _tool(data, where, step, tools)
            case "call":
                yield from _arguments(data, where, step)
            case "end":
                outcome = "declined" if step.get("outcome", "answered") == "answered" else "answered"
                said = f"step `{step['id']}` ends as {outcome}"
                test = f"Add `outcome` to a test that ends at `{step['id']}`."
                yield Edit("outcome", where, said, test, put(data, (*where, "outcome"), outcome))


def _goes_on(step: Data) -> bool:
    """Whether the step after it can follow it; what is written after a decision is only written there."""
    return step["type"] in _GOES_ON and not (step["type"] == "check" and step.get("then") and step.get("else"))


def _left_out(data: Data, number: int) -> Iterator[Edit]:
    """Without the step: what led to it leads to the one after it."""
    steps = data["steps"]
    step, following = steps[number], steps[number + 1]["id"] if number + 1 < len(steps) else None
    kept = [dict(one) for one in (*steps[:number], *steps[number + 1 :])]
    named = any(one.get(key) == step["id"] for one in kept for key in _TARGETS)
    if not kept or (named and following is None):
        return  # nothing comes after it that could be gone to
    for one in kept:
        for key in _TARGETS:
            if one.get(key) == step["id"]:
                one[key] = following
    said, test = f"step `{step['id']}` is left out", f"Add a test that cannot pass without `{step['id']}`."
    if step["type"] == "ask":
        # A field that no step asks for is asked for at the start, so it is not lost but comes too early.
        elsewhere = any(one["type"] == "ask" and one["field"] == step["field"] for one in kept)
        said = f"`{step['field']}` is not asked for at `{step['id']}`" + ("" if elsewhere else " but at the start")
        test = f"Add a test whose first reply does not ask for `{step['field']}`: `step: …` after the first turn."
    yield Edit(
        "skip_ask" if step["type"] == "ask" else "drop_step", ("steps", number), said, test, {**data, "steps": kept}
    )


def _branches(data: Data, where: KeyPath, step: Data) -> Iterator[Edit]:
    """Without one of two branches. To swap them is to turn the condition into its opposite, which is done to it.

    A check with one branch and then none would do nothing, as if it had been left out; that is done as well.
    """
    for key in ("then", "else") if step.get("then") and step.get("else") else ():
        said = f"step `{step['id']}` has no `{key}` and goes on with the next step"
        test = f"Add a test that gets to `{step[key]}` from `{step['id']}`."
        yield Edit("branch", (*where, key), said, test, remove(data, (*where, key)))


def _tool(data: Data, where: KeyPath, step: Data, tools: Mapping[str, Tool]) -> Iterator[Edit]:
    if other := _another_tool(data, step["tool"], tools):
        said = f"step `{step['id']}` calls `{other}` instead of `{step['tool']}`"
        changed = {"save_as": step["tool"], **step, "tool": other}  # the result keeps its name
        test = f"Add `calls: [{step['tool']}]` to a test that gets to `{step['id']}`."
        yield Edit("tool", (*where, "tool"), said, test, put(data, where, changed))
    yield from _arguments(data, where, step)
    if step.get("confirm"):
        # Where the tool changes something this is no playbook any more, and is left out as such.
        said = f"step `{step['id']}` does not ask before it calls `{step['tool']}`"
        test = f"Add a test in which the customer says no to `{step['id']}`."
        yield Edit("confirm", (*where, "confirm"), said, test, remove(data, (*where, "confirm")))
    for key, how in (("else", "says no to"), ("on_fail", "meets a failing tool at")):
        if step.get(key):
            said = f"step `{step['id']}` has no `{key}`"
            test = f"Add a test in which the customer {how} `{step['id']}`."
            yield Edit("branch", (*where, key), said, test, remove(data, (*where, key)))


def _another_tool(data: Data, name: str, tools: Mapping[str, Tool]) -> str | None:
    """A tool that does the same sort of thing: one that the playbook uses elsewhere, else the first by name."""
    if name not in tools:
        return None
    alike = [one for one in sorted(tools) if one != name and tools[one].changes == tools[name].changes]
    used = {step["tool"] for step in data["steps"] if step["type"] == "do"}
    return next((one for one in alike if one in used), alike[0] if alike else None)


def _arguments(data: Data, where: KeyPath, step: Data) -> Iterator[Edit]:
    called = step.get("tool") or step.get("playbook")
    for name, value in step.get("args", {}).items():
        place = (*where, "args", name)
        test = f"Add `calls: [{{tool: {called}, args: {{{name}: …}}}}]` to a test that gets to `{step['id']}`."
        said = f"step `{step['id']}` calls `{called}` without `{name}`"
        yield Edit("argument", place, said, test, remove(data, place))
        if (other := _other_value(data, value)) is not None:
            said = f"step `{step['id']}` calls `{called}` with `{name}` {other} instead of {value}"
            yield Edit("argument", place, said, test, put(data, place, other))


def _other_value(data: Data, value: Any) -> Any:
    """Another value of the same sort; None where there is none to be had."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if "{" in value:
        fields = [f"{{{field['name']}}}" for field in data.get("collect", ())]
        return next((field for field in fields if field not in value), None)
    return str(int(value) + 1) if value.isascii() and value.isdigit() else f"{value} too"
