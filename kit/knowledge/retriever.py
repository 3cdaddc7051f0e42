"""The index as a LangChain retriever."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.documents.compressor import BaseDocumentCompressor
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, InstanceOf

from kit.knowledge.article import Article, Hit, Passage
from kit.knowledge.audience import states_of
from kit.knowledge.finding import Explanation, Found, explain, reranked, search
from kit.knowledge.keeping import Build, Where

__all__ = ["HybridRetriever"]


class HybridRetriever(BaseRetriever):
    """Finds passages by meaning, by words and token by token, over passages, sentences, headings and whole articles.

    As a LangChain retriever it gives `Document`s with `article_id`, `passage_id`, `title` and `score` as metadata;
    `find` gives the same hits as values, with what the search says about itself.

    Attributes:
        build: the index.
        top: how many articles, at most.
        where: only articles with these values of language, audience or product.
        without: articles that are passed over, as if they were not there.
        reranker: puts the best hits in order, if there is one; any LangChain document compressor that scores.
        rerank_depth: how many hits it is shown.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    build: InstanceOf[Build]
    top: int = 5
    where: Where | None = None
    without: frozenset[str] = frozenset()
    reranker: BaseDocumentCompressor | None = None
    rerank_depth: int = 20

    def find(
        self,
        query: str,
        *,
        top: int | None = None,
        where: Where | None = None,
        history: Sequence[str] = (),
        without: Collection[str] = (),
    ) -> Found:
        """The best articles for the query, each with its best passage.

        Args:
            query: what the customer asks.
            top: how many articles, at most.
            where: only articles with these values; by default the retriever's own filter.
            history: what the customer said before, oldest first.
            without: the ids of articles that are left out, such as those that did not help.

        Raises:
            KitError: there is no such filter, or the vector store does not answer.
        """
        top, where, without = top or self.top, where or self.where, self.without.union(without)
        if self.reranker is None:
            return search(self.build, query, top=top, where=where, without=without, history=history)
        depth = max(top, self.rerank_depth)
        found = search(self.build, query, top=depth, where=where, without=without, history=history)
        found = reranked(found, self.reranker, depth=self.rerank_depth)
        return replace(found, hits=found.hits[:top])

    def for_customers(self) -> "HybridRetriever":
        """This retriever without the articles that are not for customers: internal ones, drafts, what is archived."""
        columns = self.build.columns
        of_article = [columns.value("audience", row) for row in range(len(columns.article_ids))]
        shown = sorted({audience for audience in of_article if not states_of(audience)})
        hidden = {id for id, audience in zip(columns.article_ids, of_article, strict=True) if states_of(audience)}
        if not hidden:
            return self
        # The filter keeps them from crowding out the others; that none is shown holds whatever is asked for.
        where = dict(self.where or {})
        asked = where.get("audience", shown)
        wanted = [asked] if isinstance(asked, str) else asked
        where["audience"] = [one for one in wanted if one in shown]
        return self.model_copy(update={"where": where, "without": self.without | hidden})

    def explain(self, found: Found, hit: Hit) -> Explanation:
        """Why a hit ranks where it does."""
        return explain(self.build, found.query, hit)

    def passages_of(self, article_id: str) -> list[Passage]:
        """All passages of an article, in order."""
        return self.build.passages_of[article_id]

    def article(self, article_id: str) -> Article:
        """The article with this id."""
        return self.build.article[article_id]

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [
            Document(
                id=hit.passage.passage_id,
                page_content=hit.passage.text,
                metadata={
                    "article_id": hit.passage.article_id,
                    "passage_id": hit.passage.passage_id,
                    "title": hit.passage.title,
                    "score": hit.score,
                },
            )
            for hit in self.find(query).hits
        ]
