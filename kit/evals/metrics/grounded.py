"""Does what a reply says stand in what it cites?"""

import re
from collections.abc import Awaitable, Iterator
from functools import cached_property
from typing import Any

from kit.assistant import check_text
from kit.evals.metrics.base import Metric, metric
from kit.evals.metrics.importing import uncollected
from kit.evals.metrics.right import plain_text
from kit.evals.types import Case, Score, Transcript
from kit.text import sentences, squash

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
    """The check that `kit ground` makes, by the words alone."""

    name = "groundedness"
    title = "Grounded sentences"
    definition = (
        "Mean share of the last reply's sentences that a cited passage supports, over replies that cite and that no "
        "playbook led; courtesy needs no support."
    )
    kind = "mean"
    needs = ("the passages cited",)

    def score(self, case: Case, transcript: Transcript) -> Score:
        if cause := _uncited(transcript):
            return Score.none(cause)
        if transcript.reply.playbook is not None:
            return Score.none("says what a playbook says")
        passages = list((transcript.passages or {}).values())
        said = sentences(transcript.answer)
        if not said:
            return Score.none("says nothing")
        plain = "\n".join(map(plain_text, passages))
        rows = {plain_text(row) for passage in passages for row in _rows(passage)}
        # What stands in a passage as it is needs no reading, which takes most of the time.
        stands = {one for one in said if plain_text(one) in plain or plain_text(one).rstrip(".") in rows}
        unread = [sentence for sentence in said if sentence not in stands]
        checked = [one for sentence in unread for one in check_text(sentence, passages)]
        false = [one for one in checked if not one.supported]
        reason = "; ".join(f"“{one.text}”: {one.reason}" for one in false)
        return Score(value=1 - len(false) / (len(said) - len(unread) + len(checked)), reason=reason)


def _rows(passage: str) -> Iterator[str]:
    """The rows of tables as they are said, each cell with its heading: `Alexa: Dial: Yes, Dial 1: No`."""
    headings: list[str] = []
    for line in passage.splitlines():
        if not line.lstrip().startswith("|"):
            headings = []
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not headings:
            headings = cells
        elif any(cell.strip("-: ") for cell in cells):
            named = zip(headings[1:], cells[1:], strict=False)
            yield f"{cells[0]}: {', '.join(f'{heading}: {cell}' for heading, cell in named)}"


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
