"""Whether the customer does not know what was asked, or does not have it at hand."""

import re

__all__ = ["does_not_know"]

_NOT = r"(?:do not|don['’]?t|did not|didn['’]?t|cannot|can ?not|can['’]?t|could not|couldn['’]?t)"
_AT_ONCE = (
    rf"(?:i |we )?(?:really |honestly |just )?{_NOT} (?:really |even )?"
    r"(?:know|remember|recall|have|find|tell|say|see)\b(?! (?:any )?(?:time|problem))"
    r"|(?:i |we )?(?:have |['’]ve )?(?:forgot(?:ten)?|lost)\b"
    r"|(?:i ?['’]?a?m |we ?['’]?a?re )?(?:not (?:really |quite |at all )?(?:sure|certain)|unsure)\b"
    r"|(?:i |we )?(?:have |['’]ve got )?(?:no (?:idea|clue)|none\b)"
    r"|idk\b|dunno\b|no\W*$|nope\W*$|n/?a\W*$|unknown\W*$|skip\b|pass\W*$"
)
_LEAD = (
    r"(?:(?:sorry|no|nope|hm+|uh+m?|well|oh|ah|dear|ok(?:ay)?|honestly|i['’]?m afraid|i am afraid|unfortunately"
    r"|actually)\W+)*"
)
_DOES_NOT = re.compile(rf"\W*{_LEAD}(?:{_AT_ONCE})", re.IGNORECASE)
# What follows is the fact after all, or the beginning of it: "not sure, maybe Harrow", "I forgot to say: it's Harrow".
_AFTER_ALL = re.compile(r"\b(?:but|maybe|perhaps|it(?:['’]?s| is)|to (?:say|mention|add))\b|@", re.IGNORECASE)
# Whoever writes more than this says something, whatever it begins with.
_MOST_WORDS = 14


def does_not_know(message: str) -> bool:
    """Whether a message says nothing but that the customer does not know, or does not have, what was asked."""
    if len(message.split()) > _MOST_WORDS or any(char.isdigit() for char in message):
        return False
    return _DOES_NOT.match(message) is not None and not _AFTER_ALL.search(message)
