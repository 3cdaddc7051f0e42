"""How well each part of the passages answers a question.

The weights were chosen on every other question of TechQA, the guide, Brightloom and the bank for the highest token F1
(see "Answers" in tests/bench/results.md), by hand-sized steps: finer ones did not carry over to the other half.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kit.assistant.compose import Evidence
from kit.assistant.composing.expecting import expected, tells_of_before
from kit.assistant.composing.likeness import Likeness
from kit.assistant.composing.units import Unit
from kit.text import content_words

__all__ = ["asks_how", "weigh"]

Scores = NDArray[np.float64]

# Who asks how to do something, wants it done or cannot get it done is answered by a procedure.
_HOW = re.compile(
    r"\bhow (?:do|can|to|should|would|did|is)\b|\bhow\?|\bsteps?\b|\bset ?up\b|\binstall|\btell me how\b|\bwalk me\b",
    re.IGNORECASE,
)
_WANTS = re.compile(
    r"\b(?:want|need|wish|would like|trying to|unable to|way to|get rid|stop)\b|\b(?:i|we)['’]d like\b"
    r"|\b(?:can|could) (?:i|we|you|the)\b|\bwhere (?:do|can) (?:i|we)\b"
    r"|\bis there (?:a|any|some) (?:way|setting|option|possibility)\b"
    r"|\b(?:i|we) can['’]?t\b|\b(?:does|is|wo)n['’]?t\b|\bnot (?:able|work)",
    re.IGNORECASE,
)
# One about a fact is not, even where the fact stands within one.
_FACT = re.compile(
    r"\bhow (?:long|much|many|often|far|soon|big|old)\b|\bwhen\b|\bwhich\b|\bwho\b|\bwhy\b|\blimit\b|\bprice\b|\bcost",
    re.IGNORECASE,
)
_WHETHER = re.compile(r"(?:is|are|can|could|do|does|did|will|would|should|may|has|have)\b", re.IGNORECASE)
_VERDICT = re.compile(r"(?:yes|no)\b", re.IGNORECASE)

# What sections are called that answer, and that say again what was asked or lead elsewhere.
_ANSWERS = re.compile(
    r"\b(?:answer|solution|resol\w+|fix\w*|work ?around|causes?|remed\w+|instructions|details|diagnosing)\b",
    re.IGNORECASE,
)
_REPEATS = re.compile(
    r"\b(?:symptoms?|question|problem|abstract|environment|related|references?|history|see also|acknowledge?ment|"
    r"summary|next steps)\b",
    re.IGNORECASE,
)

SENTENCE, PASSAGE, BESIDE, WORDS = 0.4, 0.9, 0.3, 0.2
ANSWERING, REPEATING = 0.3, -0.15
PROCEDURE, NO_PROCEDURE, VERDICT, ASKS = 0.12, -0.08, 0.1, -0.3
EXPECTED, BEFORE = 0.3, -0.4
# Another article is worth saying something from only where a message asks several things.
ELSEWHERE, ELSEWHERE_TOO = -1.0, -0.1


def asks_how(question: str) -> bool:
    """Whether a question asks for something to be done rather than for a fact."""
    return bool(_HOW.search(question) or (_WANTS.search(question) and not _FACT.search(question)))


def weigh(
    evidence: Evidence, question: str, found: Sequence[Unit], likeness: Likeness, *, several: bool = False
) -> Scores:
    """A score for each unit, the better the higher; differences mean the same for all questions.

    Args:
        evidence: what the answer may be made from.
        question: the message, or one of the questions that it asks.
        found: the units of the evidence.
        likeness: compares the question with them.
        several: whether the message asks several questions: another article than the first may answer, and no one kind
            of thing is expected of all of it.
    """
    near = likeness.near(question, [unit.passage for unit in found])
    own = np.array([near.part(unit.passage.passage_id, unit.quote) for unit in found])
    wanted = {word: likeness.rarity(word) for word in dict.fromkeys(content_words(question))}
    mass = sum(wanted.values()) or 1.0
    other = ELSEWHERE_TOO if several else ELSEWHERE
    whether = bool(_WHETHER.match(question.strip()))
    procedure = PROCEDURE if asks_how(question) else NO_PROCEDURE if whether or _FACT.search(question) else 0.0
    kind = None if several and question == evidence.question else expected(question)
    # What stands beside news of a price is about that news.
    before = {unit.passage.passage_id for unit in found if tells_of_before(question, unit.text)}
    scores = SENTENCE * own + BESIDE * _beside(found, own)
    for place, unit in enumerate(found):
        held = set(content_words(unit.text))
        scores[place] += (
            PASSAGE * near.passages[unit.passage.passage_id]
            + WORDS * sum(weight for word, weight in wanted.items() if word in held) / mass
            + ANSWERING * bool(_ANSWERS.search(unit.heading))
            + REPEATING * bool(_REPEATS.search(unit.heading))
            + procedure * (unit.kind == "steps")
            + VERDICT * (whether and bool(_VERDICT.match(unit.text)))
            + EXPECTED * bool(kind and kind.search(unit.text))
            + BEFORE * (unit.passage.passage_id in before)
            + ASKS * unit.text.endswith("?")
            + other * (unit.passage.article_id != evidence.first.article_id)
        )
    return scores


def _beside(found: Sequence[Unit], own: Scores) -> Scores:
    """For each unit the better of those beside it in its passage: what stands amid answers is likely part of one."""
    best = np.zeros(len(found))
    for place, unit in enumerate(found):
        around = (other for other in (place - 1, place + 1) if 0 <= other < len(found))
        best[place] = max((own[one] for one in around if found[one].passage == unit.passage), default=0.0)
    return best
