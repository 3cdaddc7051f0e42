"""Takes of the parts of passages as many as are worth saying, with what belongs to them."""

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from kit.assistant.composing.units import Unit, procedure
from kit.text import content_words

__all__ = ["ENOUGH", "ENOUGH_HOW", "choose"]

Scores = NDArray[np.float64]

# An answer of fewer words goes on with what is nearly as good as its best part. Experts state a fact in about 40 words,
# and F1 changes little from 30 to 55; how to do something they tell in 80 and more, with all its steps.
ENOUGH, ENOUGH_HOW = 42, 75
# No further part makes an answer so much longer than what is enough.
FURTHER = 48
# Nearly as good.
CLOSE = 0.14
# What has fewer words with a meaning of their own says nothing that could stand alone.
FEW = 3
# A list of up to so many words is given whole: what is left out of it would be missed.
SHORT_LIST = 60
# What shares a greater part of its words with what is said already says nothing new.
ALIKE = 0.75

# A sentence that begins so leans on the one before it.
_LEANS = re.compile(
    r"(?:then|it|its|they|their|them|that|this|these|those|he|she|only|between|otherwise|instead|so|also|both|such|"
    r"alternatively|however|if so|if not|for example|or|and|but|in this case)\b",
    re.IGNORECASE,
)


def choose(
    found: Sequence[Unit], scores: Scores, *, enough: int = ENOUGH, but: Sequence[int] = (), least: float = -np.inf
) -> list[int]:
    """The places of the units to say, the best first; empty if there is none.

    Args:
        found: the units, in the order of their passages.
        scores: how well each answers.
        enough: words after which nothing more is added.
        but: what is said already.
        least: the score that a unit must have.
    """
    chosen: list[int] = []
    length, longest = 0, max(enough, ENOUGH) + FURTHER
    order = np.argsort(-scores, kind="stable")
    for place in map(int, order):
        if scores[place] < least or (chosen and (length >= enough or scores[place] < scores[order[0]] - CLOSE)):
            break
        if order[0] != place and len(content_words(found[place].text)) < FEW:
            continue
        parts = [one for one in _whole(found, scores, place) if one not in (*but, *chosen)]
        words = sum(len(found[one].text.split()) for one in parts)
        # Steps come whole or not at all; those of the section that a sentence leads into may be as long as they are.
        into = found[place].kind == "steps" and found[place].heading == found[order[0]].heading
        most = np.inf if into and length < ENOUGH / 2 else longest
        if not parts or (chosen and (length + words > most or _said(found, [*but, *chosen], place))):
            continue
        chosen += parts
        length += words
    return chosen


def _whole(found: Sequence[Unit], scores: Scores, place: int) -> list[int]:
    """The unit with all that it makes no sense without; nothing if what it leads to is not there."""
    if found[place].leads:
        led = list(_led(found, place))
        if not led:
            return []
        return _whole(found, scores, max(led, key=lambda one: float(scores[one])))
    match found[place].kind:
        case "steps":
            places = [one for one in procedure(found, place) if found[one].kind != "remark"]
            return [*_leading(found, places[0]), *places, *_notes(found, places[-1])]
        case "item":
            items = _list(found, place)
            short = sum(len(found[one].text.split()) for one in items) <= SHORT_LIST
            return [*_leading(found, items[0]), *(items if short else [place])]
        case "code":
            return [*_leading(found, place), place]
        case _:
            return [*_leaned_on(found, place), place]


def _led(found: Sequence[Unit], place: int) -> Iterator[int]:
    """What follows a sentence that ends with a colon: a list, steps, code, or the next sentence."""
    lead = found[place]
    for other in range(place + 1, len(found)):
        unit = found[other]
        within = unit.passage == lead.passage and unit.block <= lead.block + 1
        # The list may be in the next passage of the article.
        if not within and not (other == place + 1 and _follows(lead, unit)):
            return
        if unit.leads or (unit.kind == "sentence" and other > place + 1):
            return
        yield other


def _follows(one: Unit, other: Unit) -> bool:
    return one.passage.article_id == other.passage.article_id and other.passage.number == one.passage.number + 1


def _leading(found: Sequence[Unit], place: int) -> list[int]:
    """The sentence right before a list, steps or code, if it leads to it."""
    if place == 0:
        return []
    before, unit = found[place - 1], found[place]
    beside = before.passage == unit.passage or _follows(before, unit)
    leads = before.leads or (unit.kind == "steps" and before.heading == unit.heading)
    if beside and leads and before.kind == "sentence":
        return [*_leaned_on(found, place - 1), place - 1]
    return []


def _notes(found: Sequence[Unit], last: int) -> list[int]:
    """The notes that follow a procedure: its exceptions and limits."""
    notes: list[int] = []
    for place in range(last + 1, len(found)):
        if found[place].passage != found[last].passage or found[place].kind not in ("note", "remark"):
            break
        if found[place].kind == "note":
            notes.append(place)
    words = sum(len(found[one].text.split()) for one in notes)
    return notes if words <= SHORT_LIST else notes[:1]


def _list(found: Sequence[Unit], place: int) -> list[int]:
    """The items of the list that this one is of."""
    unit = found[place]
    return [
        other
        for other, one in enumerate(found)
        if one.kind == "item" and (one.passage, one.block) == (unit.passage, unit.block)
    ]


def _leaned_on(found: Sequence[Unit], place: int) -> list[int]:
    """The sentences before it in its block that it cannot be understood without."""
    needed: list[int] = []
    at = place
    while at > 0 and _LEANS.match(found[at].text):
        before = found[at - 1]
        if before.kind != found[at].kind or (before.passage, before.block) != (found[at].passage, found[at].block):
            break
        at -= 1
        needed.insert(0, at)
    return needed


def _said(found: Sequence[Unit], chosen: Sequence[int], place: int) -> bool:
    """Whether what is chosen says this already."""
    own = set(content_words(found[place].text))
    return any(len(own & set(content_words(found[one].text))) >= ALIKE * len(own) for one in chosen)
