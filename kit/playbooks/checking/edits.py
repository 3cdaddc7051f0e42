"""Small changes of a playbook's head, made in its text so that comments, order and layout stay as they were.

Each knows what it does to the data and where in the text that is. After a change the head is read again, and if
anything else than what was meant has changed, the text stays as it was.
"""

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import yaml

from kit.errors import KitError
from kit.yamlfile import KeyPath, load_yaml

__all__ = ["AddItem", "AddKey", "Edit", "RemoveItem", "RenameKey", "SetValue", "TrimLines", "edited"]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN = re.compile(r"[A-Za-z][\w-]*(?: [\w-]+)*")
# Words that YAML readers take for something else than a text.
_WORDS = frozenset("true false null yes no on off y n".split())


class Edit(Protocol):
    """A change of a head. It reads as what it does: "`ownr` becomes `owner`"."""

    @property
    def place(self) -> KeyPath:
        """The part of the head that changes."""
        ...

    def data(self, head: Any) -> None:
        """Make the change in plain data.

        Raises:
            LookupError, TypeError: there is nothing there to change.
        """
        ...

    def text(self, lines: list[str], nodes: "Nodes") -> None:
        """Make the change in the lines of the head."""
        ...


@dataclass(frozen=True)
class SetValue:
    """Another value for a key or item."""

    place: KeyPath
    value: str

    def __str__(self) -> str:
        return f"`{_said(self.place)}` becomes `{self.value}`"

    def data(self, head: Any) -> None:
        holder = _held(head, self.place[:-1])
        holder[self.place[-1]]
        holder[self.place[-1]] = self.value

    def text(self, lines: list[str], nodes: "Nodes") -> None:
        _replace(lines, nodes.value(self.place), _written(self.value))


@dataclass(frozen=True)
class RenameKey:
    """Another name for a key."""

    place: KeyPath
    name: str

    def __str__(self) -> str:
        return f"the key `{self.place[-1]}` becomes `{self.name}`"

    def data(self, head: Any) -> None:
        holder = _held(head, self.place[:-1])
        if self.name in holder:
            raise KeyError(self.name)
        items = [(self.name if key == self.place[-1] else key, value) for key, value in holder.items()]
        holder.clear()
        holder.update(items)

    def text(self, lines: list[str], nodes: "Nodes") -> None:
        _replace(lines, nodes.key(self.place), self.name)


@dataclass(frozen=True)
class AddKey:
    """A key that was not there, with `true` or a list of words."""

    place: KeyPath
    value: bool | tuple[str, ...]

    def __str__(self) -> str:
        return f"`{self.place[-1]}: {self._written()}` is added"

    def data(self, head: Any) -> None:
        holder = _held(head, self.place[:-1])
        if self.place[-1] in holder:
            raise KeyError(self.place[-1])
        holder[self.place[-1]] = self.value if isinstance(self.value, bool) else list(self.value)

    def text(self, lines: list[str], nodes: "Nodes") -> None:
        holder = nodes.value(self.place[:-1])
        written = f"{self.place[-1]}: {self._written()}"
        if holder.flow_style:
            _insert(lines, holder.value[-1][1].end_mark, f", {written}")
            return
        # Behind the last line of the last value that is not itself spread over lines, so that no list is split.
        column = holder.value[0][0].start_mark.column
        before = [value for _, value in holder.value if value.start_mark.line == value.end_mark.line]
        at = before[-1].end_mark.line + 1
        lines.insert(at, " " * column + written + "\n")

    def _written(self) -> str:
        return "true" if self.value is True else f"[{', '.join(map(_written, self.value or ()))}]"


@dataclass(frozen=True)
class AddItem:
    """One more item at the end of a list of words."""

    place: KeyPath
    value: str

    def __str__(self) -> str:
        return f"`{self.value}` is added to `{_said(self.place)}`"

    def data(self, head: Any) -> None:
        _held(head, self.place).append(self.value)

    def text(self, lines: list[str], nodes: "Nodes") -> None:
        holder = nodes.value(self.place)
        last = holder.value[-1] if holder.value else None
        if holder.flow_style and last is not None:
            _insert(lines, last.end_mark, f", {_written(self.value)}")
        elif holder.flow_style:
            _replace(lines, holder, f"[{_written(self.value)}]")
        elif last is not None and last.start_mark.line == last.end_mark.line:
            dash = lines[last.start_mark.line][: last.start_mark.column]
            lines.insert(last.start_mark.line + 1, f"{dash}{_written(self.value)}\n")


@dataclass(frozen=True)
class RemoveItem:
    """An item less in a list."""

    place: KeyPath

    def __str__(self) -> str:
        return f"item {int(self.place[-1]) + 1} of `{_said(self.place[:-1])}` is removed"

    def data(self, head: Any) -> None:
        del _held(head, self.place[:-1])[self.place[-1]]

    def text(self, lines: list[str], nodes: "Nodes") -> None:
        holder, item = nodes.value(self.place[:-1]), nodes.value(self.place)
        if not holder.flow_style:
            # A value in a block that is folded ends where the next begins; anything but one line is left to people.
            if item.start_mark.line == item.end_mark.line:
                del lines[item.start_mark.line]
        elif int(self.place[-1]):
            before = holder.value[int(self.place[-1]) - 1]
            if before.end_mark.line == item.end_mark.line:
                line = lines[item.end_mark.line]
                lines[item.end_mark.line] = line[: before.end_mark.column] + line[item.end_mark.column :]


@dataclass(frozen=True)
class TrimLines:
    """No spaces at the ends of lines."""

    place: KeyPath = ()

    def __str__(self) -> str:
        return "spaces at the ends of lines are removed"

    def data(self, head: Any) -> None:
        pass

    def text(self, lines: list[str], nodes: "Nodes") -> None:
        lines[:] = [re.sub(r"[ \t]+$", "", "".join(lines), flags=re.MULTILINE)]


class Nodes:
    """Where in the text of a head its keys and values stand."""

    def __init__(self, head: str) -> None:
        self._values: dict[KeyPath, Any] = {}
        self._keys: dict[KeyPath, Any] = {}
        # `load_yaml` has refused aliases, which a composer would follow.
        self._walk(yaml.compose(head, Loader=_LOADER), ())

    def value(self, place: KeyPath) -> Any:
        """The node of the value."""
        return self._values[place]

    def key(self, place: KeyPath) -> Any:
        """The node of the key."""
        return self._keys[place]

    def _walk(self, node: Any, place: KeyPath) -> None:
        self._values[place] = node
        for key, value, part in _parts(node):
            if key is not None:
                self._keys[(*place, part)] = key
            self._walk(value, (*place, part))


def edited(head: str, edit: Edit) -> str | None:
    """The head with the change; None if it cannot be made there without changing anything else."""
    try:
        wanted = copy.deepcopy(load_yaml(head, path="").data)
        edit.data(wanted)
        lines = head.splitlines(keepends=True)
        edit.text(lines, Nodes(head))
        changed = "".join(lines)
        if load_yaml(changed, path="").data != wanted:
            return None
    except (KitError, LookupError, TypeError, AttributeError, yaml.YAMLError):
        return None  # the file is not as it was when the change was thought of
    return changed if changed != head else None


def _parts(node: Any) -> Iterator[tuple[Any, Any, str | int]]:
    if isinstance(node, yaml.MappingNode):
        yield from ((key, value, key.value) for key, value in node.value)
    elif isinstance(node, yaml.SequenceNode):
        yield from ((None, value, number) for number, value in enumerate(node.value))


def _held(head: Any, place: KeyPath) -> Any:
    for key in place:
        head = head[key]
    return head


def _replace(lines: list[str], node: Any, text: str) -> None:
    start, end = node.start_mark, node.end_mark
    if start.line == end.line:
        line = lines[start.line]
        lines[start.line] = line[: start.column] + text + line[end.column :]


def _insert(lines: list[str], mark: Any, text: str) -> None:
    line = lines[mark.line]
    lines[mark.line] = line[: mark.column] + text + line[mark.column :]


def _written(value: str) -> str:
    """A text as it stands in YAML, in quotes where it needs them."""
    if _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    return "'" + value.replace("'", "''") + "'"


def _said(place: KeyPath) -> str:
    return ".".join(str(key + 1) if isinstance(key, int) else key for key in place)
