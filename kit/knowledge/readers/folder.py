"""Walks a folder of documents and refuses, before they are opened, files that no reader should open."""

import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from kit.knowledge.article import Skipped
from kit.safety import strip_hidden

__all__ = ["documents"]

MAX_BYTES = 50 * 2**20

_ASSETS = frozenset(
    """.png .jpg .jpeg .gif .svg .webp .avif .ico .bmp .tif .tiff .css .scss .less .js .mjs .map .woff .woff2 .ttf .otf
    .eot""".split()
)


def documents(
    folder: Path, skipped: list[Skipped], *, kinds: Collection[str], advice: Mapping[str, str]
) -> Iterator[Path]:
    """The files that have a reader.

    Passed over are files and folders whose names begin with a dot, and files that pages are made of.

    Args:
        folder: where the documents are.
        skipped: to this goes what else there is.
        kinds: the suffixes that are read.
        advice: what to do with files of other suffixes.
    """
    root = folder.resolve()

    def name(path: Path) -> str:
        return path.relative_to(folder).as_posix().encode("utf-8", "backslashreplace").decode("utf-8")

    def note(error: OSError) -> None:
        skipped.append(Skipped(name(Path(error.filename)), f"It cannot be opened: {error.strerror}."))

    for parent, folders, files in os.walk(folder, onerror=note):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        for one in folders:
            path = Path(parent, one)
            if path.is_symlink():  # is not followed
                inside = path.resolve().is_relative_to(root)
                where = "within the folder; what is there is read in its place" if inside else "outside of the folder"
                skipped.append(Skipped(name(path), f"It is a link that leads {where}."))
        for one in files:
            path = Path(parent, one)
            suffix = path.suffix.lower()
            if one.startswith((".", "~$")) or suffix in _ASSETS:  # ~$: Word's mark of a document that is open
                continue
            if reason := _refused(path, suffix, root, kinds, advice):
                skipped.append(Skipped(name(path), reason))
            else:
                yield path


def _refused(path: Path, suffix: str, root: Path, kinds: Collection[str], advice: Mapping[str, str]) -> str:
    """Why a file is not even opened; empty if it is."""
    if suffix not in kinds:
        kind = f"Files of the kind {suffix}" if suffix else "Files without a suffix"
        return f"{kind} are not read. {advice.get(suffix, '')}".rstrip()
    if path.is_symlink():
        if not path.exists():
            return "It is a link that leads nowhere."
        if not path.resolve().is_relative_to(root):
            return "It is a link that leads outside of the folder."
    if not path.is_file():
        return "It is not an ordinary file."
    if (size := path.stat().st_size) > MAX_BYTES:
        return f"It has {size / 2**20:,.0f} MB; at most {MAX_BYTES // 2**20} MB are read."
    try:
        visible = strip_hidden(path.as_posix().encode("utf-8").decode("utf-8")) == path.as_posix()
    except UnicodeEncodeError:
        visible = False
    return "" if visible else "Its name has characters that cannot be shown. Rename it."
