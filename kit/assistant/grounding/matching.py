"""Which statements of a passage a clause is about: those that share most of its words, rare ones counting more."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from kit.assistant.grounding.statement import Reading, Statement
from kit.assistant.grounding.wording import Word

__all__ = ["Match", "Matches", "match", "relation"]

# What a word counts that stands near a statement rather than in it.
LENT = 0.9
# What one counts that stands in another clause of the same sentence.
BESIDE = 0.4
# What a word counts that says little.
WEAK = 0.1
# What the opposite of a word counts.
OPPOSITE = 0.7
# What a statement may share less than the best one and still be what the clause is about.
NEAR = 0.9
# What a word counts of which the statement has only one that says the same.
ALIKE = 0.85


@dataclass(frozen=True)
class Match:
    """A statement, and how much of the clause it shares."""

    statement: Statement
    score: float


@dataclass(frozen=True)
class Matches:
    """The statements of a passage for one clause, best first, and the words that none of them has."""

    clause: Statement
    ranked: tuple[Match, ...]
    missing: tuple[Word, ...]

    def best(self, wanted: Callable[[Statement], bool] = lambda statement: True) -> float:
        """The best score of the statements that are wanted; 0 if there are none."""
        return next((one.score for one in self.ranked if wanted(one.statement)), 0.0)

    def shared(self, statement: Statement) -> int:
        """How many of the clause's words the statement has, or stands near."""
        words = [word for word in (*self.clause.words, *self.clause.lent) if not word.is_weak]
        return sum(bool(relation(word, statement)) or bool(word.keys & statement.lent_keys) for word in words)

    def about(self) -> list[Statement]:
        """The statements that the clause is about: of those that hold one of its facts, if any do, the nearest."""
        facts = [fact for fact in self.clause.facts if fact.kind != "number" or fact.value != 1]

        def holds(statement: Statement) -> bool:
            return any(fact.stands(other) for fact in facts for other in statement.facts)

        return (self.near(holds) if facts else []) or self.near(self._speaks)

    def _speaks(self, statement: Statement) -> bool:
        """Whether the clause shares more with the statement than what stands around it."""
        if not statement.words:
            return any(mine.stands(other) for mine in self.clause.facts for other in statement.facts)
        return any(relation(word, statement) for word in self.clause.words if not word.is_weak)

    def near(
        self, wanted: Callable[[Statement], bool] = lambda statement: True, *, share: float = NEAR
    ) -> list[Statement]:
        """Those of the wanted statements that share nearly as much as the best of them."""
        least = share * self.best(wanted)
        return [one.statement for one in self.ranked if one.score >= least and one.score and wanted(one.statement)]


def relation(word: Word, statement: Statement) -> int:
    """1 if the statement has the word or one that says the same, -1 if the opposite, else 0."""
    if word.keys & statement.keys or (word.family and word.family in statement.families):
        return 1
    return -1 if word.opposites & statement.keys else 0


def match(clause: Statement, reading: Reading) -> Matches:
    """Rank the statements of a passage for a clause."""
    count = len(reading.statements)
    scores = [0.0] * count
    missing = []
    for place, word in enumerate((*clause.words, *clause.lent)):
        shares = [_share(word, statement) for statement in reading.statements]
        holders = sum(share == 1 for share in shares) or sum(share > 0 for share in shares)
        if not holders:
            if place < len(clause.words) and not word.keys & reading.topic_keys:
                missing.append(word)
            continue
        weight = (
            math.log(1 + count / holders) * (WEAK if word.is_weak else 1) * (1 if place < len(clause.words) else LENT)
        )
        for number, share in enumerate(shares):
            scores[number] += weight * share
    ranked = sorted(map(Match, reading.statements, scores), key=lambda one: -one.score)
    return Matches(clause, tuple(ranked), tuple(missing))


def _share(word: Word, statement: Statement) -> float:
    if related := relation(word, statement):
        return OPPOSITE if related < 0 else 1.0 if word.root in statement.roots else ALIKE
    if word.keys & statement.lent_keys:
        return LENT
    return BESIDE if word.keys & statement.beside_keys else 0.0
