"""Citations against the articles of the case, and answers against its reference answer; most of it by ragas.

ragas takes seconds to import, so it is imported when the first case needs it.
"""

import os
import warnings
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kit.evals.metrics.base import Metric, metric
from kit.evals.metrics.right import article_fault
from kit.evals.types import Case, Score, Transcript

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

__all__ = ["ArticleFirst", "CitationPrecision", "CitationRecall", "ReferenceRouge", "ReferenceSimilarity"]

os.environ["RAGAS_DO_NOT_TRACK"] = "true"  # ragas reads it while it is imported, from here or elsewhere


def _unanswered(case: Case, transcript: Transcript, wanted: str) -> str:
    """Why a metric on answers does not apply; empty where it does. `wanted` is the field that it compares with."""
    if case.expect != "answer":
        return "expects no answer"
    if not getattr(case, wanted):
        return "names no articles" if wanted == "articles" else "has no reference answer"
    return "" if transcript.reply.outcome == "answered" else f"was {transcript.reply.outcome}"


@metric
class ArticleFirst(Metric):
    """The first citation is the one that a customer opens."""

    name = "article_first"
    title = "Right article first"
    definition = "Answers whose first citation is an acceptable article ÷ answers to cases that name articles."
    kind = "share"

    def score(self, case: Case, transcript: Transcript) -> Score:
        if cause := _unanswered(case, transcript, "articles"):
            return Score.none(cause)
        first = transcript.cited[0] if transcript.cited else None
        return Score(value=float(first in case.articles), reason=f"cited {first or 'nothing'} first")


class _ById(Metric):
    """The article ids of a reply's citations against those of the case."""

    ragas_class: str

    @cached_property
    def ragas(self) -> Any:
        """The metric of ragas."""
        with warnings.catch_warnings():
            # ragas 0.4.3 announces a move to `metrics.collections`, where these two do not exist yet.
            warnings.simplefilter("ignore", DeprecationWarning)
            from ragas import metrics

            return getattr(metrics, self.ragas_class)()

    async def compare(self, cited: Iterable[str], wanted: Iterable[str], reason: str) -> Score:
        from ragas import SingleTurnSample

        sample = SingleTurnSample(retrieved_context_ids=list(cited), reference_context_ids=list(wanted))
        with warnings.catch_warnings():
            # At its first score ragas reads an id file of its own and leaves it open.
            warnings.simplefilter("ignore", ResourceWarning)
            return Score(value=await self.ragas.single_turn_ascore(sample), reason=reason)


@metric
class CitationRecall(_ById):
    """Where any of several articles is right, one of them is all that has to be cited."""

    name = "citation_recall"
    title = "Citation recall"
    definition = (
        "Mean share of the articles that had to be cited (any one of the acceptable ones, or all where the case says "
        "so) that the answer cites, over answers to cases that name articles; ragas IDBasedContextRecall."
    )
    kind = "mean"
    ragas_class = "IDBasedContextRecall"

    async def score(self, case: Case, transcript: Transcript) -> Score:
        if cause := _unanswered(case, transcript, "articles"):
            return Score.none(cause)
        found = [article for article in transcript.cited if article in case.articles]
        wanted = case.articles if case.articles_all else found[:1] or case.articles
        return await self.compare(transcript.cited, wanted, article_fault(case, transcript))


@metric
class CitationPrecision(_ById):
    """Citations that are beside the point send a customer reading in vain."""

    name = "citation_precision"
    title = "Citation precision"
    definition = (
        "Mean share of the cited articles that are acceptable, over answers that cite to cases that name articles; "
        "ragas IDBasedContextPrecision."
    )
    kind = "mean"
    ragas_class = "IDBasedContextPrecision"

    async def score(self, case: Case, transcript: Transcript) -> Score:
        if cause := _unanswered(case, transcript, "articles"):
            return Score.none(cause)
        if not transcript.cited:
            return Score.none("cites nothing")
        beside = [article for article in transcript.cited if article not in case.articles]
        return await self.compare(transcript.cited, case.articles, f"also cites {', '.join(beside)}" if beside else "")


@metric
class ReferenceSimilarity(Metric):
    """Meaning, whatever the words: the semantic answer similarity of Risch et al. (2021) with our embedder."""

    name = "reference_similarity"
    title = "Similarity to the reference"
    definition = (
        "Mean cosine similarity of answer and reference answer under the workspace's embedder, over answers to cases "
        "that have one; ragas SemanticSimilarity."
    )
    kind = "mean"
    unit = "index"

    references: tuple[str, ...] = ()

    @cached_property
    def ragas(self) -> Any:
        """The metric of ragas."""
        from ragas.metrics.collections import SemanticSimilarity

        assert self.tools.embedder is not None
        return SemanticSimilarity(embeddings=_ragas_embedding(self.tools.embedder, self.references))

    def prepare(self, cases: Iterable[Case]) -> None:
        self.references = tuple(dict.fromkeys(case.reference for case in cases if case.reference))

    async def score(self, case: Case, transcript: Transcript) -> Score:
        if cause := _unanswered(case, transcript, "reference"):
            return Score.none(cause)
        if not self.tools.embedder:
            return Score.none("no embedder")
        result = await self.ragas.ascore(reference=case.reference, response=transcript.answer)
        return Score(value=result.value)


@metric
class ReferenceRouge(Metric):
    """The same words in the same order."""

    name = "reference_rouge"
    title = "ROUGE-L against the reference"
    definition = (
        "Mean ROUGE-L F-measure of answer and reference answer, over answers to cases that have one; ragas RougeScore."
    )
    kind = "mean"
    unit = "index"

    @cached_property
    def ragas(self) -> Any:
        """The metric of ragas."""
        from ragas.metrics.collections import RougeScore

        return RougeScore(rouge_type="rougeL", mode="fmeasure")

    async def score(self, case: Case, transcript: Transcript) -> Score:
        if cause := _unanswered(case, transcript, "reference"):
            return Score.none(cause)
        result = await self.ragas.ascore(reference=case.reference, response=transcript.answer)
        return Score(value=result.value)


def _ragas_embedding(embedder: "Embeddings", references: Iterable[str]) -> Any:
    """A LangChain embedder behind ragas' two-method interface; the references are embedded once, in one batch."""
    from ragas.embeddings.base import BaseRagasEmbedding

    class Adapter(BaseRagasEmbedding):
        def __init__(self) -> None:
            super().__init__()
            self.pending = list(references)
            self.known: dict[str, list[float]] = {}

        def embed_text(self, text: str, **_: Any) -> list[float]:
            if text in self.pending:
                self.known.update(zip(self.pending, embedder.embed_documents(self.pending), strict=True))
                self.pending = []
            return self.known[text] if text in self.known else embedder.embed_documents([text])[0]

        async def aembed_text(self, text: str, **_: Any) -> list[float]:
            return self.embed_text(text)

    return Adapter()
