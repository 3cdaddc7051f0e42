"""What it was like for the customer, as far as a transcript shows it."""

from kit.evals import csat
from kit.evals.metrics.base import Metric, metric
from kit.evals.metrics.right import faults
from kit.evals.types import Case, Score, Transcript

__all__ = ["CsatIndex"]


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
