"""Was the right thing left to a person, and nothing else?"""

from typing import ClassVar

from kit.evals.metrics.base import Metric, metric
from kit.evals.metrics.right import faults
from kit.evals.types import Case, Score, Transcript

__all__ = ["CorrectHandoff", "EscalationRate", "FalseDeflection", "FalseDeflectionIn14Days", "NeedlessHandoff"]


class _Handing(Metric):
    group = "deflection"
    kind = "share"


@metric
class FalseDeflection(_Handing):
    """What looks deflected and comes back, or ought to have gone to a person. 7 and 14 days are both in use."""

    name = "false_deflection"
    title = "False deflection"
    definition = (
        "Cases answered wrongly (other outcome expected, wrong article or playbook, lacking or forbidden text), "
        "declined although a person was needed, or whose customer came back for the same cause within 7 days, as far "
        "as is known ÷ cases not passed to a person."
    )
    better = "lower"
    days: ClassVar[int] = 7

    def score(self, case: Case, transcript: Transcript) -> Score:
        if not transcript.contained:
            return Score.none("passed to a person")
        outcome, wrong = transcript.reply.outcome, faults(case, transcript)
        false = bool(wrong) and (outcome == "answered" or (outcome == "declined" and case.expect == "hand_off"))
        back = transcript.returned(self.days) is True
        return Score(
            value=float(false or back), reason="; ".join((*wrong, "came back for the same cause") if back else wrong)
        )


@metric
class FalseDeflectionIn14Days(FalseDeflection):
    """The same with the longer of the two spans."""

    name = "false_deflection_14d"
    title = "False deflection, 14 days"
    tested = False
    definition = FalseDeflection.definition.replace("7 days", "14 days")
    days = 14


@metric
class NeedlessHandoff(_Handing):
    """A right answer was there to be given."""

    name = "needless_handoff"
    title = "Needless hand-off"
    definition = "Cases handed off or declined although an answer was expected ÷ cases that expect an answer."
    better = "lower"

    def score(self, case: Case, transcript: Transcript) -> Score:
        if case.expect != "answer":
            return Score.none("expects no answer")
        given_up = not transcript.contained or transcript.reply.outcome == "declined"
        return Score(value=float(given_up), reason=transcript.reply.outcome)


@metric
class CorrectHandoff(_Handing):
    """Those who need a person get one, for the right reason."""

    name = "correct_handoff"
    title = "Correct hand-off"
    definition = "Cases handed off, for an acceptable reason where the case names any ÷ cases that expect a hand-off."

    def score(self, case: Case, transcript: Transcript) -> Score:
        if case.expect != "hand_off":
            return Score.none("expects no hand-off")
        handoff = transcript.reply.handoff
        right = transcript.reply.outcome == "handed_off" and (
            not case.reason or (handoff is not None and handoff.reason in case.reason)
        )
        return Score(value=float(right), reason=f"{transcript.reply.outcome}{f': {handoff.reason}' if handoff else ''}")


@metric
class EscalationRate(_Handing):
    """Neither good nor bad by itself: see which were needless, and which correct."""

    name = "escalation_rate"
    title = "Escalation rate"
    tested = False
    definition = "Conversations passed to a person ÷ all conversations."
    better = "lower"
    source = "Trade usage: escalated ÷ all"

    def score(self, case: Case, transcript: Transcript) -> Score:
        return Score(value=float(not transcript.contained), reason=transcript.reply.outcome)
