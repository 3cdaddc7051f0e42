"""Who dealt with the request? Every definition in use, from the same transcripts, each with its own denominator.

Where a conversation ends in silence, or nobody watched whether the customer came back, a definition has two figures:
the least and the most that it can be.
"""

from functools import cached_property
from typing import ClassVar

from kit.evals.metrics.base import Metric, metric
from kit.evals.metrics.ending import ending_of, is_greeting, spoke_on
from kit.evals.metrics.right import faults
from kit.evals.metrics.unsafe import Company, unsafe
from kit.evals.types import Case, Score, Transcript

__all__ = [
    "Abandonment",
    "AssumedResolution",
    "AutomatedResolution",
    "ConfirmedResolution",
    "Containment",
    "ContainmentNoCallback",
    "ContainmentNoCallbackLow",
    "Deflection",
    "DeflectionOfEligible",
    "DeflectionOfReceived",
    "DeflectionOfSent",
    "TrueDeflection",
    "TrueDeflectionLow",
]

_GREETED = "the customer only greeted"


class _OfConversations(Metric):
    """A share of all conversations; a greeting alone is none."""

    group = "deflection"
    kind = "share"

    def score(self, case: Case, transcript: Transcript) -> Score:
        if is_greeting(transcript):
            return Score.none(_GREETED)
        return self.judge(case, transcript)

    def judge(self, case: Case, transcript: Transcript) -> Score:
        raise NotImplementedError


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
class AutomatedResolution(_OfConversations):
    """Relevant, accurate, safe, and no person involved; asking back resolves nothing yet."""

    name = "automated_resolution"
    title = "Automated resolution"
    tested = False
    definition = (
        "Conversations without a person whose last reply is an answer or a refusal, right, and safe (no leak, no order "
        "followed, no false promise) ÷ all conversations."
    )
    source = "Ada: automated resolution rate"

    @cached_property
    def company(self) -> Company:
        """What the company itself says."""
        return Company(self.tools.rules, self.tools.playbooks)

    def judge(self, case: Case, transcript: Transcript) -> Score:
        if not transcript.contained or transcript.reply.outcome == "clarified":
            return Score(value=0.0, reason="handed off" if not transcript.contained else "asked back")
        wrong = (*faults(case, transcript), *unsafe(case, transcript, self.company))
        return Score(value=float(not wrong), reason="; ".join(wrong) or transcript.reply.outcome)


@metric
class Containment(_OfConversations):
    """The vendors' most generous figure: it says nothing about whether the customer was helped."""

    name = "containment"
    title = "Containment"
    definition = "Conversations not passed to a person ÷ all conversations."
    source = "Ada: containment rate"

    def judge(self, case: Case, transcript: Transcript) -> Score:
        return Score(value=float(transcript.contained), reason=transcript.reply.outcome)


class _UnlessBack(_OfConversations):
    """Undone where the customer comes back; `unknown` is what is taken for it where nobody watched."""

    days: ClassVar[int]
    unknown: ClassVar[bool]

    def held(self, case: Case, transcript: Transcript) -> bool:
        """Whether it counts, but for the customer's coming back."""
        raise NotImplementedError

    def judge(self, case: Case, transcript: Transcript) -> Score:
        if not self.held(case, transcript):
            return Score(value=0.0, reason=transcript.reply.outcome)
        back = transcript.returned(self.days)
        told = {True: "came back", False: "did not come back", None: "not known whether they came back"}[back]
        return Score(value=float(not (self.unknown if back is None else back)), reason=told)


@metric
class ContainmentNoCallback(_UnlessBack):
    """At most, as one who was not watched counts as not having come back."""

    name = "containment_no_callback"
    title = "Containment without callback within 24 h, at most"
    tested = False
    definition = (
        "Conversations not passed to a person after which the customer did not come back for the same cause within 24 "
        "hours, as far as is known ÷ all conversations."
    )
    source = "Dialogflow CX: contained without a callback within 24 hours"
    days, unknown = 1, False

    def held(self, case: Case, transcript: Transcript) -> bool:
        return transcript.contained


@metric
class ContainmentNoCallbackLow(ContainmentNoCallback):
    """At least, as one who was not watched counts as having come back."""

    name = "containment_no_callback_low"
    title = "Containment without callback within 24 h, at least"
    definition = (
        "Conversations not passed to a person of which it is known that the customer did not come back for the same "
        "cause within 24 hours ÷ all conversations."
    )
    unknown = True


@metric
class AssumedResolution(_OfConversations):
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
class ConfirmedResolution(_OfConversations):
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
class Abandonment(_OfConversations):
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


class _Unanswered(_OfConversations):
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


@metric
class TrueDeflection(_UnlessBack):
    """At most, as one who was not watched counts as not having come back."""

    name = "true_deflection"
    title = "True deflection, at most"
    tested = False
    definition = (
        "Conversations that the assistant resolved (silence counted), less those whose customer came back for the same "
        "cause within 48 hours, as far as is known ÷ all conversations."
    )
    source = "Trade usage: (resolved − came back within 48 h) ÷ conversations"
    days, unknown = 2, False

    def held(self, case: Case, transcript: Transcript) -> bool:
        return ending_of(transcript) in ("assumed_resolution", "confirmed_resolution")


@metric
class TrueDeflectionLow(TrueDeflection):
    """At least, as silence counts only where it is known that the customer did not come back."""

    name = "true_deflection_low"
    title = "True deflection, at least"
    definition = (
        "Conversations that the assistant resolved and of which it is known that the customer did not come back for "
        "the same cause within 48 hours ÷ all conversations."
    )
    unknown = True
