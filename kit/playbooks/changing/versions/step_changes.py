"""How the steps of two versions of a playbook differ, in words."""

from collections.abc import Iterator
from typing import Any

from kit.playbooks.changing.versions.change import Change, Group, begun, condition_change, marked, moved
from kit.playbooks.language import Ask, Check, Do, Goto, HandOff, Playbook, Step, targets, texts

__all__ = ["asked", "order", "step_changes"]

_KINDS = {
    "say": "says something",
    "ask": "asks for a field",
    "check": "decides",
    "do": "calls a tool",
    "answer": "answers from the knowledge base",
    "call": "plays another playbook",
    "goto": "goes elsewhere",
    "hand_off": "hands off",
    "end": "ends the play",
}
# When the play goes to a target.
_WAYS = {
    "then": "Where step `{id}` holds",
    "else": "Where step `{id}` does not hold or is refused",
    "on_fail": "Where the tool of step `{id}` fails",
    "to": "From step `{id}`",
}


def asked(playbook: Playbook) -> list[str]:
    """The fields in the order in which a play asks for them: first those that no step asks for."""
    by_steps = list(dict.fromkeys(step.field for step in playbook.steps if isinstance(step, Ask)))
    return [item.name for item in playbook.collect if item.name not in by_steps] + by_steps


def order(before: Playbook, after: Playbook) -> Iterator[Change]:
    """What comes earlier or later than it did: questions, and steps."""
    places = {step.id: number for number, step in enumerate(after.steps)}
    fields = {item.name: number for number, item in enumerate(after.collect)}
    told = set()
    for name, other, earlier in moved(asked(before), asked(after)):
        told.add(name)
        said = f"Customers are now asked for `{name}` {'before' if earlier else 'after'} `{other}`."
        yield Change("questions", said, ("collect", fields[name]))
    for name, other, earlier in moved([step.id for step in before.steps], list(places)):
        step = after.steps[places[name]]
        if isinstance(step, Ask) and step.field in told:
            continue
        said = f"Step `{name}` now stands {'before' if earlier else 'after'} `{other}`."
        yield Change("steps", said, ("steps", places[name]))


def step_changes(before: Playbook, after: Playbook) -> Iterator[Change]:
    """Steps that came, went, got another name, or do something else."""
    old = {step.id: (number, step) for number, step in enumerate(before.steps)}
    new = {step.id: (number, step) for number, step in enumerate(after.steps)}
    renamed = _renamed(
        [s for id, (_, s) in old.items() if id not in new], [s for id, (_, s) in new.items() if id not in old]
    )
    for id, (number, step) in old.items():
        if id not in new and id not in renamed:
            said = f"Step `{id}`, which {_what(step)}, was removed."
            yield Change(_group(step), said, ("steps", number), step.written(), None)
    for id, (number, step) in new.items():
        if id not in old and id not in renamed.values():
            said = f"Step `{id}` was added; it {_what(step)}."
            yield Change(_group(step), said, ("steps", number), None, step.written())
    for was, now in renamed.items():
        yield Change("steps", f"Step `{was}` is now called `{now}`.", ("steps", new[now][0]), was, now)
    names = {id: id for id in old if id in new} | renamed
    for was, now in names.items():
        yield from _one(old[was][1], new[now][1], new[now][0], renamed, before, after)


def _renamed(gone: list[Step], come: list[Step]) -> dict[str, str]:
    """Steps that have another id and are otherwise the same, where there is only one such."""

    def content(step: Step) -> str:
        return step.model_dump_json(exclude={"id"})

    found = {}
    for step in gone:
        same = [other.id for other in come if content(other) == content(step)]
        if len(same) == 1 and sum(content(other) == content(step) for other in gone) == 1:
            found[step.id] = same[0]
    return found


def _one(
    old: Step, new: Step, number: int, renamed: dict[str, str], before: Playbook, after: Playbook
) -> Iterator[Change]:
    where, name = ("steps", number), f"step `{new.id}`"
    if old.type != new.type:
        said = f"Step `{new.id}`, which {_what(old)} before, now {_what(new)}."
        yield Change(
            "hand_offs" if "hand_off" in (old.type, new.type) else "steps", said, where, old.written(), new.written()
        )
        return
    if isinstance(old, Check) and isinstance(new, Check):
        yield from condition_change(old.if_, new.if_, f"`{new.id}`", (*where, "if"))
    was, now = texts(old), texts(new)
    for key in dict.fromkeys((*was, *now)):
        if was.get(key, "") != now.get(key, ""):
            yield from text_change(was.get(key, ""), now.get(key, ""), name, (*where, key))
    was, now = _ways(old, before), _ways(new, after)
    for key in dict.fromkeys((*was, *now)):
        came, goes = renamed.get(was.get(key, ""), was.get(key)), now.get(key)
        if came != goes:
            to, instead = _named(goes, key, new), _named(came, key, new)
            said = f"{_WAYS[key].format(id=new.id)} the play now goes to {to}, not to {instead}."
            yield Change("steps", said, (*where, key), came, goes)
    yield from _rest(old, new, where, name, before, after)


def _ways(step: Step, playbook: Playbook) -> dict[str, str]:
    """Where a step leads, by the key; a branch of a check that is not given leads to the next step."""
    if not isinstance(step, Check):
        return targets(step)
    places = [one.id for one in playbook.steps]
    following = dict(zip(places, [*places[1:], ""], strict=True))[step.id]
    # What merely follows changes with every step that is added after it; that is told there.
    return {key: way for key, way in targets(step).items() if way != following}


def _rest(
    old: Step, new: Step, where: tuple[Any, ...], name: str, before: Playbook, after: Playbook
) -> Iterator[Change]:
    """What neither the texts nor the ways of a step tell."""
    told = {"id", "type", "text", "confirm", "question", "if_", "then", "else_", "on_fail", "to", "args"}
    was, now = old.model_dump(mode="json"), new.model_dump(mode="json")
    if isinstance(old, HandOff) and isinstance(new, HandOff):
        was["team"], now["team"] = old.team or before.team, new.team or after.team
    for key in sorted(set(was) - told):
        if was[key] != now[key]:
            group: Group = "hand_offs" if old.type == "hand_off" else "steps"
            label = key.replace("_", " ")
            said = f"The {label} of {name} is now {_shown(now[key])} instead of {_shown(was[key])}."
            yield Change(group, said, (*where, key), was[key], now[key])
    given, gives = was.get("args", {}), now.get("args", {})
    for key in sorted({*given, *gives}):
        if given.get(key) != gives.get(key):
            said = f"{begun(name)} now gives `{key}` as {_shown(gives.get(key))} instead of {_shown(given.get(key))}."
            yield Change("steps", said, (*where, "args", key), given.get(key), gives.get(key))


def text_change(before: str, after: str, name: str, where: tuple[Any, ...]) -> Iterator[Change]:
    """A text that differs, with the words marked."""
    if not before:
        said = (
            f"{begun(name)} now says “{after}”."
            if where[-1] != "confirm"
            else f"{begun(name)} now asks first: “{after}”"
        )
    elif not after:
        said = f"{begun(name)} no longer says “{before}”."
        if where[-1] == "confirm":
            said = f"{begun(name)} no longer asks first; it asked: “{before}”"
    else:
        said = f"{begun(name)}: {marked(before, after)}"
    group: Group = "steps" if where[-1] == "confirm" and not (before and after) else "texts"
    yield Change(group, said, where, before or None, after or None)


def _what(step: Step) -> str:
    match step:
        case Check(if_=condition):
            return f"decides by `{condition}`"
        case Ask(field=name):
            return f"asks for `{name}`"
        case Do(tool=tool):
            return f"calls `{tool}`"
        case Goto(to=to):
            return f"goes to `{to}`"
        case HandOff(reason=reason):
            return f"hands off ({reason})"
        case _:
            said = next(iter(texts(step).values()), "")
            return _KINDS[step.type] + (f" (“{said}”)" if said else "")


def _group(step: Step) -> Group:
    return "hand_offs" if isinstance(step, HandOff) else "questions" if isinstance(step, Ask) else "steps"


def _named(target: str | None, key: str, step: Step) -> str:
    if target:
        return f"`{target}`"
    if isinstance(step, Do):
        return "its end" if key == "else" else "a person"
    return "the next step"


def _shown(value: Any) -> str:
    if value in (None, "", [], {}):
        return "nothing"
    return (
        ", ".join(map(str, value))
        if isinstance(value, list)
        else f"“{value}”"
        if isinstance(value, str)
        else str(value)
    )
