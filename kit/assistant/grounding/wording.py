"""The words of a plain text: which carry the subject, and which of them are negated."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from kit.assistant.grounding.lexicon import is_content, is_weak, keys, opposites, root
from kit.assistant.grounding.names import Name

__all__ = ["Word", "Wording", "all_negated", "find_words"]

_TOKEN = re.compile(r"[^\W_]+(?:['.@+/_-][^\W_]+)*|[^\w\s]")
_NEGATORS = frozenset(
    """not never no none nor neither nothing nobody without nowhere unless waive waived waives excluded prohibited
    forbidden banned impossible""".split()
)
# What looks like a negation but bounds a figure, or says more rather than less.
_NO_NEGATION = re.compile(
    r"\bwith or without\b"
    r"|\b(?:no|not) (?:later|more|less|longer|fewer|earlier|over|before|heavier|higher|exceed\w*) than\b"
    r"|\bnot (?:only|just)\b(?=.*\bbut\b)"
    r"|\bno matter\b|\bor not\b|\bwhether or not\b|\bno\. ?\d|\bif not\b|\bwhy not\b|\bno exceed\w*",
    re.IGNORECASE,
)
_CONTRAST = re.compile(
    r"(?<=keep it )(?:out of|away from)\b|\b(?:(?:keep|stay|leave|put)\s(?:\w+\s){0,2}?)(?:out of|away from)\b"
    r"|\b(?:rather than|instead of|other than|except(?: for)?(?!\s(?:for\s)?(?:an?\s|the\s)?[$€£\d]))\b",
    re.IGNORECASE,
)
# Where a negation ends: what follows is another clause, or the other half of "not … but …".
_ENDS = frozenset(
    "but if when because so after before until that which who while although though as since where".split()
) | frozenset(".,;:!?()")
# Verbs that deny, or affirm what is denied already: "nothing stops it".
_STOPPERS = frozenset("stop stops stopped stopping cease ceases ceased prevent prevents prevented".split())
# They may stand after what they deny.
_DANGLING = _STOPPERS | frozenset(
    "not never none nothing waived excluded prohibited forbidden banned impossible".split()
)
_REACH = 5
# A verb after what was denied begins something else: "what we do not cover is charged".
# A comma within a list of what is denied: "passwords, PINs or codes".
_GOES_ON = re.compile(
    r",\s+(?!and\b|but\b|so\b|if\b|when\b|which\b|who\b|the\b|an?\b|it\b|we\b|you\b|they\b|this\b|that\b|there\b|then\b)\w",
    re.IGNORECASE,
)
_AUXILIARIES = frozenset("can will may must should is are was were does do has have".split())
# "Is not covered and costs $20": the second verb is not denied.
_ANEW = re.compile(
    r"and\s+(?:costs|takes|includes|keeps|comes|works|adds|gives|needs|allows|gets|lasts|ends|starts|stays|goes)\b",
    re.I,
)
# "On" and "off" are of content only where something is switched, or stands, so.
_SWITCH = re.compile(
    r"\b(?:(?:turn\w*|switch\w*|keep\w*|leave|left)\s(?:[\w']+\s){0,2}?|(?:is|are|be|was|were|been|stay\w*|come\w*|goes|go"
    r"|set to|remain\w*)\s(?:still\s|always\s|not\s|now\s)?)(?P<state>on|off)\b"
    r"(?!\s(?:the|a|an|your|our|its|their|top|sale|foot|every|each|board|request|time|monday|tuesday|wednesday|thursday"
    r"|friday|saturday|sunday|\w+ing|\d)\b|\s(?-i:[A-Z]))"
    r"|^(?P<cell>on|off)$",
    re.IGNORECASE,
)
_NEXT = re.compile(r"[^\w]*([\w'-]+)")


@dataclass(frozen=True)
class Word:
    """A word at `start` of the plain text, lower-case, between two others.

    `negated` if a negation reaches it, `head` if it is the first that this negation reaches: what is denied.
    """

    text: str
    start: int
    negated: bool = False
    head: bool = False
    before: str = ""
    after: str = ""

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset({self.text}) if " " in self.text else keys(self.text)

    @property
    def root(self) -> str:
        return self.text if " " in self.text else root(self.text)

    @cached_property
    def family(self) -> str:
        """The first letters that it shares with others of its family: expire, expiry; empty for a short word."""
        return self.text[:5] if len(self.text) > 5 and self.text.isalpha() else ""

    @property
    def is_weak(self) -> bool:
        return is_weak(self.text)

    @cached_property
    def opposites(self) -> frozenset[str]:
        return opposites(self.text)


class Wording(NamedTuple):
    """The content words of a clause."""

    words: list[Word]
    dangling: bool
    """A negation is in it that reaches none of them: "guests' phones do not"."""
    negations: int


def find_words(text: str, *, but: Sequence[tuple[int, int]] = (), names: Sequence[Name] = ()) -> Wording:
    """The content words of a plain clause.

    Args:
        text: the plain clause.
        but: spans without words: its figures and dates.
        names: those with a number are one word each.
    """
    numbered = {name.start: name for name in names if name.numbered}
    passed = [*but, *((name.start + 1, name.end) for name in numbered.values())]
    exempt = [match.span() for match in _NO_NEGATION.finditer(text)]
    contrasts = [match.span() for match in _CONTRAST.finditer(text)]
    switched = {match.start(match.lastgroup or 0) for match in _SWITCH.finditer(text)}
    found: list[Word] = []
    reach, listed, dangling, dangles = 0, False, False, False
    denied, first, last, token = True, False, "", ""
    edge, count, last_negator = 0, 0, ""
    for match in _TOKEN.finditer(text):
        last, start, token = token if token[:1].isalnum() else last, match.start(), match.group().lower()
        if contrasts and contrasts[0][1] <= start:
            contrasts.pop(0)
            reach, denied, dangles, first = _REACH, True, False, True
        if any(one <= start < other for one, other in passed) or (contrasts and contrasts[0][0] <= start):
            dangles = False
        elif token in _NEGATORS or (token in _STOPPERS and last != "to"):
            if not any(one <= start < other for one, other in exempt):
                # "Does not work without a plan": what a second negation reaches is affirmed.
                denied = not (reach > 0 and denied and (token == "without" or token in _STOPPERS))
                # "Neither … nor", "no … and no": one denial of two things.
                again = listed and (token == "nor" or (token == "no" and last in ("and", "or")))
                first, count = True, count + (not again)
                last_negator = token
                reach, listed, dangles = _REACH, True, denied and token in _DANGLING
        elif token == "and" and last_negator in _STOPPERS:
            reach, listed = 0, False
        elif listed and token == "or":
            # "Don't touch it, cool it with water or unplug the wires": so far does what is denied go.
            reach, first = _REACH, True
        elif reach > 0 and not first and (token in ("or", "nor") or (token == "," and _GOES_ON.match(text, start))):
            first = True
        elif token in _ENDS:
            if dangles:
                edge = max(edge, len(found) - 1) if last_negator == "nothing" else edge
                found[edge:], dangling = all_negated(found[edge:]), last_negator != "nothing"
            dangles, reach, edge, listed = False, 0, len(found), listed and token == ","
        elif reach > 0 and not first and (token in _AUXILIARIES or _ANEW.match(text, start)):
            reach, listed = 0, False
        elif start in numbered or (is_content(token) and token not in ("on", "off")) or start in switched:
            text_of = numbered[start].text if start in numbered else token
            after = _NEXT.match(text, match.end())
            negated = reach > 0 and denied
            found.append(Word(text_of, start, negated, negated and first, last, after[1].lower() if after else ""))
            reach, dangles, first = reach - 1, False, first and found[-1].is_weak
    if dangles:
        edge = max(edge, len(found) - 1) if last_negator == "nothing" else edge
        found[edge:], dangling = all_negated(found[edge:]), last_negator != "nothing"
    return Wording(found, dangling, count)


def all_negated(words: Sequence[Word]) -> list[Word]:
    """The words, each with the opposite sign."""
    return [replace(word, negated=not word.negated, head=not word.negated) for word in words]
