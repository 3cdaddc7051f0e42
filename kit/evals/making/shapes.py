"""The shapes of headings that say what they answer: `How billing works` is `How does billing work?` from a customer."""

import re
from collections.abc import Callable

from kit.evals.making.verbs import BASES
from kit.evals.making.wording import turned

__all__ = ["SHAPES"]

Lower = Callable[[str], str]
Made = Callable[[re.Match[str], Lower], str | None]

_MODAL = ("can", "could", "may", "must", "should")
_VERB = r"(can|could|may|must|should|have|need|get|pay|see|want|do)"
_DONE = r"(\w+ed\b.*|(?:shown|known|taken|made|kept|sent|paid|done|given|sold)\b.*)"


def _do(match: re.Match[str], _: Lower) -> str:
    """`How long you have` → `How long do I have?`."""
    wh, verb, rest = match[1], match[2].lower(), match[3]
    return f"{wh} {f'{verb} I' if verb in _MODAL else f'do I {verb}'}{rest}?"


def _does(match: re.Match[str], lower: Lower) -> str | None:
    """`What the warranty covers` → `What does the warranty cover?`."""
    base = {"does": "do", "has": "have", "goes": "go"}.get(match[3].lower(), BASES.get(match[3].lower()))
    return f"{match[1]} does {turned(lower(match[2]))} {base}?" if base else None


def _is(match: re.Match[str], lower: Lower) -> str:
    """`How tax is worked out` → `How is tax worked out?`."""
    return f"{match[1]} {'are' if match[3] == ' are' else 'is'} {turned(lower(match[2]))} {turned(match[4])}?"


def _plain(wording: str) -> Made:
    return lambda match, _: wording.format(*map(turned, match.groups()))


SHAPES: tuple[tuple[str, Made], ...] = (
    (r"How to (.+)", _plain("How do I {}?")),
    (rf"((?:How|What|When|Where|Which)\b.*?) you {_VERB}\b(.*)", _do),
    (r"(How|What|When|Where|Which) you'll (.+)", _plain("{} will I {}?")),
    (r"What we (?!\w+n't\b)(\w+)(.*)", _plain("What do you {}{}?")),
    (r"How (.+) works?", _plain("How does {} work?")),
    (rf"(How|Where|When) (.+?)('s| is| are) {_DONE}", _is),
    (r"(What|How|Where) ((?:the|a|an|your|my|it|each)\b.*?) (\w+s)", _does),
    (r"(What(?:'s| is| are| happens| isn't| can't be)\b.*)", _plain("{}?")),
    (r"(What \w+s (?:the|a|an|your) .*)", _plain("{}?")),
    (r"(Who (?:can|else|gets|pays|has|may|is)\b.*)", _plain("{}?")),
    (r"When ((?:the|a|an|my|your|it)\b.*)", _plain("What happens when {}?")),
    (r"When to (.+)", _plain("When should I {}?")),
    (r"Where to (.+)", _plain("Where do I {}?")),
    (r"If (.+)", _plain("What do I do if {}?")),
    (r"After (you\b.*)", _plain("What happens after {}?")),
    (r"While (you\b.*)", _plain("What happens while {}?")),
    (r"Before (you\b.*)", _plain("What should I do before {}?")),
    (r"Forgotten (.+)", _plain("I have forgotten {}. What can I do?")),
)
