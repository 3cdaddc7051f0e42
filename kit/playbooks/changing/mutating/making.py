"""All playbooks that differ in one thing from a given one.

Mutation analysis (DeMillo, Lipton and Sayward, 1978): tests that let a deliberate mistake pass would let a real one
pass as well. The mistakes here are those that people make when they edit a playbook.
"""

from collections.abc import Iterator, Mapping

from pydantic import ValidationError

from kit.playbooks.changing.mutating import conditions, fields, handoffs, steps, texts
from kit.playbooks.changing.mutating.form import form
from kit.playbooks.changing.mutating.mutant import Data, Edit, Mutant, put, taken_from
from kit.playbooks.language import Playbook, broken
from kit.playbooks.tools import Tool
from kit.yamlfile import KeyPath, Located

__all__ = ["mutants"]


def mutants(
    playbook: Playbook, tools: Mapping[str, Tool], others: Mapping[str, Playbook] | None = None
) -> Iterator[Mutant]:
    """The playbooks that differ in one thing from this one, always in the same order.

    Left out are those that could not be loaded, those that do what the playbook does (see `form`), and those that do
    what one before them does. That no test notices one is never a reason.

    Args:
        playbook: the playbook as it was written.
        tools: the workspace's tools.
        others: all playbooks by id, for those that it calls.
    """
    data = {key: value for key, value in playbook.written().items() if key != "tests"}
    seen = {form(playbook)}
    for edit in _edits(data, tools):
        changed = _read(edit.data, tools, others)
        if changed is None:
            continue
        found = form(changed)
        if found not in seen:
            seen.add(found)
            with_tests = changed.model_copy(update={"tests": playbook.tests})
            yield Mutant(edit.kind, edit.where, edit.description, edit.suggestion, with_tests, found)


def _edits(data: Data, tools: Mapping[str, Tool]) -> Iterator[Edit]:
    for where in _conditions(data):
        for one in conditions.variants(taken_from(data, where)):
            yield Edit(one.kind, where, one.description, one.suggestion, put(data, where, one.condition))
    yield from steps.edits(data, tools)
    yield from handoffs.edits(data)
    yield from fields.edits(data)
    yield from texts.edits(data)


def _conditions(data: Data) -> Iterator[KeyPath]:
    """Where the conditions stand that a play looks at."""
    for number, step in enumerate(data["steps"]):
        if step["type"] == "check":
            yield ("steps", number, "if")
    for number, _ in enumerate(data.get("hand_off", ())):
        yield ("hand_off", number, "if")
    for number, field in enumerate(data.get("collect", ())):
        if field.get("valid"):
            yield ("collect", number, "valid")


def _read(data: Data, tools: Mapping[str, Tool], others: Mapping[str, Playbook] | None) -> Playbook | None:
    """The playbook that the data are; None if they are none that could be followed."""
    try:
        playbook = Playbook.model_validate(data)
    except ValidationError:
        return None
    nowhere = Located(data, playbook.id, {(): 1})
    return None if any(True for _ in broken(playbook, nowhere, tools, others)) else playbook
