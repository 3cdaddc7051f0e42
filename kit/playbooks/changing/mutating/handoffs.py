"""Changes to when a person takes over, who it is, and why."""

from collections.abc import Iterator
from typing import get_args

from kit.playbooks.changing.mutating.mutant import Data, Edit, Kind, put, remove
from kit.playbooks.language import HandoffReason, Playbook, Priority
from kit.yamlfile import KeyPath

__all__ = ["edits"]


def edits(data: Data) -> Iterator[Edit]:
    """Every hand-off rule removed, every hand-off made an ordinary end, and every reason, team and priority changed."""
    for number, step in enumerate(data["steps"]):
        if step["type"] == "hand_off":
            where: KeyPath = ("steps", number)
            name = f"the hand-off at `{step['id']}`"
            ended = {"id": step["id"], "type": "end", "text": step.get("text", "")}
            said = f"step `{step['id']}` ends the play instead of handing off"
            test = f"Add `outcome: handed_off` to a test that ends at `{step['id']}`."
            yield Edit("effect", where, said, test, put(data, where, ended))
            yield from _details(data, where, step, name)
    for number, rule in enumerate(data.get("hand_off", ())):
        where, name = ("hand_off", number), f"the hand-off where `{rule['if']}`"
        test = f"Add a test in which `{rule['if']}` and `outcome: handed_off` is expected."
        yield Edit("rule", where, f"the hand-off rule `{rule['if']}` is removed", test, remove(data, where))
        yield from _details(data, where, rule, name)


def _details(data: Data, where: KeyPath, part: Data, name: str) -> Iterator[Edit]:
    reasons: tuple[str, ...] = get_args(HandoffReason)
    priorities: tuple[str, ...] = get_args(Priority)
    team = data.get("team", Playbook.model_fields["team"].default)
    now = {
        "reason": part["reason"],
        "team": part.get("team") or team,
        "priority": part.get("priority", "normal"),
    }
    teams = sorted(
        {str(one["team"]) for one in (*data["steps"], *data.get("hand_off", ())) if one.get("team")} | {team}
    )
    others: tuple[tuple[Kind, str], ...] = (
        ("reason", _next(reasons, now["reason"])),
        ("team", next((one for one in teams if one != now["team"]), "Another team")),
        ("priority", _next(priorities, now["priority"])),
    )
    for key, other in others:
        said = f"the {key} of {name} is {other} instead of {now[key]}"
        test = f"Add `hand_off: {{{key}: {now[key]}}}` to a test that ends with {name}."
        yield Edit(key, (*where, key), said, test, put(data, (*where, key), other))


def _next(values: tuple[str, ...], value: str) -> str:
    return values[(values.index(value) + 1) % len(values)]
