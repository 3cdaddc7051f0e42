"""Our models behind the interfaces that ragas documents."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

    from kit.evals.judging import Judge

__all__ = ["ragas_embedding", "ragas_llm"]

_REMEMBERED = 256  # references recur: in tries, and in variants of a question


def ragas_embedding(embedder: "Embeddings") -> Any:
    """A LangChain embedder as a `BaseRagasEmbedding`.

    Each text is embedded by itself: beside others its vector would differ in the last bit, and so would scores with the
    cases that happen to be scored together.
    """
    from ragas.embeddings.base import BaseRagasEmbedding

    @lru_cache(maxsize=_REMEMBERED)
    def embed(text: str) -> list[float]:
        return embedder.embed_documents([text])[0]

    class Adapter(BaseRagasEmbedding):
        def embed_text(self, text: str, **_: Any) -> list[float]:
            return embed(text)

        async def aembed_text(self, text: str, **_: Any) -> list[float]:
            return embed(text)

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
