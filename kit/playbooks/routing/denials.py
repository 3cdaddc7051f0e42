"""Leaves out of a message what it says is not the case: "nothing is damaged" is no report of damage.

A sentence's vector is about damage either way. Only what is plainly no complaint is left out: states in which a thing
could be and is not. "Nothing works" and "no heat" stay, since they are what the customer writes for.
"""

import re

from kit.text import content_words

__all__ = ["without_denied"]

_HARM = (
    r"(?:damaged?|broken|defective|faulty|burn(?:t|ed)|melted|scorched|scratched|cracked|dented|missing|wet|hot|warm"
    r"|overheat(?:ed|ing)|smoking|on fire|wrong(?: with (?:it|them))?|used|opened)"
)
_DENIED = re.compile(
    rf"(?:^|(?<=[,.;:!?\n(–—])|\b(?:and|but|so|as|because|since)\b)\s*(?:\w+ ){{0,2}}?"
    rf"(?:nothing(?: (?:on|in|of|about) \w+)?(?:['’]s| is| was| has been| seems| looks| got)"
    rf"|(?:it|they|that|everything|the \w+)(?:['’]s not|['’]re not| (?:is|was|are|were)(?:n['’]?t| not)"
    rf"| (?:has|have)(?:n['’]?t| not| never) been| never (?:got|was|were))"
    rf"|there(?:['’]s| is| was) no(?:thing)?)"
    rf"(?: at all| even| really| ever)* {_HARM}(?: at all| in any way| whatsoever)?"
    r"(?=\s*(?:$|[,.;:!?\n)–—]|(?:and|but|so)\b))",
    re.IGNORECASE,
)
_ORPHANED = re.compile(r"(?:^|(?<=[,.;:!?]))[\s,.;:!?]*[,.;:!?]\s*")  # marks of the clauses that went
_LEFT = 1  # so many content words have to be left, or else the denial is all that the message says


def without_denied(message: str) -> str:
    """The message without clauses that deny a harm; the message itself where little else is said."""
    if not _DENIED.search(message):
        return message
    left = _ORPHANED.sub("", " ".join(_DENIED.sub(" ", message).split()))
    return left if len(content_words(left)) >= _LEFT else message
