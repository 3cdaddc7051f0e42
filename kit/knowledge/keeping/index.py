"""Keeps the index: builds it, refreshes what changed, swaps the new build in, opens the one in force, mends it."""

import logging
import secrets
import shutil
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from kit.errors import IndexUnavailable, KitError
from kit.knowledge.article import Skipped
from kit.knowledge.keeping.build import Build
from kit.knowledge.keeping.chroma import delete_collections
from kit.knowledge.keeping.fields import Corpus
from kit.knowledge.keeping.files import write_pointer
from kit.knowledge.keeping.held import in_use
from kit.knowledge.keeping.manifest import FORMAT, REMEDY, Manifest, code_digest
from kit.knowledge.keeping.memory import Memory
from kit.knowledge.keeping.opening import Damaged, open_build
from kit.knowledge.keeping.past import Past
from kit.knowledge.keeping.writing import UNCHANGED, write_build
from kit.knowledge.passages import split
from kit.knowledge.readers import read_folder
from kit.models import Embedder
from kit.progress import Progress
from kit.settings import Include
from kit.text import digest

__all__ = ["IndexReport", "open_index", "refresh_index"]

_CURRENT = "current"
_BUILD = "build-"
_MENDING_SECONDS = 60.0
# So many passages are compared with a query faster than Chroma is loaded.
_FEW = 20_000
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class IndexReport:
    """What `kit index` did. `embedded` counts the passages that had to be embedded."""

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
    chroma: str = "",
    include: Collection[Include] = (),
    rebuild: bool = False,
    strict: bool = False,
    progress: Progress | None = None,
) -> IndexReport:
    """Bring the index in `folder` up to date with the articles in `knowledge`.

    The new build is made beside the old one, which answers until the new one is complete. Files that have not changed
    are not read again, articles not cut again, texts not embedded again.

    Args:
        folder: the index.
        knowledge: the articles.
        embedder: makes the vectors.
        passage_tokens: the most tokens that a passage may have.
        chroma: the address of a Chroma server that shall hold the vectors; empty keeps them in `folder`.
        include: which articles of exports are read besides the public ones.
        rebuild: do all of it again.
        strict: build nothing while files are left out.
        progress: told after each step.

    Raises:
        LeftOut: with `strict`, a file cannot be read.
        KitError: the articles cannot be read, the index cannot be written, or another process is building it.
    """
    began = time.monotonic()
    if not knowledge.is_dir():
        read_folder(knowledge)  # says what is wrong, before anything is made
    with _writing(folder, seconds=0):
        _clean(folder, chroma)
        before = Past(_current(folder))
        past = Past(None) if rebuild else before
        memory = Memory(folder, past)
        reading = read_folder(knowledge, include=include, progress=progress, remember=memory.read)
        if strict:
            reading.check_whole()
        # Two tokens go to the marks of start and end; what is longer than the embedder reads would be cut silently.
        limit = min(passage_tokens, embedder.max_tokens - 2)
        corpus = digest(*(article.hash for article in reading.articles))
        manifest = Manifest(FORMAT, embedder.fingerprint, limit, corpus, code_digest(), chroma.rstrip("/"))
        embedded = 0
        passages = None if rebuild else _unchanged(folder, manifest, embedder)
        if changed := passages is None:
            cut = [
                passage
                for article in reading.articles
                for passage in past.passages(article, like=manifest)
                or split(article, limit=limit, count=embedder.count_tokens)
            ]
            passages = len(cut)
            embedded = _build(folder, manifest, Corpus(reading.articles, cut), embedder, past, progress)
            if before.manifest is not None:
                _leave(folder, before.manifest.store, manifest.store)
        memory.save()
    seconds = time.monotonic() - began
    return IndexReport(len(reading.articles), passages or 0, reading.skipped, embedded, seconds, changed)


def open_index(folder: Path, embedder: Embedder, *, chroma: str = "", brief: bool = False) -> Build:
    """Open the build in force; if it is damaged, mend it from what it holds itself.

    Args:
        folder: the index.
        embedder: makes the vectors of queries.
        chroma: the address of the Chroma server that holds the vectors, if one does.
        brief: for a question or two: where the passages are few and kept here, all vectors are compared, which takes a
            few milliseconds, and Chroma is not loaded, which takes half a second.

    Raises:
        IndexUnavailable: there is none, it is damaged beyond that, or it was made with another embedder.
    """
    store = chroma.rstrip("/")
    while True:
        current = _current(folder)
        if current is None:
            raise IndexUnavailable("There is no index yet.", path=folder, remedy=REMEDY)
        try:
            exact = brief and not store and Manifest.read(current).passages <= _FEW
            return open_build(current, embedder, store=store, exact=exact)
        except IndexUnavailable as error:
            # Another build may have been finished meanwhile, and this one removed.
            if _current(folder) != current:
                continue
            if not isinstance(error, Damaged) or not error.derived:
                raise
            if fallen_back := _mend(folder, current, embedder, store, error):
                return fallen_back


def _mend(folder: Path, current: Path, embedder: Embedder, store: str, damage: Damaged) -> Build | None:
    """Make the build anew from its own passages; where that cannot be written, do without its vector store."""
    try:
        with _writing(folder, seconds=_MENDING_SECONDS):
            past = Past(current)
            if _current(folder) == current and past.manifest is not None and past.corpus is not None:
                _build(folder, past.manifest, past.corpus, embedder, past, None)
                _log.warning("%s It has been mended from its own passages.", damage.problem)
    except KitError:
        if not all(part.split("/")[0] == "chroma" for part in damage.parts):
            raise damage from None
        _log.warning("%s It cannot be mended here; all vectors are compared instead.", damage.problem)
        return open_build(current, embedder, store=store, exact=True)
    return None


@contextmanager
def _writing(folder: Path, *, seconds: float) -> Iterator[None]:
    """The right to write, which one process has at a time.

    Raises:
        KitError: another has it, or what is written cannot be.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "lock", timeout=seconds):
            yield
    except Timeout as error:
        raise KitError(
            "Another process is building this index.", path=folder, remedy="Wait until it has finished."
        ) from error
    except OSError as error:
        raise KitError(
            f"The index cannot be written: {error.strerror or error}.",
            path=error.filename or folder,
            remedy=UNCHANGED,
        ) from error


def _current(folder: Path) -> Path | None:
    try:
        name = (folder / _CURRENT).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return None
    return folder / name if name.startswith(_BUILD) and (folder / name).is_dir() else None


def _unchanged(folder: Path, manifest: Manifest, embedder: Embedder) -> int | None:
    """How many passages the build in force has, if it is whole and what a new one would be."""
    current = _current(folder)
    if current is None:
        return None
    try:
        if not Manifest.read(current).equals(manifest):
            return None
        return len(open_build(current, embedder, store=manifest.store).passages)
    except Damaged:
        return None
    except IndexUnavailable:
        if manifest.store:
            raise
        return None


def _build(
    folder: Path,
    manifest: Manifest,
    corpus: Corpus,
    embedder: Embedder,
    past: Past,
    progress: Progress | None,
) -> int:
    new = folder / f"{_BUILD}{secrets.token_hex(4)}"
    named = replace(manifest, collection=f"{_prefix(folder)}{new.name}") if manifest.store else manifest
    try:
        embedded = write_build(new, manifest=named, corpus=corpus, embedder=embedder, past=past, progress=progress)
        write_pointer(folder / _CURRENT, new.name)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    _clean(folder, manifest.store)
    return embedded


def _clean(folder: Path, store: str) -> None:
    """Remove the builds that were in force before, unless somebody still reads them, and what a killed process left."""
    current = _current(folder)
    kept = {current.name} if current else set()
    for build in folder.glob(f"{_BUILD}*"):
        if build == current:
            continue
        if in_use(build):
            kept.add(build.name)
        else:
            shutil.rmtree(build, ignore_errors=True)
    if store:
        delete_collections(store, prefix=_prefix(folder), keep={f"{_prefix(folder)}{name}" for name in kept})


def _leave(folder: Path, old: str, new: str) -> None:
    """Delete what is on a server that is used no more."""
    if old and old != new:
        try:
            delete_collections(old, prefix=_prefix(folder), keep=set())
        except IndexUnavailable as error:
            _log.warning("%s The vectors of this index are still there.", error.problem)


def _prefix(folder: Path) -> str:
    """How the names of this index's collections on a server begin; no other index has the same."""
    path = folder / "id"
    if not path.exists():
        write_pointer(path, secrets.token_hex(8))
    return f"kit-{path.read_text(encoding='utf-8').strip()}-"
