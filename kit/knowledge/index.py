"""Keeps the index: builds it, refreshes what changed, swaps the new build in, opens the one in force."""

import secrets
import shutil
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from kit.errors import IndexUnavailable, KitError
from kit.knowledge.article import Article, Passage, Skipped
from kit.knowledge.passages import split
from kit.knowledge.readers import read_folder
from kit.knowledge.store import FORMAT, Build, Manifest, open_build, vectors_of, write_build
from kit.models import Embedder
from kit.progress import Progress
from kit.settings import Include
from kit.text import digest

__all__ = ["IndexReport", "open_index", "refresh_index"]

_CURRENT = "current"


@dataclass(frozen=True)
class IndexReport:
    """What `kit index` did. `embedded` counts the passages and titles that had to be embedded; 0 means unchanged."""

    articles: int
    passages: int
    skipped: tuple[Skipped, ...]
    embedded: int
    seconds: float
    changed: bool

    def to_json(self) -> dict[str, object]:
        skipped = [{"path": item.path, "reason": item.reason} for item in self.skipped]
        facts = {"articles": self.articles, "passages": self.passages, "skipped": skipped, "embedded": self.embedded}
        return {**facts, "seconds": round(self.seconds, 2)}


def refresh_index(
    folder: Path,
    *,
    knowledge: Path,
    embedder: Embedder,
    passage_tokens: int,
    include: Collection[Include] = (),
    rebuild: bool = False,
    strict: bool = False,
    progress: Progress | None = None,
) -> IndexReport:
    """Bring the index in `folder` up to date with the articles in `knowledge`.

    The new build is made beside the old one, which answers until the new one is complete. Texts that the old build
    holds are not embedded again. With `strict` nothing is built while files are left out.

    Raises:
        LeftOut: with `strict`, a file cannot be read.
        KitError: the articles cannot be read, the index cannot be written, or another process is building it.
    """
    began = time.monotonic()
    reading = read_folder(knowledge, include=include, progress=progress)
    if strict:
        reading.check_whole()
    # Two tokens go to the marks of start and end; what is longer than the embedder reads would be cut silently.
    limit = min(passage_tokens, embedder.max_tokens - 2)
    passages = [p for article in reading.articles for p in split(article, limit=limit, count=embedder.count_tokens)]
    corpus = digest(*(article.hash for article in reading.articles))
    manifest = Manifest(FORMAT, embedder.fingerprint, limit, corpus, len(reading.articles), len(passages))

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "lock", timeout=0):
            embedded, changed = 0, rebuild or not _up_to_date(folder, manifest)
            if changed:
                embedded = _build(folder, manifest, reading.articles, passages, embedder, rebuild, progress)
    except Timeout as error:
        raise KitError(
            "Another process is building this index.", path=folder, remedy="Wait until it has finished."
        ) from error
    except OSError as error:
        raise KitError(
            f"The index cannot be written: {error.strerror or error}.",
            path=error.filename or folder,
            remedy="What was there before is unchanged; make room or set the rights, then run `kit index` again.",
        ) from error
    seconds = time.monotonic() - began
    return IndexReport(len(reading.articles), len(passages), reading.skipped, embedded, seconds, changed)


def open_index(folder: Path, embedder: Embedder) -> Build:
    """Open the build in force.

    Raises:
        IndexUnavailable: there is none, it is damaged, or it was made with another embedder.
    """
    while True:
        current = _current(folder)
        if current is None:
            raise IndexUnavailable("There is no index yet.", path=folder, remedy="Run `kit index`.")
        try:
            return open_build(current, embedder)
        except IndexUnavailable:
            # Two builds may have been finished meanwhile, and this one removed.
            if _current(folder) == current:
                raise


def _current(folder: Path) -> Path | None:
    try:
        build = folder / (folder / _CURRENT).read_text(encoding="utf-8").strip()
    except OSError:
        return None
    return build if build.is_dir() else None


def _up_to_date(folder: Path, manifest: Manifest) -> bool:
    try:
        current = _current(folder)
        return current is not None and Manifest.read(current) == manifest
    except IndexUnavailable:
        return False


def _build(
    folder: Path,
    manifest: Manifest,
    articles: tuple[Article, ...],
    passages: list[Passage],
    embedder: Embedder,
    rebuild: bool,
    progress: Progress | None,
) -> int:
    texts = [passage.indexed_text for passage in passages] + [article.title for article in articles]
    vectors, embedded = _embed(texts, embedder, {} if rebuild else _known_vectors(folder, embedder), progress)
    old = _current(folder)
    new = folder / f"build-{secrets.token_hex(4)}"
    try:
        write_build(
            new,
            manifest=manifest,
            articles=articles,
            passages=passages,
            passage_vectors=vectors[: len(passages)],
            title_vectors=vectors[len(passages) :],
        )
        pointer = folder / f"{_CURRENT}.new"
        pointer.write_text(new.name, encoding="utf-8")
        pointer.replace(folder / _CURRENT)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    # The build that was in force stays for readers that have it open; what is older goes.
    for other in folder.glob("build-*"):
        if other not in (old, new):
            shutil.rmtree(other, ignore_errors=True)
    return embedded


def _known_vectors(folder: Path, embedder: Embedder) -> dict[str, NDArray[np.float32]]:
    current = _current(folder)
    try:
        if current is None or Manifest.read(current).embedder != embedder.fingerprint:
            return {}
        return vectors_of(current)
    except Exception:  # A damaged old build is no reason not to make a new one: everything is embedded again.
        return {}


def _embed(
    texts: list[str], embedder: Embedder, known: dict[str, NDArray[np.float32]], progress: Progress | None
) -> tuple[NDArray[np.float32], int]:
    new = [text for text in dict.fromkeys(texts) if text not in known]
    if new:
        known = known | dict(zip(new, embedder.encode(new, progress=progress), strict=True))
    return np.stack([known[text] for text in texts]), len(new)
