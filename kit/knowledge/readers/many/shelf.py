"""Gives each record of a file of many articles its id, and keeps every id to one article."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from kit.knowledge.article import Skipped
from kit.knowledge.readers.document import Document, Given, LeftOut
from kit.safety import strip_hidden
from kit.text import slug, squash

__all__ = ["Shelf", "skipped_from"]

_LONGEST = 80  # characters of an id that is made of a question
_SHOWN = 20  # records of a file that are named one by one for the same reason


class Shelf:
    """The ids in use, each with the place of its article."""

    def __init__(self, taken: Mapping[str, str]) -> None:
        self.taken = dict(taken)

    def place(self, given: Given, *, name: str, stem: str) -> Iterator[tuple[str, Document] | LeftOut]:
        """The documents of a file with their ids; one whose id is in use is left out, with a reason that names both.

        An id is the source system's own; else it stands below the file's: the row's own id, or what is left of the
        question, with a number where several questions leave the same.

        Args:
            given: what the file gave.
            name: the file's path.
            stem: that path without suffix.
        """
        said: dict[tuple[str, str, str], str] = {}
        mine: set[str] = set()
        times: Counter[str] = Counter()
        for document in given.documents:
            where = f"{name}:{document.place}" if document.place else name
            own = unicodedata.normalize("NFC", squash(strip_hidden(document.id)))
            base = own if own and given.own_ids else f"{stem}/{_short(own or document.title)}"
            found = base
            if not own:
                same = (base, document.title, document.text)
                if same in said:
                    yield LeftOut(f"It says the same as {said[same]}.", document.place)
                    continue
                said[same] = where
                while base in mine and found in self.taken:
                    times[base] += 1
                    found = f"{base}-{times[base] + 1}"
            if found in self.taken:
                yield LeftOut(f"Its id is `{found}`, and so is that of {self.taken[found]}.", document.place)
                continue
            self.taken[found] = where
            mine.add(found)
            yield found, document


def _short(text: str) -> str:
    """What is left of a text in an id; where its letters are not Latin they stay as they are."""
    found = slug(text)
    if len(found) < sum(map(str.isalnum, text)) / 2:
        found = "-".join(re.findall(r"\w+", unicodedata.normalize("NFC", text).casefold())) or "x"
    if len(found) <= _LONGEST:
        return found
    return found[:_LONGEST].rpartition("-")[0] or found[:_LONGEST]


def skipped_from(left_out: Iterable[LeftOut], name: str) -> Iterator[Skipped]:
    """What a file's parts were left out for, by place; where many have the same reason, most are only counted."""
    times: Counter[str] = Counter()
    for one in left_out:
        times[one.reason] += 1
        if times[one.reason] <= _SHOWN:
            yield Skipped(f"{name}:{one.place}" if one.place else name, one.reason)
    for reason, number in times.items():
        if number > _SHOWN:
            yield Skipped(name, f"{number - _SHOWN:,} more: {reason}")
