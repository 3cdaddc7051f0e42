"""Was the playbook followed: the right one, with what it must collect, its tools, and no step left out?"""

from collections.abc import Mapping
from typing import Any

from kit.evals.metrics.base import Metric, metric
from kit.evals.metrics.calling import calls_named
from kit.evals.metrics.once import once
from kit.evals.metrics.right import playbook_of
from kit.evals.metrics.steps import skipped, steps_taken
from kit.evals.types import Case, Score, ToolCall, Transcript
from kit.text import squash

__all__ = [
    "FieldsCollected",
    "PlaybookAccuracy",
    "PlaybookAdherence",
    "StepsKept",
]


@metric
class PlaybookAccuracy(Metric):
    """The playbook that applies is the one that was followed."""

    name = "playbook_accuracy"
    title = "Right playbook"
    definition = "Cases that followed the playbook they name ÷ cases that name one."
    group = "playbooks"
    kind = "share"
    needs = ("playbook",)

    def score(self, case: Case, transcript: Transcript) -> Score:
        if not case.playbook:
            return Score.none("names no playbook")
        followed = playbook_of(transcript)
        return Score(value=float(followed == case.playbook), reason=f"followed {followed or 'none'}")


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same to a person: `180` and `180.0`, `Yes` and `yes`, dates as they are written."""
    if isinstance(one, bool) or isinstance(other, bool):
        return str(one).casefold() == str(other).casefold()
    try:
        return float(one) == float(other)
    except (TypeError, ValueError):
        pass
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return squash(str(one)).casefold() == squash(str(other)).casefold()


@once
def _missing(case: Case, transcript: Transcript) -> list[str]:
    """What is wrong with the collected fields."""
    got = transcript.fields
    return [
        f"{name} is {got[name]}, not {wanted}" if name in got else f"{name} was not collected"
        for name, wanted in case.fields.items()
        if name not in got or not same(got[name], wanted)
    ]


@metric
class FieldsCollected(Metric):
    """A field that was misread is as bad as one that was not asked for."""

    name = "fields_collected"
    title = "Fields collected"
    definition = "Mean share of a case's fields that were collected with the right value, over cases that name fields."
    group = "playbooks"
    kind = "mean"
    needs = ("fields",)

    def score(self, case: Case, transcript: Transcript) -> Score:
        if not case.fields:
            return Score.none("names no fields")
        wrong = _missing(case, transcript)
        return Score(value=1 - len(wrong) / len(case.fields), reason="; ".join(wrong))


@metric
class StepsKept(Metric):
    """Whoever changes the engine, or lets a model lead, sees here whether steps are skipped."""

    name = "steps_kept"
    title = "No step skipped"
    definition = (
        "Mean share of the playbook steps taken that the playbook allows at that point (its first, or one that a step "
        "taken before leads to), over conversations that followed a playbook."
    )
    group = "playbooks"
    kind = "mean"
    needs = ("the playbooks",)

    def score(self, case: Case, transcript: Transcript) -> Score:
        taken = steps_taken(transcript)
        if not taken:
            return Score.none("followed no playbook")
        if self.tools.playbooks is None:
            return Score.none("the playbooks were not at hand")
        wrong = skipped(taken, self.tools.playbooks)
        return Score(value=1 - len(wrong) / len(taken), reason="; ".join(wrong))


@metric
class PlaybookAdherence(Metric):
    """All of it together."""

    name = "playbook_adherence"
    title = "Playbook adherence"
    definition = (
        "Cases with the right playbook, no step skipped, all fields right and all named tool calls made in their order "
        "(the last three as far as known) ÷ cases that name a playbook."
    )
    group = "playbooks"
    kind = "share"
    needs = ("playbook",)

    def score(self, case: Case, transcript: Transcript) -> Score:
        if not case.playbook:
            return Score.none("names no playbook")
        followed = playbook_of(transcript)
        wrong = [] if followed == case.playbook else [f"followed {followed or 'none'}"]
        wrong += _missing(case, transcript)
        if self.tools.playbooks is not None:
            wrong += skipped(steps_taken(transcript), self.tools.playbooks)
        made = iter(calls_named(case, transcript.tools))
        for call in case.tools:
            if not any(_fits(one, call) for one in made):
                wrong.append(f"{call.tool} was not called as it should be")
        return Score(value=float(not wrong), reason="; ".join(wrong))


def _fits(made: ToolCall, wanted: ToolCall) -> bool:
    arguments = made.arguments
    right = (key in arguments and same(arguments[key], value) for key, value in wanted.arguments.items())
    return made.tool == wanted.tool and all(right)
