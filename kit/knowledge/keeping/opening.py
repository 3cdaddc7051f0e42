"""Opens a build, and trusts it only when it is whole: its files are what they were, and its store finds its canary."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kit.errors import IndexUnavailable, KitError
from kit.knowledge.article import Article, Passage
from kit.knowledge.keeping.build import Build
from kit.knowledge.keeping.chroma import Place, count, is_near, open_chroma
from kit.knowledge.keeping.columns import Columns
from kit.knowledge.keeping.exact import ExactStore
from kit.knowledge.keeping.fields import FILTERS, VECTORS, WORDS
from kit.knowledge.keeping.files import damaged
from kit.knowledge.keeping.held import Held
from kit.knowledge.keeping.manifest import REMEDY, Manifest
from kit.knowledge.keeping.rows import Rows
from kit.knowledge.keeping.spans import Spans
from kit.knowledge.keeping.stores import nearest
from kit.knowledge.keeping.tokens import Tokens
from kit.knowledge.keeping.vectors import Vectors, read_vectors
from kit.knowledge.keeping.whitening import Whitening
from kit.knowledge.keeping.words import VOCABULARY, Words
from kit.models import Embedder

if TYPE_CHECKING:
    from langchain_core.vectorstores import VectorStore

__all__ = ["Damaged", "open_build"]

_DERIVED = ("vectors", "words", "chroma")


class Damaged(IndexUnavailable):
    """Parts of a build are not what they were.

    Args:
        folder: the build.
        parts: the files.
    """

    def __init__(self, folder: Path, parts: list[str]) -> None:
        named = ", ".join(parts[:3]) + (f" and {len(parts) - 3} more" if len(parts) > 3 else "")
        super().__init__(f"The index is damaged ({named}).", path=folder, remedy=REMEDY)
        self.parts = parts

    @property
    def derived(self) -> bool:
        """Whether all that is damaged can be made from what is not."""
        return all(part.split("/")[0] in _DERIVED for part in self.parts)

    def touches(self, part: str) -> bool:
        """Whether a file, or one in a folder, is damaged."""
        return any(one == part or one.startswith(f"{part}/") for one in self.parts)


def open_build(folder: Path, embedder: Embedder, *, store: str = "", exact: bool = False) -> Build:
    """Open a build for searching.

    Args:
        folder: the build.
        embedder: makes the vectors of queries.
        store: the address of the Chroma server that `kit.toml` names, if any.
        exact: compare with all vectors instead of opening Chroma.

    Raises:
        Damaged: parts of it are.
        IndexUnavailable: it was made with another embedder or for another store, or the server cannot be used.
    """
    try:
        held = Held(folder)
    except OSError as error:
        raise Damaged(folder, ["manifest.json"]) from error
    try:
        return _opened(folder, held, embedder, store, exact)
    except BaseException:
        held.release()
        raise


def _opened(folder: Path, held: Held, embedder: Embedder, store: str, exact: bool) -> Build:
    manifest = Manifest.read(folder)
    _check_make(folder, manifest, embedder, store)
    if not {f"vectors/{name}.npy" for name in VECTORS} | {f"words/{name}/{VOCABULARY}" for name in WORDS} <= (
        manifest.files.keys()
    ):
        raise IndexUnavailable("The index has an older format.", path=folder, remedy=REMEDY)
    if parts := damaged(folder, manifest.files):
        raise Damaged(folder, parts)
    columns = Columns(folder)
    vectors = {name: read_vectors(folder / "vectors", name) for name in VECTORS}
    return Build(
        folder=folder,
        manifest=manifest,
        embedder=embedder,
        articles=Rows(folder / "articles.jsonl", Article),
        passages=Rows(folder / "passages.jsonl", Passage),
        columns=columns,
        vectors=vectors,
        sentences=Spans(folder / "vectors" / "sentences.npy"),
        sentence_starts=np.load(folder / "vectors" / "sentences.starts.npy"),
        tokens=Tokens(folder / "vectors"),
        whitening=Whitening.read(folder / "vectors"),
        words={name: Words(folder / "words" / name) for name in WORDS},
        store=_open_store(folder, manifest, columns, vectors["passages"], embedder, exact),
        held=held,
        exact_filters=not manifest.store,
    )


def _check_make(folder: Path, manifest: Manifest, embedder: Embedder, store: str) -> None:
    if manifest.embedder != embedder.fingerprint:
        raise IndexUnavailable(
            f"The index was built with the embedder {manifest.embedder}, but kit.toml now asks for"
            f" {embedder.fingerprint}.",
            path=folder,
            remedy=REMEDY,
        )
    if manifest.store != store:
        raise IndexUnavailable(
            f"The vectors are kept {_where(manifest.store)}, but kit.toml wants them {_where(store)}.",
            path=folder,
            remedy=REMEDY,
        )


def _where(store: str) -> str:
    return f"on the Chroma server at {store}" if store else "in the index's own folder"


def _open_store(
    folder: Path, manifest: Manifest, columns: Columns, vectors: Vectors, embedder: Embedder, exact: bool
) -> "VectorStore":
    # Chroma writes when it opens a folder: there it would fail, and whoever may only read shall not change it.
    if exact or not (manifest.store or _writable(folder / "chroma")):
        metadata = {name: columns.of_passages(name) for name in FILTERS}
        return ExactStore(vectors, columns.passage_ids, metadata, embedder)
    place: Place = manifest.store or folder / "chroma"
    try:
        store = open_chroma(place, manifest.collection, embedder)
        ids = nearest(store, vectors[manifest.canary].tolist(), k=1)
        sound = count(store) == manifest.passages and ids
        if not sound or not is_near(vectors, manifest.canary, columns.passage_row(ids[0])):
            raise Damaged(folder, ["chroma"])
    except Damaged:
        raise
    except KitError:
        if manifest.store:
            raise
        raise Damaged(folder, ["chroma"]) from None
    except Exception as error:  # Chroma's own errors come from three packages; each means the same here.
        raise Damaged(folder, ["chroma"]) from error
    return store


def _writable(folder: Path) -> bool:
    return all(os.access(path, os.W_OK) for path in (folder, folder / "chroma.sqlite3") if path.exists())
