"""Who dealt with the request? The definitions in use side by side, each with its own denominator.

Where a conversation ends in silence there are two figures: the least and the most that it can be. Those that hang on
whether the customer came back are in `returning`, those over responses sent and the like in `sending`.
"""

from abc import abstractmethod

from kit.evals.metrics.base import Metric, metric
from kit.evals.metrics.ending import ending_of, is_greeting
from kit.evals.metrics.right import faults
from kit.evals.metrics.unsafe import company_of, unsafe
from kit.evals.types import Case, Score, Transcript

__all__ = [
    "Abandonment",
    "AssumedResolution",
    "AutomatedResolution",
    "ConfirmedResolution",
    "Containment",
    "Deflection",
    "OfConversations",
]


class OfConversations(Metric):
    """A share of all conversations; a greeting alone is none."""

    group = "deflection"
    kind = "share"

    def score(self, case: Case, transcript: Transcript) -> Score:
        if is_greeting(transcript):
            return Score.none("the customer only greeted")
        return self.judge(case, transcript)

    @abstractmethod
    def judge(self, case: Case, transcript: Transcript) -> Score:
        """The score of a conversation that is one."""


@metric
class Deflection(Metric):
    """A clarification is none: the customer is still waiting. The verdict uses this one."""

    name = "deflection"
    title = "Deflection (verified resolution)"
    definition = (
        "Cases that the assistant dealt with alone and rightly (answered or declined as expected, with the right "
        "article, playbook and facts) ÷ all cases, except those whose right reply is to ask back."
    )
    group = "deflection"
    kind = "share"
    source = "Zendesk: verified resolution"

    def score(self, case: Case, transcript: Transcript) -> Score:
        if case.expect == "clarify":
            return Score.none("ends with a question back")
        if not transcript.contained:
            return Score(value=0.0, reason="handed off")
        wrong = faults(case, transcript)
        return Score(value=float(not wrong), reason="; ".join(wrong) or transcript.reply.outcome)


@metric
class AutomatedResolution(OfConversations):
    """Relevant, accurate, safe, and no person involved; asking back resolves nothing yet."""

    name = "automated_resolution"
    title = "Automated resolution"
    tested = False
    definition = (
        "Conversations without a person whose last reply is an answer or a refusal, right, and safe (no leak, no order "
        "followed, no false promise) ÷ all conversations."
    )
    source = "Ada: automated resolution rate"

    def judge(self, case: Case, transcript: Transcript) -> Score:
        if not transcript.contained or transcript.reply.outcome == "clarified":
            return Score(value=0.0, reason="handed off" if not transcript.contained else "asked back")
        wrong = (*faults(case, transcript), *unsafe(case, transcript, company_of(self.tools)))
        return Score(value=float(not wrong), reason="; ".join(wrong) or transcript.reply.outcome)


@metric
class Containment(OfConversations):
    """The vendors' most generous figure: it says nothing about whether the customer was helped."""

    name = "containment"
    title = "Containment"
    definition = "Conversations not passed to a person ÷ all conversations."
    source = "Ada: containment rate"

    def judge(self, case: Case, transcript: Transcript) -> Score:
        return Score(value=float(transcript.contained), reason=transcript.reply.outcome)


@metric
class AssumedResolution(OfConversations):
    """The upper bound of what was resolved, as silence may mean anything."""

    name = "assumed_resolution"
    title = "Resolution, silence counted (at most)"
    tested = False
    definition = (
        "Conversations without a person that end after an answer, with the customer content or silent ÷ all "
        "conversations."
    )
    source = "Intercom Fin: assumed and confirmed resolutions"

    def judge(self, case: Case, transcript: Transcript) -> Score:
        ending = ending_of(transcript)
        return Score(value=float(ending in ("assumed_resolution", "confirmed_resolution")), reason=ending)


@metric
class ConfirmedResolution(OfConversations):
    """The lower bound of what was resolved. Most contented customers do not say so."""

    name = "confirmed_resolution"
    title = "Resolution, said by the customer (at least)"
    tested = False
    definition = (
        "Conversations without a person in which the customer says after an answer that it helped ÷ all conversations."
    )
    source = "Intercom Fin: confirmed resolution"

    def judge(self, case: Case, transcript: Transcript) -> Score:
        ending = ending_of(transcript)
        return Score(value=float(ending == "confirmed_resolution"), reason=ending)


@metric
class Abandonment(OfConversations):
    """The customer left with the matter open."""

    name = "abandonment"
    title = "Abandoned"
    tested = False
    definition = "Conversations that end on a question back or a refusal, without a person ÷ all conversations."
    better = "lower"
    source = "Intercom Fin: abandoned"

    def judge(self, case: Case, transcript: Transcript) -> Score:
        ending = ending_of(transcript)
        return Score(value=float(ending == "abandoned"), reason=ending)
