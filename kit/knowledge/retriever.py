"""The index as a LangChain retriever."""

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, InstanceOf

from kit.knowledge.article import Article, Passage
from kit.knowledge.keeping import Build
from kit.knowledge.ranking import Found, search

__all__ = ["HybridRetriever"]


class HybridRetriever(BaseRetriever):
    """Finds passages by meaning and by words, over passages, titles and whole articles.

    As a LangChain retriever it gives `Document`s with `article_id`, `passage_id`, `title` and `score` as metadata;
    `find` gives the same hits as values, with what the search says about itself.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    build: InstanceOf[Build]
    top: int = 5

    def find(self, query: str, *, top: int | None = None) -> Found:
        """The best articles for the query, each with its best passage."""
        return search(self.build, query, top=top or self.top)

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
