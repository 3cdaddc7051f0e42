"""Answers against the reference answer of the case, by ragas, which is imported when the first case needs it."""

from collections.abc import Awaitable
from functools import cached_property
from importlib import import_module
from typing import Any, ClassVar

from kit.evals.metrics.adapters import ragas_embedding
from kit.evals.metrics.base import Metric, metric
from kit.evals.metrics.citing import unanswered
from kit.evals.metrics.importing import uncollected
from kit.evals.types import Case, Score, Transcript

__all__ = ["ReferenceChrf", "ReferenceRouge", "ReferenceSimilarity"]


class _Reference(Metric):
    kind = "mean"
    unit = "index"
    waits = False
    needs: ClassVar[tuple[str, ...]] = ("reference",)

    ragas: Any
    """The metric of ragas."""

    def score(self, case: Case, transcript: Transcript) -> Score | Awaitable[Score]:
        if cause := unanswered(case, transcript, "reference"):
            return Score.none(cause)
        return self.compare(case.reference, transcript.answer)

    async def compare(self, reference: str, answer: str) -> Score:
        return Score(value=(await self.ragas.ascore(reference=reference, response=answer)).value)


@metric
class ReferenceSimilarity(_Reference):
    """Meaning, whatever the words: the semantic answer similarity of Risch et al. (2021) with our embedder."""

    name = "reference_similarity"
    title = "Similarity to the reference"
    definition = (
        "Mean cosine similarity of answer and reference answer under the workspace's embedder, over answers to cases "
        "that have one; ragas SemanticSimilarity."
    )
    needs = ("reference", "an embedder")
    source = "ragas: SemanticSimilarity; Risch et al. (2021)"

    @cached_property
    def ragas(self) -> Any:
        with uncollected():
            from ragas.metrics.collections import SemanticSimilarity

        assert self.tools.embedder is not None
        return SemanticSimilarity(embeddings=ragas_embedding(self.tools.embedder))

    def score(self, case: Case, transcript: Transcript) -> Score | Awaitable[Score]:
        found = super().score(case, transcript) if self.tools.embedder else None
        return found or Score.none(unanswered(case, transcript, "reference") or "no embedder")


@metric
class ReferenceRouge(_Reference):
    """The same words in the same order."""

    name = "reference_rouge"
    title = "ROUGE-L against the reference"
    definition = (
        "Mean ROUGE-L F-measure of answer and reference answer, over answers to cases that have one; ragas RougeScore."
    )
    source = "ragas: RougeScore; Lin (2004)"

    @cached_property
    def ragas(self) -> Any:
        with uncollected():
            import_module("rouge_score.rouge_scorer")  # ragas imports it at its first score
            from ragas.metrics.collections import RougeScore

        return RougeScore(rouge_type="rougeL", mode="fmeasure")


@metric
class ReferenceChrf(_Reference):
    """Characters, so that another ending of a word is a small difference."""

    name = "reference_chrf"
    title = "chrF against the reference"
    tested = False
    definition = (
        "Mean character n-gram F-score of answer and reference answer, over answers to cases that have one; ragas "
        "CHRFScore."
    )
    source = "ragas: CHRFScore; Popović (2015)"

    @cached_property
    def ragas(self) -> Any:
        with uncollected():
            from ragas.metrics.collections import CHRFScore

        return CHRFScore()
