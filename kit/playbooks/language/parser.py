"""Reads playbooks from Markdown files with a YAML head."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kit.errors import KitError
from kit.playbooks.language.playbook import Playbook
from kit.playbooks.language.references import broken
from kit.playbooks.tools import Tool
from kit.yamlfile import Located, Misfit, load_yaml, misfits, read_text, validate

__all__ = [
    "HEAD",
    "Source",
    "head_misfits",
    "load_playbook",
    "load_playbooks",
    "load_sources",
    "parse_playbook",
    "playbook_files",
    "read_head",
    "read_playbook",
]

# The longest manual of a whole company is shorter; what is longer is no playbook.
MAX_BYTES = 1_000_000
# The two lines that hold the head, and what stands between and behind them.
HEAD = re.compile(r"---[ \t]*\n(?P<head>(?:.*\n)*?)---[ \t]*(?:\n(?P<body>(?s:.*))|\Z)")


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
    sources = [parse_playbook(read_playbook(path), path) for path in playbook_files(folder)]
    playbooks = {source.playbook.id: source.playbook for source in sources}
    for source in sources:
        for error in broken(source.playbook, source.located, tools, playbooks):
            raise error
    return tuple(sources)


def playbook_files(folder: Path) -> list[Path]:
    """The files of a workspace's playbooks folder that are playbooks."""
    return [path for path in sorted(folder.glob("*.md")) if path.name != "README.md"]


def read_playbook(path: Path) -> str:
    """The text of a playbook's file.

    Raises:
        KitError: it cannot be read, is no UTF-8, far too long, or lies elsewhere and is only linked to.
    """
    try:
        inside = path.resolve().parent == path.parent.resolve()
        size = path.stat().st_size
    except (OSError, RuntimeError) as error:
        said = getattr(error, "strerror", None) or "it links to itself"
        raise KitError(
            f"This file cannot be read: {said}.", path=path, remedy="Remove it, or mend the link."
        ) from error
    if not inside:
        # Whoever may write there would decide what customers are told.
        problem = "This is a link to a file outside the playbooks folder."
        raise KitError(problem, path=path, remedy="Put a copy of the file in its place.")
    if size > MAX_BYTES:
        problem = f"This file has {size / 1e6:.1f} MB; a playbook has at most {MAX_BYTES // 1_000_000} MB."
        raise KitError(problem, path=path, line=1, remedy="Put what is no playbook elsewhere.")
    return read_text(path)


def load_playbook(path: Path, tools: Mapping[str, Tool]) -> Playbook:
    """One playbook by itself: whether the playbooks that it calls exist is not looked at.

    Raises:
        KitError: malformed, or referring to steps, fields, results or tools that do not exist; names file and line.
    """
    source = parse_playbook(read_playbook(path), path)
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
    located, body = read_head(text, path)
    playbook = validate(Playbook, located).model_copy(update={"guidance": body.strip()})
    for misfit in head_misfits(located):
        raise misfit
    if playbook.id != path.stem and not any_name:
        raise located.error(f"The id `{playbook.id}` differs from the file's name.", ("id",), remedy="Make them equal.")
    return Source(playbook, located)


def head_misfits(located: Located) -> list[Misfit]:
    """All that keeps a head from being that of a playbook, but for its id and for what it refers to."""
    found = misfits(Playbook, located)
    if isinstance(located.data, dict) and "guidance" in located.data:
        error = located.error("Unknown key `guidance`.", ("guidance",), remedy="Write it below the head.")
        found.append(Misfit(error, ("guidance",), "extra_forbidden", None))
    return found


def read_head(text: str, path: Path) -> tuple[Located, str]:
    """The head as plain data, and the body.

    Raises:
        KitError: there is no head, or it is not YAML; names file and line.
    """
    text = text.replace("\r\n", "\n")
    if not text.strip():
        raise KitError("This file is empty.", path=path, line=1, remedy=_ADD)
    if not re.match(r"---[ \t]*\n", text):
        raise KitError("A playbook begins with a YAML head between two `---` lines.", path=path, line=1, remedy=_ADD)
    found = HEAD.match(text)
    if not found:
        problem = "The head that begins here has no end."
        raise KitError(problem, path=path, line=1, remedy="Add a line `---` after its last key.")
    return load_yaml(found["head"], path=path, first_line=2), found["body"] or ""


_ADD = "Add the head; `kit playbooks new` writes one."
