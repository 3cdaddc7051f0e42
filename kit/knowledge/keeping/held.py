"""Tells the builder which builds are being read, so that it removes those that nobody reads, and only those."""

import fcntl
import os
import weakref
from pathlib import Path

__all__ = ["Held", "in_use"]

_NAME = "manifest.json"


class Held:
    """A build that is being read, until `release` or for as long as this object lives.

    The system keeps count, so that a process that is killed holds nothing.

    Attributes:
        release: ends it before that.

    Raises:
        OSError: there is no such build.
    """

    def __init__(self, build: Path) -> None:
        descriptor = os.open(build / _NAME, os.O_RDONLY)
        self.release = weakref.finalize(self, os.close, descriptor)
        _lock(descriptor, fcntl.LOCK_SH)


def in_use(build: Path) -> bool:
    """Whether a process, this one included, is reading a build."""
    try:
        descriptor = os.open(build / _NAME, os.O_RDONLY)
    except OSError:
        return False  # It never was complete.
    try:
        return not _lock(descriptor, fcntl.LOCK_EX)
    finally:
        os.close(descriptor)


def _lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except OSError:
        # Taken by another; or the file system has no locks: rather keep a build too long than remove it too early.
        return False
    return True
