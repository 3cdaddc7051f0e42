"""A text as patterns read it: other scripts' digits, dashes and spaces made plain, what nobody sees left out."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from kit.safety.sanitise import strip_hidden

__all__ = ["Plain", "plain"]


@dataclass(frozen=True)
class Plain:
    """The plain text, and for each of its characters the place in the original; None where they are the same."""

    text: str
    places: tuple[int, ...] | None = None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The part of the original that a part of the plain text stands for."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def plain(text: str) -> Plain:
    """Make a text plain, one character for one: full-width figures are read as common ones."""
    if text.isascii():
        return Plain(text)
    kept = [(place, made) for place, char in enumerate(text) if (made := _plain(char))]
    return Plain("".join(made for _, made in kept), tuple(place for place, _ in kept))


@lru_cache(4096)
def _plain(char: str) -> str:
    if char.isascii():
        return char
    if not strip_hidden(char).strip("\n"):
        # A line end of another kind still parts what stands around it.
        return "\n" if char.isspace() else ""
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    category = unicodedata.category(char)
    if category == "Pd" or char == "\u2212":
        return "-"
    if category == "Zs":
        return " "
    wide = unicodedata.normalize("NFKC", char)
    return wide if len(wide) == 1 and wide.isascii() else char
