"""Recognises an angry customer, so that the reply can begin calmly.

A report of something broken is not anger: "the screen is dead" and "it never works" name a problem. So the mood of the
words (VADER, Hutto and Gilbert 2014) counts only together with a sign of anger: capitals, exclamation marks, swearing,
or reproach. Swearing at somebody and reproach in so many words are enough by themselves.
"""

import re
from functools import cache
from typing import Any

__all__ = ["is_angry", "without_anger"]

_LETTERS = re.compile(r"[^\W\d_]+(?:['’*][^\W\d_]+)*")
_BAD = (
    "sucks?|ridiculous|pathetic|unacceptable|outrageous|disgraceful|disgusting|a joke|a disgrace|an outrage|insane"
    "|infuriating|incompetent|useless|worthless|rubbish|garbage|trash|crap|bullshit|bs|shite?|horrible|a scam"
    "|scammers|thieves|liars|lying"
)
# Enough by itself: reproach, and swearing that has a target.
_SURE = re.compile(
    "|".join(
        (
            r"\b(?:you|u|ur|your|this|it|that|these|they|everything)(?:['’]?(?:re|s|ve)| are| is| guys| people| company"
            rf"| bot| app| thing)?\s+(?:(?!tell|share|know|make|hear)\w+\s+){{0,2}}?(?:{_BAD})\b",
            r"\b(?:ridiculous|unacceptable|outrageous|disgraceful|infuriating|pathetic)\b",
            r"\bf+[u*@#]+c*k+\w*|\bf\*+\w*|\bwtf\b|\bstfu\b|\bbullsh[i*]t\b|\bgod ?damn\b|\bscrew (?:you|this)\b",
            r"\bpiece of (?:sh[i*]t|crap|junk|garbage)\b|\b(?:your|this) (?:damn|bloody|freaking|crappy|shitty)\b",
            r"\bwhat (?:the hell|is wrong with you)\b|\bare you (?:kidding|serious|joking|stupid|deaf)\b",
            r"\b(?:i['’]?m|i am|im|getting|so|really|very|beyond|absolutely) (?:\w+ )?(?:angry|furious|livid|mad at you"
            r"|pissed(?: off)?|outraged|fuming|fed up|sick of|disgusted|appalled)\b",
            r"\b(?:fed up|sick and tired|sick of|had (?:it|enough) (?:with|of)|enough is enough|last straw"
            r"|losing my patience|out of patience|wasting my time|waste of (?:my )?(?:time|money)|shame on you"
            r"|how dare you|ripped? (?:me )?off)\b",
            r"\b(?:worst|terrible|horrible|useless|stupid) (?:\w+ )?(?:company|service|support|bot|chatbot|machine"
            r"|robot)\b|\b(?:worst|stupid) (?:\w+ )?(?:product|app|experience|thing)\b"
            r"|\buseless (?:app|thing|answers?)\b",
            r"\bthe (?:third|fourth|fifth|sixth|tenth|hundredth|millionth|\d+th) (?:damn |bloody )?time (?:i['’]?m|i am"
            r"|i have to|that i (?:have to|ask))\b|\bnever (?:buy|order|us)\w* .{0,30}\bagain\b",
            r"\byou (?:people|guys) (?:never|don['’]?t|can['’]?t)\b|\bdoes anyone (?:even )?(?:read|care|work)\b",
            r"\bnobody (?:helps|cares|answers|listens|replies)\b",
        )
    ),
    re.IGNORECASE,
)
_SWEARING = re.compile(
    r"\b(?:damn(?:ed)?|bloody|crap+y?|sh[i*]t+y?|hell|freaking|frigging|arse\w*|ass|stupid|idiot(?:s|ic)?"
    r"|moron(?:s|ic)?|dumb|useless|sucks?|garbage|trash|rubbish|joke|scam|liars?|thieves|awful|terrible|horrible"
    r"|worst|hate)\b",
    re.IGNORECASE,
)
_REPROACH = re.compile(
    r"\b(?:again|still|once more|for (?:days|weeks|months|hours)|always|every (?:single )?time|keeps?|already told"
    r"|i (?:just )?(?:said|told you)|how (?:many times|much longer|long (?:do|must))|nobody|no one)\b",
    re.IGNORECASE,
)
_LOUD = re.compile(r"!{2,}|\?!|!\?")
# "Not angry", "don't get mad": whoever says so is not.
_CALM = re.compile(r"\b(?:not|n['’]?t|never|no longer) (?:\w+ )?(?:angry|mad|furious|upset|fed up)\b", re.IGNORECASE)
NEGATIVE = -0.4  # the mood of angry words
GLAD = 0.3  # who shouts with joy is above this


def is_angry(message: str) -> bool:
    """Whether the message sounds angry, rather than merely reporting something bad."""
    if _CALM.search(message):
        return False
    if _SURE.search(message):
        return True
    shouts, loud = _shouts(message), bool(_LOUD.search(message))
    signs = shouts + loud + bool(_SWEARING.search(message))
    if not signs:
        return False
    if signs + bool(_REPROACH.search(message)) < 2:
        return False
    return _mood(message) <= (GLAD if shouts and loud else NEGATIVE)


def without_anger(message: str) -> str:
    """The message without its reproaches and swearing: what it is about, if it is about anything."""
    return _SWEARING.sub(" ", _SURE.sub(" ", message))


def _shouts(message: str) -> bool:
    """Whether most of a message of several words is in capitals, or several long words are."""
    written = [word for word in _LETTERS.findall(message) if len(word) > 1]
    loud = [word for word in written if word.isupper()]
    return len(written) >= 3 and (len(loud) > 0.6 * len(written) or sum(len(word) > 4 for word in loud) >= 2)


def _mood(message: str) -> float:
    """VADER's compound score, from −1 to 1. It makes nothing of capitals throughout, so they are taken off."""
    return float(_vader().polarity_scores(message.lower() if message.isupper() else message)["compound"])


@cache
def _vader() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()
