"""The reranker that `kit.toml` names, behind LangChain's interfaces."""

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

from langchain_core.callbacks import Callbacks
from langchain_core.cross_encoders import BaseCrossEncoder
from langchain_core.documents import Document
from langchain_core.documents.compressor import BaseDocumentCompressor
from pydantic import ConfigDict, InstanceOf

from kit.errors import ModelUnavailable, RerankFailure
from kit.models.failure import call_failure
from kit.settings import Reranker as Settings
from kit.text import nearest

__all__ = ["Reranker", "load_reranker"]

LOCAL = "cross-encoder"


class Reranker(BaseDocumentCompressor):
    """Puts documents in the order in which a model finds them relevant to a query.

    Any LangChain cross-encoder does: `Reranker(model=MyCrossEncoder(), fingerprint="mine@1")`.

    Attributes:
        model: scores pairs of query and text.
        fingerprint: equal for two rerankers whose orders may be compared; runs record it.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True, frozen=True)

    model: InstanceOf[BaseCrossEncoder]
    fingerprint: str

    def compress_documents(
        self, documents: Sequence[Document], query: str, callbacks: Callbacks | None = None
    ) -> list[Document]:
        """All the documents, the most relevant first; those of equal score keep their order.

        Returns:
            Copies with `metadata["relevance_score"]`. What was given is left as it is.

        Raises:
            RerankFailure: the model could not be asked, or did not give one finite score for each document.
        """
        if not documents:
            return []
        try:
            scores = [float(score) for score in self.model.score([(query, each.page_content) for each in documents])]
        except Exception as error:
            # Not chained: the original text may hold the query, the address or the key.
            raise RerankFailure(call_failure(error, "reranker")) from None
        if len(scores) != len(documents):
            raise RerankFailure(f"The reranker gave {len(scores)} scores for {len(documents)} texts.")
        if not all(map(math.isfinite, scores)):
            raise RerankFailure("The reranker gave a score that is no number.")
        order = sorted(range(len(scores)), key=lambda place: -scores[place])
        return [
            documents[place].model_copy(
                update={"metadata": {**documents[place].metadata, "relevance_score": scores[place]}}
            )
            for place in order
        ]


def load_reranker(settings: Settings, *, root: Path | None = None) -> Reranker | None:
    """The reranker that the settings name, ready to be called; None where they name none.

    A local model is loaded, which takes seconds; to a hosted one nothing is sent.

    Args:
        settings: the section `[reranker]` of `kit.toml`.
        root: the folder that a relative path to a model starts from; by default the current one.

    Raises:
        ModelUnavailable: a kind of reranker that is not known, a model that cannot be found, loaded or trusted, a
            missing address or key.
    """
    from kit.models.hosted_reranker import PROVIDERS, HostedReranker

    name = settings.model.strip()
    if not name:
        return None
    kind, colon, model = (part.strip() for part in name.partition(":"))
    kinds = [LOCAL, *PROVIDERS]
    if not colon and kind not in kinds:
        raise ModelUnavailable(
            f"The reranker `{name}` does not say of which kind it is.",
            remedy=f"Write it as `{LOCAL}:{name}`, or with one of {_listed(PROVIDERS)} before it.",
        )
    if kind not in kinds:
        guess = nearest(kind.lower(), kinds)
        raise ModelUnavailable(
            f"There is no kind of reranker `{kind}`.",
            remedy=f"Did you mean `{guess}:{model or 'MODEL'}`?" if guess else f"Known are {_listed(kinds)}.",
        )
    if not model:
        raise ModelUnavailable(f"`{name}` names no model.", remedy=f"Write it as `{kind}:MODEL`.")
    if kind == LOCAL:
        from kit.models.cross_encoder import load_cross_encoder

        encoder = load_cross_encoder(model, root=root or Path.cwd())
        return Reranker(model=encoder, fingerprint=f"{LOCAL}:{encoder.identity}")
    return Reranker(model=HostedReranker(kind, model, settings), fingerprint=f"{kind}:{model}")


def _listed(kinds: Iterable[str]) -> str:
    return ", ".join(f"`{kind}:`" for kind in kinds)
