"""Answers and passages as a chat model judges them, by ragas: only where a run is given a judge.

What the judge is shown is masked. Its scores carry how far people agree with it.
"""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, ClassVar

from kit.evals.metrics.adapters import ragas_embedding, ragas_llm
from kit.evals.metrics.base import REGISTRY, Metric, Tools, metric
from kit.evals.metrics.importing import uncollected
from kit.evals.types import Case, JudgedBy, Score, Transcript
from kit.text import digest

__all__ = [
    "ContextPrecision",
    "ContextRecall",
    "FactualCorrectness",
    "Faithfulness",
    "Judged",
    "ResponseRelevancy",
    "Sample",
    "judged_metrics",
]

MOST_PASSAGES = 5


@dataclass(frozen=True)
class Sample:
    """What a judge is shown."""

    question: str
    answer: str
    reference: str = ""
    passages: tuple[str, ...] = ()


class Judged(Metric):
    """A metric of ragas that asks a chat model.

    Attributes:
        ragas_class: the metric's class in `ragas.metrics.collections`.
        shown: which fields of a sample it is given, by the name that ragas has for each.
    """

    group = "judged"
    kind = "mean"
    unit = "index"
    needs: ClassVar[tuple[str, ...]] = ("a judge",)
    tested = False
    ragas_class: ClassVar[str]
    shown: ClassVar[Mapping[str, str]]

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        self.judge = tools.judge

    @cached_property
    def ragas(self) -> Any:
        """The metric of ragas, with our judge behind it."""
        with uncollected():
            from ragas.metrics import collections

        return getattr(collections, self.ragas_class)(llm=ragas_llm(self._judge), **self.options())

    def options(self) -> dict[str, Any]:
        """What else the class of ragas takes."""
        return {}

    @property
    def _judge(self) -> Any:
        assert self.judge is not None
        return self.judge

    @cached_property
    def judged_by(self) -> JudgedBy:
        """The judge, with the hash of all that this metric asks it."""
        from ragas.prompt.metrics.base_prompt import BasePrompt

        prompts = [one for one in vars(self.ragas).values() if isinstance(one, BasePrompt)]
        said = [f"{p.instruction}\n{p._generate_examples()}\n{p.output_model.model_json_schema()}" for p in prompts]
        found: JudgedBy = self._judge.stands(self.name, digest(*said)[:16])
        return found

    async def ask(self, sample: Sample) -> float:
        """The judge's value for a sample.

        Raises:
            JudgeFailure: it gave none.
        """
        texts = (sample.question, sample.answer, sample.reference, *sample.passages)
        question, answer, reference, *passages = self._judge.masked(*texts)
        masked = Sample(question, answer, reference, tuple(passages))
        given = {name: getattr(masked, of) for name, of in self.shown.items()}
        result = await self.ragas.ascore(**{name: list(v) if isinstance(v, tuple) else v for name, v in given.items()})
        return float(result.value)

    def score(self, case: Case, transcript: Transcript) -> Score | Awaitable[Score]:
        if cause := self._unfit(case, transcript):
            return Score.none(cause)
        question = "\n".join(transcript.customer)
        return self._judged(Sample(question, transcript.answer, case.reference, passages_of(transcript)))

    async def _judged(self, sample: Sample) -> Score:
        from kit.evals.judging import JudgeFailure

        try:
            value = await self.ask(sample)
        except JudgeFailure as failure:
            return Score.none(str(failure))
        return Score(value=value, judge=self.judged_by)

    def _unfit(self, case: Case, transcript: Transcript) -> str:
        shown = self.shown.values()
        if "answer" in shown and transcript.reply.outcome != "answered":
            return f"was {transcript.reply.outcome}"
        if "reference" in shown and not case.reference:
            return "has no reference answer"
        if "passages" in shown and not passages_of(transcript):
            return "the passages were not at hand"
        return "" if self.judge else "no judge"


def passages_of(transcript: Transcript) -> tuple[str, ...]:
    """The texts of the passages that were found, the best first and not too many, and of others that are cited."""
    found = dict(list(transcript.found.items())[:MOST_PASSAGES])
    return tuple({**found, **(transcript.passages or {})}.values())


def judged_metrics() -> dict[str, type[Judged]]:
    """The metrics that ask a judge, by name."""
    return {name: one for name, one in REGISTRY.items() if issubclass(one, Judged)}


@metric
class Faithfulness(Judged):
    """Taken apart into statements, each of which the passages bear out or do not."""

    name = "faithfulness"
    title = "Faithfulness"
    definition = (
        "Mean share of an answer's statements that the passages bear out, as the judge says, over answers with "
        "passages; ragas Faithfulness."
    )
    needs = ("a judge", "the passages found")
    source = "ragas: Faithfulness; Es et al. (2024)"
    ragas_class = "Faithfulness"
    shown = MappingProxyType({"user_input": "question", "response": "answer", "retrieved_contexts": "passages"})


@metric
class ResponseRelevancy(Judged):
    """An evasive answer is 0."""

    name = "response_relevancy"
    title = "Relevance of the answer"
    definition = (
        "Mean cosine similarity of the question and three questions that the judge thinks the answer replies to, 0 "
        "where it finds the answer evasive, over answers; ragas AnswerRelevancy."
    )
    needs = ("a judge", "an embedder")
    source = "ragas: AnswerRelevancy; Es et al. (2024)"
    ragas_class = "AnswerRelevancy"
    shown = MappingProxyType({"user_input": "question", "response": "answer"})

    def options(self) -> dict[str, Any]:
        assert self.tools.embedder is not None
        return {"embeddings": ragas_embedding(self.tools.embedder)}

    def _unfit(self, case: Case, transcript: Transcript) -> str:
        return super()._unfit(case, transcript) or ("" if self.tools.embedder else "no embedder")


@metric
class ContextPrecision(Judged):
    """Whether what helps is ranked first."""

    name = "context_precision"
    title = "Context precision"
    definition = (
        "Mean average precision of the ranking of passages, a passage being right if the judge finds it useful for "
        "arriving at the reference, over cases with a reference and passages; ragas ContextPrecision."
    )
    needs = ("a judge", "reference", "the passages found")
    source = "ragas: ContextPrecision"
    ragas_class = "ContextPrecision"
    shown = MappingProxyType({"user_input": "question", "reference": "reference", "retrieved_contexts": "passages"})


@metric
class ContextRecall(Judged):
    """Whether all was found that an expert's answer rests on."""

    name = "context_recall"
    title = "Context recall"
    definition = (
        "Mean share of the reference's statements that the passages bear out, as the judge says, over cases with a "
        "reference and passages; ragas ContextRecall."
    )
    needs = ("a judge", "reference", "the passages found")
    source = "ragas: ContextRecall"
    ragas_class = "ContextRecall"
    shown = MappingProxyType({"user_input": "question", "reference": "reference", "retrieved_contexts": "passages"})


@metric
class FactualCorrectness(Judged):
    """Claims of the answer against the reference, and the other way round."""

    name = "factual_correctness"
    title = "Factual correctness"
    definition = (
        "Mean F1 of the claims of answer and reference, as the judge finds each borne out by the other, over answers "
        "to cases that have a reference; ragas FactualCorrectness."
    )
    needs = ("a judge", "reference")
    source = "ragas: FactualCorrectness"
    ragas_class = "FactualCorrectness"
    shown = MappingProxyType({"response": "answer", "reference": "reference"})
