"""Changes of one case in the text of a suite in YAML."""

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import yaml

from kit.yamlfile import read_text

__all__ = ["with_values", "without_item"]


def with_values(path: Path, values: Mapping[int, Mapping[str, str]], *, drop: Collection[str]) -> str:
    """The file's text with other texts under some keys of some cases, and without some of their keys.

    Args:
        path: the file, which is a suite.
        values: for each case, by its place from 0, what stands under a key from now on; keys that were not there are
            added.
        drop: keys of these cases that go.
    """
    text = _text(path)
    cases = _cases(text).value
    edits = [edit for place, texts in values.items() for edit in _edits(text, cases[place], texts, drop)]
    return _applied(text, edits)


def _edits(text: str, case: Any, texts: Mapping[str, str], drop: Collection[str]) -> list[tuple[int, int, str]]:
    places = {key.value: number for number, (key, _) in enumerate(case.value)}
    edits: list[tuple[int, int, str]] = []
    for key, wanted in texts.items():
        said = json.dumps(wanted, ensure_ascii=False)
        if key in places:
            node = case.value[places[key]][1]
            end = _newline(text) if node.style in ("|", ">") else ""
            edits.append((node.start_mark.index, node.end_mark.index, said + end))
        else:
            edits.append(_added(text, case, f"{key}: {said}", drop))
    return edits + [_cut(text, case.value, places[key], flow=case.flow_style) for key in drop if key in places]


def without_item(path: Path, place: int) -> str:
    """The file's text without one of its cases, with the comments that stand above it."""
    text = _text(path)
    cases = _cases(text)
    items = cases.value
    if cases.flow_style:
        return _applied(text, [_between(items, place)])
    starts = [_line_start(text, item.start_mark.index) for item in items]
    if place + 1 < len(items):
        end = starts[place + 1]
    else:
        end = _last(items[place])
        end = len(text) if (stop := text.find("\n", max(end - 1, 0))) < 0 else stop + 1
    return _applied(text, [(starts[place], end, "")])


def _text(path: Path) -> str:
    read_text(path)  # what is not text is said as it is everywhere
    # With the line ends as they are in the file.
    return path.read_bytes().decode("utf-8")


def _cases(text: str) -> Any:
    # The loader in Python, slower than libyaml's, counts in signs of the text and not in bytes.
    root: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    return next(value for key, value in root.value if key.value == "cases")


def _applied(text: str, edits: list[tuple[int, int, str]]) -> str:
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _cut(text: str, pairs: list[tuple[Any, Any]], number: int, *, flow: bool) -> tuple[int, int, str]:
    """Where a key of a case stands with its value, and all that goes with it."""
    key, value = pairs[number]
    start, end = key.start_mark.index, value.end_mark.index
    if flow:
        if number:
            return pairs[number - 1][1].end_mark.index, end, ""
        return start, pairs[1][0].start_mark.index if len(pairs) > 1 else end, ""
    line = _line_start(text, start)
    if text[line:start].strip():  # behind the dash: the next key moves up
        return start, pairs[number + 1][0].start_mark.index, ""
    stop = text.find("\n", max(_last(value) - 1, start))
    return line, len(text) if stop < 0 else stop + 1, ""


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _added(text: str, case: Any, said: str, drop: Collection[str]) -> tuple[int, int, str]:
    """A key more, at the end of a case in braces or else behind a first key that stays."""
    if case.flow_style:
        end = case.value[-1][1].end_mark.index
        return end, end, f", {said}"
    key = next((key for key, _ in case.value[1:] if key.value not in drop), case.value[0][0])
    column = key.start_mark.index - _line_start(text, key.start_mark.index)
    return key.start_mark.index, key.start_mark.index, f"{said}{_newline(text)}{' ' * column}"


def _between(items: list[Any], place: int) -> tuple[int, int, str]:
    """An item of a list in brackets with its comma."""
    if place:
        return items[place - 1].end_mark.index, items[place].end_mark.index, ""
    return items[0].start_mark.index, items[1].start_mark.index, ""


def _last(node: Any) -> int:
    """Where the last word within a node ends; the end of a node in a block is only where the next thing begins."""
    if isinstance(node, yaml.MappingNode) and not node.flow_style:
        return _last(node.value[-1][1])
    if isinstance(node, yaml.SequenceNode) and not node.flow_style:
        return _last(node.value[-1])
    return int(node.end_mark.index)


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1
