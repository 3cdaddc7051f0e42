"""Workspaces whose settings a test adds to."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kit.workspace import Workspace

Open = Callable[..., Workspace]


@pytest.fixture
def open_with(indexed_workspace: Path) -> Iterator[Open]:
    """Opens a copy of the sample with more sections in its `kit.toml`; closed at the end."""
    opened: list[Workspace] = []

    def open_(text: str = "") -> Workspace:
        path = indexed_workspace / "kit.toml"
        path.write_text(f"{path.read_text(encoding='utf-8')}\n{text}", encoding="utf-8")
        opened.append(Workspace.open(indexed_workspace))
        return opened[-1]

    yield open_
    for one in opened:
        one.close()
