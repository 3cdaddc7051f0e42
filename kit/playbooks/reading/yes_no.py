"""Whether the customer agreed."""

import re

__all__ = ["read_yes_no"]

# "Yes" agrees wherever it stands. Other words of agreement count only as a clause of their own: "please" agrees,
# "please hurry up" says nothing, and "before you go ahead, tell me the fee" is no consent to anything.
_END = r"(?=\s*(?:$|[,.!;:)\n]|(?:please|thanks|thank you|then|thing|by me|with me)\b))"
_YES = re.compile(
    r"\b(?:yes|yep|yeah|yup|aye)\b|^\W*y\W*$|👍"
    r"|(?:^|[,.!;]|\b(?:please|just|then|ok|okay|and|you (?:can|may|could)|let['’]?s))\s*"
    rf"(?:go ahead|do it|do that|go for it|please do){_END}"
    r"|(?:^|[,.!;]|\b(?:that|it)(?:['’]?s| is)|\b(?:looks|sounds|all|i|we))\s*\b(?:ya|sure|ok|okay|correct|right|please"
    rf"|definitely|absolutely|certainly|agreed?|confirm(?:ed)?|fine|good|alright|of course|by all means)\b{_END}"
    # "It is" agrees; "leave it as it is" does not.
    r"|(?<!\bas )(?<!\blike )(?<!\bhow )(?<!\bwhat )(?<!\bwhere )(?<!\bthan )\b(?:i|we|they|it|that)"
    r" (?:do|did|does|is|are|am|have|has|was|were|can)(?=\s*(?:$|[,.!;)\n]))"
    r"|\b(?:i|we) (?:still |do )?have (?:it|one|them|both|that|those)\b",
    re.IGNORECASE,
)
_NO = re.compile(
    r"\b(?:(?:absolutely|definitely|certainly|of course|please) (?:not|no|don['’]?t)\b|no|nope|nah|not|don['’]?t|never"
    r"|cannot|negative|stop|wait|wrong|incorrect|neither|forget it|hold on|hang on|\w+n['’]t"
    r"|leave (?:it|things|that|this|all|everything|them)|(?:leave|keep) (?:\w+ ){1,3}(?:as|like|the way) (?:it|they))\b"
    r"|^\W*n\W*$|👎",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"\W*(?:yes|yep|yeah|nope|no(?! idea))\b", re.IGNORECASE)
_SURELY_YES = re.compile(r"\b(?:yes|yep|yeah|yup)\b", re.IGNORECASE)
_UNSURE = re.compile(
    r"\b(?:not (?:\w+ )?(?:sure|certain)|unsure|no idea|dunno|idk|maybe|perhaps|(?:can['’]?t|cannot) (?:tell|say)"
    r"|(?:don['’]?t|do not|didn['’]?t|did not) (?:\w+ )?(?:know|remember|understand))\b",
    re.IGNORECASE,
)
# Words of refusal that refuse nothing.
_IDIOM = re.compile(r"\b(?:no (?:problem|worries|rush|hurry|doubt)|not a problem|why not\??)", re.IGNORECASE)


def read_yes_no(message: str) -> bool | None:
    """Whether the message agrees; None when that is not clear, so that it is asked again.

    Something may be done on the strength of a yes, so a question, a doubt or a word in passing is none.
    """
    text = _IDIOM.sub(" ", message)
    if "?" in text or (_UNSURE.search(text) and not _PLAIN.match(text)):
        return None
    agrees, refuses = _YES.search(text), _NO.search(text)
    if agrees and refuses:
        if refuses.start() <= agrees.start():
            return None if _SURELY_YES.search(text, refuses.end()) else False
        # "Yes, it isn't sealed" agrees; "right, don't" could be either.
        at_once = _NO.match(re.sub(r"^[\s,.;:!-]*(?:(?:and|or|but)\s+)?", "", text[agrees.end() :]))
        return None if at_once else True
    return None if agrees is refuses is None else agrees is not None
