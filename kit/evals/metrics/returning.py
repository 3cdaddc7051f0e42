"""Who dealt with the request, if the customer did not come back? Where nobody watched, at least and at most."""

from abc import abstractmethod
from typing import ClassVar

from kit.evals.metrics.base import metric
from kit.evals.metrics.deflection import OfConversations
from kit.evals.metrics.ending import ending_of
from kit.evals.types import Case, Score, Transcript

__all__ = ["ContainmentNoCallback", "ContainmentNoCallbackLow", "TrueDeflection", "TrueDeflectionLow"]


class _UnlessBack(OfConversations):
    """Undone where the customer comes back; `unknown` is what is taken for it where nobody watched."""

    days: ClassVar[int]
    unknown: ClassVar[bool]

    @abstractmethod
    def held(self, case: Case, transcript: Transcript) -> bool:
        """Whether it counts, but for the customer's coming back."""

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
