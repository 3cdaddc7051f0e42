"""Reads playbooks from Markdown files with a YAML head."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kit.errors import KitError
from kit.playbooks.language.playbook import Playbook
from kit.playbooks.language.references import broken
from kit.playbooks.tools import Tool
from kit.yamlfile import Located, load_yaml, read_text, validate

__all__ = ["Source", "load_playbook", "load_playbooks", "load_sources", "parse_playbook", "playbook_files"]


@dataclass(frozen=True)
class Source:
    """A playbook and where each part of it stands in its file."""

    playbook: Playbook
    located: Located


def load_playbooks(folder: Path, tools: Mapping[str, Tool]) -> tuple[Playbook, ...]:
    """All playbooks of a workspace (`*.md` directly in its playbooks folder), in order of their file names.

    Raises:
        KitError: one is malformed, or refers to what does not exist; names file and line.
    """
    return tuple(source.playbook for source in load_sources(folder, tools))


def load_sources(folder: Path, tools: Mapping[str, Tool]) -> tuple[Source, ...]:
    """The same with the lines of their files.

    Raises:
        KitError: as `load_playbooks`.
    """
    sources = [parse_playbook(read_text(path), path) for path in playbook_files(folder)]
    playbooks = {source.playbook.id: source.playbook for source in sources}
    for source in sources:
        for error in broken(source.playbook, source.located, tools, playbooks):
            raise error
    return tuple(sources)


def playbook_files(folder: Path) -> list[Path]:
    """The files of a workspace's playbooks folder that are playbooks."""
    return [path for path in sorted(folder.glob("*.md")) if path.name != "README.md"]


def load_playbook(path: Path, tools: Mapping[str, Tool]) -> Playbook:
    """One playbook by itself: whether the playbooks that it calls exist is not looked at.

    Raises:
        KitError: malformed, or referring to steps, fields, results or tools that do not exist; names file and line.
    """
    source = parse_playbook(read_text(path), path)
    for error in broken(source.playbook, source.located, tools):
        raise error
    return source.playbook


def parse_playbook(text: str, path: Path, *, any_name: bool = False) -> Source:
    """A playbook from the text of its file, its shape checked and nothing else.

    Args:
        text: the file's.
        path: the file.
        any_name: whether the file may have another name than the playbook's id: a copy of it, say.

    Raises:
        KitError: malformed; names file and line.
    """
    text = text.replace("\r\n", "\n")
    head, mark, body = text.removeprefix("---\n").partition("\n---\n")
    if not text.startswith("---\n") or not mark:
        raise KitError(
            "A playbook begins with a YAML head between two `---` lines.",
            path=path,
            line=1,
            remedy="Add the head; `kit playbooks new` writes one.",
        )
    located = load_yaml(head, path=path, first_line=2)
    playbook = validate(Playbook, located).model_copy(update={"guidance": body.strip()})
    if playbook.id != path.stem and not any_name:
        raise located.error(f"The id `{playbook.id}` differs from the file's name.", ("id",), remedy="Make them equal.")
    return Source(playbook, located)
