"""How surely a clause says the opposite of its passage: they share nearly all their words, but one of them denies.

A clause denies by an odd number of negations and of words that deny by themselves ("erases", "is excluded"), and so
does a statement. Where they share little nothing can be told from that, so what they share is what is returned; a
statement that shares as much and does not differ clears the clause.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kit.assistant.grounding.matching import relation
from kit.assistant.grounding.statement import Reading, Statement
from kit.assistant.grounding.wording import Word, find_words

__all__ = ["Opposition", "find_opposition", "reserved", "shared"]

# What a word counts for a statement that only has one that says the same, that stands near it, beside it, under it.
ALIKE, NEAR, BESIDE, ABOVE = 0.85, 0.7, 0.4, 0.6
# What the statement's words count that the clause has not, against the clause's that the statement has not.
BACK = 0.6
# What a word counts that the clause leans on, and one that says little.
LEANT, WEAK = 0.4, 0.2
# How much less is told by one word, by what is only supposed, by "only" against "not", by one without the figures.
ONE, SUPPOSED, STRICT, FIGURELESS = 0.75, 0.8, 0.8, 0.6
# What another clause of the same sentence must share of the most to clear it.
SAME = 0.85
_DENYING = frozenset(
    """lose loses lost losing erase erases erased erasing delete deletes deleted deleting wipe wipes wiped ends ended
    ending stop stops stopped stopping cease ceases ceased fail fails failed pause pauses paused interrupt
    interrupts interrupted cancels cancelled canceled off excluded exclude excludes refuse refuses refused reject
    rejects rejected forbidden prohibited banned block blocks blocked deny denies denied expire expires expired
    lapse lapses lack lacks missing disabled disables disable ignore ignores ignored prevent prevents useless
    impossible waived unable unsafe unnecessary optional locked unaffected discontinued""".split()
)
_SUPPOSED = re.compile(r"^\W*(?:if|when|without|unless|in case|as long as|even if|even when)\b", re.IGNORECASE)
# "Not before it is full" and "only once it is full" say the same.
_STRICT = re.compile(
    r"\b(?:only|until|unless|except|without|before|instead of|rather than|other than|alone|just|once|solely)\b", re.I
)
_ONLY = re.compile(r"^\W*(?:and\s|but\s)?only\s+(?!at\b|after\b|once\b|when\b|until\b|from\b|if\b|by\b)", re.IGNORECASE)
_NOUN = frozenset("the their each both its every".split())
# "Ends on 3 May" says what "runs until 3 May" does.
_ENDING = frozenset(
    "ends ended stop stops stopped expire expires expired lapse lapses cancels cancelled canceled".split()
)
# What is denied after one of these is not what the clause denies.
_BESIDES = re.compile(
    r"(?<=\w )(?:if|when|unless|while|because|since|although|as long as|until|once|so that|even if|without|who"
    r"|which)\b| > ",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Opposition:
    """How much a clause shares with the statement that it is the opposite of, from 0 to 1; 0 if of none."""

    share: float
    statement: Statement | None = None


def find_opposition(clause: Statement, reading: Reading, alike: frozenset[str] = frozenset()) -> Opposition:
    """The statement of the passage that the clause most surely says the opposite of."""
    if _SUPPOSED.search(clause.text):
        return Opposition(0.0)
    figured = any(_figure_in(clause, one) for one in reading.statements)
    against, most, agreed = Opposition(0.0), 0.0, dict[str, float]()
    for statement in reading.statements:
        share = shared(clause, statement, reading, alike)
        if not share:
            continue
        if not _differ(clause, statement):
            most = max(most, share)
            agreed[statement.whole] = max(share, agreed.get(statement.whole, 0.0))
            continue
        share *= SUPPOSED if _SUPPOSED.search(statement.text) else 1.0
        share *= STRICT if _strict(clause, statement) or _strict(statement, clause) else 1.0
        share *= FIGURELESS if figured and not _figure_in(clause, statement) else 1.0
        if share > against.share:
            against = Opposition(share, statement)
    there = against.statement
    if there is None or against.share <= most:
        return Opposition(0.0)
    cleared = there.row is None and agreed.get(there.whole, 0.0) > SAME * against.share
    return Opposition(0.0) if cleared else against


def _figure_in(clause: Statement, statement: Statement) -> bool:
    return any(fact.stands(other) for fact in clause.facts if fact.value != 1 for other in statement.facts)


def _strict(one: Statement, other: Statement) -> bool:
    return bool(_STRICT.search(one.text)) and other.negations % 2 == 1


def _told(words: Iterable[Word], other: Statement) -> list[Word]:
    """The words that tell what is spoken of, not what is denied of it; those that say little if there are no others."""
    found = [word for word in words if word.text not in _DENYING or word.root in other.roots]
    return [word for word in found if not word.is_weak] or found


def _differ(clause: Statement, statement: Statement) -> bool:
    """Whether one of them denies and the other does not."""
    denials = int(bool(reserved(clause, statement) or reserved(statement, clause)))
    for one, other in ((clause, statement), (statement, clause)):
        denials += _denials(one, other)
    denying = {key for word in statement.words if word.text in _DENYING for key in word.keys}
    told = _told(clause.words, statement)
    for word in told:
        opposed = relation(word, statement) < 0 and word.root not in statement.roots
        denials += opposed and word.text not in _DENYING and not word.opposites & denying
    for fact in clause.facts:
        denials += sum(
            fact.stands(other) and bool(fact.bound and other.bound) and fact.bound != other.bound
            for other in statement.facts
        )
    if denials % 2 == 0:
        return False
    # Both deny one and the same word, whatever else they deny.
    denied = {key for word in (*statement.words, *statement.lent) if word.negated for key in word.keys}
    return clause.negations > statement.negations or not any(word.negated and word.keys & denied for word in told)


def _said(statement: Statement) -> int:
    """Where what it says by itself ends, and what it says of the circumstances, or a path of menus, begins."""
    besides = None if statement.row is not None else _BESIDES.search(statement.text)
    return besides.start() if besides else len(statement.text)


def _negations(statement: Statement) -> int:
    """How often it denies what it says, not counting what it says of the circumstances."""
    end = _said(statement)
    return (
        find_words(statement.text[:end]).negations
        if end < len(statement.text) and statement.negations
        else statement.negations
    )


def _denials(one: Statement, other: Statement) -> int:
    """How often it denies what it says, by negations or words that deny, but for those that the other has as well."""
    dated = any(fact.kind in ("time", "date", "clock") for fact in one.facts)
    end = _said(one)
    return _negations(one) + sum(
        word.text in _DENYING
        and word.start < end
        and word.root not in other.roots
        and not (dated and word.text in _ENDING)
        and word.before not in _NOUN
        and word not in one.row_label
        for word in one.words
    )


def reserved(one: Statement, other: Statement) -> list[Word]:
    """Whom the one says something only of, if the other says it without naming them."""
    match = _ONLY.search(one.text)
    sole = [word for word in one.words if match and word.start >= match.end()][:1]
    there = other.keys | other.lent_keys | other.beside_keys
    return [] if any(word.keys & there for word in sole) else sole


def shared(clause: Statement, statement: Statement, reading: Reading, alike: frozenset[str] = frozenset()) -> float:
    """How much they share, both ways, rare words counting more; 0 if no word of the clause stands in the statement."""
    theirs_alone = reserved(statement, clause)
    # Who is named instead of those that it is said only of.
    instead = [word for word in clause.words[:1] if theirs_alone and not _part(word, statement, reading)]
    sole = (*reserved(clause, statement), *theirs_alone, *instead)
    mine = [word for word in _told(clause.words, statement) if word not in sole]
    theirs = [word for word in _told(statement.words, clause) if word not in sole]
    direct = [word for word in mine if word.root in statement.roots or relation(word, statement)]
    if not direct or not theirs:
        return 0.0
    weights = [(_weight(word, reading), _part(word, statement, reading, alike)) for word in mine]
    own = {word.root for word in mine}
    leant = {word.root: word for word in clause.lent if not word.is_weak and word.root not in own}
    weights += [
        (LEANT * _weight(word, reading), _part(word, statement, reading, alike))
        for word in leant.values()
        if word.text not in _DENYING
    ]
    there = sum(weight * part for weight, part in weights) / sum(weight for weight, _ in weights)
    counted = [(_weight(word, reading), _back(word, clause)) for word in theirs]
    back = sum(weight * part for weight, part in counted) / sum(weight for weight, _ in counted)
    little = len(mine) < 2 or all(word.is_weak for word in direct)
    return there * (1 - BACK + BACK * back) * (ONE if little else 1.0)


def _weight(word: Word, reading: Reading) -> float:
    return reading.rarity(word.root) * (WEAK if word.is_weak else 1.0)


def _part(word: Word, statement: Statement, reading: Reading, alike: frozenset[str] = frozenset()) -> float:
    """How much of a word of the clause the statement has."""
    if word.root in statement.roots or (related := relation(word, statement)) < 0:
        return 1.0
    if related:
        return ALIKE
    for keys, part in ((statement.lent_keys, NEAR), (statement.beside_keys, BESIDE), (reading.topic_keys, ABOVE)):
        if word.keys & keys:
            return part
    return NEAR if word.text in alike else 0.0


def _back(word: Word, clause: Statement) -> float:
    """How much of a word of the statement the clause has."""
    if relation(word, clause):
        return 1.0
    return 0.8 if word.keys & clause.lent_keys else 0.5 if word.keys & clause.beside_keys else 0.0
