"""Models behind LangChain interfaces: text to vectors, and chat."""

from kit.models.chat import chat_failure, load_chat_model
from kit.models.embedder import Embedder, Encoded, TokenVectors
from kit.models.loading import load_embedder

__all__ = ["Embedder", "Encoded", "TokenVectors", "chat_failure", "load_chat_model", "load_embedder"]
