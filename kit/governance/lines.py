"""Files of JSON lines that several processes write to, and that a crash leaves readable."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import IO, Any

from kit.errors import KitError
from kit.files import write_whole

__all__ = ["FolderLock", "append_line", "keep_lines", "read_lines", "sync_folder"]

_SECONDS = 30


class FolderLock:
    """Lets one thread of one process at a time change what is in a folder.

    Raises:
        OSError: the folder cannot be written, or somebody holds the lock for longer than 30 seconds.
    """

    def __init__(self, folder: Path, name: str = ".lock") -> None:
        self._path = folder / name
        self._threads = Lock()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        from filelock import FileLock

        with self._threads:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(self._path, timeout=_SECONDS, mode=0o600):
                yield


def append_line(path: Path, row: dict[str, Any], *, durable: bool = False) -> None:
    """Add a row. The caller holds the lock of the folder.

    Half a line, which a crash in the middle of writing leaves behind, was promised to nobody and is taken away first.
    """
    text = json.dumps(row, ensure_ascii=False)
    try:
        line = text.encode() + b"\n"
    except UnicodeEncodeError:  # half of a surrogate pair, which JSON can write down but UTF-8 cannot
        line = json.dumps(row).encode() + b"\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        end = file.seek(0, os.SEEK_END)
        if end:
            file.seek(end - 1)
            if file.read(1) != b"\n":
                end = _mend(file, end)
        try:
            file.write(line)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        except OSError:
            file.truncate(end)
            raise


def read_lines(path: Path) -> list[dict[str, Any]]:
    """All rows, the first one first; none where there is no file. Half a last line is passed over.

    Raises:
        KitError: another line is damaged; names it.
    """
    try:
        # Not `splitlines`: a customer's text may hold other signs that it takes for the end of a line.
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    rows = []
    for number, line in enumerate(lines, start=1):
        if not line:
            continue
        try:
            row = json.loads(line)
            if not isinstance(row, dict):
                raise ValueError("no object")
        except ValueError as error:
            if number == len(lines):
                break
            remedy = "Take the line out, or move the file away."
            raise KitError("This line is no JSON object.", path=path, line=number, remedy=remedy) from error
        rows.append(row)
    return rows


def keep_lines(path: Path, wanted: Callable[[dict[str, Any]], bool]) -> int:
    """Keep the rows that are wanted; the file changes as a whole or not at all. The caller holds the lock.

    Returns:
        How many rows are gone.
    """
    # What a process that was killed in the middle of this left behind may hold what is to go.
    for partial in path.parent.glob(f".{path.name}.*.partial"):
        partial.unlink(missing_ok=True)
    rows = read_lines(path)
    kept = [row for row in rows if wanted(row)]
    if len(kept) < len(rows):
        text = "".join(json.dumps(row) + "\n" for row in kept)
        write_whole(path, text, durable=True)
        sync_folder(path.parent)
    return len(rows) - len(kept)


def sync_folder(folder: Path) -> None:
    """Wait until the disk knows which files a folder holds."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _mend(file: IO[bytes], end: int) -> int:
    """Take half a last line away, or end a whole one; gives the file's new end."""
    file.seek(0)
    content = file.read(end)
    start = content.rfind(b"\n") + 1
    try:
        json.loads(content[start:])
    except ValueError:
        file.truncate(start)
        return start
    file.write(b"\n")
    return end + 1
