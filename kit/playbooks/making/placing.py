"""Gives every sentence of a procedure its place in a playbook."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kit.playbooks.making.facts import Fact, facts
from kit.playbooks.making.procedure import Line, read_sentence
from kit.playbooks.making.yamltext import slug
from kit.playbooks.tools import Tool
from kit.text import content_words

__all__ = ["PlacedStep", "Placing"]

_COMPARISON = re.compile(
    r"""^(?:the\s+|their\s+)? (?P<what>.+?) \s+(?:is|was|are|were)\s+
        (?P<sign>over|above|more\sthan|greater\sthan|at\sleast|under|below|less\sthan|at\smost|up\sto)
        \s+\$?(?P<figure>\d+(?:\.\d+)?)\b (?:\s*(?:dollars|usd))?$""",
    re.IGNORECASE | re.VERBOSE,
)
_SIGNS = {"at least": ">=", "at most": "<=", "up to": "<=", "under": "<", "below": "<", "less than": "<"}
_OTHERWISE = re.compile(r"^(?:otherwise|if not|else)\b[,:\s]*", re.IGNORECASE)
_END = "done"
_LAST = ("end", "hand_off")


@dataclass
class PlacedStep:
    """A step as it will be written; `else` of a check may name the step that comes after it."""

    keys: dict[str, Any]
    line: Line | None = None
    todo: str = ""


@dataclass
class Placing:
    """A playbook in the making: what the sentences placed so far have come to."""

    tools: Mapping[str, Tool]
    title: str = ""
    when: list[str] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    asked: dict[str, str] = field(default_factory=dict)
    steps: list[PlacedStep] = field(default_factory=list)
    unplaced: list[Line] = field(default_factory=list)
    marked: list[Line] = field(default_factory=list)
    ids: set[str] = field(default_factory=lambda: {_END})
    # Checks and jumps that go on at the next step, whichever it will be.
    open: list[tuple[PlacedStep, str]] = field(default_factory=list)
    last_check: PlacedStep | None = None

    def place(self, line: Line) -> None:
        """Give a sentence its place."""
        match line.kind:
            case "title":
                self.title = line.what
            case "when":
                self.when.append(line.what)
            case "example":
                self.examples.append(line.what)
            case "other" if not _OTHERWISE.match(line.text):
                self.do(replace(line, what=line.text.strip(" .")))
            case _:
                self.follow(line)

    def follow(self, line: Line) -> None:
        """Make steps of a sentence."""
        otherwise = _OTHERWISE.match(line.text)
        if otherwise and line.kind in ("other", "if"):
            line = replace(read_sentence(line.text[otherwise.end() :]), number=line.number)
        jump = self.jump() if otherwise and self.last_check is not None else None
        before = len(self.steps)
        match line.kind:
            case "ask":
                for fact in facts(line.what, self.ids):
                    self.facts.append(fact)
                    self.add({"id": f"ask_{fact.name}", "type": "ask", "field": fact.name}, line)
            case "say":
                todo = "" if any(mark in line.text for mark in '“"') else "word it for the customer"
                self.add({"id": slug(line.what, taken=self.ids), "type": "say", "text": _spoken(line.what)}, line, todo)
            case "hand_off":
                self.hand_off(line)
            case "end":
                text = "TODO: how it ends"
                self.add({"id": slug("end", taken=self.ids), "type": "end", "text": text}, line, "write the text")
            case "do":
                self.do(line)
            case "if":
                self.check(line)
        if len(self.steps) == before and line not in self.unplaced:
            self.unplaced.append(line)
        if jump is not None:
            self.open.append((jump, "to"))

    def add(self, keys: dict[str, Any], line: Line | None, todo: str = "") -> PlacedStep:
        step = PlacedStep(keys, line, todo)
        for waiting, key in self.open:
            waiting.keys[key] = keys["id"]
        self.open.clear()
        self.steps.append(step)
        if todo and line is not None:
            self.marked.append(line)
        return step

    def hand_off(self, line: Line) -> None:
        keys = {
            "id": slug(f"to {line.what}", taken=self.ids),
            "type": "hand_off",
            "reason": "policy_restriction",
            "team": line.what.strip().capitalize(),
            "text": f"I am passing you to the {line.what.strip()} team.",
        }
        self.add(keys, line, "check reason and words")

    def do(self, line: Line) -> None:
        """A step for the tool whose name and description hold most of the sentence's words."""
        wanted = set(content_words(line.what))
        scored = sorted(
            (-len(wanted & set(content_words(f"{name.replace('_', ' ')} {getattr(tool, 'description', '')}"))), name)
            for name, tool in self.tools.items()
        )
        if not scored or -scored[0][0] < max(2, len(wanted) / 2):
            self.unplaced.append(line)
            return
        name = scored[0][1]
        keys: dict[str, Any] = {"id": slug(line.what, taken=self.ids), "type": "do", "tool": name}
        keys |= {"save_as": slug(f"{name} result", taken=self.ids)}
        if self.tools[name].changes:
            keys["confirm"] = f"TODO: ask for consent to: {line.what}"
        self.add(keys, line, f"give {name} its args")

    def check(self, line: Line) -> None:
        assert line.then is not None, "a sentence with `if` says what to do then"
        condition, todo = self.condition(line.condition)
        keys = {"id": slug(f"if {line.condition}", taken=self.ids), "type": "check", "if": condition, "else": _END}
        waiting = list(self.open)
        step = self.add(keys, line, todo)
        self.follow(line.then)
        if self.steps[-1] is step:  # nothing could be made of what is to be done then
            self.steps.pop()
            self.open = waiting
            self.marked = [marked for marked in self.marked if marked is not line]
            self.unplaced.append(line)
            return
        self.last_check = step
        self.open.append((step, "else"))

    def jump(self) -> PlacedStep | None:
        """A step that leads past what is done otherwise, unless the play has ended before it."""
        if self.steps[-1].keys["type"] in _LAST:
            return None
        jump = PlacedStep({"id": slug("go on", taken=self.ids), "type": "goto", "to": _END})
        # Not by `add`: what is open goes on at what is done otherwise, and not here.
        self.steps.append(jump)
        return jump

    def condition(self, said: str) -> tuple[str, str]:
        """The condition as an expression; or a question to the customer, to be looked at."""
        negated, said = said.startswith("not: "), said.removeprefix("not: ").strip()
        known = {fact.name: fact for fact in self.facts}
        if match := _COMPARISON.match(said):
            name = slug(match["what"])
            if name in known:
                sign = _SIGNS.get(match["sign"].lower(), ">")
                expression = f"{name} {sign} {match['figure']}"
                return (f"not ({expression})" if negated else expression), ""
        words = said.lower()
        for fact in self.facts:
            if fact.type == "yes_no" and fact.what.lower() == words:
                return (f"not {fact.name}" if negated else fact.name), ""
            if fact.what.lower() in words:
                for choice in fact.choices:
                    if choice.lower() in words:
                        return f"{fact.name} {'!=' if negated else '=='} {_literal(choice)}", ""
        name = slug(said, taken=self.ids)
        self.facts.append(Fact(name, said, "yes_no"))
        self.asked[name] = f"TODO: a question that a yes or no answers: {said}?"
        return (f"not {name}" if negated else name), "ask the customer, or look it up with a tool"

    def finish(self) -> None:
        """End the play, and let what is still open go there."""
        if self.steps and not self.open and self.steps[-1].keys["type"] in _LAST:
            return
        self.add({"id": _END, "type": "end", "text": "TODO: how it ends"}, None)


def _spoken(text: str) -> str:
    return text[:1].upper() + text[1:]


def _literal(text: str) -> str:
    return '"' + text.replace('"', "") + '"'
