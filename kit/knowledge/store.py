"""One build of the index on disk: passages, their vectors in Chroma, their words in BM25.

A build is a folder that is written once and never changed. `open_build` reads one, `write_build` makes one.
"""

import json
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kit.errors import IndexUnavailable
from kit.knowledge.article import Article, Passage
from kit.models import Embedder
from kit.text import content_words

if TYPE_CHECKING:
    import bm25s
    from langchain_chroma import Chroma

__all__ = ["Build", "Manifest", "open_build", "vectors_of", "write_build"]

FORMAT = 1
_BATCH = 2000
_DATES = ("created", "updated")
# Clients of one folder share what is open, and Chroma 1.5 does not guard the moment when one opens and another closes.
_CLIENTS = Lock()


@dataclass(frozen=True)
class Manifest:
    """What a build was made of; two builds with equal manifests hold the same."""

    format: int
    embedder: str
    passage_tokens: int
    corpus: str
    articles: int
    passages: int

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Read a build's manifest.

        Raises:
            IndexUnavailable: it is missing, damaged or of another format.
        """
        try:
            return cls(**json.loads((folder / "manifest.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise IndexUnavailable("The index is damaged.", path=folder, remedy="Run `kit index --rebuild`.") from error


@dataclass(frozen=True)
class Build:
    """An index that can be searched. Rows of the BM25 scores are in the order of `passages` and `articles`."""

    folder: Path
    manifest: Manifest
    articles: tuple[Article, ...]
    passages: tuple[Passage, ...]
    passage_store: "Chroma"
    title_store: "Chroma"
    passage_words: "bm25s.BM25"
    article_words: "bm25s.BM25"

    @cached_property
    def passage(self) -> dict[str, Passage]:
        """The passages by their id."""
        return {passage.passage_id: passage for passage in self.passages}

    @cached_property
    def article(self) -> dict[str, Article]:
        """The articles by their id."""
        return {article.article_id: article for article in self.articles}

    @cached_property
    def passages_of(self) -> dict[str, list[Passage]]:
        """The passages of each article, in order."""
        found: dict[str, list[Passage]] = {}
        for passage in self.passages:
            found.setdefault(passage.article_id, []).append(passage)
        return found

    def rarity(self, stem: str) -> float:
        """Inverse document frequency of a stem over the articles; highest for one that stands in none."""
        column = self.article_words.vocab_dict.get(stem)
        starts = self.article_words.scores["indptr"]
        holding = 0 if column is None else int(starts[column + 1] - starts[column])
        return math.log((len(self.articles) + 1) / (holding + 0.5))


def write_build(
    folder: Path,
    *,
    manifest: Manifest,
    articles: Sequence[Article],
    passages: Sequence[Passage],
    passage_vectors: NDArray[np.float32],
    title_vectors: NDArray[np.float32],
) -> None:
    """Write a build into `folder`; it counts only once its manifest is there, which is written last."""
    import bm25s

    folder.mkdir(parents=True)
    _write_lines(folder / "articles.jsonl", map(_row, articles))
    _write_lines(folder / "passages.jsonl", map(asdict, passages))
    with _chroma(folder) as client:
        for name, ids, texts, vectors in (
            ("passages", [p.passage_id for p in passages], [p.indexed_text for p in passages], passage_vectors),
            ("titles", [a.article_id for a in articles], [a.title for a in articles], title_vectors),
        ):
            collection = client.create_collection(
                name, configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
            )
            for start in range(0, len(ids), _BATCH):
                part = slice(start, start + _BATCH)
                metadatas = [{"article_id": id.rsplit("#", 1)[0] if name == "passages" else id} for id in ids[part]]
                collection.add(ids[part], embeddings=vectors[part], documents=texts[part], metadatas=metadatas)
    for name, texts in (
        ("passages", [p.indexed_text for p in passages]),
        ("articles", [f"{a.title}\n{a.text}" for a in articles]),
    ):
        model = bm25s.BM25()
        # A text without a single content word still needs a row.
        model.index([content_words(text) or ["-"] for text in texts], show_progress=False)
        model.save(str(folder / "bm25" / name))
    (folder / "manifest.json").write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")


def open_build(folder: Path, embedder: Embedder) -> Build:
    """Open a build for searching with `embedder`.

    Raises:
        IndexUnavailable: damaged, or made with another embedder.
    """
    manifest = Manifest.read(folder)
    if manifest.format != FORMAT:
        raise IndexUnavailable("The index has an older format.", path=folder, remedy="Run `kit index`.")
    if manifest.embedder != embedder.fingerprint:
        raise IndexUnavailable(
            f"The index was built with the embedder {manifest.embedder}, but kit.toml now asks for"
            f" {embedder.fingerprint}.",
            path=folder,
            remedy="Run `kit index`.",
        )
    import bm25s
    from langchain_chroma import Chroma

    try:
        articles = tuple(_article(row) for row in _read_lines(folder / "articles.jsonl"))
        passages = tuple(
            Passage(**{**row, "headings": tuple(row["headings"])}) for row in _read_lines(folder / "passages.jsonl")
        )
        client = _client(folder)
        stores = [
            Chroma(
                collection_name=name, client=client, embedding_function=embedder, create_collection_if_not_exists=False
            )
            for name in ("passages", "titles")
        ]
        counts = [client.get_collection(name, embedding_function=None).count() for name in ("passages", "titles")]
        models = [bm25s.BM25.load(str(folder / "bm25" / name)) for name in ("passages", "articles")]
    except Exception as error:  # Chroma's own errors come from three packages; each means the same here.
        raise IndexUnavailable(
            f"The index is damaged ({type(error).__name__}).", path=folder, remedy="Run `kit index --rebuild`."
        ) from error
    if not (counts[0] == len(passages) == manifest.passages and counts[1] == len(articles) == manifest.articles):
        raise IndexUnavailable("The index is incomplete.", path=folder, remedy="Run `kit index --rebuild`.")
    return Build(folder, manifest, articles, passages, stores[0], stores[1], models[0], models[1])


def vectors_of(folder: Path) -> dict[str, NDArray[np.float32]]:
    """The vectors that a build holds, by the text they stand for, so that it need not be embedded again."""
    found: dict[str, NDArray[np.float32]] = {}
    with _chroma(folder) as client:
        for name in ("passages", "titles"):
            rows = client.get_collection(name, embedding_function=None).get(include=["embeddings", "documents"])
            found.update(zip(rows["documents"], rows["embeddings"], strict=True))
    return found


def _client(folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    with _CLIENTS:
        return chromadb.PersistentClient(str(folder / "chroma"), Settings(anonymized_telemetry=False))


@contextmanager
def _chroma(folder: Path) -> Iterator[Any]:
    client = _client(folder)
    try:
        yield client
    finally:
        with _CLIENTS:
            client.close()


def _write_lines(path: Path, rows: Any) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _read_lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def _row(article: Article) -> dict[str, Any]:
    return {**asdict(article), **{name: (day := getattr(article, name)) and str(day) for name in _DATES}}


def _article(row: dict[str, Any]) -> Article:
    days = {name: date.fromisoformat(row[name]) if row.get(name) else None for name in _DATES}
    lists = {"labels": tuple(row["labels"]), "anchors": tuple((text, to) for text, to in row.get("anchors", ()))}
    return Article(**{**row, **days, **lists})
