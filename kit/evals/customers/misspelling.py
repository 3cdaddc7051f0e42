"""Misspells as people do on a phone: letters left out, doubled, swapped, or hit beside the right key."""

import random
import re
from typing import Final

__all__ = ["misspelt"]

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_WORD = re.compile(r"[A-Za-z]{4,}")


def _beside() -> dict[str, str]:
    """The letters beside each letter on a QWERTY keyboard: in its row, and half a key off in the next ones."""
    found: dict[str, set[str]] = {}
    for number, row in enumerate(_ROWS):
        for place, letter in enumerate(row):
            near = {row[near] for near in (place - 1, place + 1) if 0 <= near < len(row)}
            if number + 1 < len(_ROWS):
                near |= {_ROWS[number + 1][near] for near in (place - 1, place) if 0 <= near < len(_ROWS[number + 1])}
            for other in near:
                found.setdefault(letter, set()).add(other)
                found.setdefault(other, set()).add(letter)
    return {letter: "".join(sorted(near)) for letter, near in found.items()}


_BESIDE: Final = _beside()


def misspelt(text: str, share: float, chance: random.Random, *, keep: tuple[str, ...] = ()) -> str:
    """The text with about this share of its longer words misspelt, each by one slip.

    Args:
        text: what is meant.
        share: of words of four letters or more, between 0 and 1.
        chance: where the slips come from.
        keep: texts that stay as they are, such as order numbers and names. Words in capitals and words joined to digits
            or signs, as in addresses, are never touched.
    """
    kept = [(match.start(), match.end()) for one in keep if one for match in re.finditer(re.escape(one), text)]

    def slip(match: re.Match[str]) -> str:
        word, at = match.group(), match.start()
        joined = text[max(0, at - 1) : at] + text[match.end() : match.end() + 1]
        if word.isupper() or re.search(r"[\d@/_\-.](?!$)|[\d@/_]", joined):
            return word
        if any(start < match.end() and at < end for start, end in kept) or chance.random() >= share:
            return word
        return _slip(word, chance)

    return _WORD.sub(slip, text)


def _slip(word: str, chance: random.Random) -> str:
    # The first letter is seldom wrong, and without it a word is hard to know again.
    place = chance.randrange(1, len(word) - 1)
    match chance.choice(("left out", "doubled", "swapped", "beside")):
        case "left out":
            return word[:place] + word[place + 1 :]
        case "doubled":
            return word[:place] + word[place] * 2 + word[place + 1 :]
        case "swapped":
            return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        case _:
            near = _BESIDE.get(word[place].lower(), word[place])
            return word[:place] + chance.choice(near) + word[place + 1 :]
