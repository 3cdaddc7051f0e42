"""YAML as people write it: plain data that knows its lines, and checks that name file, line and key.

Both the playbooks and the eval suites are read through here. The dialect is a safe subset of YAML 1.2: only `true`
and `false` are booleans, so `no`, `on`, `yes` stay words; dates, times, versions, codes such as `12e5`, and numbers
with leading zeros or a plus sign stay text; keys are always text; aliases, duplicate keys and tags are refused.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from kit.errors import KitError
from kit.text import nearest, squash

__all__ = ["KeyPath", "Located", "Misfit", "load_yaml", "misfits", "read_text", "validate"]

KeyPath = tuple[str | int, ...]
M = TypeVar("M", bound=BaseModel)

MAX_DEPTH = 40  # far deeper than anything a person writes, far below Python's own limit
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_NULL = re.compile(r"~|null|Null|NULL|")
_INT = re.compile(r"-?(?:0|[1-9][0-9]*)")
_FLOAT = re.compile(r"-?(?:0|[1-9][0-9]*)?\.[0-9]+")  # no exponents: E9 and 12e5 are codes
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml is ten times as fast where it was built in

_EXPECTED = {
    **dict.fromkeys(("tuple_type", "list_type", "set_type", "frozen_set_type"), "a list"),
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type"), "`key: value` lines"),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "a whole number"),
    **dict.fromkeys(("float_type", "float_parsing"), "a number"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false"),
    "string_type": "text",
}


@dataclass(frozen=True)
class Located:
    """Plain data (dict, list, str, int, float, bool, None) and the line each part of it stands on."""

    data: Any
    path: Path | str
    lines: Mapping[KeyPath, int]

    def line(self, keys: KeyPath = ()) -> int:
        """The line, counted from 1, of `("cases", 3, "expect")`, or of the closest thing around it that exists."""
        while keys and keys not in self.lines:
            keys = keys[:-1]
        return self.lines[keys]

    def error(self, problem: str, keys: KeyPath = (), *, remedy: str | None = None) -> KitError:
        """An error about the part at `keys`, to be raised."""
        return KitError(problem, path=self.path, line=self.line(keys), remedy=remedy)


class Misfit(KitError):
    """A part of a file that does not fit the model it is read by.

    Attributes:
        place: the part; for a missing key where it would be.
        kind: what kind of misfit it is, as Pydantic calls it.
        guess: the key or value that was probably meant.
    """

    def __init__(self, error: KitError, place: KeyPath, kind: str, guess: str | None) -> None:
        super().__init__(error.problem, path=error.path, line=error.line, remedy=error.remedy)
        self.place, self.kind, self.guess = place, kind, guess


def read_text(path: Path) -> str:
    """The text of a UTF-8 file, with or without a byte-order mark.

    Raises:
        KitError: missing, a folder, unreadable, or not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise KitError("This is not UTF-8 text.", path=path, line=line, remedy="Save the file as UTF-8.") from error
    except OSError as error:
        raise KitError(f"This file cannot be read: {error.strerror or error}.", path=path) from error


def load_yaml(text: str, *, path: Path | str, first_line: int = 1) -> Located:
    """Read one YAML document.

    Args:
        text: the document.
        path: the file it comes from, for messages.
        first_line: the line of the file on which `text` begins; 2 for the head of a Markdown file.

    Returns:
        The data with its lines; `data` is None for an empty document.

    Raises:
        KitError: not YAML, or using what this dialect refuses; names the file and the line.
    """
    reader = _Reader(path, first_line)
    try:
        return Located(reader.document(yaml.parse(text, Loader=_LOADER)), path, reader.lines)
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + first_line
        problem = "There is a character here that YAML does not allow."
        raise KitError(problem, path=path, line=line, remedy="Remove it: it is invisible in most editors.") from error
    except yaml.MarkedYAMLError as error:
        # What is never closed is only noticed at the end: there, where it began is the line to look at.
        last = text.rstrip().count("\n")
        mark = next((m for m in (error.problem_mark, error.context_mark) if m and m.line <= last), error.context_mark)
        said = ", ".join(filter(None, [error.context, error.problem])) or "unreadable"
        line = min(mark.line, last) + first_line if mark else first_line
        raise KitError(f"This is not valid YAML: {said}.", path=path, line=line, remedy=_advice(said)) from error


def _advice(said: str) -> str:
    """What most often mends a syntax error."""
    if "alias" in said or "anchor" in said:
        return "Put texts that begin with * or & in quotes."
    if "start any token" in said or "tab character" in said:
        return "Indent with spaces, not tabs, and put texts that begin with a sign such as @ or % in quotes."
    return "Look at the indentation, and put texts that contain `: ` or ` #` in quotes."


class _Reader:
    """Builds plain data from YAML events, noting lines. Events, because a composer would follow aliases."""

    def __init__(self, path: Path | str, first_line: int) -> None:
        self.path, self.first_line = path, first_line
        self.lines: dict[KeyPath, int] = {(): first_line}

    def document(self, events: Iterator[Any]) -> Any:
        data: Any = None
        seen = False
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent) and seen:
                raise self.error(event, "A second document begins here.", "Keep one per file: remove the `---`.")
            if isinstance(event, yaml.NodeEvent):
                data, seen = self.node(event, events, ()), True
        return data

    def node(self, event: Any, events: Iterator[Any], keys: KeyPath) -> Any:
        if len(keys) > MAX_DEPTH:
            raise self.error(event, f"This is nested more than {MAX_DEPTH} levels deep.", "Make it flatter.")
        if isinstance(event, yaml.AliasEvent):
            raise self.error(event, f"The alias `*{event.anchor}` is not allowed.", "Write it out, or quote it.")
        if event.tag not in (None, "!", "tag:yaml.org,2002:str"):
            raise self.error(event, f"The tag `{event.tag}` is not allowed.", "Remove it, or put the text in quotes.")
        self.lines.setdefault(keys, self.line(event))
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(events, keys)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Any] = []
            while not isinstance(item := next(events), yaml.SequenceEndEvent):
                items.append(self.node(item, events, (*keys, len(items))))
            return items
        return self.scalar(event)

    def mapping(self, events: Iterator[Any], keys: KeyPath) -> dict[str, Any]:
        data: dict[str, Any] = {}
        while not isinstance(key := next(events), yaml.MappingEndEvent):
            if not isinstance(key, yaml.ScalarEvent):
                raise self.error(key, "A key must be a plain word.", "Put texts that contain { } [ ] or * in quotes.")
            name, place = key.value, (*keys, key.value)
            if name in data:
                first = self.lines[place]
                raise self.error(key, f"The key `{name}` is here twice.", f"The first is on line {first}; keep one.")
            self.lines[place] = self.line(key)
            data[name] = self.node(next(events), events, place)
        return data

    def scalar(self, event: Any) -> str | int | float | bool | None:
        """The value of a word: YAML 1.2's core schema without its surprises."""
        word: str = event.value
        if not event.implicit[0]:  # quoted or tagged
            return word
        if _NULL.fullmatch(word):
            return None
        if _BOOL.fullmatch(word):
            return word.lower() == "true"
        if _INT.fullmatch(word) and len(word) <= 18:  # longer ones are card or serial numbers: text
            return int(word)
        if _FLOAT.fullmatch(word) and math.isfinite(number := float(word)):
            return number
        return word

    def line(self, event: Any) -> int:
        return int(event.start_mark.line) + self.first_line

    def error(self, event: Any, problem: str, remedy: str) -> KitError:
        return KitError(problem, path=self.path, line=self.line(event), remedy=remedy)


def validate(model: type[M], located: Located, keys: KeyPath = (), *, data: Any = ...) -> M:
    """Check what was read against a Pydantic model.

    Args:
        model: what it has to be.
        located: the file.
        keys: which part of the file; by default all of it.
        data: the value to check instead of the one at `keys`, where it had to be changed on the way.

    Raises:
        KitError: it does not fit. Of several problems the first is named, unknown keys before all others, with
            file, line, key, and the nearest key or value that would have been right.
    """
    if data is ...:
        data = _at(located.data, keys)
    if isinstance(data, dict):
        try:
            return model.model_validate(data)
        except ValidationError as error:
            raise _all_explained(model, located, keys, data, error)[0] from error
    raise _no_mapping(model, located, keys, data)


def misfits(model: type[BaseModel], located: Located, keys: KeyPath = ()) -> list[Misfit]:
    """All that `validate` could complain about, unknown keys first, else in the order of the file.

    What follows from another misfit is left out: a key that is missing because it is misspelt, a list that is too
    short because its items are wrong, the other ways in which a value could have been right.
    """
    data = _at(located.data, keys)
    if not isinstance(data, dict):
        return [_no_mapping(model, located, keys, data)]
    try:
        model.model_validate(data)
    except ValidationError as error:
        found = _all_explained(model, located, keys, data, error)
        misspelt = {(*one.place[:-1], one.guess) for one in found if one.kind == "extra_forbidden"}
        within = {one.place[:length] for one in found for length in range(len(one.place))}
        kept: dict[KeyPath, Misfit] = {}
        for one in found:
            follows = one.place in misspelt if one.kind == "missing" else one.place in within
            if not follows:
                kept.setdefault(one.place, one)
        return list(kept.values())
    return []


def _at(data: Any, keys: KeyPath) -> Any:
    for key in keys:
        data = data[key]
    return data


def _no_mapping(model: type[BaseModel], located: Located, keys: KeyPath, data: Any) -> Misfit:
    found = "nothing" if data is None else "a list" if isinstance(data, list) else f"`{_short(data)}`"
    said = f"{_name(keys)} must be `key: value` lines; found {found}."
    return Misfit(located.error(said, keys, remedy=_known([model])), keys, "model_type", None)


def _all_explained(
    model: type[BaseModel], located: Located, keys: KeyPath, data: Any, error: ValidationError
) -> list[Misfit]:
    """The problems, the one to name first at the beginning."""
    problems = [(_place(data, detail), detail) for detail in error.errors(include_url=False)]
    # A list counts as too short when its items are wrong, so that is said last.
    order = {"extra_forbidden": 0, "too_short": 2}
    problems.sort(key=lambda p: (order.get(p[1]["type"], 1), located.line((*keys, *p[0]))))
    return [_explained(model, located, (*keys, *place), detail) for place, detail in problems]


def _explained(model: type[BaseModel], located: Located, place: KeyPath, detail: ErrorDetails) -> Misfit:
    """One problem that Pydantic found, in the words of someone who writes the file."""
    kind, found, context = detail["type"], detail["input"], detail.get("ctx", {})
    tag = str(context.get("discriminator", "")).strip("'")
    name, said, remedy = _name((*place, tag) if tag else place), "", "Change the value."
    guess: str | None = None
    if kind == "extra_forbidden":
        known = _models_at(model, detail["loc"][:-1])
        guess = nearest(str(place[-1]), [key for one in known for key in _keys(one)])
        said, remedy = f"Unknown key {name}.", f"Did you mean `{guess}`?" if guess else _known(known)
    elif kind in ("missing", "union_tag_not_found"):
        guess = nearest(tag, found) if tag else None
        said, remedy = f"{name} is missing.", f"Is it `{guess}` that you meant by it?" if guess else "Add it."
    elif kind in ("literal_error", "union_tag_invalid"):
        value = context.get("tag", found)
        options = re.findall(r"'([^']*)'", str(context.get("expected") or context.get("expected_tags")))
        guess = nearest(str(value), options)
        said = f"{name} cannot be `{_short(value)}`."
        remedy = (f"Did you mean `{guess}`? " if guess else "") + f"Possible: {', '.join(options)}."
    elif found is None and kind.endswith("_type"):
        said, remedy = f"{name} has no value.", "Give it one, or remove the key."
    elif kind == "string_type" and isinstance(found, bool | int | float):
        said, remedy = f"{name} must be text; found `{found}`.", "Put it in quotes, as it is to be read."
    elif kind in _EXPECTED:
        said = f"{name} must be {_EXPECTED[kind]}; found `{_short(found)}`."
    elif kind in ("too_short", "too_long"):
        bound = f"at least {context['min_length']}" if kind == "too_short" else f"at most {context['max_length']}"
        said = f"{name} must have {bound} items; it has {context['actual_length']}."
    elif kind == "value_error":
        said, remedy = f"{name}: {str(context['error']).rstrip('.')}.", "Change it."
    else:
        said = f"{name}: {detail['msg'].rstrip('.')}; found `{_short(found)}`."
    return Misfit(located.error(said, place, remedy=remedy), (*place, tag) if tag else place, kind, guess)


def _short(found: Any) -> str:
    """A value as it may stand in a message."""
    text = squash(str(found))
    return text if len(text) <= 60 else text[:57] + "…"


def _name(keys: KeyPath) -> str:
    """`("cases", 3, "expect")` → "`expect` in item 4 of `cases`"."""
    said = ""
    for key in reversed(keys):
        one = f"item {key + 1}" if isinstance(key, int) else f"`{key}`"
        said += (" of " if said.rpartition(" in ")[2].startswith("item") else " in ") + one if said else one
    return said or "The file"


def _place(data: Any, detail: ErrorDetails) -> KeyPath:
    """Where in the data an error is: its `loc` without what Pydantic adds for unions and functions."""
    place: KeyPath = ()
    parts = detail["loc"]
    for position, part in enumerate(parts):
        held = data if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ()
        if part in held:
            place, data = (*place, part), data[part]
        elif detail["type"] == "missing" and position == len(parts) - 1:
            place = (*place, part)
    return place


def _models(annotation: Any) -> list[type[BaseModel]]:
    """The models within a type, through `| None`, `Annotated`, unions and containers."""
    if get_origin(annotation) is None:
        return [annotation] if isinstance(annotation, type) and issubclass(annotation, BaseModel) else []
    return [one for part in get_args(annotation) for one in _models(part)]


def _models_at(model: type[BaseModel], parts: tuple[str | int, ...]) -> list[type[BaseModel]]:
    """Which models an error's `loc` leads to; several where a union leaves it open."""
    here = [model]
    for part in parts:
        fields = [field for one in here for name, field in one.model_fields.items() if part in (name, field.alias)]
        if fields:
            here = [one for field in fields for one in _models(field.annotation)]
        elif isinstance(part, str):  # the tag of a discriminated union
            here = [one for one in here if _tagged(one, part)] or here
    return here


def _tagged(model: type[BaseModel], tag: str) -> bool:
    """Whether the model is the member of a union that goes by `tag`."""
    literals = [f.annotation for f in model.model_fields.values() if get_origin(f.annotation) is Literal]
    return model.__name__ == tag or any(tag in get_args(one) for one in literals)


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _known(models: list[type[BaseModel]]) -> str:
    return f"Known here: {', '.join(dict.fromkeys(key for one in models for key in _keys(one)))}."
