"""What may, must, only, all, before and after say of a clause, and of the statements that it is about."""

import re

from kit.assistant.grounding.statement import Statement
from kit.text import stem

__all__ = ["find_degree"]

_MUST = re.compile(
    r"\b(?:must(?! not)|(?<!not )(?:have|need) to|has to|needs to|(?<!not )(?:required to|mandatory|obliged))\b",
    re.IGNORECASE,
)
_MAY = re.compile(r"\b(?:may|can|could|optional|optionally|allowed to|free to)\b(?! not)", re.IGNORECASE)
_ONLY = re.compile(r"\b(?:only|solely|exclusively|nobody but|no one but|nothing but)\b", re.IGNORECASE)
_REPEATED = re.compile(r"\b(?:more than once|several times|repeatedly|again and again|as often as)\b", re.IGNORECASE)
_SINGLE = re.compile(r"\b(?:once|one time|a single time)\b(?! (?:you|we|the|your|it|a|every|they)\b)", re.IGNORECASE)
_ALL = re.compile(r"\b(?:all|every|everyone|everybody|always|any(?! other)|each|entire)\b", re.IGNORECASE)
_SOME = re.compile(
    r"\b(?:some|sometimes|(?<!are )(?<!be )(?<!you )certain|several|a few|(?<!as )(?<!how )(?<!so )many"
    r"|(?<!at )(?<!at the )most|mostly|often|usually|occasionally)\b",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\s+(?:of\s+)?(?:the\s+|our\s+|your\s+)?([\w'-]+)")
_ORDER = re.compile(
    r"\b(?P<before>before|prior to|until)\b|\b(?P<after>after|once|following|as soon as)\b", re.IGNORECASE
)


def find_degree(clause: Statement, statement: Statement) -> str:
    """Another duty, number or side of an event than the statement's, in plain words; empty if there is none."""
    if _REPEATED.search(clause.text) and _SINGLE.search(statement.text) and not _REPEATED.search(statement.text):
        return "it says more than once where the passage says once"
    return _duty(clause, statement) or _sides(clause, statement)


def _duty(clause: Statement, statement: Statement) -> str:
    own, there = clause.text, f"{statement.text} {statement.whole}"
    if statement.row is not None:
        return ""
    if _MUST.search(own) and _MAY.search(statement.text) and not _MUST.search(there) and not _MAY.search(own):
        return "it makes a duty of what the passage only allows"
    if (
        not _ONLY.search(own)
        and _MAY.search(own)
        and _MUST.search(statement.text)
        and not _MAY.search(there)
        and not _MUST.search(own)
    ):
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
    mine, theirs = _followed(clause.text), _followed(statement.whole)
    for said, (side, after) in mine.items():
        alike = [(word, other) for word, (other, words) in theirs.items() if len(after & words) >= 2]
        if alike and all(other != side for _, other in alike):
            return f"it says “{said.lower()}” where the passage says “{alike[0][0].lower()}”"
    return ""


def _followed(text: str) -> dict[str, tuple[bool, frozenset[str]]]:
    """For each "before" or "after" whether it is a before, and the three words after it."""
    return {
        match[0]: (bool(match["before"]), frozenset(re.findall(r"[\w']+", text[match.end() :].lower())[:4]))
        for match in _ORDER.finditer(text)
    }
