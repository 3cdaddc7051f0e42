"""The one name that a misspelt one can only have meant."""

import re
from collections.abc import Iterable

__all__ = ["misspelt"]


def misspelt(name: str, known: Iterable[str]) -> str | None:
    """The name that was meant, if it is beyond doubt; None if it is not.

    Beyond doubt is: exactly one name begins with the same letter, has the same digits, and is one slip of the fingers
    away, or two in names of eight letters and more. A slip is a letter too many, too few, wrong, or swapped with its
    neighbour: the distance of Damerau (1964), of which Levenshtein's knows no swaps.
    """
    from rapidfuzz.distance import OSA

    most = 2 if len(name) >= 8 else 1
    found = [
        other
        for other in set(known)
        if other[:1] == name[:1]
        and re.findall(r"\d", other) == re.findall(r"\d", name)
        and min(len(other), len(name)) >= 3
        and OSA.distance(name, other, score_cutoff=most) <= most
    ]
    return found[0] if len(found) == 1 else None
