"""Puts the chosen parts together: in the order they are read in, lists as lists, sentences as running text."""

from collections.abc import Iterator, Sequence

from kit.assistant.compose import Piece, cite
from kit.assistant.composing.units import Unit

__all__ = ["worded"]


def worded(chosen: Sequence[Unit]) -> Iterator[Piece]:
    """The pieces of the answer.

    Args:
        chosen: what to say, the best first. The article that holds it comes first; within an article its own order
            is kept, since it was written to be read so.
    """
    articles = list(dict.fromkeys(unit.passage.article_id for unit in chosen))
    before: Unit | None = None
    ordered = sorted(
        chosen, key=lambda unit: (articles.index(unit.passage.article_id), unit.passage.number, unit.place)
    )
    for place, unit in enumerate(ordered):
        after = ordered[place + 1] if place + 1 < len(ordered) else None
        listed = unit.kind == "item" and (_one_list(before, unit) or _one_list(after, unit) or _led(before))
        text = f"- {unit.text}" if listed else unit.text
        yield Piece(_gap(before, unit) + text, (cite(unit.passage, unit.quote),))
        before = unit


def _gap(before: Unit | None, unit: Unit) -> str:
    """What parts a unit from the one before."""
    if before is None:
        return ""
    if _one_list(before, unit):
        return "\n"
    together = before.passage == unit.passage and before.block == unit.block
    return " " if together and unit.kind == before.kind and unit.kind in ("sentence", "note") else "\n\n"


def _one_list(one: Unit | None, other: Unit) -> bool:
    return (
        one is not None
        and one.kind == other.kind == "item"
        and (one.passage, one.block) == (other.passage, other.block)
    )


def _led(before: Unit | None) -> bool:
    return before is not None and before.leads
