"""Where a tool is described: its entry in `tools.yaml`, for error messages and for files that it names."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kit.errors import KitError
from kit.yamlfile import KeyPath, Located

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kit.playbooks.tools.table import Table
    from kit.playbooks.tools.tools import Kind

__all__ = ["Origin"]


@dataclass(frozen=True)
class Origin:
    """An entry of a tools file.

    Args:
        located: the tools file.
        name: the tool's name there.
        root: the workspace, which no path of a tool may leave.
    """

    located: Located
    name: str
    root: Path

    def error(self, problem: str, keys: KeyPath = (), *, remedy: str | None = None) -> KitError:
        """An error about a part of the entry, to be raised."""
        return self.located.error(problem, (self.name, *keys), remedy=remedy)

    def file(self, named: str, key: str) -> Path:
        """The file that the entry names under `key`, relative to the tools file.

        Raises:
            KitError: it does not exist, or lies outside of the workspace.
        """
        path = (Path(self.located.path).parent / named).resolve()
        if Path(named).is_absolute() or not path.is_relative_to(self.root.resolve()):
            raise self.error(
                f"`{named}` leads out of the workspace.", (key,), remedy="Put the file into the playbooks folder."
            )
        if not path.is_file():
            raise self.error(
                f"There is no file `{named}`.", (key,), remedy=f"Paths begin in {Path(self.located.path).parent.name}/."
            )
        return path

    def misfits(self, table: "Table", returns: "Mapping[str, Kind] | None", *keys: str) -> "Iterator[KitError]":
        """What is wrong with the table that stands at `keys`."""
        for place, problem in table.misfits(returns):
            yield self.error(problem, (*keys, *place), remedy="Change it, or what `returns` says.")
