"""The names of a plain text."""

import re
from typing import NamedTuple

from kit.assistant.grounding.lexicon import is_content

__all__ = ["Name", "find_names"]

_UNIT = (
    r"(?:s|sec|min|hour|hr|day|week|month|quarter|year|business|working|times?|am|pm|a\.m|p\.m|m|km|cm|ft|kg|lb|GB|MB|TB"
    r"|GHz|V|W)"
)
_NAME = re.compile(
    r"(?<![\w'.-])[A-Z][\w'&]*(?:-[A-Z]\w*)*"
    rf"(?:\s+(?:[A-Z][\w'&]*(?:-[A-Z]\w*)*|\d{{1,2}}(?!\w|[.,:/-]\d|\s?[%°]|[\s-]{_UNIT}s?\b)))*"
)
_POSSESSIVE = re.compile(r"'s?\b")
# "Step 6" and "Day 15" count; they name nothing.
_MONTH = r"Jan\w*|Feb\w*|Mar\w*|Apr\w*|May|June?|July?|Aug\w*|Sep\w*|Oct\w*|Nov\w*|Dec\w*"
_COUNTED = re.compile(
    rf"(?<=\b)(?:Step|Steps|{_MONTH}|Day|Days|Page|Section|Level|Chapter|Week|Month|Version|No)\s+\d+$|^[A-Z]$"
)
_TITLE = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|St|Prof)\.\s$")
_STARTS = re.compile(r"(?:^\W*|\n\s*[-•*>]?\s*|[.!?:]\s+|[(\"“|]\s*|^\s*[-•]\s+|\d\.\s+)$")


class Name(NamedTuple):
    """A name, lower-case, and where it stands."""

    text: str
    start: int
    end: int

    @property
    def numbered(self) -> bool:
        """Whether its last part is a number: "Dial 1"."""
        return self.text[-1].isdigit() and " " in self.text


def find_names(text: str, known: frozenset[str] = frozenset()) -> list[Name]:
    """The names of a plain text: capitalised words that do not begin a sentence, or that are `known`."""
    found: list[Name] = []
    for match in _NAME.finditer(text):
        start, said = match.start(), match.group()
        if start == 0 or (
            (not _TITLE.search(text, max(0, start - 6), start)) and _STARTS.search(text, max(0, start - 6), start)
        ):
            dropped = _dropped(said, known)
            start, said = start + dropped, said[dropped:]
        said = _COUNTED.sub("", said).rstrip()
        name = " ".join(_POSSESSIVE.sub("", said).lower().split())
        if known and len(name.split()) > 1 and name[-1].isdigit() and name not in known:
            name, said = name.rsplit(None, 1)[0], said.rsplit(None, 1)[0]  # "Plus 6 and Home Pro 15"
        if len(name) > 1 and (is_content(name) or " " in name or said.isupper()):
            found.append(Name(name, start, start + len(said)))
    return found


def _dropped(said: str, known: frozenset[str]) -> int:
    """How many letters are no name: the first word, if it is capitalised only because the sentence begins with it."""
    first = said.split(None, 1)[0]
    bare = _POSSESSIVE.sub("", first)
    if len(bare) > 1 and any(sign.isupper() for sign in bare[1:]):
        return 0
    words = _POSSESSIVE.sub("", said).lower().split()
    if any(" ".join(words[:size]) in known for size in range(len(words), 0, -1)):
        return 0
    rest = said[len(first) :]
    return len(first) + len(rest) - len(rest.lstrip()) if rest.strip() and not rest.strip()[0].isdigit() else len(said)
