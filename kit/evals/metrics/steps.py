"""The steps of playbooks that a conversation took, and whether the playbooks allow them."""

from collections.abc import Mapping, Sequence

from kit.evals.metrics.once import once
from kit.evals.types import Transcript
from kit.playbooks import Playbook, Taken, targets

__all__ = ["skipped", "steps_taken"]


@once
def steps_taken(transcript: Transcript) -> list[Taken]:
    """The steps in order, as the trace of each reply has them."""
    found = (
        Taken(**one)
        for reply in transcript.replies
        for step in reply.trace
        if step.node == "play"
        for one in step.detail.get("taken", ())
    )
    return [one for one in found if one.part == "steps" and not one.way]


def skipped(taken: Sequence[Taken], playbooks: Mapping[str, Playbook]) -> list[str]:
    """What is wrong with the order of the steps; a step may follow any that leads to it and was taken before.

    Not only the last one: a customer who corrects an answer sends the playbook back to where it was given.
    """
    wrong: list[str] = []
    open_: dict[str, set[str]] = {}
    for one in taken:
        playbook = playbooks.get(one.playbook)
        if playbook is None:
            wrong.append(f"there is no playbook {one.playbook}")
            continue
        ids = [step.id for step in playbook.steps]
        reached = open_.setdefault(playbook.id, set(ids[:1]))
        if one.name not in reached:
            wrong.append(f"{playbook.id}: {one.name} without a step that leads to it")
        if one.name in ids:
            place = ids.index(one.name)
            reached |= {one.name, *targets(playbook.steps[place]).values(), *ids[place + 1 : place + 2]}
    return wrong
