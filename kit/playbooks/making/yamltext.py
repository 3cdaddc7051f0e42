"""Texts as they stand in the head of a playbook."""

import re

__all__ = ["quoted", "slug"]


def quoted(text: str) -> str:
    """The text in single quotes, on one line."""
    return "'" + " ".join(text.split()).replace("'", "''") + "'"


def slug(text: str, *, words: int = 3, taken: set[str] | None = None) -> str:
    """A name made from the first words of a text, different from those that are taken, and then taken too."""
    parts = [part for part in re.findall(r"[a-z0-9]+", text.lower()) if part not in _EMPTY][:words]
    name = "_".join(parts) or "step"
    name = name if name[0].isalpha() else f"n_{name}"
    taken = set() if taken is None else taken
    free, number = name, 2
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    taken.add(free)
    return free


_EMPTY = frozenset(
    "a an and any as at be for from has have if in is it its of on or that the their them they this to".split()
)
