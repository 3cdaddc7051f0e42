"""Wires the knowledge base: the index, the retriever, the health of the articles."""

from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING

from kit.errors import KitError
from kit.progress import Progress
from kit.workspace.folder import Folder

if TYPE_CHECKING:
    from kit.knowledge import Health, Hit, HybridRetriever, IndexReport, Where

__all__ = ["Knowing"]


class Knowing(Folder):
    """A workspace that knows its articles."""

    def index(self, *, rebuild: bool = False, strict: bool = False, progress: Progress | None = None) -> "IndexReport":
        """Bring the index up to date; with `rebuild` everything is embedded again.

        Raises:
            KitError: the articles cannot be read, or with `strict` one of the files cannot; the index is as it was.
        """
        from kit.knowledge import refresh_index

        self.__dict__.pop("retriever", None)
        return refresh_index(
            self.derived / "index",
            knowledge=self.knowledge,
            embedder=self.embedder,
            passage_tokens=self.settings.knowledge.passage_tokens,
            include=self.settings.knowledge.include,
            chroma=self.settings.chroma,
            rebuild=rebuild,
            strict=strict,
            progress=progress,
        )

    def health(self) -> "Health":
        """What an editor should mend in the articles of the index; examined once for each state of them.

        Raises:
            IndexUnavailable: there is no index that the present settings can use.
        """
        from datetime import date

        from kit.knowledge import examine, kept_health
        from kit.text import digest

        build, today, stale_days = self.retriever.build, date.today(), self.settings.knowledge.stale_days
        return kept_health(
            self.derived / "index" / "health.json",
            corpus=digest(build.manifest.corpus, str(len(build.passages))),
            examine=lambda: examine(
                build.articles,
                build.columns.passage_counts,
                today=today,
                stale_days=stale_days,
            ),
            today=today,
            stale_days=stale_days,
        )

    @cached_property
    def retriever(self) -> "HybridRetriever":
        """The retriever over the index in force.

        Raises:
            IndexUnavailable: there is none that the present settings can use.
        """
        from kit.models import load_reranker

        # The model is read from disk while Python reads the modules.
        with ThreadPoolExecutor(1) as thread:
            embedder = thread.submit(lambda: self.embedder)
            from kit.knowledge import HybridRetriever, open_index
        build = open_index(self.derived / "index", embedder.result(), chroma=self.settings.chroma, brief=self.brief)
        return HybridRetriever(
            build=build,
            reranker=load_reranker(self.settings.reranker, root=self.root),
            rerank_depth=self.settings.reranker.top,
        )

    def search(
        self, query: str, *, top: int = 5, where: "Where | None" = None, history: Sequence[str] = ()
    ) -> "list[Hit]":
        """The best articles for the query, each with its best passage.

        Args:
            query: what is looked for; if it asks several questions, the first article of each comes first.
            top: how many articles, at most.
            where: only articles with these values of language, audience or product.
            history: what the customer said before, oldest first, for a question that leans on it.
        """
        return list(self.retriever.find(query, top=top, where=where, history=history).hits)

    def missing_articles(self, ids: Collection[str]) -> dict[str, str | None]:
        """Which of these articles there are not, each with the nearest that there is."""
        from kit.text import nearest

        missing = [id for id in ids if id not in self._article_files]
        # Those that are records in a larger file have ids of their own, so it has to be read.
        known = self._article_ids if missing else self._article_files
        return {id: nearest(id, known) for id in missing if id not in known}

    @cached_property
    def _article_files(self) -> frozenset[str]:
        kinds = (".md", ".mdx", ".rst", ".txt", ".html", ".htm", ".pdf", ".docx")
        files = (path for path in self.knowledge.rglob("*") if path.suffix.lower() in kinds)
        return frozenset(path.relative_to(self.knowledge).with_suffix("").as_posix() for path in files)

    @cached_property
    def _article_ids(self) -> frozenset[str]:
        from kit.knowledge import read_folder

        try:
            read = read_folder(self.knowledge, include=self.settings.knowledge.include)
        except KitError:
            return self._article_files  # `kit index` says what is wrong with them
        return frozenset(article.article_id for article in read.articles)
