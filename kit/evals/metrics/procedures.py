"""Are the steps of a procedure all there, and in order?"""

import re
from collections.abc import Mapping, Sequence

from kit.evals.metrics.base import Metric, metric
from kit.evals.types import Case, Score, Transcript
from kit.text import content_words, sentences

__all__ = ["ProcedureCompleteness", "procedures", "steps_said"]

_STEP = re.compile(
    r"^[ \t]*(\d{1,2})[.)][ \t]+(.+(?:\n(?![ \t]*(?:\d{1,2}[.)]|[-*•#|])[ \t])[ \t]*\S.*)*)", re.MULTILINE
)
_SAID = 0.75  # the share of a step's words from which a sentence of the reply says it


def procedures(passages: Mapping[str, str]) -> list[list[str]]:
    """The numbered lists in passages, two steps or more; one that goes on in the next passage is one list."""
    found: list[list[str]] = []
    due: tuple[str, int] = ("", 0)
    for name in sorted(passages, key=_place):
        article = name.rpartition("#")[0]
        for number, text in _STEP.findall(passages[name]):
            if (article, int(number)) == due and found:
                found[-1].append(text)
            elif int(number) == 1:
                found.append([text])
            else:
                continue
            due = (article, int(number) + 1)
    return [steps for steps in found if len(steps) > 1]


def _place(passage_id: str) -> tuple[str, int]:
    article, _, number = passage_id.rpartition("#")
    return article, int(number) if number.isdigit() else 0


def steps_said(steps: Sequence[str], reply: str) -> int:
    """How many of the steps a reply has, in order: the longest run of them whose places in it rise."""
    said = [set(content_words(sentence)) for sentence in sentences(reply)]
    places = [_places(set(content_words(step)), said) for step in steps]
    best = [0] * (len(said) + 1)  # best[p]: the most steps with the last one at place p or before
    for options in places:
        before = best.copy()
        for place in options:
            # Several short steps may share a sentence.
            best[place + 1] = max(best[place + 1], before[place + 1] + 1)
        for place in range(1, len(best)):
            best[place] = max(best[place], best[place - 1])
    return best[-1]


def _places(step: set[str], said: Sequence[set[str]]) -> list[int]:
    """Where a step may stand; a long one may go over several sentences."""
    if not step:
        return list(range(len(said)))
    found = [place for place, words in enumerate(said) if len(step & words) >= _SAID * len(step)]
    both = (place for place in range(1, len(said)) if len(step & (said[place - 1] | said[place])) >= _SAID * len(step))
    pairs = (place for place in both if place not in found and place - 1 not in found)
    return sorted({*found, *pairs})


@metric
class ProcedureCompleteness(Metric):
    """Half of the steps leave the customer with a thermostat in pieces."""

    name = "procedure_completeness"
    title = "Steps of the procedure"
    definition = (
        "Mean share of the numbered steps of the cited procedure that the reply has, in order, over answers that give "
        "two of its steps or number one; of several procedures the one that it gives most of."
    )
    kind = "mean"
    needs = ("the passages cited",)

    def score(self, case: Case, transcript: Transcript) -> Score:
        if transcript.reply.outcome != "answered":
            return Score.none(f"was {transcript.reply.outcome}")
        if transcript.passages is None:
            return Score.none("the passages were not at hand")
        cited = {c.passage_id for c in transcript.reply.citations}
        found = procedures({name: text for name, text in transcript.passages.items() if name in cited})
        given = [(steps_said(steps, transcript.answer), len(steps)) for steps in found]
        said, total = max(given, key=lambda pair: (pair[0] / pair[1], pair[1]), default=(0, 1))
        if said < 2 and not (said and _STEP.search(transcript.answer)):
            return Score.none("gives no procedure")
        return Score(value=said / total, reason=f"{said} of {total} steps")
