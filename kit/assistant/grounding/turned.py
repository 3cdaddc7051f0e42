"""What a clause turns around: it denies what its passage says, or swaps what may, must, only, all, before or most."""

import re

from kit.assistant.grounding.lexicon import keys
from kit.assistant.grounding.matching import Matches, relation
from kit.assistant.grounding.statements import Reading, Statement
from kit.assistant.grounding.wording import Word
from kit.text import stem

__all__ = ["find_turned"]

_MUST = re.compile(r"\b(?:must|have to|has to|required to|need to|needs to|mandatory|obliged)\b", re.IGNORECASE)
_MAY = re.compile(r"\b(?:may|can|could|optional|optionally|allowed to|free to)\b(?! not)", re.IGNORECASE)
_ONLY = re.compile(r"\b(?:only|solely|exclusively|nobody but|no one but|nothing but)\b", re.IGNORECASE)
_ONLY_THERE = re.compile(
    r"\b(?:only|just|solely|exclusively|no one|nobody|no other|except|unless|alone|not|never|no|limited|single|one|must"
    r"|requires?|need)\b",
    re.IGNORECASE,
)
_ONLY_WHO = re.compile(r"^\W*only (?:the |an? |your |our )?([\w'-]+)", re.IGNORECASE)
_ALL = re.compile(r"\b(?:all|every|everyone|everybody|always|any(?! other)|each|entire)\b", re.IGNORECASE)
_SOME = re.compile(r"\b(?:some|sometimes|certain|several|a few|many|most|mostly|often|usually|occasionally)\b", re.IGNORECASE)
_AFTER = re.compile(r"\s+(?:of\s+)?(?:the\s+|our\s+|your\s+)?([\w'-]+)")
_CONTRASTS = re.compile(r"\bexcept\b", re.IGNORECASE)
_ORDER = re.compile(r"\b(?P<before>before|prior to|until)\b|\b(?P<after>after|once|following)\b", re.IGNORECASE)


def find_turned(matches: Matches, reading: Reading) -> str:
    """What is wrong in plain words; empty if nothing is, for at least one of the statements that the clause is about."""
    clause = matches.clause
    near = matches.about()
    faults = []
    for statement in near:
        fault = _denied(clause, statement) or _modal(clause, statement) or _sides(clause, statement)
        if not fault:
            faults = []
            break
        faults.append(fault)
    if faults:
        return faults[0]
    if fault := _half_denied(clause, near):
        return fault
    return _only(clause, near) or _never_so(clause, reading) or _elsewhere(matches, near)


def _elsewhere(matches: Matches, about: list[Statement]) -> str:
    """The clause's figures stand where another thing is spoken of, and of its own subject the opposite is said."""
    words = [word for word in matches.clause.words if not word.is_weak]
    if len(words) < 2 or any(relation(words[0], one) or words[0].keys & one.lent_keys for one in about):
        return ""
    for one in matches.near():
        shared = sum(bool(relation(word, one)) for word in words)
        if relation(words[0], one) and 2 * shared > len(words) and (fault := _denied(matches.clause, one)):
            return fault
    return ""


def _never_so(clause: Statement, reading: Reading) -> str:
    """A word that the passage has only denied where the clause affirms it, or the other way round."""
    words = [word for word in clause.words if not word.is_weak]
    denies = [word for word in words if word.negated]
    for word in denies[:1] or words:
        there = [one for one in reading.statements if any(word.keys & other.keys for other in one.words)]
        signs = {
            other.negated
            for one in reading.statements
            for other in (*one.words, *one.lent)
            if word.keys & other.keys
        }
        shared = max((sum(bool(relation(mine, one)) for mine in words) for one in there), default=0)
        if signs == {not word.negated} and 2 * shared >= len(words) and not _CONTRASTS.search(reading.text):
            return f"it says the opposite of the passage about “{word.text}”"
    return ""


def _half_denied(clause: Statement, near: list[Statement]) -> str:
    """One of the statements denies a word of the clause, and none of the others has the word."""
    for statement in near:
        for word in clause.words:
            if word.is_weak or not any(word.root == other.root and word.negated != other.negated for other in statement.words):
                continue
            agrees = any(
                word.keys & other.keys and word.negated == other.negated
                for one in near
                for other in (*one.words, *one.lent)
            )
            if not agrees and _denied(clause, statement):
                return f"it says the opposite of the passage about “{word.text}”"
    return ""


def _denied(clause: Statement, statement: Statement) -> str:
    """Whether they say the opposite of each other: words that both have, of which one side is negated, and none agrees."""
    if bool(_CONTRASTS.search(statement.whole)) != bool(_CONTRASTS.search(clause.whole)) and _ONLY.search(clause.text):
        return ""
    agree = differ = 0
    turned = ""
    negated = {key: word.negated for word in (*statement.lent, *statement.label, *statement.words) for key in word.keys}
    beside = {key: word.negated for word in (*statement.beside, *statement.words) for key in word.keys}
    own = {key for word in statement.words for key in word.keys}
    families = {word.family: word.negated for word in statement.words if word.family}
    for word in clause.words:
        direct = [negated[key] for key in word.keys if key in negated]
        if not direct and word.family in families and word.family:
            direct = [families[word.family]]
        there = [key for key in word.opposites if key in beside and key not in clause.keys] if not direct else []
        opposite = [beside[key] for key in there if key in own or not word.keys & beside.keys()]
        if opposite:
            polar, same = True, word.negated != opposite[0]
        elif direct:
            polar, same = word.negated or any(direct), word.negated in direct
        else:
            continue
        if polar:
            agree += same
            differ += not same
            turned = turned or ("" if same else word.text)
    if differ and not agree:
        return f"it says the opposite of the passage about “{turned}”"
    return ""


def _modal(clause: Statement, statement: Statement) -> str:
    own, there = clause.text, f"{statement.text} {statement.whole}"
    if statement.row is not None:
        return ""
    if _MUST.search(own) and _MAY.search(statement.text) and not _MUST.search(there) and not _MAY.search(own):
        return "it makes a duty of what the passage only allows"
    if _MAY.search(own) and _MUST.search(statement.text) and not _MAY.search(there) and not _MUST.search(own):
        return "it makes optional what the passage demands"
    counted = {_follower(match, statement.text): match[0] for match in _SOME.finditer(statement.text)}
    for match in _ALL.finditer(own):
        if (said := counted.get(_follower(match, own))) and _follower(match, own):
            return f"it says “{match[0]}” where the passage says “{said}”"
    some, every = _SOME.search(own), _ALL.search(own)
    if every and not some and _SOME.search(statement.text) and not _ALL.search(statement.text):
        return f"it says “{every[0]}” where the passage says less"
    if every and _ONLY.search(statement.text) and not _ONLY.search(own):
        return f"it says “{every[0]}” where the passage says only some"
    if some and not every and _ALL.search(statement.text) and not _SOME.search(there):
        return f"it says “{some[0]}” where the passage says more"
    return ""


def _follower(match: re.Match[str], text: str) -> str:
    """The stem of the word that the quantifier stands before."""
    after = _AFTER.match(text, match.end())
    return stem(after[1].lower()) if after else ""


def _sides(clause: Statement, statement: Statement) -> str:
    """Before and after turned around: the same words follow the opposite one."""
    mine, theirs = _ORDER.search(clause.text), _ORDER.search(statement.text)
    if not mine or not theirs or bool(mine["before"]) == bool(theirs["before"]):
        return ""
    after_mine = {key for word in clause.words if word.start > mine.start() for key in word.keys}
    after_theirs = {key for word in statement.words for key in word.keys}
    later = {key for word in statement.words if word.start > theirs.start() for key in word.keys}
    earlier = after_theirs - later
    if after_mine & later and not after_mine & earlier:
        return f"it says “{mine[0].lower()}” where the passage says “{theirs[0].lower()}”"
    return ""


def _only(clause: Statement, near: list[Statement]) -> str:
    own = _ONLY.search(clause.text)
    mine = _ONLY_WHO.search(clause.text)
    if own and near:
        if not any(one.row is not None or _ONLY_THERE.search(f"{one.text} {one.whole}") for one in near):
            return f"the passage does not say “{own[0].lower()}”"
        if mine and all((theirs := _ONLY_WHO.search(one.text)) and not _alike(mine[1], theirs[1]) for one in near):
            return "the passage says so only of others"
    elif near and all((who := _ONLY_WHO.search(one.text)) and not _has(clause, who[1]) for one in near):
        return "the passage says so only of others"
    return ""


def _alike(one: str, other: str) -> bool:
    return bool(keys(one.lower()) & keys(other.lower()))


def _has(clause: Statement, word: str) -> bool:
    return relation(Word(word.lower(), 0), clause) == 1
