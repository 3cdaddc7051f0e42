"""An agent manual as the data has it: procedures of actions, the buttons they press, what is required of each."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Action", "Button", "Manual", "Procedure", "read_manual"]


@dataclass(frozen=True)
class Button:
    """Something that an agent can do, by its name in the ontology.

    Attributes:
        kind: `kb_query` looks up, `interaction` does or notes something, `faq_policy` does nothing to an account.
        slots: what it may be given.
    """

    name: str
    kind: str
    slots: tuple[str, ...]

    @property
    def tool(self) -> str:
        """Its name in playbooks."""
        return self.name.replace("-", "_")


@dataclass(frozen=True)
class Action:
    """One numbered part of a procedure; `button` is None where the agent only talks."""

    button: Button | None
    text: str
    lines: tuple[str, ...]
    optional: bool = False


@dataclass(frozen=True)
class Procedure:
    """A procedure of the manual, and the buttons that it has to press, in order, according to the other source.

    Attributes:
        id: of its playbook.
        name: what the data calls it: `flow/subflow`.
    """

    id: str
    name: str
    title: str
    about: tuple[str, ...]
    actions: tuple[Action, ...]
    required: tuple[str, ...]


@dataclass(frozen=True)
class Manual:
    """All procedures, the buttons by name, and the values that some slots are limited to."""

    procedures: tuple[Procedure, ...]
    buttons: Mapping[str, Button]
    values: Mapping[str, tuple[str, ...]]

    def pressed(self, words: str, *, toggle: bool = False) -> Button | None:
        """The button that is meant by what is written on it; see `_closest`."""
        return _closest(words, self.buttons, toggle=toggle)

    def titled(self, words: str) -> Procedure | None:
        """The procedure whose title stands in the words."""
        return next((one for one in self.procedures if one.title.lower() in words.lower()), None)


def read_manual(folder: Path) -> Manual:
    """The manual in a folder: `guidelines.json`, `ontology.json` for names, `kb.json` for what is required.

    The procedures of both stand in the same order within each flow, which is how a title finds its name.
    """
    guidelines, ontology, required = (
        json.loads((folder / name).read_text(encoding="utf-8"))
        for name in ("guidelines.json", "ontology.json", "kb.json")
    )
    buttons = {
        name: Button(name, kind, tuple(slots))
        for kind, names in ontology["actions"].items()
        for name, slots in names.items()
    }
    values = {name: tuple(found) for name, found in ontology["values"]["enumerable"].items()}
    procedures = []
    for flow, part in guidelines.items():
        key = "_".join(re.findall(r"\w+", flow.lower()))
        names = ontology["intents"]["subflows"][key]
        for name, (title, subflow) in zip(names, part["subflows"].items(), strict=True):
            actions = tuple(_action(row, buttons) for row in subflow["actions"])
            id = f"{key}-{name}".replace("_", "-")
            procedures.append(
                Procedure(id, f"{key}/{name}", title, tuple(subflow["instructions"]), actions, tuple(required[name]))
            )
    return Manual(tuple(procedures), buttons, values)


def _action(row: Mapping[str, object], buttons: Mapping[str, Button]) -> Action:
    lines = tuple(_plain(line) for line in row["subtext"])  # type: ignore[attr-defined]
    text = _plain(str(row["text"]))
    # "x" is how the manual leaves a place empty.
    text = "" if text.lower() == "x" else text
    toggle = any("toggle" in line.lower() for line in lines)
    button = _closest(str(row["button"]), buttons, toggle=toggle)
    return Action(button, text, lines, optional=text.lower().startswith("optional"))


def _plain(text: str) -> str:
    """The text with plain quotation marks and single spaces."""
    text = text.translate(str.maketrans("‘’“”", "''\"\""))
    return re.sub(r"\s+", " ", text).strip()


def _closest(written: str, buttons: Mapping[str, Button], *, toggle: bool) -> Button | None:
    """The button with the same words; else one whose words are all written; else one that holds all that is written.

    Else one that begins alike, as nobody writes every word ("Select Answer" for `select-faq`). A toggle switch stands
    in a view of its own and is named after what it shows only, so there a longer name goes before one that is equal.
    """
    wanted = _words(written)
    ranked = []
    for button in buttons.values():
        has = _words(button.name)
        ranks = (has == wanted, has < wanted, wanted < has, has[:1] == wanted[:1] and bool(wanted))
        sets = (has == wanted, set(has) < set(wanted), bool(wanted) and set(wanted) < set(has), ranks[3])
        order = (2, 0, 1, 3) if toggle else (0, 1, 2, 3)
        rank = next((place for place, which in enumerate(order) if sets[which]), None)
        if rank is not None:
            ranked.append((rank, len(ranked), button))
    return min(ranked)[2] if ranked else None


def _words(text: str) -> list[str]:
    return [word.removesuffix("s") for word in re.findall(r"[a-z]+", text.lower())]
