"""Chroma, in a build's own folder or on a server: the same calls for both."""

import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import numpy as np

from kit.errors import IndexUnavailable, KitError
from kit.knowledge.keeping.columns import Columns
from kit.knowledge.keeping.vectors import Vectors
from kit.progress import Progress

if TYPE_CHECKING:
    from langchain_chroma import Chroma
    from langchain_core.embeddings import Embeddings

__all__ = [
    "Place",
    "changes_when_opened",
    "count",
    "delete_collections",
    "fill",
    "is_near",
    "open_chroma",
    "vectors_in",
]

T = TypeVar("T")
Place = Path | str
"""A folder, or the address of a server."""

# Chroma makes the graph of fewer than a thousand vectors anew in each process, never the same twice. Looking at 100
# vectors, as it does by itself, every tenth question got other candidates, and so other scores; at 200 none did.
_LOOKED_AT = 400
_BATCH = 2000
_CANARIES = 20
_SECONDS = 10.0
# Clients of one folder share what is open, and Chroma 1.5 does not guard the moment when one opens and another closes.
_CLIENTS = RLock()


@contextmanager
def _open(place: Place) -> Iterator[Any]:
    """A client that is closed afterwards.

    Raises:
        IndexUnavailable: the server cannot be used.
    """
    client = _client(place)
    try:
        yield client
    finally:
        _close(client)


def fill(place: Place, collection: str, *, columns: Columns, vectors: Vectors, progress: Progress | None = None) -> int:
    """Make a collection and put the passages' vectors in.

    The texts stay in the build: Chroma would index them too, for a search that nobody makes, and a server need not
    know them.

    Returns:
        The row of a passage that is found by its own vector.

    Raises:
        IndexUnavailable: the server cannot be used.
        KitError: Chroma cannot write here, or what it wrote cannot be found.
    """
    ids = columns.passage_ids
    with _open(place) as client:

        def put() -> int:
            hnsw = {"hnsw": {"space": "cosine", "ef_search": _LOOKED_AT}}
            made = client.create_collection(collection, configuration=hnsw, embedding_function=None)
            for start in range(0, len(ids), _BATCH):
                rows = range(start, min(start + _BATCH, len(ids)))
                part = slice(rows.start, rows.stop)
                metadatas = [columns.metadata(row) for row in rows]
                made.add(ids[part], embeddings=vectors[part], documents=[""] * len(rows), metadatas=metadatas)
                if progress:
                    progress("storing vectors", rows.stop, len(ids))
            for row in range(0, len(ids), max(1, len(ids) // _CANARIES)):
                [found] = made.query(query_embeddings=[vectors[row]], n_results=1)["ids"]
                if found and is_near(vectors, row, columns.passage_row(found[0])):
                    return row
            raise KitError("Chroma does not find what was put in.", remedy="Run `kit index --rebuild`.")

        return _asked(place, put)


def is_near(vectors: Vectors, row: int, other: int | None) -> bool:
    """Whether two passages have the same vector, but for rounding; several may, if their texts are the same."""
    return other is not None and float(vectors[row] @ vectors[other]) > 0.999


def changes_when_opened(path: Path) -> bool:
    """Whether a file is one that Chroma writes to although it was only asked to open its folder.

    It is so with its database; and below a thousand vectors, which it takes from its database each time, with the files
    of a graph that it has not saved.
    """
    unsaved = path.suffix == ".bin" and not (path.parent / "index_metadata.pickle").exists()
    return path.name == "chroma.sqlite3" or unsaved


def open_chroma(place: Place, collection: str, embedder: "Embeddings") -> "Chroma":
    """Open a collection as a LangChain vector store.

    Raises:
        IndexUnavailable: the server cannot be used.
        Exception: the collection cannot be opened; Chroma's own errors come from three packages.
    """
    from langchain_chroma import Chroma

    client = _client(place)
    try:
        store = _asked(
            place,
            lambda: Chroma(
                collection_name=collection,
                client=client,
                embedding_function=embedder,
                create_collection_if_not_exists=False,
            ),
        )
    except BaseException:
        _close(client)
        raise
    # Chroma keeps what is open until the end of the process; a demo that runs for weeks opens many builds.
    weakref.finalize(store, _close, client)
    return store


def count(store: "Chroma") -> int:
    """How many vectors a store holds."""
    return int(store._collection.count())


def vectors_in(place: Place, collection: str, ids: Sequence[str]) -> Vectors:
    """The vectors that a collection holds for these ids.

    Raises:
        Exception: they cannot be read, or some are missing.
    """
    found: dict[str, Any] = {}
    with _open(place) as client:
        opened = client.get_collection(collection, embedding_function=None)
        for start in range(0, len(ids), _BATCH):
            rows = opened.get(ids=list(ids[start : start + _BATCH]), include=["embeddings"])
            found.update(zip(rows["ids"], rows["embeddings"], strict=True))
    return np.array([found[id] for id in ids], dtype=np.float32)


def delete_collections(place: Place, *, prefix: str, keep: set[str]) -> None:
    """Delete the collections whose names begin with `prefix`, but for those in `keep`."""
    with _open(place) as client:
        for collection in _asked(place, client.list_collections):
            if collection.name.startswith(prefix) and collection.name not in keep:
                client.delete_collection(collection.name)


def _client(place: Place) -> Any:
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    if isinstance(place, Path):
        with _CLIENTS:
            return chromadb.PersistentClient(str(place), settings)
    _greet(place)
    url = urlsplit(place)
    secure = url.scheme == "https"

    def connect() -> Any:
        with _CLIENTS:
            client = chromadb.HttpClient(str(url.hostname), url.port or (443 if secure else 80), secure, None, settings)
            # Chroma's client would wait for ever.
            client._server._session.timeout = _SECONDS  # type: ignore[attr-defined]
        return client

    return _asked(place, connect)


def _close(client: Any) -> None:
    # A client of a server, and the one within it, leave their connections open.
    sessions = [getattr(one._server, "_session", None) for one in (client, client._admin_client)]
    with _CLIENTS:
        client.close()
    for session in filter(None, sessions):
        session.close()


def _greet(url: str) -> None:
    """Ask a server whether it is there, with a limit of time, which Chroma's own first request has not."""
    import httpx

    response = _asked(url, lambda: httpx.get(f"{url.rstrip('/')}/api/v2/heartbeat", timeout=_SECONDS))
    if response.status_code in (401, 403):
        raise _unavailable(url, f"refuses access ({response.status_code})")
    if response.status_code != httpx.codes.OK or "nanosecond heartbeat" not in response.text:
        raise _unavailable(url, f"does not answer as Chroma 1.x does (status {response.status_code})")


def _asked(place: Place, ask: Callable[[], T]) -> T:
    """What asking Chroma gives; what goes wrong between here and a server becomes one clear error."""
    if isinstance(place, Path):
        return ask()
    import httpx
    from chromadb.errors import ChromaError, NotFoundError

    try:
        return ask()
    except NotFoundError:  # The server is in order; what it should hold is not there.
        raise
    except (httpx.HTTPError, ChromaError, ValueError, KeyError, OSError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise _unavailable(place, f"cannot be used ({reason})") from error


def _unavailable(url: str, what: str) -> IndexUnavailable:
    return IndexUnavailable(
        f"The Chroma server at {url} {what}.",
        remedy="Start it, or mend `chroma` in kit.toml; without that line the index is kept on this machine.",
    )
