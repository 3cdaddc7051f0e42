"""Reads playbooks from Markdown files with a YAML head, and checks that they hang together."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from re._parser import SubPattern, parse  # type: ignore[import-not-found]
from typing import Any

from kit.errors import KitError
from kit.playbooks.language.conditions import ConditionError, names_in
from kit.playbooks.language.schema import Ask, Check, Do, Goto, HandOff, Playbook, Say
from kit.playbooks.tools.tools import Tool
from kit.text import nearest, words
from kit.yamlfile import KeyPath, Located, load_yaml, read_text, validate

__all__ = ["filled", "load_playbook", "load_playbooks", "placeholders", "playbook_files"]

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)((?:\.[a-z][a-z0-9_]*)*)\}")


def load_playbooks(folder: Path, tools: Mapping[str, Tool]) -> tuple[Playbook, ...]:
    """All playbooks of a workspace (`*.md` directly in its playbooks folder), in order of their file names.

    Raises:
        KitError: one is malformed; names file and line.
    """
    return tuple(load_playbook(path, tools) for path in playbook_files(folder))


def playbook_files(folder: Path) -> list[Path]:
    """The files of a workspace's playbooks folder that are playbooks."""
    return [path for path in sorted(folder.glob("*.md")) if path.name != "README.md"]


def load_playbook(path: Path, tools: Mapping[str, Tool]) -> Playbook:
    """One playbook.

    Raises:
        KitError: malformed, or referring to steps, fields, results or tools that do not exist; names file and line.
    """
    text = read_text(path).replace("\r\n", "\n")
    head, mark, body = text.removeprefix("---\n").partition("\n---\n")
    if not text.startswith("---\n") or not mark:
        raise KitError(
            "A playbook begins with a YAML head between two `---` lines.",
            path=path,
            line=1,
            remedy="Add the head; `kit init PATH --sample` shows complete playbooks.",
        )
    located = load_yaml(head, path=path, first_line=2)
    playbook = validate(Playbook, located).model_copy(update={"guidance": body.strip()})
    if playbook.id != path.stem:
        raise located.error(f"The id `{playbook.id}` differs from the file's name.", ("id",), remedy="Make them equal.")
    _Checker(playbook, located, tools).check()
    return playbook


def placeholders(text: str) -> list[tuple[str, str]]:
    """The `{name}` and `{name.key}` in a text, each as the name and the whole path."""
    return [(name, name + rest) for name, rest in _PLACEHOLDER.findall(text)]


def filled(text: str, value: Callable[[str], str]) -> str:
    """The text with the value of each placeholder's path in its place; braces within a value stay what they are."""
    return _PLACEHOLDER.sub(lambda match: value(match[1] + match[2]), text)


def _may_run_forever(pattern: str) -> bool:
    """Whether a repeat without limit holds another one: such a pattern can take years on thirty characters."""

    def repeats(parts: Any, within: bool) -> bool:
        for kind, argument in parts:
            endless = str(kind) in ("MAX_REPEAT", "MIN_REPEAT") and argument[1] - argument[0] > 8
            inner = argument if isinstance(argument, list | tuple) else [argument]
            for part in inner:
                for branch in part if isinstance(part, list) else [part]:
                    if isinstance(branch, SubPattern) and repeats(branch, within or endless):
                        return True
            if endless and within:
                return True
        return False

    return repeats(parse(pattern), False)


class _Checker:
    """Finds what a playbook refers to and does not have."""

    def __init__(self, playbook: Playbook, located: Located, tools: Mapping[str, Tool]) -> None:
        self.playbook, self.located, self.tools = playbook, located, tools
        self.steps = {step.id for step in playbook.steps}
        self.fields = {field.name for field in playbook.collect}
        results = {step.save_as or step.tool for step in playbook.steps if isinstance(step, Do)}
        self.names = self.fields | results

    def check(self) -> None:
        for number, trigger in enumerate(self.playbook.triggers):
            if not words(trigger):
                raise self.located.error(
                    "A trigger without a word would match every message.", ("triggers", number), remedy="Remove it."
                )
        seen: set[str] = set()
        for number, field in enumerate(self.playbook.collect):
            place: KeyPath = ("collect", number)
            self.unique(field.name, seen, (*place, "name"), "field")
            if field.type == "choice" and not field.choices:
                raise self.located.error(
                    f"The field `{field.name}` has no choices.", place, remedy="Add `choices: [..]`."
                )
            try:
                re.compile(field.pattern)
            except re.error as error:
                raise self.located.error(
                    f"`{field.pattern}` is not a regular expression: {error}.", (*place, "pattern"), remedy="Mend it."
                ) from error
            if _may_run_forever(field.pattern):
                raise self.located.error(
                    f"`{field.pattern}` repeats what repeats already, so reading a message could take forever.",
                    (*place, "pattern"),
                    remedy="Give the outer or the inner repeat a limit, such as {1,8}.",
                )
        seen = set()
        for number, step in enumerate(self.playbook.steps):
            place = ("steps", number)
            self.unique(step.id, seen, (*place, "id"), "step")
            match step:
                case Say(text=text):
                    self.text(text, (*place, "text"))
                case Ask(field=field_name):
                    self.known(field_name, self.fields, (*place, "field"), "field")
                case Check(if_=condition, then=then, else_=otherwise):
                    self.condition(condition, (*place, "if"))
                    self.target(then, (*place, "then"))
                    self.target(otherwise, (*place, "else"))
                case Do():
                    self.do(step, place)
                case Goto(to=to):
                    self.target(to, (*place, "to"))
                case HandOff(text=text):
                    self.text(text, (*place, "text"))
                case _:
                    self.text(getattr(step, "text", "") or getattr(step, "question", ""), place)
        for number, rule in enumerate(self.playbook.hand_off):
            self.condition(rule.if_, ("hand_off", number, "if"))
            self.text(rule.text, ("hand_off", number, "text"))

    def do(self, step: Do, place: KeyPath) -> None:
        self.known(step.tool, set(self.tools), (*place, "tool"), "tool")
        self.target(step.else_, (*place, "else"))
        for name, value in step.args.items():
            self.text(str(value), (*place, "args", name))
        self.text(step.confirm, (*place, "confirm"))
        if self.tools[step.tool].changes and not step.confirm:
            raise self.located.error(
                f"The tool `{step.tool}` changes something, so the customer must agree first.",
                place,
                remedy="Add `confirm: …` to this step.",
            )

    def unique(self, name: str, seen: set[str], place: KeyPath, kind: str) -> None:
        if name in seen:
            raise self.located.error(f"There are two {kind}s `{name}`.", place, remedy="Rename one.")
        seen.add(name)

    def known(self, name: str, known: set[str], place: KeyPath, kind: str) -> None:
        if name not in known:
            guess = nearest(name, known)
            remedy = f"Did you mean `{guess}`?" if guess else f"Known: {', '.join(sorted(known)) or 'none'}."
            raise self.located.error(f"There is no {kind} `{name}`.", place, remedy=remedy)

    def target(self, step: str | None, place: KeyPath) -> None:
        if step is not None:
            self.known(step, self.steps, place, "step")

    def condition(self, condition: str, place: KeyPath) -> None:
        try:
            names = names_in(condition)
        except ConditionError as error:
            raise self.located.error(
                f"{error}.", place, remedy="Use fields, results, comparisons, and/or/not."
            ) from error
        for name in sorted(names):
            self.known(name, self.names, place, "field or tool result")

    def text(self, text: str, place: KeyPath) -> None:
        for name, _ in placeholders(text):
            self.known(name, self.names, place, "field or tool result")
