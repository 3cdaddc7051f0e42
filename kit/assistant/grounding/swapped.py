"""A word put in place of another one in what is otherwise the passage's own sentence."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from kit.assistant.grounding.matching import Matches
from kit.assistant.grounding.wording import Word

__all__ = ["find_swapped"]

# How alike the two must be, as a share of their words in the same order, and how many words they must have in common.
_NOMINAL = frozenset("the a an your our of for from by with in at on under as and or".split())
ALIKE = 0.5
COMMON = 2


def find_swapped(matches: Matches) -> str:
    """What is wrong in plain words; empty if nothing is, for one of the statements that the clause is about."""
    fault = ""
    for statement in matches.about():
        mine = [word for word in matches.clause.words if not word.is_weak]
        found = None
        for words in (statement.words, *((statement.beside,) if statement.row is None else ())):
            found = found or next(_swaps(mine, [word for word in words if not word.is_weak]), None)
        if found is None:
            return ""
        fault = fault or f"it says “{found[0].text}” where the passage says “{found[1].text}”"
    return fault


def _swaps(mine: list[Word], theirs: list[Word]) -> Iterator[tuple[Word, Word]]:
    labels = [
        next((place for place, other in enumerate(theirs) if _same(word, other)), -1 - number)
        for number, word in enumerate(mine)
    ]
    places = [next((place for place, other in enumerate(theirs) if _same(word, other)), -1) for word in theirs]
    matcher = SequenceMatcher(None, labels, places, autojunk=False)
    common = sum(block.size for block in matcher.get_matching_blocks())
    if common < COMMON or common < ALIKE * len(mine):
        return
    for kind, start, end, first, last in matcher.get_opcodes():
        if kind == "replace" and end - start == 1 and last - first == 1:
            one, other = mine[start], theirs[first]
            framed = (one.before, one.after) == (other.before, other.after)
            # A verb may well be another one of the same meaning.
            nominal = one.before in _NOMINAL or one.before.isdigit() or one.after in ("and", "or")
            if framed and nominal and labels[start] not in places and places[first] not in labels:
                yield one, other


def _same(one: Word, other: Word) -> bool:
    return (
        bool(one.keys & other.keys)
        or bool(one.family and one.family == other.family)
        or bool(one.opposites & other.keys)
    )
