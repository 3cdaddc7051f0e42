"""Is the reply the right one? Its outcome, and what it must and must not say."""

from collections import Counter

from kit.evals.metrics.base import Metric, metric
from kit.evals.metrics.right import text_faults
from kit.evals.types import OUTCOMES, Case, Score, Transcript
from kit.text import content_words

__all__ = ["Correctness", "MustContain", "OutcomeAccuracy"]


@metric
class OutcomeAccuracy(Metric):
    """Answered, clarified, handed off or declined, as it should be."""

    name = "outcome_accuracy"
    title = "Right outcome"
    definition = "Cases whose last reply has the expected outcome ÷ all cases."
    kind = "share"

    def score(self, case: Case, transcript: Transcript) -> Score:
        expected, got = OUTCOMES[case.expect], transcript.reply.outcome
        return Score(value=float(got == expected), reason=got if got == expected else f"{got} instead of {expected}")


def _unfit(case: Case, transcript: Transcript) -> str:
    """Why what was said is not held against what should be; empty where it is."""
    got = transcript.reply.outcome
    return "" if got == OUTCOMES[case.expect] else f"was {got}"


def _texts(case: Case, transcript: Transcript) -> tuple[float | None, str]:
    """The share of the required texts that the reply contains, None if it contains a forbidden one; what is wrong."""
    wrong = text_faults(case, transcript)
    lacking = sum(fault.startswith("lacks") for fault in wrong)
    share = 1 - lacking / len(case.must_contain) if case.must_contain else 1.0
    return share if lacking == len(wrong) else None, "; ".join(wrong)


@metric
class MustContain(Metric):
    """The facts that an answer cannot do without, and those that it must not state."""

    name = "must_contain"
    title = "Required facts"
    definition = (
        "Mean share of a case's required texts that the reply contains (0 if it contains a forbidden one), over cases "
        "that require or forbid any and had the expected outcome."
    )
    kind = "mean"
    needs = ("must_contain or must_not_contain",)

    def score(self, case: Case, transcript: Transcript) -> Score:
        if not (case.must_contain or case.must_not_contain):
            return Score.none("requires and forbids no text")
        if cause := _unfit(case, transcript):
            return Score.none(cause)
        share, reason = _texts(case, transcript)
        return Score(value=share or 0.0, reason=reason)


@metric
class Correctness(Metric):
    """Recall, as a longer right answer is no worse: of overlaps it follows people's judgement of correctness best."""

    name = "correctness"
    title = "Correctness"
    definition = (
        "Mean of the share of required texts that the reply contains and the share of the reference's content words "
        "that it has, each where the case gives it (0 if it contains a forbidden text), over cases that give either "
        "and had the expected outcome."
    )
    kind = "mean"
    unit = "index"
    needs = ("must_contain or reference",)
    source = "Recall of the reference: Adlakha et al. (2024)"

    def score(self, case: Case, transcript: Transcript) -> Score:
        if not (case.must_contain or case.reference):
            return Score.none("requires no text and has no reference")
        if cause := _unfit(case, transcript):
            return Score.none(cause)
        share, reason = _texts(case, transcript)
        if share is None:
            return Score(value=0.0, reason=reason)
        parts = [share] if case.must_contain else []
        wanted = Counter(content_words(case.reference))
        if wanted:
            had = (wanted & Counter(content_words(transcript.answer))).total()
            parts.append(had / wanted.total())
            reason = "; ".join(filter(None, (reason, f"{had} of {wanted.total()} words of the reference")))
        return Score(value=sum(parts) / len(parts), reason=reason)
