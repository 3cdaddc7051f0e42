"""A small company's knowledge base and its index."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kit.knowledge import Build, HybridRetriever, IndexReport, open_index, refresh_index
from kit.progress import Progress
from tests.keeping.fake import FakeEmbedder

ARTICLES = {
    "returns.md": "# Returns\n\nYou can return a lamp within 30 days of delivery.\n",
    "orders/shipping.md": "# Shipping\n\nStandard shipping costs $4.95 and takes 4 days.\n",
    "warranty.md": "---\nlanguage: en\naudience: customers\n---\n# Warranty\n\nThe warranty lasts 2 years.\n",
    "care.md": "# Care\n\n"  # two passages
    + "\n\n".join(
        f"## {part.title()}\n\nClean the {part} with a dry cloth. "
        + f"Never hold the {part} under running water. " * 20
        for part in ("shade", "switch")
    ),
}


@dataclass
class Shop:
    """A folder of articles and the index made of them."""

    root: Path
    embedder: FakeEmbedder = field(default_factory=FakeEmbedder)
    chroma: str = ""
    tokens: int = 180

    @property
    def index(self) -> Path:
        return self.root / "index"

    @property
    def current(self) -> Path:
        return self.index / (self.index / "current").read_text()

    @property
    def builds(self) -> set[str]:
        return {path.name for path in self.index.glob("build-*")}

    def write(self, name: str, text: str) -> Path:
        path = self.root / "articles" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def refresh(self, *, rebuild: bool = False, progress: Progress | None = None) -> IndexReport:
        return refresh_index(
            self.index,
            knowledge=self.root / "articles",
            embedder=self.embedder,
            passage_tokens=self.tokens,
            chroma=self.chroma,
            rebuild=rebuild,
            progress=progress,
        )

    def open(self) -> Build:
        return open_index(self.index, self.embedder, chroma=self.chroma)

    def first(self, query: str, build: Build | None = None) -> str:
        """The text of the first hit."""
        return HybridRetriever(build=build or self.open()).find(query).hits[0].passage.text


def changes(report: IndexReport) -> tuple[int, int, int, bool]:
    return report.articles, report.passages, report.embedded, report.changed


@pytest.fixture
def empty(tmp_path: Path) -> Shop:
    """Articles without an index."""
    shop = Shop(tmp_path)
    for name, text in ARTICLES.items():
        shop.write(name, text)
    return shop


@pytest.fixture
def shop(empty: Shop) -> Shop:
    """Articles with their index."""
    empty.refresh()
    return empty
