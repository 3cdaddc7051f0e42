"""What a clause turns around: it denies what its passage says, or says what its passage denies."""

import re

from kit.assistant.grounding.degree import confines, find_degree, find_only, find_reserved
from kit.assistant.grounding.lexicon import keys
from kit.assistant.grounding.matching import Matches, relation
from kit.assistant.grounding.statement import Reading, Statement
from kit.text import stem

__all__ = ["denies", "find_turned"]

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
    """What is wrong in plain words; empty if nothing is, for one of the statements that the clause is about."""
    clause = matches.clause
    near = matches.about()
    faults: list[str] = []
    for statement in near:
        fault = denies(clause, statement) or find_degree(clause, statement)
        if not fault:
            faults = []
            break
        faults.append(fault)
    if faults:
        return faults[0]
    if fault := _halfdenies(clause, near):
        return fault
    return (
        find_only(clause, near)
        or find_reserved(matches)
        or _never_so(clause, reading, near)
        or _elsewhere(matches, near)
    )


def _elsewhere(matches: Matches, about: list[Statement]) -> str:
    """The clause's figures stand where another thing is spoken of, and of its own subject the opposite is said."""
    words = [word for word in matches.clause.words if not word.is_weak]
    if len(words) < 2 or any(relation(words[0], one) or words[0].keys & one.lent_keys for one in about):
        return ""
    for one in matches.near():
        shared = sum(bool(relation(word, one)) for word in words)
        if relation(words[0], one) and 2 * shared > len(words) and (fault := denies(matches.clause, one)):
            return fault
    return ""


def _never_so(clause: Statement, reading: Reading, about: list[Statement]) -> str:
    """A word that the passage has only denied where the clause affirms it, or the other way round."""
    words = [word for word in clause.words if not word.is_weak]
    if _SUPPOSED.search(clause.text):
        return ""
    if any(word.opposites & one.keys for word in words for one in about):
        return ""
    denies = [word for word in words if word.head]
    for word in denies[:1] or words:
        there = [one for one in reading.statements if any(word.keys & other.keys for other in one.words)]
        if any(_fails(clause, one) for one in there):
            continue
        there = [one for one in there if not one.text.rstrip().endswith(":")]
        if any((one.negations + clause.negations) % 2 == 0 for one in there):
            continue
        signs = {
            other.negated for one in reading.statements for other in (*one.words, *one.lent) if word.keys & other.keys
        }
        denied = word.head or any(word.keys & other.keys and other.head for one in there for other in one.words)
        shared = max(
            (sum(bool(relation(mine, one) or mine.keys & one.lent_keys) for mine in words) for one in there), default=0
        )
        covered = any(
            all(other.is_weak or relation(other, clause) for other in one.words) for one in there if one.negations
        )
        denied = denied or shared == len(words) > 1
        tells = denied and word.text not in _SAYS_LITTLE and not _CONTRASTS.search(reading.text)
        if tells and signs == {not word.negated} and (covered or 2 * shared >= len(words)):
            return f"it says the opposite of the passage about “{word.text}”"
    return ""


def _halfdenies(clause: Statement, near: list[Statement]) -> str:
    """One of the statements denies a word of the clause, and none of the others has the word."""
    for statement in near:
        for word in clause.words:
            if (word.is_weak and not word.head and not any(other.head for other in statement.words)) or not any(
                word.root == other.root and word.negated != other.negated for other in statement.words
            ):
                continue
            agrees = any(
                word.keys & other.keys and word.negated == other.negated
                for one in near
                for other in (*one.words, *one.lent)
            )
            if not agrees and denies(clause, statement):
                return f"it says the opposite of the passage about “{word.text}”"
    return ""


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
