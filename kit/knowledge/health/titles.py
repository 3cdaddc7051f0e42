"""Whether two titles name one subject, two versions of it, or two subjects."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from kit.text import content_words, squash, words

__all__ = ["Title"]

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE = rf"(?:\d{{4}}-\d\d(?:-\d\d)?|(?:\d{{1,2}}\s+)?{_MONTH}\s+(?:\d{{1,2}},\s+)?\d{{4}})"
_DATED = rf"(?:(?:updated |as of |from |valid until )?{_DATE})"
_PAST = r"(?:old|copy(?: \d+)?|draft|archived?|deprecated|obsolete|outdated|superseded)"
_NUMBER = r"(?:(?:v|version|ver|rev|revision|edition)\.?\s?\d+(?:\.\d+)*)"
_LOCALE = r"(?:[a-z]{2}[-_][a-z]{2})"
# Marks of a version stand at the end, and some at the beginning. Others are marks only in brackets: "What's new",
# "Office 2019" and "Dial 2" are subjects.
_MARK = rf"(?:{_NUMBER}|{_PAST}|{_DATED}|{_LOCALE})"
_INSIDE = rf"(?:{_MARK}|new|final|revised|updated|(?:19|20)\d\d|\d)"
_MARKS = re.compile(
    rf"[(\[]\s*({_INSIDE})\s*[)\]]|[\s,:–_-]+({_MARK})\s*$|^(copy of|old|draft|archived)\b[\s:–-]*(?=\S)"
)
# Words that say what kind of text it is, and nothing of its subject.
_FORM = frozenset(
    """policy policies guide article information info overview faq faqs help question questions answer answers rule
    rules page detail details terms condition conditions instruction instructions step steps how-to introduction
    """.split()
)


@dataclass(frozen=True)
class Title:
    """A title, taken apart into what it is about and which version it says it is."""

    text: str

    @cached_property
    def _parts(self) -> tuple[str, tuple[str, ...]]:
        text, marks = squash(unicodedata.normalize("NFKC", self.text).casefold()), list[str]()
        while found := _MARKS.search(text):
            rest = squash(text[: found.start()] + " " + text[found.end() :])
            if not words(rest):
                break
            text = rest
            marks.append(next(group for group in found.groups() if group))
        return " ".join(words(text)), tuple(sorted(marks))

    @property
    def subject(self) -> str:
        """What it is about, without marks of version, date, state and locale."""
        return self._parts[0]

    @property
    def marks(self) -> tuple[str, ...]:
        """The marks of version, date and state; those of locale are none."""
        return tuple(mark for mark in self._parts[1] if not re.fullmatch(_LOCALE, mark))

    @property
    def rank(self) -> tuple[bool, tuple[int, ...]]:
        """Later versions have higher ranks, as far as the title says."""
        numbers = [int(one) for mark in self.marks for one in re.findall(r"\d+", mark)]
        return not any(re.match(_PAST, mark) for mark in self.marks), tuple(numbers)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The words that carry the subject."""
        return frozenset(stem for word in self.subject.split() if word not in _FORM for stem in content_words(word))

    def names_another(self, other: "Title", common: frozenset[str]) -> bool:
        """Whether the two tell their subjects apart: a number, or a word on each side that not both texts share.

        Args:
            other: the other title.
            common: the stems that stand in both texts.
        """
        mine, others = self.stems - other.stems, other.stems - self.stems
        if any(sign.isdigit() for word in mine | others for sign in word):
            return True
        return bool(mine and others) and not (mine | others) <= common
