"""The workspace as a folder: its settings, its paths, its embedder."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from kit.settings import Settings, cache_folder, find_workspace, load_settings

if TYPE_CHECKING:
    from kit.models import Embedder

__all__ = ["Folder"]


class Folder:
    """A folder with `kit.toml`, `playbooks/` and `evals/`, and what the kit derives from them in `.kit/`."""

    def __init__(self, root: Path, settings: Settings, *, brief: bool = False) -> None:
        self.root, self.settings, self.brief = root, settings, brief

    @classmethod
    def open(cls, path: Path | str | None = None, *, brief: bool = False) -> Self:
        """Open the workspace in `path`; without a path the nearest one from the current folder upwards.

        Args:
            path: its folder.
            brief: for a question or two; what only pays in the long run is not loaded.

        Raises:
            KitError: there is none, or its `kit.toml` is not right.
        """
        root = find_workspace() if path is None else Path(path).resolve()
        return cls(root, load_settings(root), brief=brief)

    @property
    def derived(self) -> Path:
        """Where everything lies that can be deleted and made again, but for the log of turns and ratings."""
        return self.root / ".kit"

    @property
    def knowledge(self) -> Path:
        """The folder of the articles."""
        return self.root / self.settings.knowledge.folder

    @cached_property
    def embedder(self) -> "Embedder":
        from kit.models import load_embedder

        wanted = self.settings.embedder
        return load_embedder(wanted.model, cache=cache_folder(), backend=wanted.backend)
