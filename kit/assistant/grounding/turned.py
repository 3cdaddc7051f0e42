"""What a clause turns around: it denies what its passage says, or says what its passage denies."""

import re

from kit.assistant.grounding.degree import confines, find_degree
from kit.assistant.grounding.lexicon import keys
from kit.assistant.grounding.matching import Matches, relation
from kit.assistant.grounding.polarity import find_opposition, reserved, shared
from kit.assistant.grounding.statement import Reading, Statement
from kit.text import squash, stem

__all__ = ["denies", "find_turned"]

# How much must tell that a clause says the opposite, of two ways to see it: each adds what the clause shares with the
# statement that it turns around. Chosen on the rows tuned on; see `make bench ARGS=grounding` for what other values do.
TOLD = 0.6
# What is supposed is not said: "if it is not full", "without a reading, …".
_SUPPOSED = re.compile(r"^\W*(?:if|when|unless|without|where|should|in case|as long as)\b", re.IGNORECASE)
_DOUBLE = re.compile(
    r"\b(?:not|no|never|nobody|none)\b.*\b(?:without|unless|until|except|outside|beyond|elsewhere|other than)\b",
    re.IGNORECASE,
)
# Words that carry a negation without being what is denied.
_SAYS_LITTLE = frozenset("has have get gets take takes taken make makes come comes go goes let lets mean means".split())
_UNTIL = re.compile(r"\b(?:not|never)\b.*\buntil\b", re.IGNORECASE)
_WAITS = re.compile(r"\b(?:wait|before|until|once|after)\b", re.IGNORECASE)
_FAILING = frozenset(map(stem, "stop end cease block fail lack lose miss close expire".split()))
_RATHER = re.compile(r"\b(?:rather than|instead of|not)\b", re.IGNORECASE)
_CONTRASTS = re.compile(r"\bexcept\b", re.IGNORECASE)


def find_turned(matches: Matches, reading: Reading) -> str:
    """What is wrong in plain words; empty if nothing is."""
    clause, near = matches.clause, matches.about()
    faults = [fault for statement in near if (fault := find_degree(clause, statement))]
    if faults and len(faults) == len(near):
        return faults[0]
    denials = [fault for statement in near if (fault := denies(clause, statement))]
    denied = bool(denials) and len(denials) == len(near)
    against = find_opposition(clause, reading)
    told = against.share + (max(shared(clause, statement, reading) for statement in near) if denied else 0.0)
    if told <= TOLD:
        return ""
    if denied:
        return denials[0]
    return f"it says the opposite of the passage: “{squash(against.statement.text) if against.statement else ''}”"


def _fails(one: Statement, other: Statement) -> bool:
    """Whether the one denies by a verb, as in "it stops", what the other may deny by a negation."""
    return any(word.root in _FAILING and not relation(word, other) for word in one.words)


def _mutual(clause: Statement, statement: Statement) -> bool:
    """Whether each says what the other does, but for a negation."""
    words = [word for word in statement.words if not word.is_weak]
    return (
        statement.row is None
        and len(words) >= 2
        and all(relation(word, statement) == 1 for word in clause.words if not word.is_weak)
        and all(relation(word, clause) == 1 for word in words)
        and all(any(fact.stands(other) for other in statement.facts) for fact in clause.facts)
        and len(clause.facts) == len(statement.facts)
    )


def denies(clause: Statement, statement: Statement) -> str:
    """Whether they say opposite things: of the words that both have one side is negated, and none agrees."""
    if _SUPPOSED.search(clause.text) and any(word.negated for word in clause.words):
        return ""
    if confines(clause.text) and (_DOUBLE.search(statement.whole) or _CONTRASTS.search(statement.whole)):
        return ""
    if reserved(statement, clause):
        return ""
    if _UNTIL.search(statement.whole) and _WAITS.search(clause.text):
        return ""
    if (
        clause.negations
        and _UNTIL.search(statement.whole)
        and any(word.opposites & statement.keys for word in clause.words)
    ):
        return ""
    if _fails(clause, statement) or _fails(statement, clause):
        return ""
    told = [word for word in clause.words if not word.is_weak]
    if statement.is_sign and all(relation(word, statement) for word in told):
        differs = (clause.negations + statement.negations) % 2 == 1
        return "it says the opposite of the passage’s table" if differs else ""
    # Where both deny something, or neither does, only a word and its opposite set them against each other.
    odd = (clause.negations + statement.negations) % 2 == 1
    all_words = (*statement.lent, *statement.label, *statement.words)
    negated = {key: word.negated for word in all_words for key in word.keys}
    roots = {word.root: word.negated for word in all_words}
    heads = {key for word in all_words if word.head for key in word.keys}
    beside = {key: word.negated for word in (*statement.beside, *statement.words) for key in word.keys}
    own = {key for word in statement.words for key in word.keys}
    families = {word.family: word.negated for word in statement.words if word.family}
    agree, turned, opposed, against = False, "", "", 0
    contrasts = bool(_RATHER.search(clause.text) and _RATHER.search(statement.text))
    timed = any(fact.kind == "clock" for fact in clause.facts)
    figured = any(fact.kind == "money" for fact in clause.facts)
    for word in clause.words:
        direct = [negated[key] for key in word.keys if key in negated]
        if word.opposites & own and not word.keys & own:
            direct = []
        if word.root in roots and (direct or word.root in own):
            direct = [roots[word.root]]
        if not direct and word.family in families and word.family:
            direct = [families[word.family]]
        there = [key for key in word.opposites if key in beside and key not in clause.keys] if not direct else []
        if there and timed and word.keys & (keys("open") | keys("close")):
            there = []  # what is open until then closes then
        if there and figured and word.keys & keys("cost"):
            there = []  # the figure says what it costs
        opposite = [beside[key] for key in there if key in own or not word.keys & beside.keys()]
        if opposite:
            agree = agree or word.negated != opposite[0]
            opposed = opposed or (word.text if word.negated == opposite[0] else "")
        elif direct and (word.negated or any(direct)):
            agree = agree or word.negated in direct
            against += word.negated not in direct and word.root in roots and not word.is_weak
            tells = word.text not in _SAYS_LITTLE and (word.head or word.keys & heads or statement.row is not None)
            if word.negated not in direct and tells and (odd or (against >= 2 and contrasts)):
                turned = turned or word.text
    if odd and not agree and not turned and not opposed and told and _mutual(clause, statement):
        return "it says the opposite of the passage"
    # Two words of opposite meaning are no opposites where one of the two sides is denied besides.
    fault = turned if turned and not agree else opposed if opposed and not odd else ""
    return f"it says the opposite of the passage about “{fault}”" if fault else ""
