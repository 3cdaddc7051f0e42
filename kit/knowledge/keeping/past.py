"""The build in force, as far as it can be trusted, as what the next one is made from."""

from collections.abc import Mapping
from pathlib import Path

from kit.errors import IndexUnavailable
from kit.knowledge.article import Article, Passage
from kit.knowledge.keeping.chroma import vectors_in
from kit.knowledge.keeping.columns import Columns
from kit.knowledge.keeping.fields import VECTORS, WORDS, Corpus
from kit.knowledge.keeping.files import damaged
from kit.knowledge.keeping.keys import keys_of, read_keys
from kit.knowledge.keeping.manifest import Manifest, code_digest
from kit.knowledge.keeping.rows import ById, Rows
from kit.knowledge.keeping.tokens import KnownTokens, Tokens
from kit.knowledge.keeping.vectors import KnownVectors
from kit.knowledge.keeping.words import KnownWords

__all__ = ["Past"]

_ROWS = ("columns.json", "articles.jsonl", "articles.starts.npy", "passages.jsonl", "passages.starts.npy")


class Past:
    """A build that may be damaged, of another make, or absent.

    Attributes:
        manifest: what it was made of, if that can be read.
        corpus: its articles and passages, if they are whole.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder or Path()
        self.manifest: Manifest | None = None
        self.corpus: Corpus | None = None
        self._damaged: set[str] = set()
        self._articles: Mapping[str, Article] = {}
        if folder is None:
            return
        try:
            self.manifest = Manifest.read(folder)
        except IndexUnavailable:
            return
        self._damaged = set(damaged(folder, self.manifest.files))
        if not self._damaged.intersection(_ROWS):
            self._columns = Columns(folder)
            self.corpus = Corpus(Rows(folder / "articles.jsonl", Article), Rows(folder / "passages.jsonl", Passage))
            self._articles = ById(
                self._columns.article_ids, self._columns.article_row, self.corpus.articles.__getitem__
            )

    @property
    def read_alike(self) -> bool:
        """Whether the same code would read the same files into the same articles."""
        return self.manifest is not None and self.manifest.code == code_digest()

    def article(self, id: str) -> Article | None:
        """The article with this id."""
        return self._articles.get(id)

    def passages(self, article: Article, *, like: Manifest) -> list[Passage] | None:
        """The passages of an article that has not changed, if they were cut as they would be cut now."""
        if self.manifest is None or self.corpus is None or not self.read_alike:
            return None
        cut = self.manifest.passage_tokens, self.manifest.embedder
        if cut != (like.passage_tokens, like.embedder) or self.article(article.article_id) != article:
            return None
        row = self._columns.article_row(article.article_id)
        return None if row is None else [self.corpus.passages[one] for one in self._columns.passages_of(row)]

    def vectors(self, *, embedder: str) -> KnownVectors:
        """The vectors that are whole and made by this embedder."""
        known = KnownVectors()
        if self.manifest is None or self.manifest.embedder != embedder:
            return known
        for name in VECTORS:
            files = {f"vectors/{name}.npy", f"vectors/{name}.keys.npy"}
            if files <= self.manifest.files.keys() and not files & self._damaged:
                known.add_field(self._folder / "vectors", name)
            elif name == "passages":
                self._add_from_store(known)
        return known

    def tokens(self, *, embedder: str) -> KnownTokens:
        """The token vectors that are whole and made by this embedder."""
        known = KnownTokens()
        if self.manifest is None or self.manifest.embedder != embedder:
            return known
        folder = self._folder / "vectors"
        files = {f"vectors/{name}" for name in ("tokens.npy", "tokens.starts.npy", "passages.keys.npy")}
        if files <= self.manifest.files.keys() and not files & self._damaged:
            known.add_build(Tokens(folder), read_keys(folder / "passages"))
        return known

    def words(self) -> dict[str, KnownWords]:
        """The stems of the texts of each field that is whole, if they would be the same now."""
        if self.manifest is None or not self.read_alike:
            return {}
        whole = [name for name in WORDS if not any(part.startswith(f"words/{name}/") for part in self._damaged)]
        return {name: KnownWords(self._folder / "words" / name) for name in whole}

    def _add_from_store(self, known: KnownVectors) -> None:
        if self.manifest is None or self.corpus is None:
            return
        place = self.manifest.store or self._folder / "chroma"
        if any(part.startswith("chroma/") for part in self._damaged):
            return
        try:
            vectors = vectors_in(place, self.manifest.collection, self._columns.passage_ids)
        except Exception:  # Whatever the store says, the passages are there and can be embedded again.
            return
        if vectors.shape == (len(self._columns.passage_ids), self.manifest.dimension):
            known.add(vectors, keys_of(VECTORS["passages"](self.corpus)))
