"""Gives every way that does not simply lead to the box below a lane of its own beside the boxes."""

from collections.abc import Sequence

from kit.playbooks.drawing.picture import Way

__all__ = ["lanes"]


def lanes(jumps: Sequence[Way]) -> list[int]:
    """The lane (from 0, nearest first) of each way, so that no two in one lane overlap.

    Short ways come first, so that they stay near the boxes. Ways to the same box may share a lane: they end together.
    """
    order = sorted(range(len(jumps)), key=lambda place: (abs(jumps[place].to - jumps[place].start), place))
    taken: list[list[Way]] = []
    found = [0] * len(jumps)
    for place in order:
        way = jumps[place]
        lane = next((n for n, others in enumerate(taken) if not any(_overlap(way, one) for one in others)), len(taken))
        if lane == len(taken):
            taken.append([])
        taken[lane].append(way)
        found[place] = lane
    return found


def _overlap(one: Way, other: Way) -> bool:
    if one.to == other.to and (one.start < one.to) == (other.start < other.to):
        return False
    low, high = sorted((one.start, one.to))
    first, last = sorted((other.start, other.to))
    return low <= last and first <= high
