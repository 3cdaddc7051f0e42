"""How customers put the same question: from their own side, misspelt, at length, two at once."""

import random
import re

from kit.evals.customers.misspelling import misspelt

__all__ = ["joined", "mistyped", "rambling", "turned"]

_SWAP = {
    "you're": "I'm",
    "you are": "I am",
    "you've": "I've",
    "you'll": "I'll",
    "yourself": "myself",
    "yours": "mine",
    "your": "my",
    "you": "I",
    "we're": "you're",
    "ours": "yours",
    "our": "your",
    "we": "you",
    "us": "you",
}
_TO_ME = r"\b(with|to|for|from|about|of|by|tell|ask|give|send|help|reach|show) you\b"
_TURNED = re.compile(r"\b(?:" + "|".join(map(re.escape, _SWAP)) + r")\b(?!')", re.IGNORECASE)

_BEFORE = (
    "Hi, long day here, the kids are finally in bed and I only get round to this now.",
    "Sorry to bother you, I am not good with computers and my daughter usually does this for me.",
    "So, I already spent half of my lunch break looking for this and gave up.",
    "Good evening! First of all, I like what you do, my neighbor told me about you.",
    "I wrote to you once before, that was in spring I believe, and it was about something else.",
    "We only moved in three weeks ago, half of our things are still in boxes, and now this comes up.",
    "My brother says it is obvious, but then he says that about everything.",
)
_AFTER = (
    "No hurry, but I would like to get it off my list.",
    "I hope that makes sense, English is not my strong side on a phone.",
    "Anyway. Thanks a lot in advance, whoever reads this.",
    "That is really all I wanted to know.",
    "I'd rather ask than do something stupid.",
)
_AND = ("Also, {}", "And another thing: {}", "While I am at it, {}", "And {}")


def turned(text: str) -> str:
    """From the company's mouth into the customer's: `your` becomes `my`, `we` becomes `you`."""
    text = re.sub(_TO_ME, r"\1 me", text)
    return _TURNED.sub(lambda match: _SWAP[match.group().lower()], text)


def mistyped(question: str, chance: random.Random) -> str:
    """The question as typed in a hurry: a third of the longer words misspelt, at least one, in small letters."""
    for _ in range(20):
        if (found := misspelt(question, 1 / 3, chance)) != question:
            return found.rstrip(".?") if chance.random() < 0.5 else found
    return question


def rambling(question: str, chance: random.Random) -> str:
    """The question within what nobody asked for."""
    return f"{chance.choice(_BEFORE)} {question} {chance.choice(_AFTER)}"


def joined(first: str, second: str, chance: random.Random) -> str:
    """Two questions in one message."""
    small = second if second.startswith(("I ", "I'")) else second[0].lower() + second[1:]
    return f"{first} {chance.choice(_AND).format(small)}"
