"""What it was like for the customer, as far as a transcript shows it."""

from kit.evals import csat
from kit.evals.metrics.base import Metric, metric
from kit.evals.metrics.right import faults
from kit.evals.types import Case, Score, Transcript

__all__ = ["CsatIndex", "CsatRating"]


@metric
class CsatIndex(Metric):
    """See `kit.evals.csat` for signals and weights."""

    name = "csat_index"
    title = "CSAT index (uncalibrated)"
    definition = (
        "Mean over all cases of an index from 0 to 1 that weighs the outcome, what the customer says next, repetition, "
        "asking for a person, the reply's manner and effort; not a CSAT, as it has not been fitted to ratings."
    )
    group = "satisfaction"
    kind = "mean"
    unit = "index"

    def score(self, case: Case, transcript: Transcript) -> Score:
        outcomes = [reply.outcome for reply in transcript.replies]
        reading = csat.read_signals(
            csat.talk_of(transcript.turns, outcomes=outcomes, right=not faults(case, transcript))
        )
        return Score(value=reading.index, reason=reading.reason)


@metric
class CsatRating(Metric):
    """As `kit csat` says it, with the error that the calibration found on conversations it did not see."""

    name = "csat_rating"
    title = "CSAT, expected rating from 1 to 5 (calibrated)"
    definition = (
        "Mean rating that customers would give, as the model fitted to the company's own ratings expects it, over all "
        "conversations where there is such a model (kit calibrate --csat)."
    )
    group = "satisfaction"
    kind = "mean"
    unit = "rating"
    needs = ("a calibrated CSAT model",)
    tested = False

    def score(self, case: Case, transcript: Transcript) -> Score:
        model, embedder = self.tools.csat, self.tools.embedder
        if model is None:
            return Score.none("not calibrated on ratings")
        if model.needs_vectors and embedder is None:
            return Score.none("no embedder")
        if model.needs_vectors and getattr(embedder, "fingerprint", None) != model.embedder:
            return Score.none("calibrated with another embedder")
        talk = csat.read_talk({"turns": [{"role": turn.role, "text": turn.text} for turn in transcript.turns]})
        (judged,) = model.judge([talk], getattr(embedder, "encode", None))
        error = model.figures.get("calibration_error")
        known = f"calibration error {error:.2f}, " if isinstance(error, float) else ""
        return Score(value=judged.csat, reason=f"{known}fitted to {model.conversations} rated conversations")
