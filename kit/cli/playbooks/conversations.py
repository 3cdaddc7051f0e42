"""Reads recorded conversations from JSON lines."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.errors import KitError

if TYPE_CHECKING:
    from kit.playbooks import Recorded

__all__ = ["read_conversations"]

_SHAPE = 'Write {"id": …, "turns": [{"role": "customer", "text": …}]} on each line.'


def read_conversations(path: Path) -> "list[Recorded]":
    """What customers say in the conversations of a file: `{"id", "turns": [{"role", "text"}]}`, one on a line.

    Raises:
        KitError: it cannot be read, or a line of it is no conversation; names file and line.
    """
    from kit.playbooks import Recorded
    from kit.yamlfile import read_text

    found = []
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row: Any = json.loads(line)
            texts = tuple(turn["text"] for turn in row["turns"] if turn["role"] == "customer")
            id = str(row.get("id", number))
        except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
            raise KitError("This line is no conversation.", path=path, line=number, remedy=_SHAPE) from error
        if not all(isinstance(text, str) for text in texts):
            raise KitError("A `text` on this line is not text.", path=path, line=number, remedy=_SHAPE)
        if texts:
            found.append(Recorded(id, texts))
    if not found:
        raise KitError("There is no conversation with a customer in this file.", path=path, remedy=_SHAPE)
    return found
