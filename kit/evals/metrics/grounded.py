"""Does what a reply says stand in what it cites?"""

from functools import cached_property
from typing import Any

from kit.assistant import check_text
from kit.evals.metrics.base import Metric, metric
from kit.evals.types import Case, Score, Transcript
from kit.text import squash

__all__ = ["Groundedness", "QuoteAccuracy", "QuotedSpans"]


def _uncited(transcript: Transcript) -> str:
    """Why there is nothing to hold a reply against; empty where there is."""
    if not transcript.reply.citations:
        return "cites nothing"
    return "the passages were not at hand" if transcript.passages is None else ""


@metric
class QuoteAccuracy(Metric):
    """Quotes can be checked letter by letter; white space apart."""

    name = "quote_accuracy"
    title = "Quotes that stand in the passage"
    definition = "Mean share of a reply's quotes that stand word for word in the cited passage, over replies that cite."
    kind = "mean"
    needs = ("the passages cited",)

    def score(self, case: Case, transcript: Transcript) -> Score:
        if cause := _uncited(transcript):
            return Score.none(cause)
        citations, passages = transcript.reply.citations, transcript.passages or {}
        false = [
            c for c in citations if not c.quote.strip() or squash(c.quote) not in squash(passages.get(c.passage_id, ""))
        ]
        reason = "; ".join(f"“{c.quote}” is not in {c.passage_id}" for c in false)
        return Score(value=1 - len(false) / len(citations), reason=reason)


@metric
class Groundedness(Metric):
    """The check that `kit ground` makes, by the words alone."""

    name = "groundedness"
    title = "Grounded sentences"
    definition = (
        "Mean share of the last reply's sentences that a cited passage supports, over replies that cite; courtesy "
        "needs no support."
    )
    kind = "mean"
    needs = ("the passages cited",)

    def score(self, case: Case, transcript: Transcript) -> Score:
        if cause := _uncited(transcript):
            return Score.none(cause)
        found = check_text(transcript.answer, list((transcript.passages or {}).values()))
        if not found:
            return Score.none("says nothing")
        false = [sentence for sentence in found if not sentence.supported]
        reason = "; ".join(f"“{sentence.text}”: {sentence.reason}" for sentence in false)
        return Score(value=1 - len(false) / len(found), reason=reason)


@metric
class QuotedSpans(Metric):
    """What stands between quotation marks in a reply, whoever put it there."""

    name = "quoted_spans"
    title = "Quotations that stand in a source"
    definition = (
        "Mean share of the spans of three or more words between quotation marks that stand in a cited passage, over "
        "replies that cite and have any; ragas QuotedSpansAlignment."
    )
    kind = "mean"
    needs = ("the passages cited",)
    source = "ragas: QuotedSpansAlignment"

    @cached_property
    def ragas(self) -> Any:
        """The metric of ragas."""
        from ragas.metrics.collections import QuotedSpansAlignment

        return QuotedSpansAlignment()

    async def score(self, case: Case, transcript: Transcript) -> Score:
        if cause := _uncited(transcript):
            return Score.none(cause)
        sources = list((transcript.passages or {}).values())
        result = await self.ragas.ascore(response=transcript.answer, retrieved_contexts=sources)
        if (result.reason or "").startswith("No quoted"):
            return Score.none("quotes nothing")
        return Score(value=result.value, reason=result.reason or "")
