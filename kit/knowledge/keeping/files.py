"""Files that are written once: made durable before they count, and known by size and checksum afterwards."""

import os
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Sums", "checksums", "damaged", "mapped", "sync", "write_pointer"]

Sums = dict[str, tuple[int, int]]
"""Size and CRC-32 of files, by their paths within a folder."""

_CHUNK = 2**20


def mapped(path: Path) -> NDArray[Any]:
    """An array that `numpy.save` wrote, mapped from disk; as a plain array, whose slices cost less than a memmap's.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no array.
    """
    found: NDArray[Any] = np.load(path, mmap_mode="r").view(np.ndarray)
    return found


def checksums(folder: Path, *, leave_out: Callable[[Path], bool]) -> Sums:
    """Size and checksum of all files in a folder, without those that `leave_out` names."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_size, _crc(path))
        for path in _files(folder)
        if not leave_out(path)
    }


def damaged(folder: Path, sums: Sums) -> list[str]:
    """Which of the files are missing or not what they were."""
    return [name for name, (size, crc) in sums.items() if not _same(folder / name, size, crc)]


def sync(folder: Path) -> None:
    """Wait until all files in a folder, and the folders themselves, are on the disk."""
    for path in (*_files(folder), *(path for path in folder.rglob("*") if path.is_dir()), folder, folder.parent):
        _sync(path)


def write_pointer(path: Path, text: str) -> None:
    """Replace a small file so that at any moment it holds the old text or the new one."""
    new = path.with_name(f"{path.name}.new")
    new.write_text(text, encoding="utf-8")
    _sync(new)
    new.replace(path)
    _sync(path.parent)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _same(path: Path, size: int, crc: int) -> bool:
    try:
        return path.stat().st_size == size and _crc(path) == crc
    except OSError:
        return False


def _crc(path: Path) -> int:
    # Read, not mapped: what is mapped would count as this process's memory.
    found = 0
    with path.open("rb", buffering=0) as file:
        while part := file.read(_CHUNK):
            found = zlib.crc32(part, found)
    return found


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
