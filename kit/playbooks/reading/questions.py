"""What a message asks, apart from what it answers."""

import re
from functools import lru_cache

from kit.text import ABBREVIATIONS

__all__ = ["asks", "split_question"]


def _any(*forms: str) -> str:
    return f"(?:{'|'.join(forms)})"


# Words before a question that are no part of it.
_LEADS = _any(
    "and|but|so|ok(?:ay)?|also|then|well|hi|hello|hey|oh|sorry|thanks|thank you|please|just|actually|however|though",
    "by the way|btw|(?:quick |one (?:more )?|another )?question|another thing|before (?:that|we do|you do)",
)
# Neither goes back: a message of nothing but "so, so, so" takes no time.
_LEAD = rf"(?:{_LEADS}\b[\s,:!–—-]*+){{0,6}}+"
_OPEN = r"[\s\"'(]*+"
_VERB = "(?:is|are|was|were|do|does|did|can|could|will|would|should|has|have)(?:n['’]?t)?"
_WHO = "(?:i|you|we|they|he|she|it|there|anyone|anybody|someone|somebody)"
# A question with its own word: "how long", "what is", "which one". "Which is" and "when it came" are relative clauses.
_WORDED = _any(
    rf"how (?:long|much|many|soon|often|far|late|early|old|big|come|about|to|{_VERB})\b",
    rf"(?:what|why|where|when|who|whom|whose)(?:['’]?s| {_VERB})\b",
    r"what (?:if|about|happens|happened|time|kind|sort|type|counts|else)\b|where (?:else|to)\b|why not\b",
    r"why (?:i|my|it|you)\b",
    r"which (?:one|of|model|plan|kind|size|day|time|address|number|order|is the)\b",
    rf"what \w+ {_VERB}\b",
)
# A question by the order of its words: "do I pay". "Do the refund" and "have the box" are none.
_TURNED = _any(
    rf"(?!do it\b|have it\b)(?:{_VERB}|may|must|am|had|shall) {_WHO}\b(?! please)",
    r"(?:does|did|will|would|could|should|is|are|has)(?:n['’]?t)? "
    r"(?:the (?!\d)|my |your |this |that |these |those |an? |one |both )\w",
    r"can (?:the|my|your|this|that) \w",
)
_WISH = r"i(?:['’]d| would)? (?:also |just )?(?:like|love|want|need|have)"
_TELL = "(?:tell|explain|let me know|say|advise|clarify|remind)"
# A question that is spoken of: "I'd like to know whether", "can you tell me how long".
_SPOKEN_OF = _any(
    rf"{_WISH} to (?:know|ask|find out|understand|check (?:whether|if|how|when|what))\b",
    r"i(?:['’]m| am| was)?(?: just| also)? (?:wondering|curious|wonder)\b",
    r"wondering (?:if|whether|how|what|when|why|where)\b",
    rf"(?:can|could|would|will) (?:you|someone|anyone) (?:please |kindly |just )?{_TELL}\b",
    r"(?:do|does|would) (?:you|anyone) (?:happen to )?know\b",
    r"any (?:idea|chance|news|update|way to)\b",
    r"(?:tell me|let me know|explain|advise)(?: to me)? (?:how|what|when|why|where|whether|who|which)\b",
    r"(?:tell me|let me know) if (?!you (?:need|want|have|require))",
    r"i (?:don['’]?t|do not) (?:understand|get|see) (?:how|why|what)\b",
    r"i(?:['’]ve| have) (?:a|one|another) (?:\w+ )?question\b",
)
_BEGINS = _any(_WORDED, _TURNED, _SPOKEN_OF)
# Within a sentence these would be relative clauses: "my wife, who pays".
_FIRST = _any(r"who \w+s\b", r"(?:who|what|when|where|why|how|which one)\W*$")
_ASKS = re.compile(rf"{_OPEN}{_LEAD}(?:{_BEGINS}|{_FIRST})", re.IGNORECASE)
# Orders in the form of a question; without a question mark they ask for nothing that could be answered.
_ORDER = re.compile(
    rf"{_OPEN}{_LEAD}(?:(?:can|could|would) you (?:please |kindly |just )?(?!{_TELL}\b|still\b|know\b)"
    r"|(?:can|could|may) (?:i|we) (?:please |just )?(?:have|get|take|choose|make|change|cancel)\b)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)]*(?=\s|$)|\n+|\s[–—-]+\s|[;–—]\s*")
# Within a sentence a question may follow what is said: "faulty, how long will it take", "faulty but do I pay".
_CLAUSE = re.compile(
    r"(?:,\s*|\b(?=(?:and|but|so|also)\s))"
    rf"(?=(?:(?:and|but|so|also|ok(?:ay)?|then|btw|by the way)[\s,]+){{0,3}}{_BEGINS})",
    re.IGNORECASE,
)
# And without any mark: "BL-104233 how long will it take?"
_MIDST = re.compile(rf"(?<=[\w)])\s+(?={_BEGINS})", re.IGNORECASE)
_MIDST_PLAIN = re.compile(
    rf"(?<=[\w)])\s+(?=(?:what|why|where|when|how(?: long| much| many)?)(?:['’]?s| {_VERB}) (?:{_WHO}|my|the)\b)",
    re.IGNORECASE,
)
# After these a question is a part of the sentence: "I know how long", "the box in which".
_BOUND = re.compile(
    r"\b(?:know|knew|tell|told|me|see|saw|say|said|ask|asked|wonder|wondering|sure|idea|remember|understand|explain|check"
    r"|of|on|in|for|to|at|from|with|by|about|out|whether|if|that|is|was|this|not|and|or|but|everything|all|exactly"
    r"|where|what|how|when)$",
    re.IGNORECASE,
)


def asks(message: str) -> bool:
    """Whether the message, or a part of it, asks something."""
    return bool(split_question(message)[1])


@lru_cache(maxsize=64)  # every field of a playbook reads the same message
def split_question(message: str) -> tuple[str, str]:
    """What a message says and what it asks, each in the message's own words; either may be empty.

    "BL-104233. How long does the refund take?" is `("BL-104233.", "How long does the refund take?")`. A question needs
    no question mark ("can you tell me how long it takes"); an order in the form of a question is one only with it.
    """
    said: list[str] = []
    asked: list[str] = []
    for sentence in _sentences(message):
        marked = sentence.rstrip("\"'”’) ").endswith("?")
        *before, last = _clauses(sentence, marked=marked)
        said += before
        (asked if marked or _is_question(last) else said).append(last)
    return " ".join(said), " ".join(asked)


def _is_question(part: str) -> bool:
    return bool(_ASKS.match(part)) and not _ORDER.match(part)


def _sentences(message: str) -> list[str]:
    found, start = [], 0
    for match in _SENTENCE_END.finditer(message):
        if match.group() == "." and message[start : match.start()].rsplit(" ", 1)[-1].lower() in ABBREVIATIONS:
            continue
        # A dash parts what is said from what is asked, and belongs to neither.
        end = match.end() if match.group()[0] in ".!?…" else match.start()
        found.append(message[start:end].strip())
        start = match.end()
    found.append(message[start:].strip())
    return [one for one in found if any(char.isalnum() or char == "?" for char in one)]


def _clauses(sentence: str, *, marked: bool) -> list[str]:
    """A sentence, parted in two where a question begins within it."""
    if _ASKS.match(sentence):
        return [sentence]
    places = [(match, False) for match in _CLAUSE.finditer(sentence)]
    places += [(match, True) for match in (_MIDST if marked else _MIDST_PLAIN).finditer(sentence)]
    for match, bare in places:
        before, after = sentence[: match.start()].strip(" ,"), sentence[match.end() :].strip()
        if (
            not _is_only_lead(before)
            and not (bare and _BOUND.search(before[-20:]))
            and (marked or not _ORDER.match(after))
        ):
            return [before, after]
    return [sentence]


def _is_only_lead(text: str) -> bool:
    return re.fullmatch(rf"\W*+{_LEAD}\W*+", f"{text} ", re.IGNORECASE) is not None
