"""Models behind LangChain interfaces: text to vectors, order by relevance, and chat."""

from kit.models.chat import chat_failure, load_chat_model
from kit.models.embedder import Embedder, Encoded, TokenVectors
from kit.models.loading import load_embedder
from kit.models.patient import ATTEMPT, UNTIL, ChatModel
from kit.models.remembering import RememberingEmbedder
from kit.models.reranker import Reranker, load_reranker
from kit.models.spending import PURSE, CappedModel, Purse

__all__ = [
    "ATTEMPT",
    "PURSE",
    "UNTIL",
    "CappedModel",
    "ChatModel",
    "Embedder",
    "Encoded",
    "Purse",
    "RememberingEmbedder",
    "Reranker",
    "TokenVectors",
    "chat_failure",
    "load_chat_model",
    "load_embedder",
    "load_reranker",
]
