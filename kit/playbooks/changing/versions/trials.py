"""The tests of two versions of a playbook, each played on both."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kit.playbooks.changing.versions.pairing import Paired, paired
from kit.playbooks.language import Playbook, Trial
from kit.playbooks.tools import Tool
from kit.playbooks.trying import Host, play_trials

__all__ = ["Side", "TrialComparison", "compare_trials"]


@dataclass(frozen=True)
class Side:
    """One of the versions, and what plays it."""

    playbook: Playbook
    host: Host
    tools: Mapping[str, Tool]


@dataclass(frozen=True)
class TrialComparison:
    """What the tests say of two versions.

    Attributes:
        own_before: of the older version's own tests, by id, which it passes.
        own_after: the same of the newer one.
        before: of all tests of both versions, by name, which the older one passes.
        after: the same of the newer one.
        paired: the comparison of these.
    """

    own_before: Mapping[str, bool]
    own_after: Mapping[str, bool]
    before: Mapping[str, bool]
    after: Mapping[str, bool]
    paired: Paired


def compare_trials(before: Side, after: Side) -> TrialComparison:
    """Play the tests of both versions on both. A test that differs between them is played in both its forms.

    Raises:
        KitError: a test mocks a tool that there is not.
    """
    old = {trial.id: trial for trial in before.playbook.tests}
    new = {trial.id: trial for trial in after.playbook.tests}
    union = dict(new)
    for id, trial in old.items():
        if id in new and trial != new[id]:
            union[_free(f"{id}_before", union)] = trial
        else:
            union[id] = trial
    on_before, on_after = _passed(before, union), _passed(after, union)
    named = {id: next(name for name, trial in union.items() if trial == one) for id, one in old.items()}
    return TrialComparison(
        {id: on_before[name] for id, name in named.items()},
        {id: on_after[id] for id in new},
        on_before,
        on_after,
        paired(on_before, on_after),
    )


def _free(name: str, taken: Mapping[str, Trial]) -> str:
    while name in taken:
        name += "_"
    return name


def _passed(side: Side, tests: Mapping[str, Trial]) -> dict[str, bool]:
    named = tuple(trial.model_copy(update={"id": name}) for name, trial in tests.items())
    side = replace(side, playbook=side.playbook.model_copy(update={"tests": named}))
    return {one.trial_id: one.passed for one in play_trials(side.host, side.playbook, side.tools)}
