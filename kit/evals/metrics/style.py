"""How a reply reads: how hard it is, and how long."""

import re
from functools import lru_cache

from kit.evals.metrics.base import Metric, metric
from kit.evals.types import Case, Score, Transcript
from kit.text import sentences

__all__ = ["Readability", "ReplyLength", "grade", "syllables"]

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LINK = re.compile(r"https?://\S+|\S+@\S+|\[\d+\]")
_FEWEST = 10  # words, below which a grade says nothing
# Every tenth word of English, if not every third, is one of these; of other languages at most "a", "on" or "in" are.
_ENGLISH = frozenset(
    """the and to of you your is it that for are be with have can if this will not we our or by from as was but they
    please when which what there do does""".split()
)
_SHARE = 0.1
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^laeiouy]es|[^dtaeiouy]ed|[^laeiouy]e)$")


@lru_cache(maxsize=8192)
def syllables(word: str) -> int:
    """The syllables of an English word: groups of vowels, but for silent endings; at least one."""
    plain = re.sub(r"[^a-z]", "", word.lower())
    trimmed = (
        plain[:-1] if len(plain) > 2 and _SILENT.search(plain) and not re.search(r"[sxz]es$|[cg]es$", plain) else ""
    )
    if trimmed and plain.endswith(("es", "ed")):
        trimmed = plain[:-2]
    groups = len(_VOWELS.findall(trimmed or plain))
    return max(1, groups + len(re.findall(r"(?:ia|io(?!n)|eo|ua(?!r)|uou)", plain)))


def grade(text: str) -> float | None:
    """The Flesch–Kincaid grade (Kincaid et al., 1975): the years at a US school that reading it takes.

    0.39 · words ÷ sentences + 11.8 · syllables ÷ words − 15.59. None for fewer than ten words, or another language.
    """
    found = [_WORD.findall(sentence) for sentence in sentences(_LINK.sub(" ", text))]
    said = [words for words in found if words]
    every = [word for words in said for word in words]
    if len(every) < _FEWEST or not _is_english(every):
        return None
    return 0.39 * len(every) / len(said) + 11.8 * sum(map(syllables, every)) / len(every) - 15.59


def _is_english(every: list[str]) -> bool:
    common = sum(word.lower() in _ENGLISH for word in every)
    return common / len(every) >= _SHARE and all(word.replace("’", "'").isascii() or len(word) > 1 for word in every)


@metric
class Readability(Metric):
    """Plain English is at about grade 8. Made for English, so other languages are not scored."""

    name = "readability"
    title = "Reading grade"
    tested = False
    definition = (
        "Mean Flesch–Kincaid grade (0.39 × words ÷ sentences + 11.8 × syllables ÷ words − 15.59) over last replies of "
        "ten or more words in English."
    )
    kind = "mean"
    unit = "grade"
    better = "lower"
    source = "Kincaid, Fishburne, Rogers and Chissom (1975)"

    def score(self, case: Case, transcript: Transcript) -> Score:
        found = grade(transcript.answer)
        return Score.none("is too short, or not in English") if found is None else Score(value=found)


@metric
class ReplyLength(Metric):
    """What is shorter is read; whether it is complete, other metrics say."""

    name = "reply_length"
    title = "Length of the reply"
    tested = False
    definition = "Mean number of words over last replies."
    kind = "mean"
    unit = "words"
    better = "lower"

    def score(self, case: Case, transcript: Transcript) -> Score:
        return Score(value=float(len(_WORD.findall(transcript.answer))))
