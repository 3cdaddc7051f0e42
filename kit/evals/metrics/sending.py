"""Deflection as Forethought counts it, over three denominators."""

from kit.evals.metrics.base import metric
from kit.evals.metrics.deflection import OfConversations
from kit.evals.metrics.ending import spoke_on
from kit.evals.types import Case, Score, Transcript

__all__ = ["DeflectionOfEligible", "DeflectionOfReceived", "DeflectionOfSent"]


class _Unanswered(OfConversations):
    """Forethought's deflection: the customer wrote no further message."""

    def deflected(self, transcript: Transcript) -> Score:
        if not transcript.contained or all(reply.outcome != "answered" for reply in transcript.replies):
            return Score(value=0.0, reason=transcript.reply.outcome)
        more = spoke_on(transcript)
        return Score(value=float(not more), reason="wrote again" if more else "wrote no further message")


@metric
class DeflectionOfSent(_Unanswered):
    """The smallest denominator, and so the largest figure."""

    name = "deflection_of_sent"
    title = "Deflection ÷ responses sent"
    tested = False
    definition = (
        "Conversations in which the customer, once answered, wrote no more than thanks, and no person was involved ÷ "
        "conversations in which the assistant answered."
    )
    source = "Forethought: deflection over responses sent"

    def judge(self, case: Case, transcript: Transcript) -> Score:
        if all(reply.outcome != "answered" for reply in transcript.replies):
            return Score.none("was never answered")
        return self.deflected(transcript)


@metric
class DeflectionOfEligible(_Unanswered):
    """Eligible is what the knowledge base or a playbook can answer."""

    name = "deflection_of_eligible"
    title = "Deflection ÷ eligible"
    tested = False
    definition = (
        "Conversations in which the customer, once answered, wrote no more than thanks, and no person was involved ÷ "
        "conversations that expect an answer."
    )
    source = "Forethought: deflection over tickets eligible"

    def judge(self, case: Case, transcript: Transcript) -> Score:
        return self.deflected(transcript) if case.expect == "answer" else Score.none("expects no answer")


@metric
class DeflectionOfReceived(_Unanswered):
    """The largest denominator, and so the smallest figure."""

    name = "deflection_of_received"
    title = "Deflection ÷ received"
    tested = False
    definition = (
        "Conversations in which the customer, once answered, wrote no more than thanks, and no person was involved ÷ "
        "all conversations."
    )
    source = "Forethought: deflection over tickets received"

    def judge(self, case: Case, transcript: Transcript) -> Score:
        return self.deflected(transcript)
