"""Scripted conversations: whether the replies on the way were right too, and not only the last."""

from kit.evals.metrics.base import Metric, metric
from kit.evals.metrics.right import faults
from kit.evals.scripted import steps
from kit.evals.types import Case, Score, Transcript

__all__ = ["TurnsRight"]


@metric
class TurnsRight(Metric):
    """A conversation that ends well may have gone astray on the way."""

    name = "turns_right"
    title = "Right replies on the way"
    definition = (
        "Mean share of the earlier replies of a scripted conversation that are as their turns expect, over cases whose "
        "turns expect anything."
    )
    kind = "mean"
    group = "quality"
    needs = ("turns that expect something",)

    def score(self, case: Case, transcript: Transcript) -> Score:
        judged = steps(case, transcript)
        if not judged:
            return Score.none("no turn on the way expects anything")
        wrong = [(one.number, faults(one.case, one.transcript)) for one in judged]
        said = [f"turn {number}: {'; '.join(found)}" for number, found in wrong if found]
        return Score(value=1 - len(said) / len(judged), reason="; ".join(said))
