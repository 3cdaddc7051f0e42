"""Recognises sensitive situations by what people say in them, and not by single words."""

from dataclasses import dataclass
from functools import lru_cache
from re import IGNORECASE, Pattern, compile
from typing import Literal

from kit.safety.pii.plain import plain
from kit.safety.sensitive import danger, matters
from kit.text import squash

__all__ = ["Sensitive", "SensitiveKind", "sensitive"]

SensitiveKind = Literal["self_harm", "violence", "hazard", "fraud", "bereavement", "minor", "legal", "press"]

# In the order of what comes first where a message is of several kinds: the phrases of each, and the idioms that hold
# such words and mean nothing of the kind.
_KINDS: dict[SensitiveKind, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "self_harm": (danger.SELF_HARM, danger.NO_SELF_HARM),
    "violence": (danger.VIOLENCE, danger.NO_VIOLENCE),
    "hazard": (danger.HAZARD, danger.NO_HAZARD),
    "fraud": (matters.FRAUD, matters.NO_FRAUD),
    "bereavement": (matters.BEREAVEMENT, matters.NO_BEREAVEMENT),
    "minor": (matters.MINOR, matters.NO_MINOR),
    "legal": (matters.LEGAL, matters.NO_LEGAL),
    "press": (matters.PRESS, ()),
}
_URGENT = ("self_harm", "violence", "hazard", "fraud")
_LONGEST = 20_000


@dataclass(frozen=True)
class Sensitive:
    """A sensitive situation, and the words of the message that gave it away."""

    kind: SensitiveKind
    words: str

    @property
    def reason(self) -> Literal["sensitive", "safety"]:
        """Why a person takes over."""
        return "safety" if self.kind == "hazard" else "sensitive"

    @property
    def priority(self) -> Literal["high", "urgent"]:
        """How soon."""
        return "urgent" if self.kind in _URGENT else "high"


def sensitive(message: str) -> Sensitive | None:
    """The sensitive situation that a message tells of; None for all others."""
    text = squash(plain(message[:_LONGEST]).text).replace("’", "'").replace("‘", "'")
    for kind in _KINDS:
        phrases, idioms = _compiled(kind)
        # What is no match is blotted out, so that words on both sides of it do not come together.
        bare = idioms.sub("|", text) if idioms else text
        if found := phrases.search(bare):
            return Sensitive(kind, found.group().strip())
    return None


@lru_cache
def _compiled(kind: SensitiveKind) -> tuple[Pattern[str], Pattern[str] | None]:
    phrases, idioms = _KINDS[kind]
    return compile("|".join(phrases), IGNORECASE), compile("|".join(idioms), IGNORECASE) if idioms else None
