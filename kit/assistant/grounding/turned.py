"""What a clause turns around: it denies what its passage says, or says what its passage denies."""

import re

from kit.assistant.grounding.degree import find_degree
from kit.assistant.grounding.matching import Matches, relation
from kit.assistant.grounding.polarity import find_opposition, reserved, shared
from kit.assistant.grounding.statement import Reading, Statement
from kit.text import squash, stem

__all__ = ["denies", "find_turned"]

# How much must tell that a clause says the opposite. Two ways of seeing it each add what the clause shares with the
# statement that it turns around, so that either tells only where nearly all words agree. The least value at which no
# more than .05 of the good sentences tuned on were refused; `make bench ARGS=grounding` prints what others do.
TOLD = 0.9
# What it adds that all of the clause's words are the statement's own.
BLUNT = 0.3
# What is supposed is not said: "if it is not full", "without a reading, …".
_SUPPOSED = re.compile(r"^\W*(?:if|when|unless|without|where|should|in case|as long as)\b", re.IGNORECASE)
# Words that carry a negation without being what is denied.
_SAYS_LITTLE = frozenset("has have get gets take takes taken make makes come comes go goes let lets mean means".split())
_UNTIL = re.compile(r"\b(?:not|never)\b.*\buntil\b", re.IGNORECASE)
_WAITS = re.compile(r"\b(?:wait|before|until|once|after)\b", re.IGNORECASE)
_FAILING = frozenset(map(stem, "stop end cease block fail lack lose miss close expire".split()))


def find_turned(matches: Matches, reading: Reading, alike: frozenset[str] = frozenset()) -> str:
    """What is wrong in plain words; empty if nothing is."""
    clause, near = matches.clause, matches.about()
    faults = [fault for statement in near if (fault := find_degree(clause, statement))]
    if faults and len(faults) == len(near):
        return faults[0]
    denials = [fault for statement in near if (fault := denies(clause, statement))]
    denied = bool(denials) and len(denials) == len(near)
    against = find_opposition(clause, reading, alike)
    told = against.share
    if denied:
        words = [word for word in clause.words if not word.is_weak and word.text not in alike]
        told += max(shared(clause, statement, reading, alike) for statement in near)
        told += BLUNT * any(all(word.root in one.roots for word in words) for one in near)
    if told <= TOLD:
        return ""
    if denied or against.statement is None:
        return denials[0]
    if reserved(against.statement, clause):
        return "the passage says so only of others"
    return f"it says the opposite of the passage: “{squash(against.statement.text)}”"


def _fails(one: Statement, other: Statement) -> bool:
    """Whether the one denies by a verb, as in "it stops", what the other may deny by a negation."""
    return any(word.root in _FAILING and not relation(word, other) for word in one.words)


def denies(clause: Statement, statement: Statement) -> str:
    """Whether they say opposite things: of the words that both have one side is negated, and none agrees."""
    if _SUPPOSED.search(clause.text) and any(word.negated for word in clause.words):
        return ""
    if reserved(statement, clause) or _fails(clause, statement) or _fails(statement, clause):
        return ""
    waits = _WAITS.search(clause.text) or (
        clause.negations and any(word.opposites & statement.keys for word in clause.words)
    )
    if waits and _UNTIL.search(statement.whole):
        return ""
    told = [word for word in clause.words if not word.is_weak]
    # Where both deny something, or neither does, only a word and its opposite set them against each other.
    odd = (clause.negations + statement.negations) % 2 == 1
    if statement.is_sign and all(relation(word, statement) for word in told):
        return "it says the opposite of the passage’s table" if odd else ""
    all_words = (*statement.lent, *statement.label, *statement.words)
    negated = {key: word.negated for word in all_words for key in word.keys}
    roots = {word.root: word.negated for word in all_words}
    heads = {key for word in all_words if word.head for key in word.keys}
    beside = {key: word.negated for word in (*statement.beside, *statement.words) for key in word.keys}
    agree, turned, opposed = False, "", ""
    for word in clause.words:
        direct = [negated[key] for key in word.keys if key in negated]
        if word.opposites & statement.keys and not word.keys & statement.keys:
            direct = []
        if word.root in roots and (direct or word.root in statement.keys):
            direct = [roots[word.root]]
        there = [key for key in word.opposites if key in beside and key not in clause.keys] if not direct else []
        opposite = [beside[key] for key in there if key in statement.keys or not word.keys & beside.keys()]
        if opposite:
            agree = agree or word.negated != opposite[0]
            opposed = opposed or (word.text if word.negated == opposite[0] else "")
        elif direct and (word.negated or any(direct)):
            agree = agree or word.negated in direct
            tells = word.text not in _SAYS_LITTLE and (word.head or word.keys & heads or statement.row is not None)
            if odd and tells and word.negated not in direct:
                turned = turned or word.text
    # Two words of opposite meaning are no opposites where one of the two sides is denied besides.
    fault = turned if turned and not agree else opposed if opposed and not odd else ""
    return f"it says the opposite of the passage about “{fault}”" if fault else ""
