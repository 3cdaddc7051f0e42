"""What a playbook's `do` steps can call."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict

from kit.yamlfile import load_yaml, read_text, validate

__all__ = ["TableTool", "Tool", "ToolFailure", "load_tools"]

FILE = "tools.yaml"


class ToolFailure(Exception):
    """A tool could not do what it was asked; the conversation goes to a person."""

    kind: str = "failed"
    unknown: bool = False


class Tool(Protocol):
    """Something that looks a fact up or, with `changes`, does something for the customer."""

    @property
    def changes(self) -> bool: ...

    def call(self, args: Mapping[str, Any]) -> dict[str, Any]:
        """Do it.

        Raises:
            ToolFailure: it could not be done.
        """
        ...


class TableTool(BaseModel):
    """A tool whose answers stand in a table: for demos and tests, where no real system may be touched."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    description: str
    key: str = ""
    changes: bool = False
    records: dict[str, dict[str, Any]] = {}
    otherwise: dict[str, Any] | None = None

    def call(self, args: Mapping[str, Any]) -> dict[str, Any]:
        wanted = str(args.get(self.key, "")).casefold()
        for key, record in self.records.items():
            if key.casefold() == wanted:
                return dict(record)
        if self.otherwise is None:
            raise ToolFailure(f"no record for {self.key or 'this call'}")
        return dict(self.otherwise)


def load_tools(folder: Path) -> dict[str, Tool]:
    """The table tools of a workspace, from `tools.yaml` in its playbooks folder; none when there is no such file.

    Raises:
        KitError: the file is malformed; names file and line.
    """
    path = folder / FILE
    if not path.is_file():
        return {}
    located = load_yaml(read_text(path), path=path)
    return {name: validate(TableTool, located, (name,)) for name in located.data or {}}
