"""What the knowledge base is made of: articles, passages, hits."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from kit.errors import KitError
from kit.text import digest

__all__ = ["Article", "Hit", "LeftOut", "Passage", "Reading", "Skipped"]


@dataclass(frozen=True)
class Article:
    """One document of the knowledge base; whatever it came from, its text is Markdown.

    `anchors` are pairs of a heading and the fragment that leads to it in the article's source, in order of the text.
    """

    article_id: str
    title: str
    text: str
    source: str
    url: str = ""
    updated: date | None = None
    language: str = ""
    audience: str = ""
    product: str = ""
    labels: tuple[str, ...] = ()
    created: date | None = None
    anchors: tuple[tuple[str, str], ...] = ()

    @cached_property
    def hash(self) -> str:
        """Changes when anything that is indexed or shown changes."""
        facts = (self.title, self.text, self.url, self.source, self.language, self.audience, self.product)
        dates = (str(self.created), str(self.updated))
        lists = (self.labels, *self.anchors)
        return digest(self.article_id, *facts, *dates, *(digest(*one) for one in lists))


@dataclass(frozen=True)
class Skipped:
    """A file that could not become an article, and why."""

    path: str
    reason: str


@dataclass(frozen=True)
class Reading:
    """What reading a folder gave, in order of path."""

    articles: tuple[Article, ...]
    skipped: tuple[Skipped, ...] = ()

    def check_whole(self) -> None:
        """Insist that nothing was left out.

        Raises:
            LeftOut: something was.
        """
        if self.skipped:
            raise LeftOut(self.skipped)


class LeftOut(KitError):
    """Files were left out where none may be."""

    def __init__(self, skipped: tuple[Skipped, ...]) -> None:
        self.skipped = skipped
        named = "; ".join(f"{one.path} ({one.reason.rstrip('.')})" for one in skipped[:3])
        more = f"; and {len(skipped) - 3:,} more" if len(skipped) > 3 else ""
        what = "1 file" if len(skipped) == 1 else f"{len(skipped):,} files"
        super().__init__(
            f"{what} would be left out: {named}{more}.",
            remedy="Mend them, take them out of the folder, or do without `--strict`; the index is as it was.",
        )


@dataclass(frozen=True)
class Passage:
    """A piece of an article that is indexed and cited. `number` counts within the article, from 1.

    `url` is the article's; `link` leads to this very place: a path in the knowledge folder where there is no URL.
    """

    article_id: str
    number: int
    title: str
    headings: tuple[str, ...]
    text: str
    url: str = ""
    link: str = ""

    @property
    def passage_id(self) -> str:
        return f"{self.article_id}#{self.number}"

    @property
    def indexed_text(self) -> str:
        """What is embedded and searched: where the passage stands, then what it says."""
        return " > ".join((self.title, *self.headings)) + "\n" + self.text


@dataclass(frozen=True)
class Hit:
    """A passage found for a query. `score` orders hits of one query; it is not comparable between queries."""

    rank: int
    passage: Passage
    score: float
    parts: dict[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        """The hit in the shape that `kit search` prints."""
        passage = self.passage
        return {
            "rank": self.rank,
            "article_id": passage.article_id,
            "passage_id": passage.passage_id,
            "title": passage.title,
            "score": round(self.score, 6),
            "text": passage.text,
        }
