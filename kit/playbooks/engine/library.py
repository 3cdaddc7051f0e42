"""Keeps every edition of a playbook that a conversation may still be in."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from kit.files import write_whole
from kit.playbooks.language import Playbook

__all__ = ["Shelf"]


class Shelf:
    """The playbooks in force, and in `folder` the editions that were.

    A conversation finishes on the edition that it began with, also in another process and after the file was edited.
    """

    def __init__(self, playbooks: Sequence[Playbook], *, folder: Path | None = None) -> None:
        self.current: Mapping[str, Playbook] = {playbook.id: playbook for playbook in playbooks}
        self._editions = {playbook.id: playbook.edition for playbook in playbooks}
        self._folder = folder
        if folder is not None:
            for playbook in playbooks:
                self._keep(folder, playbook)

    def swapped(self, playbook: Playbook) -> "Shelf":
        """A shelf on which this one stands in for the one with its id; it keeps no editions, and is made in no time."""
        shelf = Shelf(())
        shelf.current = {**self.current, playbook.id: playbook}
        shelf._editions = {**self._editions, playbook.id: playbook.edition}
        return shelf

    def find(self, playbook: str, edition: str = "") -> Playbook | None:
        """The playbook with this id, in the edition named or else the one in force; None if there is none."""
        current = self.current.get(playbook)
        if not edition or (current is not None and self._editions[playbook] == edition):
            return current
        if self._folder is None:
            return None
        try:
            text = _path(self._folder, playbook, edition).read_text(encoding="utf-8")
            kept = Playbook.model_validate_json(text)
        except (OSError, ValidationError):
            return None  # deleted, or kept by another version of the kit
        return kept if kept.edition == edition else None

    def _keep(self, folder: Path, playbook: Playbook) -> None:
        path = _path(folder, playbook.id, self._editions[playbook.id])
        if path.is_file():
            return
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(path, playbook.model_dump_json(by_alias=True))
        except OSError as error:
            # A full disk keeps nobody from talking; a conversation that outlives an edit goes to a person then.
            logging.getLogger(__name__).warning("An edition of %s was not kept: %s", playbook.id, error)


def _path(folder: Path, playbook: str, edition: str) -> Path:
    # Both come from a conversation that may have been kept elsewhere, so neither may lead out of the folder.
    return folder / f"{Path(playbook).name}.{Path(edition).name}.json"
