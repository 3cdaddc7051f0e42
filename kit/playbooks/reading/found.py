"""What was found in a message, and which of several finds the customer means."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

__all__ = ["MOST", "Found", "Value", "free", "matches", "negated", "settle"]

Value = str | bool | int | float

# A message with more finds than this is no answer to anything, and reading on would only take time.
MOST = 12

# "No wait", "sorry", "I mean": what follows takes the place of what stood before.
_FILLERS = (
    "i|mean|meant|to|say|no|it|it['’]s|is|was|that|that['’]s|make|should|be|read|the|a|an|on|actually|sorry|order"
)
_REPAIR = re.compile(
    r"[\s,.;:!)(–—-]*\b(?:no[ ,]+wait|wait(?:[ ,]+no)?|no[ ,]+sorry|sorry|oops|whoops|scratch that|correction|actually"
    r"|rather|no|make (?:that|it)|i mean(?:t)?|my mistake|my bad)\b"
    rf"(?:[\s,.;:!–—-]+(?:{_FILLERS})\b){{0,6}}[\s,.;:!–—$€£#(-]*",
    re.IGNORECASE,
)
_NOT_BEFORE = re.compile(
    r"\b(?:not|\w+n['’]t|never|instead of|rather than|no longer)"
    r"(?:\s+(?:the|a|an|on|for|in|from|my|it|is|was|be|order|number|arrive|come))*\s*[\"'“‘#$€£(]*$",
    re.IGNORECASE,
)
_WRONG_AFTER = re.compile(
    r"[\"'”’)]*\s*,?\s*(?:(?:was|is|were|are|['’]s)\s+(?:(?:all|just|only|simply)\s+)?"
    r"(?:wrong|incorrect|false|out of date|old|my old|an? (?:mistake|typo|error|slip)"
    r"|not (?:right|correct|mine|it|true))"
    r"|(?:is|was|were)n['’]t\s+(?:right|correct|mine|it|true))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Found:
    """A value and where it stands in the message; None where something stands that cannot be read for certain.

    `plain` says that its form alone leaves no doubt of what it is, so that it may be taken without being asked for;
    `refused`, that the message is known to say that it is not this.
    """

    start: int
    end: int
    value: Value | None
    plain: bool = False
    refused: bool = False


def matches(pattern: re.Pattern[str], message: str) -> Iterator[re.Match[str]]:
    """The first matches, one more than would be read: `settle` gives up on so many."""
    for number, match in enumerate(pattern.finditer(message)):
        if number > MOST:
            return
        yield match


def free(match: re.Match[str], taken: Iterable[Found]) -> bool:
    """Whether nothing that was found before overlaps the match."""
    return all(match.end() <= other.start or other.end <= match.start() for other in taken)


def negated(found: Found, message: str) -> bool:
    """Whether the message says that it is not this: "not the 3rd", "BL-104233 was wrong"."""
    if found.refused:
        return True
    before, after = message[max(0, found.start - 50) : found.start], message[found.end : found.end + 40]
    return bool(_NOT_BEFORE.search(before) or _WRONG_AFTER.match(after))


def settle(founds: list[Found], message: str) -> Value | None:
    """The one value that is meant; None where there is none, or more than one, so that it is asked again."""
    if len(founds) > MOST:
        return None
    meant: list[Found] = []
    for found in sorted(founds, key=lambda one: one.start):
        between = message[meant[-1].end : found.start] if meant else ""
        if meant and len(between) <= 60 and _REPAIR.fullmatch(between):
            meant.clear()
        meant.append(found)
    # What is refused is told apart only now: in "the 3rd, no, not the 4th" nothing is left.
    left = {found.value for found in meant if not negated(found, message)}
    # True and 1 are equal to Python, but a field's values are all of one type.
    return left.pop() if len(left) == 1 else None
