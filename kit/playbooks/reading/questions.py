"""What a message asks, apart from what it answers."""

import re

__all__ = ["asks", "split_question"]

_LEAD = (
    r"(?:(?:and|but|so|ok(?:ay)?|also|then|well|hi|hello|hey|oh|sorry|thanks|thank you|please|by the way|btw|quick question"
    r"|one (?:more )?question|question|another thing|before (?:that|we do|you do)|just|actually|however|though)\b[\s,:!–—-]*)*"
)
_WH = (
    r"(?:how (?:long|much|many|soon|often|far|late|early|old|big|come|about|do|does|did|can|could|will|would|is|are|was|were"
    r"|should|to)\b"
    r"|(?:what|why|where|when|who|whom|whose)(?:['’]?s| is| are| was| were| do| does| did| can| could| will| would| should"
    r"| has| have| if| about| happens| happened| time| kind| sort| type| counts| else| not)\b"
    r"|why (?:i|my|it|you)\b"
    r"|which (?:one|of|model|plan|kind|size|day|time|address|number|order|is the)\b|what (?:the \w+ )?(?:\w+ )(?:is|are|do|does|did|will|would|can|should)\b)"
)
_AUXILIARY = (
    r"(?:(?:do|does|did|can|could|will|would|should|may|must|am|is|are|was|were|have|has|had|shall)(?:n['’]?t)? "
    r"(?:i|you|we|they|he|she|it|there|anyone|somebody|someone)\b(?! (?:please|$))"
    r"|(?:does|did|will|would|could|should|is|are|has)(?:n['’]?t)? (?:the (?!\d)|my|your|this|that|these|those|an?|one|both) ?\w"
    r"|can (?:the|my|your|this|that) \w)"
)
_INDIRECT = (
    r"(?:i(?:['’]d| would) (?:also |just )?(?:like|love|want) to (?:know|ask|find out|understand|check (?:whether|if|how|when|what))"
    r"|i(?:['’]m| am| was)?(?: just| also)? (?:wondering|curious|wonder)\b|wondering (?:if|whether|how|what|when|why|where)\b"
    r"|(?:can|could|would|will) (?:you|someone|anyone) (?:please |kindly |just )?(?:tell|explain|let me know|say|advise|clarify|remind)\b"
    r"|(?:do|does|would) (?:you|anyone) (?:happen to )?know\b|any (?:idea|chance|news|update)\b"
    r"|(?:please |just )?(?:tell me|let me know|explain|advise)(?: to me)? (?:how|what|when|why|where|whether|who|which|if (?!you (?:need|want|have)))"
    r"|i (?:also )?(?:need|want|have) to (?:know|ask)\b|i (?:don['’]t|do not) (?:understand|get|see) (?:how|why|what)\b"
    r"|i(?:['’]ve| have) (?:a|one|another) (?:\w+ )?question\b|is there\b|are there\b|any way\b)"
)
_ASKS = re.compile(rf"[\s\"'(]*{_LEAD}(?:{_WH}|{_AUXILIARY}|{_INDIRECT})", re.IGNORECASE)
# Orders in the form of a question, and "do it": they ask for nothing that could be answered.
_ORDER = re.compile(
    rf"[\s\"'(]*{_LEAD}(?:(?:can|could|would|will) (?:you|i|we) (?:please |kindly |just )?(?!tell|explain|let me know|say|advise"
    r"|clarify|remind|still|get a discount)|do it\b|do that\b|have it\b|may i (?:please )?(?:have|get)\b)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?…]+[\"'”’)]*(?=\s|$)|\n+|\s[–—-]+\s|[;–—]\s*")
# Within a sentence a question may follow what is said: "BL-104233, how long will it take", "faulty but do I pay".
_CLAUSE = re.compile(
    rf"(?:,\s*|(?:,\s*)?\b(?:and|but|so|also)\s+)(?=(?:(?:and|but|so|also|ok(?:ay)?|then|btw|by the way)[\s,]+){{0,3}}"
    rf"(?:{_WH}|{_AUXILIARY}|{_INDIRECT}))",
    re.IGNORECASE,
)
_START = re.compile(rf"(?<=[\w)])\s+(?=(?:{_WH}|{_AUXILIARY}|{_INDIRECT}))", re.IGNORECASE)
# After these a question is only spoken of, or is a part of the sentence: "I know how long", "the box in which".
_SPOKEN = re.compile(
    r"\b(?:know|knew|tell|told|me|see|saw|say|said|ask|asked|wonder|wondering|sure|idea|of|on|in|for|to|at|from|with|by|about|remember"
    r"|understand|explain|check|whether|if|that|is|was|this|not|and|or|but|everything|all|where|what|how|when|out|exactly)$",
    re.IGNORECASE,
)


def asks(message: str) -> bool:
    """Whether the message, or a part of it, asks something."""
    return bool(split_question(message)[1])


def split_question(message: str) -> tuple[str, str]:
    """What a message says and what it asks, each in the message's own words; either may be empty.

    "BL-104233. How long does the refund take?" is `("BL-104233.", "How long does the refund take?")`. A question needs
    no question mark ("can you tell me how long it takes"); an order in the form of a question is one only with it.
    """
    said: list[str] = []
    asked: list[str] = []
    for sentence in _sentences(message):
        is_question = sentence.rstrip("\"'”’) ").endswith("?")
        parts = _clauses(sentence)
        for number, part in enumerate(parts):
            last = number == len(parts) - 1
            begins = bool(_ASKS.match(part)) and not (_ORDER.match(part) and not is_question)
            if begins or (is_question and last):
                asked.append(part)
            else:
                said.append(part)
    return " ".join(said), " ".join(asked)


def _sentences(message: str) -> list[str]:
    found, start = [], 0
    for match in _SENTENCE.finditer(message):
        # A dash parts only what asks from what does not; it is left out of both.
        end = match.end() if match.group()[0] in ".!?…" else match.start()
        found.append(message[start:end].strip())
        start = match.end()
    found.append(message[start:].strip())
    return [one for one in found if any(char.isalnum() or char == "?" for char in one)]


def _clauses(sentence: str) -> list[str]:
    """A sentence, parted where a question begins within it."""
    if _ASKS.match(sentence):
        return [sentence]
    for match in _CLAUSE.finditer(sentence):
        before, after = sentence[: match.start()].strip(" ,"), sentence[match.end() :].strip()
        if _has_words(before) and not _ORDER.match(after):
            return [before, after]
    if sentence.endswith("?"):
        for match in _START.finditer(sentence):
            before, after = sentence[: match.start()].strip(" ,"), sentence[match.end() :].strip()
            if _has_words(before) and not _SPOKEN.search(before[-20:]):
                return [before, after]
    return [sentence]


def _has_words(text: str) -> bool:
    return any(char.isalnum() for char in text) and not re.fullmatch(rf"\s*{_LEAD}\s*", f"{text} ", re.IGNORECASE)
