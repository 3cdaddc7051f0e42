"""Builds an index in children that come to harm: `python -m tests.keeping.children killed|full FOLDER`.

The children are forked from one process that has imported all there is to import, and has opened nothing.
"""

import os
import resource
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bm25s  # noqa: F401
import chromadb  # noqa: F401
import langchain_chroma  # noqa: F401

from kit.errors import KitError
from kit.knowledge.keeping import files, index, memory, writing
from tests.keeping.conftest import Shop

# What a build does, in its order, and how often; each time may be the last.
STAGES: dict[str, tuple[Any, str, int]] = {
    "read": (index, "read_folder", 1),
    "embed": (writing, "embed", 1),
    "columns": (writing, "write_columns", 1),
    "rows": (writing, "write_rows", 2),
    "vectors": (writing, "write_vectors", 2),
    "words": (writing, "write_words", 2),
    "store": (writing, "fill", 1),
    "checksums": (writing, "checksums", 1),
    "manifest": (writing.Manifest, "write", 1),
    "sync": (writing, "sync", 1),
    "pointer": (index, "write_pointer", 1),
    "clean": (index, "_clean", 2),
    "memory": (memory.Memory, "save", 1),
}
LIMITS = (0, 60, 160, 300, 700, 1500, 4000, 20_000, 50_000, 120_000, 180_000, 400_000)


def killed(folder: Path) -> None:
    """For each stage a copy of the shop in `folder`, refreshed by a process that is killed before it."""
    for stage, target in STAGES.items():
        root = folder.with_name(stage)
        shutil.copytree(folder, root)

        def refresh(root: Path = root, target: tuple[Any, str, int] = target) -> int:
            _arm(*target)
            Shop(root).refresh()
            return 0

        status = forked(refresh)
        assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL, (stage, status)
    root = folder.with_name("swap")
    shutil.copytree(folder, root)

    def kill_at_pointer(path: Path) -> None:
        if path.name == "current.new":
            os.kill(os.getpid(), signal.SIGKILL)

    def half_swapped() -> int:
        files._sync = kill_at_pointer
        Shop(root).refresh()
        return 0

    assert os.WTERMSIG(forked(half_swapped)) == signal.SIGKILL


def full(folder: Path) -> None:
    """For each limit a copy of the shop, refreshed by a process whose files cannot grow beyond it."""
    for limit in LIMITS:
        root = folder.with_name(f"full-{limit}")
        shutil.copytree(folder, root)

        def refresh(root: Path = root, limit: int = limit) -> int:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
            try:
                Shop(root).refresh()
            except KitError as error:
                says = str(error)
                resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
                (root / "says").write_text(says)
                return error.exit_code
            return 0

        status = forked(refresh)
        assert os.WIFEXITED(status) and os.WEXITSTATUS(status) in (0, 2), (limit, status)


def forked(work: Callable[[], int]) -> int:
    child = os.fork()
    if child == 0:
        code = 70
        try:
            code = work()
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1]


def _arm(place: Any, name: str, calls: int) -> None:
    """Have this process killed when a function is called for the time named."""
    original, count = getattr(place, name), 0

    def deadly(*args: Any, **options: Any) -> Any:
        nonlocal count
        count += 1
        if count == calls:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*args, **options)

    setattr(place, name, deadly)


if __name__ == "__main__":
    {"killed": killed, "full": full}[sys.argv[1]](Path(sys.argv[2]))
