"""Files that are written whole or not at all."""

import os
import shutil
from contextlib import suppress
from pathlib import Path
from threading import get_ident

__all__ = ["write_whole"]


def write_whole(path: Path, content: str | bytes, *, durable: bool = False) -> None:
    """Write a file so that whoever reads it finds the old content or the new one, never a part.

    A link stays one, and a file that was there keeps its rights. Several processes and threads may write at once: the
    last one stands.

    Args:
        path: the file; its folder must exist.
        content: text is written as UTF-8, its line ends as they are.
        durable: whether to wait until it is on the disk, so that not even a loss of power undoes it.

    Raises:
        OSError: it cannot be written; the old content is as it was, and nothing else is left behind.
    """
    path = path.resolve()
    partial = path.with_name(f".{path.name}.{os.getpid()}-{get_ident()}.partial")
    try:
        with partial.open("wb") as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            shutil.copymode(path, partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
