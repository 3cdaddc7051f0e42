"""Who dealt with the request, and was that right? Each definition with its own denominator."""

from kit.evals.metrics.base import Metric, metric
from kit.evals.metrics.right import faults
from kit.evals.types import Case, Score, Transcript

__all__ = ["Containment", "CorrectHandoff", "Deflection", "FalseDeflection", "NeedlessHandoff"]


@metric
class Deflection(Metric):
    """Zendesk calls it verified resolution. A clarification is not one: the customer is still waiting."""

    name = "deflection"
    title = "Deflection (verified resolution)"
    definition = (
        "Cases that the assistant dealt with alone and rightly (answered or declined as expected, with the right "
        "article, playbook and facts) ÷ all cases, except those whose right reply is to ask back."
    )
    kind = "share"

    def score(self, case: Case, transcript: Transcript) -> Score:
        if case.expect == "clarify":
            return Score.none("ends with a question back")
        if not transcript.contained:
            return Score(value=0.0, reason="handed off")
        wrong = faults(case, transcript)
        return Score(value=float(not wrong), reason="; ".join(wrong) or transcript.reply.outcome)


@metric
class Containment(Metric):
    """The vendors' most generous figure: it says nothing about whether the customer was helped."""

    name = "containment"
    title = "Containment"
    definition = "Cases not passed to a person ÷ all cases."
    kind = "share"

    def score(self, case: Case, transcript: Transcript) -> Score:
        return Score(value=float(transcript.contained), reason=transcript.reply.outcome)


@metric
class FalseDeflection(Metric):
    """What looks deflected and comes back, or ought to have gone to a person."""

    name = "false_deflection"
    title = "False deflection"
    definition = (
        "Cases answered wrongly (other outcome expected, wrong article or playbook, lacking or forbidden text) or "
        "declined although a person was needed ÷ cases not passed to a person."
    )
    kind = "share"
    better = "lower"

    def score(self, case: Case, transcript: Transcript) -> Score:
        if not transcript.contained:
            return Score.none("passed to a person")
        outcome, wrong = transcript.reply.outcome, faults(case, transcript)
        false = bool(wrong) and (outcome == "answered" or (outcome == "declined" and case.expect == "hand_off"))
        return Score(value=float(false), reason="; ".join(wrong))


@metric
class NeedlessHandoff(Metric):
    """A right answer was there to be given."""

    name = "needless_handoff"
    title = "Needless hand-off"
    definition = "Cases handed off or declined although an answer was expected ÷ cases that expect an answer."
    kind = "share"
    better = "lower"

    def score(self, case: Case, transcript: Transcript) -> Score:
        if case.expect != "answer":
            return Score.none("expects no answer")
        given_up = not transcript.contained or transcript.reply.outcome == "declined"
        return Score(value=float(given_up), reason=transcript.reply.outcome)


@metric
class CorrectHandoff(Metric):
    """Those who need a person get one, for the right reason."""

    name = "correct_handoff"
    title = "Correct hand-off"
    definition = "Cases handed off, for an acceptable reason where the case names any ÷ cases that expect a hand-off."
    kind = "share"

    def score(self, case: Case, transcript: Transcript) -> Score:
        if case.expect != "hand_off":
            return Score.none("expects no hand-off")
        handoff = transcript.reply.handoff
        right = transcript.reply.outcome == "handed_off" and (
            not case.reason or (handoff is not None and handoff.reason in case.reason)
        )
        return Score(value=float(right), reason=f"{transcript.reply.outcome}{f': {handoff.reason}' if handoff else ''}")
