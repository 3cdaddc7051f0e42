"""Files that are as they were when they were last read are not read again."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kit.knowledge.article import Reading, Skipped
from kit.knowledge.keeping.files import write_pointer
from kit.knowledge.keeping.manifest import code_digest
from kit.knowledge.keeping.past import Past
from kit.text import digest

__all__ = ["Memory"]

_NAME = "sources.json"
# Kinds of files that take in parts of others: what one of them says may change though the file itself has not.
_TOGETHER = (".rst", ".mdx")


class Memory:
    """What each file gave, by the hash of its content.

    It holds names, hashes and reasons; the articles themselves are taken from the build in force, and only if they are
    the ones that were read.

    Args:
        folder: the index, where the memory lies.
        past: the build in force.
    """

    def __init__(self, folder: Path, past: Past) -> None:
        self._path, self._past = folder / _NAME, past
        self._old = _load(self._path) if past.read_alike else {}
        self._new: dict[str, Any] = {}
        self._around = ""

    def read(self, path: Path, name: str, afresh: Callable[[], Reading]) -> Reading:
        """What a file gives: from memory if it is the same file, else by reading it with `afresh`."""
        try:
            content = path.read_bytes()
        except OSError:
            return afresh()  # It says why it cannot be read.
        key = digest(content)
        if path.suffix.lower() in _TOGETHER:
            key = digest(key, self._all_around(path, name))
        found = self._recall(self._old.get(name), key)
        reading = found or afresh()
        self._new[name] = {
            "key": key,
            "articles": [[article.article_id, article.hash] for article in reading.articles],
            "skipped": [[one.path, one.reason] for one in reading.skipped],
        }
        return reading

    def save(self) -> None:
        """Keep what was read for the next time.

        Raises:
            OSError: it cannot be written.
        """
        if self._new != self._old:
            content = {"code": code_digest(), "files": self._new}
            write_pointer(self._path, json.dumps(content, ensure_ascii=False))

    def _recall(self, entry: Any, key: str) -> Reading | None:
        if entry is None or entry["key"] != key:
            return None
        articles = []
        for id, hash in entry["articles"]:
            article = self._past.article(id)
            if article is None or article.hash != hash:
                return None
            articles.append(article)
        return Reading(tuple(articles), tuple(Skipped(path, reason) for path, reason in entry["skipped"]))

    def _all_around(self, path: Path, name: str) -> str:
        if not self._around:
            root = path.parents[name.count("/")]
            files = sorted(one for one in root.rglob("*") if one.is_file())
            self._around = digest(*(part for one in files for part in (str(one.relative_to(root)), _content(one))))
        return self._around


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _load(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        files: dict[str, Any] = content["files"] if content["code"] == code_digest() else {}
        return files if all({"key", "articles", "skipped"} <= entry.keys() for entry in files.values()) else {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}  # All is read again.
