"""Does what a reply says stand in what it cites?"""

import re
from collections.abc import Awaitable
from functools import cached_property
from typing import Any

from kit.assistant import Meaning, Source, check_text
from kit.evals.metrics.base import Metric, metric
from kit.evals.metrics.importing import uncollected
from kit.evals.types import Case, Score, Transcript
from kit.models import Embedder
from kit.text import squash

__all__ = ["Groundedness", "QuoteAccuracy", "QuotedSpans"]


# ragas takes any for a quotation mark: "don't say it isn't" would quote "t say it isn".
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)|(?<=s)['’](?=\s)")


_MARK = re.compile(r"[\"'`\u00b4\u2018-\u201f]")


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
    """The check that `kit ground` makes, and that the chat composer passes; without an embedder by the words alone."""

    name = "groundedness"
    title = "Grounded sentences"
    definition = (
        "Mean share of the last reply's sentences that a cited passage supports, over replies that cite and that no "
        "playbook led; courtesy needs no support."
    )
    kind = "mean"
    needs = ("the passages cited",)

    @cached_property
    def meaning(self) -> Meaning | None:
        """Lets the check know words that say the same."""
        return Meaning(self.tools.embedder) if isinstance(self.tools.embedder, Embedder) else None

    def score(self, case: Case, transcript: Transcript) -> Score:
        if cause := _uncited(transcript):
            return Score.none(cause)
        if transcript.reply.playbook is not None:
            return Score.none("says what a playbook says")
        sources = [Source(text, transcript.headings.get(id, ())) for id, text in (transcript.passages or {}).items()]
        checked = check_text(transcript.answer, sources, meaning=self.meaning)
        if not checked:
            return Score.none("says nothing")
        false = [one for one in checked if not one.supported]
        reason = "; ".join(f"“{one.text}”: {one.reason}" for one in false)
        return Score(value=1 - len(false) / len(checked), reason=reason)


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
    waits = False

    @cached_property
    def ragas(self) -> Any:
        """The metric of ragas."""
        with uncollected():
            from ragas.metrics.collections import QuotedSpansAlignment

        return QuotedSpansAlignment()

    def score(self, case: Case, transcript: Transcript) -> Score | Awaitable[Score]:
        if cause := _uncited(transcript):
            return Score.none(cause)
        if not _MARK.search(transcript.answer):
            return Score.none("quotes nothing")
        return self.compare(transcript)

    async def compare(self, transcript: Transcript) -> Score:
        sources = [_APOSTROPHE.sub("_", text) for text in (transcript.passages or {}).values()]
        response = _APOSTROPHE.sub("_", transcript.answer)
        result = await self.ragas.ascore(response=response, retrieved_contexts=sources)
        if (result.reason or "").startswith("No quoted"):
            return Score.none("quotes nothing")
        return Score(value=result.value, reason=result.reason or "")
