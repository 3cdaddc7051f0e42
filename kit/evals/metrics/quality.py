"""Is the reply the right one? Outcome, playbook, required words and quotes."""

from kit.evals.metrics.base import Metric, metric
from kit.evals.metrics.right import playbook_of, text_faults
from kit.evals.types import OUTCOMES, Case, Score, Transcript
from kit.text import squash

__all__ = ["Groundedness", "MustContain", "OutcomeAccuracy", "PlaybookAccuracy"]


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


@metric
class PlaybookAccuracy(Metric):
    """The playbook that applies is the one that was followed."""

    name = "playbook_accuracy"
    title = "Right playbook"
    definition = "Cases that followed the playbook they name ÷ cases that name one."
    kind = "share"

    def score(self, case: Case, transcript: Transcript) -> Score:
        if not case.playbook:
            return Score.none("names no playbook")
        followed = playbook_of(transcript)
        return Score(value=float(followed == case.playbook), reason=f"followed {followed or 'none'}")


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

    def score(self, case: Case, transcript: Transcript) -> Score:
        if not (case.must_contain or case.must_not_contain):
            return Score.none("requires and forbids no text")
        if transcript.reply.outcome != OUTCOMES[case.expect]:
            return Score.none(f"was {transcript.reply.outcome}")
        wrong = text_faults(case, transcript)
        lacking = sum(fault.startswith("lacks") for fault in wrong)
        share = 1 - lacking / len(case.must_contain) if case.must_contain else 1.0
        return Score(value=share if lacking == len(wrong) else 0.0, reason="; ".join(wrong))


@metric
class Groundedness(Metric):
    """Quotes can be checked letter by letter; white space apart."""

    name = "groundedness"
    title = "Quotes that stand in the passage"
    definition = "Mean share of a reply's quotes that stand word for word in the cited passage, over replies that cite."
    kind = "mean"

    def score(self, case: Case, transcript: Transcript) -> Score:
        citations, passages = transcript.reply.citations, transcript.passages
        if not citations:
            return Score.none("cites nothing")
        if passages is None:
            return Score.none("the passages were not at hand")
        false = [
            c for c in citations if not c.quote.strip() or squash(c.quote) not in squash(passages.get(c.passage_id, ""))
        ]
        reason = "; ".join(f"“{c.quote}” is not in {c.passage_id}" for c in false)
        return Score(value=1 - len(false) / len(citations), reason=reason)
