"""What was found and what was cited, against the articles of the case; most of it by ragas."""

import os
import warnings
from collections.abc import Awaitable, Iterable
from functools import cached_property
from typing import Any, ClassVar

from kit.evals.metrics.base import Metric, metric
from kit.evals.metrics.importing import uncollected
from kit.evals.metrics.right import article_fault
from kit.evals.types import Case, Score, Transcript

__all__ = ["ArticleFirst", "CitationPrecision", "CitationRecall", "ContextIdPrecision", "ContextIdRecall", "unanswered"]

os.environ["RAGAS_DO_NOT_TRACK"] = "true"  # ragas reads it while it is imported, from here or elsewhere


def unanswered(case: Case, transcript: Transcript, wanted: str) -> str:
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
    needs: ClassVar[tuple[str, ...]] = ("articles",)

    def score(self, case: Case, transcript: Transcript) -> Score:
        if cause := unanswered(case, transcript, "articles"):
            return Score.none(cause)
        first = transcript.cited[0] if transcript.cited else None
        return Score(value=float(first in case.articles), reason=f"cited {first or 'nothing'} first")


class _ById(Metric):
    """Ids of articles against those of the case."""

    kind = "mean"
    waits = False
    needs: ClassVar[tuple[str, ...]] = ("articles",)
    ragas_class: str

    @cached_property
    def ragas(self) -> Any:
        """The metric of ragas."""
        with warnings.catch_warnings(), uncollected():
            # ragas 0.4.3 announces a move to `metrics.collections`, where these two do not exist yet.
            warnings.simplefilter("ignore", DeprecationWarning)
            from ragas import metrics

            return getattr(metrics, self.ragas_class)()

    async def compare(self, found: Iterable[str], wanted: Iterable[str], reason: str) -> Score:
        ragas = self.ragas
        from ragas import SingleTurnSample

        sample = SingleTurnSample(retrieved_context_ids=list(found), reference_context_ids=list(wanted))
        with warnings.catch_warnings():
            # At its first score ragas reads an id file of its own and leaves it open.
            warnings.simplefilter("ignore", ResourceWarning)
            return Score(value=await ragas.single_turn_ascore(sample), reason=reason)


@metric
class CitationRecall(_ById):
    """Where any of several articles is right, one of them is all that has to be cited."""

    name = "citation_recall"
    title = "Citation recall"
    definition = (
        "Mean share of the articles that had to be cited (any one of the acceptable ones, or all where the case says "
        "so) that the answer cites, over answers to cases that name articles; ragas IDBasedContextRecall."
    )
    source = "ragas: IDBasedContextRecall"
    ragas_class = "IDBasedContextRecall"

    def score(self, case: Case, transcript: Transcript) -> Score | Awaitable[Score]:
        if cause := unanswered(case, transcript, "articles"):
            return Score.none(cause)
        wanted = _wanted(case, transcript.cited)
        return self.compare(transcript.cited, wanted, article_fault(case, transcript))


@metric
class CitationPrecision(_ById):
    """Citations that are beside the point send a customer reading in vain."""

    name = "citation_precision"
    title = "Citation precision"
    definition = (
        "Mean share of the cited articles that are acceptable, over answers that cite to cases that name articles; "
        "ragas IDBasedContextPrecision."
    )
    source = "ragas: IDBasedContextPrecision"
    ragas_class = "IDBasedContextPrecision"

    def score(self, case: Case, transcript: Transcript) -> Score | Awaitable[Score]:
        if cause := unanswered(case, transcript, "articles"):
            return Score.none(cause)
        if not transcript.cited:
            return Score.none("cites nothing")
        beside = [article for article in transcript.cited if article not in case.articles]
        return self.compare(transcript.cited, case.articles, f"also cites {', '.join(beside)}" if beside else "")


def _wanted(case: Case, found: Iterable[str]) -> tuple[str, ...]:
    """The articles that had to be there: all of the case's, or any one of them."""
    return (
        case.articles if case.articles_all else tuple(one for one in found if one in case.articles)[:1] or case.articles
    )


def _articles(transcript: Transcript) -> tuple[str, ...]:
    """The articles of the passages that were found, best first, each once."""
    return tuple(dict.fromkeys(passage.rpartition("#")[0] or passage for passage in transcript.retrieved))


@metric
class ContextIdRecall(_ById):
    """What was not found cannot be answered from: a low figure is the search's fault, not the composer's."""

    name = "context_id_recall"
    title = "Articles found"
    definition = (
        "Mean share of the articles that had to be found (any one of the acceptable ones, or all where the case says "
        "so) among those of the passages found, over cases that name articles and for which passages were found; ragas "
        "IDBasedContextRecall."
    )
    needs = ("articles", "the passages found")
    source = "ragas: IDBasedContextRecall"
    ragas_class = "IDBasedContextRecall"

    def score(self, case: Case, transcript: Transcript) -> Score | Awaitable[Score]:
        if cause := _unsearched(case, transcript):
            return Score.none(cause)
        found = _articles(transcript)
        return self.compare(found, _wanted(case, found), f"found {', '.join(found[:5])}")


@metric
class ContextIdPrecision(_ById):
    """Low by nature: many passages are found and few are needed. It compares retrievers."""

    name = "context_id_precision"
    title = "Articles found that fit"
    tested = False
    definition = (
        "Mean share of the articles of the passages found that are acceptable, over cases that name articles and for "
        "which passages were found; ragas IDBasedContextPrecision."
    )
    needs = ("articles", "the passages found")
    source = "ragas: IDBasedContextPrecision"
    ragas_class = "IDBasedContextPrecision"

    def score(self, case: Case, transcript: Transcript) -> Score | Awaitable[Score]:
        if cause := _unsearched(case, transcript):
            return Score.none(cause)
        found = _articles(transcript)
        return self.compare(found, case.articles, f"found {', '.join(found[:5])}")


def _unsearched(case: Case, transcript: Transcript) -> str:
    if not case.articles:
        return "names no articles"
    return "" if transcript.retrieved else "no passages were found, or noted"
