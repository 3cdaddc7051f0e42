"""What a reply states that a wrong article would get wrong: its figures and what it denies."""

import re

from kit.text import squash, words

__all__ = ["FIGURE", "NEGATION", "stated"]

# A number with the sign in front of it and the word behind it: `$14.95`, `3`, `24 V`, `60 days`.
FIGURE = re.compile(r"(?P<sign>[$€£]?)(?P<number>\d+(?:,\d{3})*(?:\.\d+)?)(?P<unit>\s?(?:%|°\s?[CF]\b|[A-Za-z]+)?)")
NEGATION = re.compile(
    r"\b(?:(?P<modal>ca|do|does|did|is|are|was|wo|should|must|need|could|would|has|have)n['’]t|"
    r"(?P<cannot>cannot)|(?P<not>not)|(?P<never>never))\b",
    re.IGNORECASE,
)


def stated(answer: str) -> tuple[str, ...]:
    """The figures of an answer, with their units, and its negations with the word that they deny, each once, sorted."""
    text = squash(answer.replace("*", ""))
    figures = {squash(match.group()).lower() for match in FIGURE.finditer(text)}
    denied = set()
    for match in NEGATION.finditer(text):
        after = words(text[match.end() : match.end() + 40])
        denied.add(f"not {after[0]}" if after else "not")
    return tuple(sorted(figures | denied))
