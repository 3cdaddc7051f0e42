"""Keeps verdicts, so that only what changed is played again."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kit.files import write_whole
from kit.playbooks.changing.routed import routed
from kit.playbooks.language import Call, Playbook
from kit.text import digest

__all__ = ["Kept", "key_of", "load", "save"]


@dataclass
class Kept:
    """What is known of one playbook's mutants.

    Attributes:
        key: a digest of all that the verdicts rest on, but for other playbooks' content.
        failing: the tests that fail without any change.
        fates: by the form of the mutant its fate, and the test that noticed it.
        visited: the other playbooks that conversations entered, with their editions.
    """

    key: str
    failing: tuple[str, ...] = ()
    fates: dict[str, tuple[str, str]] = field(default_factory=dict)
    visited: dict[str, str] = field(default_factory=dict)


def key_of(playbook: Playbook, others: Mapping[str, Playbook], context: str) -> str:
    """A digest of what the verdicts on a playbook's mutants rest on: itself with its tests, the playbooks that it
    calls, how messages find any playbook, and `context`: tools, articles, settings, and the kit's own code.
    """  # noqa: D205
    routing = [routed(others[id]) for id in sorted(others) if id != playbook.id]
    return digest(playbook.model_dump_json(), *_called(playbook, others), *routing, context)


def _called(playbook: Playbook, others: Mapping[str, Playbook]) -> Iterable[str]:
    """The editions of the playbooks that it calls, and of those that these call."""
    waiting, seen = [playbook], {playbook.id}
    while waiting:
        for step in waiting.pop().steps:
            if isinstance(step, Call) and step.playbook not in seen and step.playbook in others:
                seen.add(step.playbook)
                waiting.append(others[step.playbook])
                yield others[step.playbook].edition


def load(folder: Path, playbook: str, key: str, others: Mapping[str, Playbook]) -> Kept:
    """What is known of a playbook's mutants; nothing if something changed that it rested on, or it cannot be read."""
    try:
        data: Any = json.loads((folder / f"{playbook}.json").read_bytes())
        fates = {str(form): (str(fate), str(by)) for form, (fate, by) in data["fates"].items()}
        kept = Kept(str(data["key"]), tuple(map(str, data["failing"])), fates, dict(data["visited"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Kept(key)
    same = kept.key == key and all(id in others and others[id].edition == ed for id, ed in kept.visited.items())
    return kept if same else Kept(key)


def save(folder: Path, playbook: str, kept: Kept) -> None:
    """Write it, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{playbook}.json"
    data = {"key": kept.key, "failing": kept.failing, "visited": kept.visited, "fates": kept.fates}
    write_whole(path, json.dumps(data, indent=1))
