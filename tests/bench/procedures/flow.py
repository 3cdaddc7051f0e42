"""The steps of a playbook while they are written: jumps go to labels, which become ids at the end."""

import re
from itertools import pairwise
from typing import Any

from tests.bench.procedures.facts import KINDS

__all__ = ["Flow", "unique"]

_JUMPS = ("then", "else", "to")


class Flow:
    """Collects fields and steps.

    Attributes:
        fields: the fields by name, as they stand under `collect`.
    """

    def __init__(self, values: dict[str, tuple[str, ...]]) -> None:
        self.fields: dict[str, dict[str, Any]] = {}
        self._values = values
        self._steps: list[dict[str, Any]] = []
        self._labels: dict[str, str] = {}
        self._here: list[str] = []
        self._ids: set[str] = set()
        self._made = 0

    def label(self, name: str) -> None:
        """The next step is where jumps to the label go."""
        self._here.append(name)

    def new_label(self) -> str:
        """A label that no other jump uses."""
        self._made += 1
        return f"label {self._made}"

    def add(self, id: str, type: str, **keys: Any) -> None:
        """A step; keys without a value are left out."""
        id = unique(id, self._ids)
        self._labels |= dict.fromkeys(self._here, id)
        self._here = []
        self._steps.append({"id": id, "type": type, **{key.rstrip("_"): value for key, value in keys.items() if value}})

    def field(self, name: str, **keys: Any) -> str:
        """A field; what is known of its kind is added, and what was said of it before stays."""
        if name not in self.fields:
            kind = dict(KINDS[name][1]) if name in KINDS else {}
            self.fields[name] = {"name": name, **kind}
            if kind.get("type") == "choice" and "choices" not in keys:
                choices = self._values[name]
                ask = f"{kind['ask'].rstrip('?')}: {', '.join(choices[:-1])} or {choices[-1]}?"
                keys = {"choices": list(choices), "ask": ask, **keys}
        self.fields[name] |= keys
        if self.fields[name].get("type") == "choice" and "on_reject" not in self.fields[name]:
            self.fields[name]["on_reject"] = f"Please choose one of these: {', '.join(self.fields[name]['choices'])}."
        return name

    def ask(self, name: str, *, again: bool = False, **keys: Any) -> None:
        """Ask for a field."""
        self.field(name, **keys)
        self.add(f"ask_{name}", "ask", field=name, again=again)

    def check(self, condition: str, *, then: str = "", otherwise: str = "", id: str = "") -> None:
        """Branch; a branch that is not given goes to the next step."""
        about = re.sub(r"\b(?:not|known|days_since|answer)\b|\W", " ", condition).split()
        self.add(id or f"by_{about[0]}", "check", if_=condition, then=then, else_=otherwise)

    def goto(self, label: str) -> None:
        """Go on at a label, unless nothing comes here."""
        if self._here or not self._steps or self._steps[-1]["type"] not in ("goto", "end", "hand_off"):
            self.add("go_on", "goto", to=label)

    def finished(self) -> list[dict[str, Any]]:
        """The steps with ids for labels, without jumps to jumps and without what nothing leads to."""
        places = {step["id"]: place for place, step in enumerate(self._steps)}
        for step in self._steps:
            step |= {key: self._landing(self._labels[step[key]], places) for key in _JUMPS if key in step}
        for step, following in pairwise(self._steps):
            if step["type"] == "check" and following["type"] == "goto":
                step |= {key: step.get(key, following["to"]) for key in ("then", "else")}
        steps = _reached(self._steps)
        while idle := next((pair for pair in pairwise(steps) if _is_idle(*pair)), None):
            step, following = idle
            steps.remove(step)
            for other in steps:
                other |= {key: following["id"] for key in _JUMPS if other.get(key) == step["id"]}
        for step, following in pairwise(steps):
            if step["type"] == "check":
                for key in [key for key in ("then", "else") if step.get(key) == following["id"]]:
                    del step[key]
        return steps

    def _landing(self, id: str, places: dict[str, int]) -> str:
        """Where a jump ends, over all jumps that it meets."""
        seen = set()
        while (step := self._steps[places[id]])["type"] == "goto" and id not in seen:
            seen.add(id)
            id = self._labels.get(step["to"], step["to"])
        return id


def _is_idle(step: dict[str, Any], following: dict[str, Any]) -> bool:
    """Whether a step does nothing but go on with the next one."""
    aims = {step.get(key, following["id"]) for key in (("to",) if step["type"] == "goto" else ("then", "else"))}
    return step["type"] in ("goto", "check") and aims == {following["id"]}


def _reached(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The steps that the first one leads to."""
    places = {step["id"]: place for place, step in enumerate(steps)}
    reached, ahead = set(), [0]
    while ahead:
        place = ahead.pop()
        if place in reached or place >= len(steps):
            continue
        reached.add(place)
        step = steps[place]
        ahead += [places[step[key]] for key in _JUMPS if key in step]
        both = step["type"] == "check" and {"then", "else"} <= step.keys()
        if not both and step["type"] not in ("goto", "end", "hand_off"):
            ahead.append(place + 1)
    return [step for place, step in enumerate(steps) if place in reached]


def unique(name: str, taken: set[str]) -> str:
    """The name, with a number behind it if it is taken; from now on it is."""
    name = re.sub(r"\W+", "_", name.lower()).strip("_") or "step"
    name = name if name[0].isalpha() else f"x_{name}"
    number = next(number for number in range(1, 1000) if (name if number == 1 else f"{name}_{number}") not in taken)
    name = name if number == 1 else f"{name}_{number}"
    taken.add(name)
    return name
