"""How two versions of a playbook differ, in words that its owner would use."""

import difflib
from collections.abc import Iterator, Sequence
from typing import Any

from kit.playbooks.changing.versions.change import GROUPS, Change, Group, condition_change, marked
from kit.playbooks.changing.versions.step_changes import order, step_changes, text_change
from kit.playbooks.language import Collect, HandOffRule, Playbook

__all__ = ["changes"]

# What is told by functions of its own.
_TOLD = {"id", "collect", "steps", "hand_off", "tests", "guidance"}
_GROUP_OF: dict[str, Group] = {
    "max_clarifications": "limits",
    "effective_from": "limits",
    "expires": "limits",
    "team": "hand_offs",
    "must_say": "duties",
    "never_say": "duties",
    "knowledge": "duties",
    "composition": "duties",
    "when_to_use": "routing",
    "examples": "routing",
    "triggers": "routing",
    "not_for": "routing",
    "audience_if": "routing",
    "priority": "routing",
    "disambiguate_with": "routing",
    "offer": "routing",
    "callable_only": "routing",
    "status": "routing",
}
_LABELS = {
    "max_clarifications": "number of answers that may fail",
    "effective_from": "first day on which it holds",
    "expires": "last day on which it holds",
    "team": "team that takes over when nothing else is said",
    "must_say": "words that have to be said",
    "never_say": "words that are never said",
    "knowledge": "articles it relies on",
}
_LABELS_OF_PARTS = {"valid": "condition", "past": "side of today", "pii": "personal nature"}


def changes(before: Playbook, after: Playbook) -> list[Change]:
    """All differences between two versions, limits first; none if they are the same."""
    found = [
        *_fields(before, after),
        *order(before, after),
        *step_changes(before, after),
        *_rules(before, after),
        *_whole(before, after),
        *_tests(before, after),
    ]
    places = list(GROUPS)
    return sorted(found, key=lambda change: places.index(change.group))


def _whole(before: Playbook, after: Playbook) -> Iterator[Change]:
    was, now = before.model_dump(mode="json"), after.model_dump(mode="json")
    for key in was:
        if key not in _TOLD and was[key] != now[key]:
            yield from _value(key, was[key], now[key], (key,), "", _GROUP_OF.get(key, "about"))
    if before.guidance != after.guidance:
        changed = marked(before.guidance, after.guidance)
        yield Change("about", f"The guidance for people: {_around_marks(changed)}", (), before.guidance, after.guidance)


def _value(key: str, was: Any, now: Any, where: tuple[Any, ...], of: str, group: Group) -> Iterator[Change]:
    """A value that differs: a list by what came and went, a text by its words, anything else as a whole."""
    label = (_LABELS if not of else _LABELS_OF_PARTS).get(key, key.replace("_", " "))
    if isinstance(was, list) and isinstance(now, list):
        for gone in [one for one in was if one not in now]:
            yield Change(group, f"Removed from {label}{of}: “{gone}”.", where, gone, None)
        for come in [one for one in now if one not in was]:
            yield Change(group, f"Added to {label}{of}: “{come}”.", where, None, come)
        if sorted(map(str, was)) == sorted(map(str, now)):
            yield Change(group, f"The order of {label}{of} changed.", where, was, now)
    elif isinstance(was, str) and isinstance(now, str) and " " in was + now and was and now:
        yield Change(group, f"The {label}{of}: {marked(was, now)}", where, was, now)
    else:
        said = f"The {label}{of} is now {_shown(now)} instead of {_shown(was)}."
        yield Change(group, said, where, was, now)


def _shown(value: Any) -> str:
    return "not given" if value in (None, "", {}) else f"“{value}”" if isinstance(value, str) else str(value)


def _around_marks(text: str) -> str:
    """The lines of a long text that hold a mark; the rest is the same."""
    return " … ".join(line.strip() for line in text.split("\n") if "[-" in line or "{+" in line or "+}" in line)


def _fields(before: Playbook, after: Playbook) -> Iterator[Change]:
    old = {item.name: (number, item) for number, item in enumerate(before.collect)}
    new = {item.name: (number, item) for number, item in enumerate(after.collect)}
    for name, (number, item) in old.items():
        if name not in new:
            said = f"Customers are no longer asked for `{name}` (“{item.ask}”)."
            yield Change("questions", said, ("collect", number), item.written(), None)
    for name, (number, item) in new.items():
        if name not in old:
            said = f"Customers are now asked for `{name}` (“{item.ask}”)."
            yield Change("questions", said, ("collect", number), None, item.written())
        else:
            yield from _field(old[name][1], item, number)


def _field(old: Collect, new: Collect, number: int) -> Iterator[Change]:
    where, name = ("collect", number), f"`{new.name}`"
    was, now = old.model_dump(mode="json"), new.model_dump(mode="json")
    for key in was:
        if was[key] == now[key]:
            continue
        if key == "valid" and old.valid and new.valid:
            yield from condition_change(old.valid, new.valid, name, (*where, key))
        elif key in ("ask", "on_reject"):
            of = f"the {'question for' if key == 'ask' else 'answer to what cannot be taken for'} {name}"
            yield from text_change(was[key], now[key], of, (*where, key))
        else:
            if key == "max_attempts":
                said = f"{name} is now asked for up to {now[key]} times instead of {was[key]}."
                yield Change("limits", said, (*where, key), was[key], now[key])
                continue
            group: Group = "limits" if key == "valid" else "questions"
            yield from _value(key, was[key], now[key], (*where, key), f" of {name}", group)


def _rules(before: Playbook, after: Playbook) -> Iterator[Change]:
    pairs, gone, come = _paired(before.hand_off, after.hand_off)
    for number in gone:
        rule = before.hand_off[number]
        said = f"A hand-off rule was removed: where `{rule.if_}`, {rule.team or before.team} took over ({rule.reason})."
        yield Change("hand_offs", said, ("hand_off", number), rule.written(), None)
    for number in come:
        rule = after.hand_off[number]
        said = f"A hand-off rule was added: where `{rule.if_}`, {rule.team or after.team} takes over ({rule.reason})."
        yield Change("hand_offs", said, ("hand_off", number), None, rule.written())
    for was, now in pairs:
        old, new, where = before.hand_off[was], after.hand_off[now], ("hand_off", now)
        name = f"the hand-off rule for {new.reason.replace('_', ' ')}"
        yield from condition_change(old.if_, new.if_, name, (*where, "if"), "hand_offs")
        held, holds = old.model_dump(mode="json"), new.model_dump(mode="json")
        held["team"], holds["team"] = old.team or before.team, new.team or after.team
        for key in ("reason", "team", "priority", "summary_fields"):
            if held[key] != holds[key]:
                yield from _value(
                    key, held[key], holds[key], (*where, key), f" of the hand-off where `{new.if_}`", "hand_offs"
                )
        if old.text != new.text:
            yield from text_change(old.text, new.text, f"the hand-off where `{new.if_}`", (*where, "text"))
    if [one for one, _ in sorted(pairs, key=lambda pair: pair[1])] != sorted(one for one, _ in pairs):
        # The first rule that holds is the one that counts.
        yield Change(
            "hand_offs", "The hand-off rules stand in another order; the first that holds counts.", ("hand_off",)
        )


def _paired(
    before: Sequence[HandOffRule], after: Sequence[HandOffRule]
) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """Which rule became which: the same conditions first, then those most alike; and those that are gone or new."""
    gone, come, pairs = list(range(len(before))), list(range(len(after))), []
    likeness = sorted(
        (
            (difflib.SequenceMatcher(None, one.if_, other.if_, autojunk=False).ratio(), -i, -j)
            for i, one in enumerate(before)
            for j, other in enumerate(after)
        ),
        reverse=True,
    )
    for alike, i, j in likeness:
        if alike >= 0.6 and -i in gone and -j in come:
            pairs.append((-i, -j))
            gone.remove(-i)
            come.remove(-j)
    return sorted(pairs, key=lambda pair: pair[1]), gone, come


def _tests(before: Playbook, after: Playbook) -> Iterator[Change]:
    old = {trial.id: (number, trial) for number, trial in enumerate(before.tests)}
    new = {trial.id: (number, trial) for number, trial in enumerate(after.tests)}
    for id, (number, trial) in old.items():
        if id not in new:
            yield Change("tests", f"The test `{id}` was removed.", ("tests", number), trial.written(), None)
    for id, (number, trial) in new.items():
        if id not in old:
            yield Change("tests", f"The test `{id}` was added.", ("tests", number), None, trial.written())
        elif old[id][1] != trial:
            yield Change(
                "tests", f"The test `{id}` is different.", ("tests", number), old[id][1].written(), trial.written()
            )
