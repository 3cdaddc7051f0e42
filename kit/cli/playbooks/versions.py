"""Finds the versions of playbooks that a command names: files, ids, git revisions, folders."""

import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from kit.errors import KitError
from kit.text import nearest

if TYPE_CHECKING:
    from kit.playbooks import Host, Playbook, Source, Version
    from kit.workspace import Workspace

__all__ = ["read_versions"]


def read_versions(before: str, after: str, workspace: Path | None) -> "tuple[Version, Version]":
    """The two versions that are named: both of one playbook, or both folders of workspaces.

    Raises:
        KitError: one of them cannot be read, or one is a folder and the other is not.
    """
    folders = [Path(name).is_dir() for name in (before, after)]
    if all(folders):
        return _folder(before), _folder(after)
    if any(folders):
        folder = before if folders[0] else after
        raise KitError(
            f"`{folder}` is a folder, and the other is not.", remedy="Compare two workspaces, or two playbooks."
        )
    from kit.workspace import Workspace

    space = Workspace.open(workspace)
    host: Callable[[], Host] = cache(space.host)
    return _single(before, space, host), _single(after, space, host)


def _folder(name: str) -> "Version":
    from kit.playbooks import Version
    from kit.workspace import Workspace

    space = Workspace.open(name)
    sources = {source.playbook.id: source for source in space.playbook_sources}
    return Version(name, sources, space.tools, space.host)


def _single(name: str, space: "Workspace", shared: "Callable[[], Host]") -> "Version":
    from kit.playbooks import Version

    source = _source(name, space)
    playbook = source.playbook

    def host() -> "Host":
        known = {one.id: one for one in space.playbooks}
        if playbook.id in known and _finds_alike(playbook, known[playbook.id]):
            return shared()
        return space.host(tuple({**known, playbook.id: playbook}.values()))

    return Version(name, {playbook.id: source}, space.tools, host)


def _finds_alike(one: "Playbook", other: "Playbook") -> bool:
    from kit.playbooks import routed

    return routed(one) == routed(other)


def _source(name: str, space: "Workspace") -> "Source":
    from kit.playbooks import parse_playbook
    from kit.yamlfile import read_text

    if Path(name).is_file():
        return parse_playbook(read_text(Path(name)), Path(name), any_name=True)
    id, at, revision = name.partition("@")
    path = space.root / "playbooks" / f"{id}.md"
    if at:
        return parse_playbook(_at_revision(path, revision, name), Path(f"{revision}:playbooks/{id}.md"))
    if not path.is_file():
        known = [playbook.id for playbook in space.playbooks]
        guess = nearest(id, known)
        remedy = f"Did you mean `{guess}`?" if guess else "Name a file, an id, an id@revision, or a folder."
        raise KitError(f"There is no playbook `{name}`, and no such file.", remedy=remedy)
    return parse_playbook(read_text(path), path)


def _at_revision(path: Path, revision: str, name: str) -> str:
    """The text of a playbook's file as it was in a git revision.

    Raises:
        KitError: there is no git, no repository, no such revision, or no such file in it.
    """
    # A name that begins with a dash would be an option, and one with a colon another file.
    if not revision or revision.startswith("-") or ":" in revision:
        raise KitError(f"`{revision}` is no git revision.", remedy="Write one such as refund@HEAD~3.")
    command = ["git", "-C", str(path.parent), "show", f"{revision}:./{path.name}"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=30, check=False)
    except FileNotFoundError as error:
        raise KitError("Git is not installed.", remedy=f"Give a file instead of `{name}`.") from error
    except subprocess.TimeoutExpired as error:
        raise KitError(f"Git did not answer when asked for `{name}`.", remedy="Give a file instead.") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        why = said[-1].removeprefix("fatal: ") if said else "no reason given"
        raise KitError(f"Git has no `{name}`: {why}.", remedy="`git log -- playbooks` names the revisions there are.")
    try:
        return done.stdout.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise KitError(f"`{name}` is not UTF-8 text.", remedy="Give a file instead.") from error
