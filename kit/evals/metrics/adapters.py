"""Our models behind the interfaces that ragas documents."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

    from kit.evals.judging import Judge

__all__ = ["ragas_embedding", "ragas_llm"]


def ragas_embedding(embedder: "Embeddings", beforehand: Iterable[str] = ()) -> Any:
    """A LangChain embedder as a `BaseRagasEmbedding`; the texts that come `beforehand` are embedded in one batch."""
    from ragas.embeddings.base import BaseRagasEmbedding

    class Adapter(BaseRagasEmbedding):
        def __init__(self) -> None:
            super().__init__()
            self.pending = list(beforehand)
            self.known: dict[str, list[float]] = {}

        def embed_text(self, text: str, **_: Any) -> list[float]:
            if text in self.pending:
                self.known.update(zip(self.pending, embedder.embed_documents(self.pending), strict=True))
                self.pending = []
            return self.known[text] if text in self.known else embedder.embed_documents([text])[0]

        async def aembed_text(self, text: str, **_: Any) -> list[float]:
            return self.embed_text(text)

    return Adapter()


def ragas_llm(judge: "Judge") -> Any:
    """A judge as an `InstructorBaseRagasLLM`."""
    from ragas.llms.base import InstructorBaseRagasLLM

    class Adapter(InstructorBaseRagasLLM):
        def generate(self, prompt: str, response_model: type[Any]) -> Any:
            return judge.ask(prompt, response_model)

        async def agenerate(self, prompt: str, response_model: type[Any]) -> Any:
            return await judge.aask(prompt, response_model)

    return Adapter()
