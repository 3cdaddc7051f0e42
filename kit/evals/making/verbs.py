"""Headings that begin with a verb: `Pairing a sensor`, `Reset your password`. `Return policy` does not."""

import re

__all__ = ["BASES", "begins_with_verb", "imperative"]

# Never a noun at the head of a heading.
_SURE = frozenset(
    """accept access activate add adjust allow apply archive assign attach browse calibrate choose collaborate
    communicate configure connect convert create customise customize deactivate decide delete disable disconnect
    discover duplicate edit enable enter explore find generate give hide identify improve install integrate interact
    join keep learn locate log make manage mention merge modify mute navigate notify organise organize pay
    personalise personalize prepare prevent protect provide publish put react receive recover redeem register remove
    rename renew reply resize resolve resume review revoke see select send skip snooze solve submit take tell toggle
    troubleshoot unarchive unblock understand uninstall unlink unlock unmute unpair unpin unsubscribe verify
    withdraw write""".split()
)
# A noun as often as not: a verb only where something follows that no noun would stand before.
_MAYBE = frozenset(
    """ask book buy cancel change charge check claim clean clear close contact copy correct cost cover do download end
    exchange export fit fix forward get import invite leave link lock mean move open order pair pause pin print
    process pull read record refresh reorder replace report request reset respond restart restore return save set
    share ship show sign start stop store subscribe switch sync test track trade transfer translate turn update
    upgrade upload use view work""".split()
)
_VERBS = _SURE | _MAYBE
_FOLLOWS = frozenset(
    """a an the your my our this that it them another any all each one someone somebody to up on off in out into from
    for with without and or at as over back again""".split()
)
_DOUBLED = frozenset("get log let put run set ship skip stop plan fit begin transfer forget".split())
# Gerunds that stand before a noun more often than before an object: `Shipping times`, `Billing address`.
_BEFORE_NOUNS = frozenset(
    """billing charging communicating connecting cooling heating operating pairing processing shipping testing tracking
    working""".split()
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
    if first in _SURE or (first in _MAYBE and follows):
        return " ".join([first, *words[1:]])
    return None


def begins_with_verb(text: str) -> bool:
    """Whether the first word is one of these verbs, or also is: `Report` in `Report a fault` and in `Report design`."""
    words = text.split()
    return len(words) > 1 and words[0].lower() in _VERBS
