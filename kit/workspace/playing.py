"""Wires the playbooks, their tools and what checks them."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from kit.errors import KitError
from kit.workspace.keeping import Keeping

if TYPE_CHECKING:
    from kit.playbooks import Linter, Playbook, Source, Tool

__all__ = ["Playing"]


class Playing(Keeping):
    """A workspace with its playbooks."""

    @cached_property
    def tools(self) -> "dict[str, Tool]":
        from kit.playbooks import load_tools

        return load_tools(self.root / "playbooks")

    @cached_property
    def playbooks(self) -> "tuple[Playbook, ...]":
        return tuple(source.playbook for source in self.playbook_sources)

    @cached_property
    def playbook_sources(self) -> "tuple[Source, ...]":
        """The playbooks with the lines of their files."""
        from kit.playbooks import load_sources

        return load_sources(self.root / "playbooks", self.tools)

    def linter(
        self, *, strict: bool = False, alike: bool = True, on_skip: Callable[[str], None] | None = None
    ) -> "Linter":
        """What checks the playbooks.

        Args:
            strict: whether warnings count as errors.
            alike: whether to look for examples that say nearly the same, which needs the embedder.
            on_skip: told why that is not done, where the embedder cannot be loaded.

        Raises:
            KitError: `tools.yaml` is malformed; names file and line.
        """
        from datetime import date

        from kit.playbooks import Linter

        def embed(texts: Sequence[str]) -> object:
            try:
                return self.embedder.encode(texts)
            except KitError as error:
                if on_skip is not None:
                    on_skip(f"examples were not compared by meaning: {error}")
                return None

        return Linter(
            folder=self.root / "playbooks",
            tools=self.tools,
            today=date.today(),
            missing=self.missing_articles,
            embed=embed if alike else None,
            strict=strict,
        )
