"""Makes a playbook out of a procedure: what could be placed, with the line it comes from; the rest is marked."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kit.playbooks.making.facts import Fact
from kit.playbooks.making.placing import PlacedStep, Placing
from kit.playbooks.making.procedure import Line, read_procedure
from kit.playbooks.making.yamltext import quoted
from kit.playbooks.tools import Tool

__all__ = ["Draft", "draft_playbook"]

_OWNED = re.compile(r"\b(?:name|number|address|e-?mail|phone|id|birthday|account)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Draft:
    """A new playbook.

    Attributes:
        text: what goes into the file.
        unplaced: the sentences of the procedure for which there was no place; they stand in the body, marked.
        marked: those that were placed and need a person's eye, each marked TODO where it stands.
    """

    text: str
    unplaced: tuple[Line, ...] = ()
    marked: tuple[Line, ...] = ()


def draft_playbook(id: str, procedure: str, tools: Mapping[str, Tool], *, title: str = "") -> Draft:
    """A draft that loads, from a procedure in plain text."""
    writer = Placing(tools)
    lines = read_procedure(procedure)
    for line in lines:
        writer.place(line)
    writer.finish()
    title = title or writer.title or id.replace("-", " ").capitalize()
    return Draft(_text(id, title, writer), tuple(writer.unplaced), tuple(writer.marked))


def _text(id: str, title: str, writer: Placing) -> str:
    examples = [*writer.examples, *["TODO: a sentence of a customer"] * max(0, 3 - len(writer.examples))]
    parts = [
        "---",
        f"id: {id}",
        f"title: {quoted(title)}",
        "version: 1",
        "owner: 'TODO: who answers for it'",
        "status: draft                 # `active` once it is right; only active ones are followed",
        f"when_to_use: {quoted(' '.join(writer.when) or 'TODO: the request in a sentence')}",
        "examples:",
        *(f"  - {quoted(example)}" for example in examples),
        "collect:" if writer.facts else "collect: []",
        *(line for fact in writer.facts for line in _field(fact, writer.asked)),
        "steps:",
        *(line for step in writer.steps for line in _step(step)),
        "---",
        "",
        f"# {title}",
        "",
        "TODO: why this playbook is there, its limits with their figures, exceptions, and whom to ask.",
    ]
    if writer.unplaced:
        parts += ["", "## Not placed", ""]
        parts += [f"- TODO line {line.number}: {line.text}" for line in writer.unplaced]
    return "\n".join(parts) + "\n"


def _field(fact: Fact, asked: Mapping[str, str]) -> list[str]:
    question = asked.get(fact.name) or (f"Is it so that {fact.what}?" if fact.type == "yes_no" else _question(fact))
    keys: list[str] = [f"  - name: {fact.name}", f"    ask: {quoted(question)}", f"    type: {fact.type}"]
    if fact.choices:
        keys.append(f"    choices: [{', '.join(map(quoted, fact.choices))}]")
    if fact.type in ("email", "phone"):
        keys.append("    pii: true")
    return keys


def _question(fact: Fact) -> str:
    options = f" ({', '.join(fact.choices[:-1])} or {fact.choices[-1]})" if fact.choices else ""
    whose = "your" if _OWNED.search(fact.what) else "the"
    return f"What is {whose} {fact.what}{options}?"


def _step(step: PlacedStep) -> Sequence[str]:
    said = [f"  # line {step.line.number}: {' '.join(step.line.text.split())}"] if step.line else []
    todo = [f"  # TODO: {step.todo}"] if step.todo else []
    plain = {"id", "type", "field", "tool", "save_as", "reason", "else", "to"}
    keys = ", ".join(
        f"{key}: {value if key in plain - {'if'} else quoted(str(value))}" for key, value in step.keys.items()
    )
    return [*said, *todo, f"  - {{{keys}}}"]
