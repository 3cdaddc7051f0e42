"""What a text states: one clause, item or cell of it, and all of them."""

import math
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from kit.assistant.grounding.facts import Fact
from kit.assistant.grounding.wording import Word

__all__ = ["Reading", "Statement", "comparable"]

# What a stem counts that no statement of the passage has.
UNKNOWN = 3.0


@dataclass(frozen=True)
class Statement:
    """One of them.

    `lent` are words that stand near it and that it leans on: the subject of the clause before, the lead-in of a list.
    `around` are the names of its surroundings, which it may speak of without naming them.
    """

    text: str
    words: tuple[Word, ...]
    facts: tuple[Fact, ...] = ()
    names: tuple[str, ...] = ()
    lent: tuple[Word, ...] = ()
    around: frozenset[str] = frozenset()
    step: int | None = None
    row: int | None = None
    negations: int = 0
    is_sign: bool = False
    offset: int = 0
    whole: str = ""
    ahead: frozenset[str] = frozenset()
    beside: tuple[Word, ...] = ()
    row_label: tuple[Word, ...] = ()
    label: tuple[Word, ...] = ()

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset().union(*(word.keys for word in self.words))

    @cached_property
    def roots(self) -> frozenset[str]:
        return frozenset(word.root for word in self.words)

    @cached_property
    def lent_keys(self) -> frozenset[str]:
        return frozenset().union(*(word.keys for word in (*self.lent, *self.label))) - self.keys

    @cached_property
    def beside_keys(self) -> frozenset[str]:
        return frozenset().union(*(word.keys for word in self.beside))

    @cached_property
    def families(self) -> frozenset[str]:
        return frozenset(word.family for word in self.words) - {""}


@dataclass(frozen=True)
class Reading:
    """A passage, read."""

    text: str
    statements: tuple[Statement, ...]
    facts: tuple[Fact, ...]
    names: frozenset[str]
    keys: frozenset[str] = field(repr=False)
    topic: tuple[Word, ...] = ()
    """The words of the headings above it."""
    rows: frozenset[str] = frozenset()
    """The rows of its tables as they are said, as they are compared."""

    @cached_property
    def topic_keys(self) -> frozenset[str]:
        return frozenset().union(*(word.keys for word in self.topic))

    @cached_property
    def lower(self) -> str:
        return self.text.lower()

    @cached_property
    def wholes(self) -> frozenset[str]:
        """Its sentences, as they are compared, and the rows of its tables."""
        return self.rows | {comparable(one.whole) for one in self.statements if one.row is None}

    @cached_property
    def families(self) -> frozenset[str]:
        return frozenset().union(*(statement.families for statement in self.statements))

    @cached_property
    def _holders(self) -> Counter[str]:
        return Counter(root for statement in self.statements for root in statement.roots)

    def rarity(self, root: str) -> float:
        """What a stem counts: the more, the fewer statements have it."""
        return math.log(1 + len(self.statements) / self._holders[root]) if root in self._holders else UNKNOWN


def comparable(text: str) -> str:
    """The text without what two writings of one sentence may differ in."""
    return " ".join(text.split()).casefold().strip(" .!")
