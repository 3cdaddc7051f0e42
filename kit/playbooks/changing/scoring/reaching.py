"""Which tests can notice a change at all: those whose conversation comes to the changed place.

Up to there a changed playbook plays like the unchanged one, so a test that never gets there passes as it did before.
"""

from collections.abc import Sequence

from kit.playbooks.changing.mutating import Mutant
from kit.playbooks.language import Playbook
from kit.playbooks.trying import TrialResult

__all__ = ["reaching"]


def reaching(mutant: Mutant, playbook: Playbook, results: Sequence[TrialResult]) -> list[str]:
    """The tests that get to what the mutant changes, in the order of the playbook.

    Args:
        mutant: the change.
        playbook: the unchanged playbook.
        results: what came of its tests without the change.
    """
    wanted = _places(mutant, playbook)
    found = []
    for result in results:
        taken = {(one.part, one.name) for one in result.taken if one.playbook == playbook.id}
        # A conversation that this playbook never had a part in cannot be changed by it.
        led = bool(taken) or any(exchange.said.playbook == playbook.id for exchange in result.transcript)
        if led and (wanted is None or wanted & taken):
            found.append(result.trial_id)
    return found


def _places(mutant: Mutant, playbook: Playbook) -> set[tuple[str, str]] | None:
    """The steps or rules of which one has to come to bear; None where the change may show from the start."""
    part, *rest = mutant.where
    if part == "steps" and mutant.kind != "skip_ask":
        # A field that no step asks for any more is asked for before the first, so `skip_ask` shows from the start.
        number = int(rest[0])
        last = number + 1 if mutant.kind == "reorder" else number
        return {("steps", step.id) for step in playbook.steps[number : last + 1]}
    if part == "hand_off" and "if" not in rest:
        # What a rule does shows only where it was met; its condition is held before each step.
        return {("hand_off", str(rest[0]))}
    return None
