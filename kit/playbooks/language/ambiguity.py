"""How much work a regular expression can make of a text that it does not match.

A matcher that backtracks tries every way in which the expression could have read the text. Their number is exponential
in the text's length exactly if the expression's automaton has a state with two different ways back to itself over the
same text, and a polynomial of degree d if it has d pairs of such loops one behind the other (Weber and Seidl, *On the
degree of ambiguity of finite automata*, 1991). The automaton is that of Glushkov (1961): a state for each place of the
expression that reads a character.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from re._constants import (  # type: ignore[import-not-found]
    ANY,
    ASSERT,
    ASSERT_NOT,
    ATOMIC_GROUP,
    BRANCH,
    CATEGORY,
    GROUPREF,
    GROUPREF_EXISTS,
    IN,
    LITERAL,
    MAX_REPEAT,
    MIN_REPEAT,
    NEGATE,
    NOT_LITERAL,
    POSSESSIVE_REPEAT,
    RANGE,
    SUBPATTERN,
)
from re._parser import parse  # type: ignore[import-not-found]
from typing import Any

__all__ = ["MAX_PLACES", "degree_of_ambiguity"]

# Characters that stand for all others: whether two classes overlap is seen on them.
_ALPHABET = "".join(map(chr, range(9, 14))) + "".join(map(chr, range(32, 127))) + "\x00\xa0ßéÉ٣中🙂"
_EVERY = (1 << len(_ALPHABET)) - 1
# A repeat of at most this many is written out; a longer one counts as one without limit.
MOST_COPIES = 8
MAX_PLACES = 300
_CATEGORIES = {
    "CATEGORY_DIGIT": r"\d",
    "CATEGORY_NOT_DIGIT": r"\D",
    "CATEGORY_SPACE": r"\s",
    "CATEGORY_NOT_SPACE": r"\S",
    "CATEGORY_WORD": r"\w",
    "CATEGORY_NOT_WORD": r"\W",
}


def degree_of_ambiguity(pattern: str) -> int | None:
    """The degree of the polynomial that bounds the ways to read a text, up to 2; None if they grow exponentially.

    Case is taken not to matter. A pattern with more than MAX_PLACES places is not examined, and counts as exponential.

    Raises:
        re.error: it is no regular expression.
    """
    automaton = _Automaton()
    try:
        automaton.sequence(parse(pattern))
    except _TooManyError:
        return None
    found = [_degree(automaton)]
    found += (_degree(apart) for apart in automaton.apart)
    return None if None in found else max(degree for degree in found if degree is not None)


class _TooManyError(Exception):
    pass


@dataclass(frozen=True)
class _Part:
    """What a part of an expression can begin and end with, and in how many ways it can be empty: 0, 1, or 2 for more.

    A place from which there are several ways on is there as often.
    """

    first: list[int]
    last: list[int]
    empty: int

    def then(self, part: "_Part") -> "_Part":
        """This part with another one behind it."""
        first = self.first + part.first * self.empty
        return _Part(first, part.last + self.last * part.empty, min(2, self.empty * part.empty))


@dataclass
class _Automaton:
    """Places by number: the characters that each reads, as bits, and which can follow, as often as there are ways."""

    reads: list[int] = field(default_factory=list)
    follows: list[list[int]] = field(default_factory=list)
    apart: list["_Automaton"] = field(default_factory=list)

    def sequence(self, parts: Iterable[Any]) -> _Part:
        return self.chain(self.part(kind, argument) for kind, argument in parts)

    def chain(self, parts: Iterable[_Part]) -> _Part:
        whole = _Part([], [], 1)
        for part in parts:
            self.join(whole.last, part.first)
            whole = whole.then(part)
        return whole

    def part(self, kind: Any, argument: Any) -> _Part:
        if kind in (LITERAL, NOT_LITERAL, ANY, IN):
            return self.place(_characters(kind, argument))
        if kind in (MAX_REPEAT, MIN_REPEAT, POSSESSIVE_REPEAT):
            return self.repeated(*argument)
        if kind is SUBPATTERN:
            return self.sequence(argument[-1])
        if kind is ATOMIC_GROUP:
            return self.sequence(argument)
        if kind is BRANCH:
            return _either([self.sequence(branch) for branch in argument[1]])
        if kind is GROUPREF_EXISTS:
            return _either([self.sequence(branch or ()) for branch in argument[1:]])
        if kind is GROUPREF:
            return self.looped(self.place(_EVERY), empty=True)
        if kind in (ASSERT, ASSERT_NOT):
            ahead = _Automaton()
            ahead.sequence(argument[1])
            self.apart += [ahead, *ahead.apart]
        return _Part([], [], 1)  # what looks at a place and reads nothing

    def place(self, characters: int) -> _Part:
        if len(self.reads) >= MAX_PLACES:
            raise _TooManyError
        self.reads.append(characters)
        self.follows.append([])
        return _Part([len(self.reads) - 1], [len(self.reads) - 1], 0)

    def join(self, before: list[int], behind: list[int]) -> None:
        for place in before:
            self.follows[place] += behind

    def looped(self, part: _Part, *, empty: bool) -> _Part:
        self.join(part.last, part.first)
        # A round that reads nothing ends the repeat, so there is but one way to be empty.
        return _Part(part.first, part.last, int(empty or part.empty > 0))

    def repeated(self, least: int, most: Any, parts: Any) -> _Part:
        endless = int(most) - int(least) > MOST_COPIES
        # More copies of what must be there change nothing about the ways.
        copies = [self.sequence(parts) for _ in range(min(int(least), MOST_COPIES))]
        if endless:
            copies = [*copies[:-1], self.looped(copies[-1], empty=False)] if copies else [self._star(parts)]
        else:
            copies += [_optional(self.sequence(parts)) for _ in range(int(most) - int(least))]
        return self.chain(copies)

    def _star(self, parts: Any) -> _Part:
        return self.looped(self.sequence(parts), empty=True)


def _either(parts: list[_Part]) -> _Part:
    first = [place for part in parts for place in part.first]
    return _Part(first, [place for part in parts for place in part.last], min(2, sum(part.empty for part in parts)))


def _optional(part: _Part) -> _Part:
    return _Part(part.first, part.last, min(2, part.empty + 1))


def _characters(kind: Any, argument: Any) -> int:
    """The characters of the alphabet that a place reads, as bits."""
    bits = 0
    for place, character in enumerate(_ALPHABET):
        if any(
            _reads(kind, argument, one) for one in {character, character.lower(), character.upper()} if len(one) == 1
        ):
            bits |= 1 << place
    # A character that stands for none of the alphabet, such as a Greek letter, could be any of the others.
    return bits or _EVERY


def _reads(kind: Any, argument: Any, character: str) -> bool:
    code = ord(character)
    if kind is LITERAL:
        return bool(code == argument)
    if kind is NOT_LITERAL:
        return bool(code != argument)
    if kind is RANGE:
        return bool(argument[0] <= code <= argument[1])
    if kind is CATEGORY:
        return re.match(_CATEGORIES.get(str(argument), r"[\s\S]"), character) is not None
    if kind is IN:
        negated = argument[0][0] is NEGATE
        return any(_reads(inner, held, character) for inner, held in argument[negated:]) != negated
    return True


def _degree(automaton: _Automaton) -> int | None:
    """The degree of ambiguity of one automaton, up to 2; None if it is exponential."""
    steps = [sorted(set(follows)) for follows in automaton.follows]
    reach = [_reached(place, steps) for place in range(len(steps))]
    loops = [place for place in range(len(steps)) if place in reach[place]]
    for place in loops:
        twice = {next_ for next_ in automaton.follows[place] if automaton.follows[place].count(next_) > 1}
        if any(place in reach[next_] or place == next_ for next_ in twice):
            return None
        if _comes_apart(place, automaton.reads, steps, reach):
            return None
    pairs = [
        (one, other)
        for one in loops
        for other in loops
        if other in reach[one] and one not in reach[other] and _goes_over(one, other, automaton.reads, steps, reach)
    ]
    chained = any(two[0] == one[1] or two[0] in reach[one[1]] for one in pairs for two in pairs)
    return 2 if chained else min(len(pairs), 1)


def _reached(start: int, steps: list[list[int]]) -> set[int]:
    seen: set[int] = set()
    todo = list(steps[start])
    while todo:
        place = todo.pop()
        if place not in seen:
            seen.add(place)
            todo += steps[place]
    return seen


def _comes_apart(place: int, reads: list[int], steps: list[list[int]], reach: list[set[int]]) -> bool:
    """Whether two different ways lead from a place back to it over the same text."""
    within = [[n for n in following if place in reach[n] or n == place] for following in steps]

    def next_(pair: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        for one in within[pair[0]]:
            yield from ((one, other) for other in within[pair[1]] if reads[one] & reads[other])

    apart = {pair for pair in _found((place, place), next_) if pair[0] != pair[1]}
    # Ways that came apart have to meet again at the place; the first to come back is enough.
    return any((place, place) in _found(pair, next_) for pair in apart)


def _goes_over(one: int, other: int, reads: list[int], steps: list[list[int]], reach: list[set[int]]) -> bool:
    """Whether one text leads from a place back to it, to another, and from that back to it."""

    def next_(at: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        first, middle, last = at
        for a in steps[first]:
            if one != a and one not in reach[a]:
                continue
            for b in steps[middle]:
                if not reads[a] & reads[b] or (other != b and other not in reach[b]):
                    continue
                for c in steps[last]:
                    if reads[a] & reads[b] & reads[c] and (other == c or other in reach[c]):
                        yield a, b, c

    return (one, other, other) in _found((one, one, other), next_)


def _found(start: tuple[int, ...], next_: Any) -> set[tuple[int, ...]]:
    """What can be reached from a start in one step or more."""
    seen: set[tuple[int, ...]] = set()
    todo = list(next_(start))
    while todo:
        at = todo.pop()
        if at not in seen:
            seen.add(at)
            todo += next_(at)
    return seen
