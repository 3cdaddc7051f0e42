"""What a clause ties together that its passage does not: a figure of one thing said of another."""

import re
from collections.abc import Sequence

from kit.assistant.grounding.facts import Fact
from kit.assistant.grounding.lexicon import keys
from kit.assistant.grounding.matching import Matches
from kit.assistant.grounding.statement import Reading, Statement

__all__ = ["find_misplaced"]

# By how much another statement must be nearer to the clause than those that hold its figure: a share, and a word.
CLEARLY = 1.15
A_WORD = 0.45
# How much of what the nearest holder shares another one must share to say what a figure bounds.
SOMEWHAT = 0.6
_COMPLEMENT = ("otherwise", "unless", "else", "after a longer")


def find_misplaced(matches: Matches, reading: Reading, facts: Sequence[Fact]) -> str:
    """What is wrong in plain words; empty if nothing is.

    Args:
        matches: what the clause is about.
        reading: the passage.
        facts: those of the whole sentence.
    """
    clause = matches.clause
    for fact in clause.facts:
        holders = [one for one in reading.statements if any(fact.stands(other) for other in one.facts)]
        if holders and (fault := _rival(fact, matches, facts) or _qualified(fact, matches)):
            return fault
    return _named(matches, reading)


def _rival(fact: Fact, matches: Matches, facts: Sequence[Fact]) -> str:
    """Another figure of the same kind stands where the passage speaks of what the clause speaks of."""
    if all(word.is_weak for word in matches.clause.words):
        return ""
    kind = [mine for mine in facts if mine.kind == fact.kind]

    def holds(statement: Statement) -> bool:
        return any(fact.stands(other) for other in statement.facts)

    def rivals(statement: Statement) -> bool:
        kin = [other for other in statement.facts if other.kind == fact.kind]
        kin = [other for other in kin if (other.unit == "th") == (fact.unit == "th")]
        # What takes business days is seldom what takes days.
        kin = [other for other in kin if other.unit.startswith("business") == fact.unit.startswith("business")]
        return bool(kin) and not any(mine.stands(other) for mine in kind for other in statement.facts)

    own, other = matches.best(holds), matches.best(rivals)
    if other > CLEARLY * own and other - own > A_WORD:
        statement = matches.near(rivals)[0]
        if matches.shared(statement) <= matches.shared(matches.near(holds)[0]) if own else 0:
            return ""
        said = next(one.said for one in statement.facts if one.kind == fact.kind)
        return f"the passage gives {said.strip()} for that, not {fact.said.strip()}"
    return ""


def _qualified(fact: Fact, matches: Matches) -> str:
    """At least for at most, before for after, or another event that it is counted from."""

    def holds(statement: Statement) -> bool:
        return any(fact.stands(other) for other in statement.facts)

    found = ""
    for statement in matches.near(holds, share=SOMEWHAT):
        denied = statement.text.lower().startswith("not ") and not matches.clause.negations
        for other in statement.facts:
            if not fact.stands(other) or denied:
                continue
            fault = _difference(fact, other, matches.clause, statement)
            if not fault:
                return ""
            found = found or fault
    return found


def _difference(fact: Fact, other: Fact, clause: Statement, statement: Statement) -> str:
    # "Not more than 5" is what "within 5" says.
    complement = any(word in statement.whole.lower() for word in _COMPLEMENT)
    complement = complement or clause.negations % 2 != statement.negations % 2
    if fact.bound and other.bound and fact.bound != other.bound and not complement:
        return f"{fact.said.strip()} is at {fact.bound} here, in the passage at {other.bound}"
    if fact.side and other.side and (fact.side == "before") != (other.side == "before"):
        return f"{fact.said.strip()} lies on the other side of the event that the passage counts from"
    if fact.side and other.side and fact.kind == "time":
        mine, theirs = _event(fact, clause), _event(other, statement)
        if mine and theirs and not mine & theirs:
            return f"{fact.said.strip()} is counted from another event in the passage"
    return ""


def _event(fact: Fact, statement: Statement) -> frozenset[str]:
    """What the words right after the figure are found by."""
    if re.match(
        r"[\s\w]{0,14}(?:before|after|earlier|later|advance)\s*(?:[,.;)]|$)",
        statement.text[max(0, fact.end - statement.offset) :],
    ):
        return frozenset()
    after = [word for word in statement.words if word.start + statement.offset >= fact.end]
    return frozenset().union(*(word.keys for word in after[:3]))


def _named(matches: Matches, reading: Reading) -> str:
    """The clause speaks of a name, and the passage says it of another one."""
    clause = matches.clause
    around = tuple(clause.around) if clause.facts else ()
    named = [name for name in (clause.names or around) if name in reading.names]
    about = matches.about()
    fault = ""
    for statement in about:
        there = set(statement.names or statement.ahead)
        rivals = [name for name in there if not any(_same(name, mine) for mine in named)]
        lost = [name for name in named if not any(_same(name, other) for other in there)]
        lost = [name for name in lost if " " in name or not keys(name) & (statement.keys | statement.lent_keys)]
        row = _other_row(clause, statement, reading)
        row = row or _other_label(clause, statement, reading)
        if not (lost and rivals) and not row:
            return ""
        fault = fault or f"the passage does not say that of {lost[0].title() if lost and rivals else row}"
    return fault


def _other_label(clause: Statement, statement: Statement, reading: Reading) -> str:
    """A word of the clause that is the label of another paragraph than the statement's."""
    words = (*clause.words, *clause.lent, *clause.beside)
    mine = frozenset().union(*(word.keys for word in statement.label))
    if not mine or any(word.keys & mine for word in words):
        return ""
    others = {word.root for one in reading.statements for word in one.label} - {word.root for word in statement.words}
    return next((word.text for word in words if word.root in others), "")


def _other_row(clause: Statement, statement: Statement, reading: Reading) -> str:
    """A word of the clause that names another row of the table than the statement's."""
    shared = frozenset().union(
        *(word.keys for one in reading.statements if one.row not in (None, statement.row) for word in one.row_label)
    )
    telling = [word for word in statement.row_label if not word.keys & shared]
    said = frozenset().union(*(word.keys for word in (*clause.words, *clause.lent)))
    if (
        statement.row is None
        or not statement.row_label
        or any(word.keys & said for word in telling or statement.row_label)
    ):
        return ""
    roots = {word.root for word in (*statement.words, *statement.lent)}
    for word in (*clause.words, *clause.lent):
        if word.is_weak or word.root in roots or any(word.keys & label.keys for label in statement.row_label):
            continue
        for other in reading.statements:
            if other.row not in (None, statement.row) and any(word.keys & label.keys for label in other.row_label):
                return word.text
    return ""


def _same(name: str, other: str) -> bool:
    return name == other or name.endswith(" " + other) or other.endswith(" " + name)
