"""Headings that begin with a verb: `Pairing a sensor`, `Reset your password`. `Return policy` does not."""

import re

__all__ = ["BASES", "begins_with_verb", "imperative"]

_VERBS = frozenset(
    """add adjust apply ask book buy calibrate cancel change charge check choose claim clean close configure connect
    contact copy correct cost cover create deactivate decide delete disable disconnect do download edit enable end
    enter exchange export find fit fix forward get give import install invite join keep leave link lock log make
    manage mean merge move open order pair pause pay prevent print process protect pull put read receive record
    recover redeem register remove rename renew replace report request reset restart restore resume return save
    see select send set share ship show sign skip start stop store subscribe switch sync take tell test track
    trade transfer troubleshoot turn uninstall unlink unlock unsubscribe update upgrade upload use verify view
    withdraw work write""".split()
)
# What is a noun as often as not is a verb only where something follows that no noun would stand before.
_FOLLOWS = frozenset(
    """a an the your my our this that it them another any all each one someone somebody to up on off in out into from
    for with without and or at as over back again""".split()
)
_DOUBLED = frozenset("get log let put run set ship skip stop plan fit begin transfer forget".split())
# Gerunds that stand before a noun more often than before an object: `Shipping times`, `Billing address`.
_BEFORE_NOUNS = frozenset(
    "shipping billing tracking heating cooling charging pairing testing processing working".split()
)


def _gerund(verb: str) -> str:
    if verb in _DOUBLED:
        return verb + verb[-1] + "ing"
    return (verb[:-1] if verb.endswith("e") and not verb.endswith("ee") else verb) + "ing"


def _third(verb: str) -> str:
    if verb.endswith(("s", "x", "z", "ch", "sh", "o")):
        return verb + "es"
    return verb[:-1] + "ies" if re.search(r"[^aeiou]y$", verb) else verb + "s"


_GERUNDS = {_gerund(verb): verb for verb in _VERBS}
BASES = {_third(verb): verb for verb in _VERBS}
"""`covers` → `cover`."""


def imperative(text: str) -> str | None:
    """The phrase as it follows `How do I`; None if it does not begin with a verb."""
    words = text.split()
    first = words[0].lower() if words else ""
    if len(words) < 2 or re.search(r"[:;?]", text):
        return None
    follows = words[1].lower().strip(",") in _FOLLOWS
    if first in _GERUNDS and (follows or first not in _BEFORE_NOUNS):
        for place, word in enumerate(words):
            if place == 0 or words[place - 1].lower() in ("and", "or"):
                words[place] = _GERUNDS.get(word.lower(), word)
        return " ".join(words)
    if first in _VERBS and follows:
        return " ".join([first, *words[1:]])
    return None


def begins_with_verb(text: str) -> bool:
    """Whether the first word is one of these verbs, or also is: `Report` in `Report a fault` and in `Report design`."""
    words = text.split()
    return len(words) > 1 and words[0].lower() in _VERBS
