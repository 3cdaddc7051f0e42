"""Where a procedure goes on after what a clause says."""

import re
from dataclasses import dataclass
from typing import Literal

__all__ = ["Effect", "effect_of"]

Kind = Literal["end", "skip_to", "skip_next", "next", "refuse", "grant", "wish"]
# In this order: "apologize and [End Conversation]" ends, "you cannot … Go to next step" goes on.
_FORMS: tuple[tuple[Kind, str], ...] = (
    (
        "end",
        r"\[end conversation\]|\bend the conversation|\bwrap up\b|\byou are done\b|\bask if they need anything else",
    ),
    ("skip_to", r"\bskip to the (?P<to>[\w ]+?) step"),
    ("skip_next", r"\bskip the next step"),
    ("next", r"\b(?:go|move|head|continue|proceed)\b(?: on)? ?(?:to|onto)? (?:the )?next step|\((?:see )?next step\)"),
    ("wish", r"\b(?:see if|ask them if) (?P<to>[^).]+)"),
    ("refuse", r"\bcannot\b|\bnothing you can do|\bmust wait\b|\bdo not update|\bdoes not get\b|\bapologize\b"),
    ("skip_to", r"\bimmediately (?P<to>[\w ]+?)(?: and\b|[.,]|$)"),
    ("grant", r"^(?:they )?(?:all |still |can always |have )?(?:get|qualify)\b|\bfee waived\b"),
)


@dataclass(frozen=True)
class Effect:
    """What follows.

    Attributes:
        kind: `end` the conversation; `skip_to` the action named in `words`; `skip_next` and `next` action; `refuse` and
            `grant` what the customer wants; `wish`: go on if the customer agrees to `words`, else end.
    """

    kind: Kind
    words: str = ""


def effect_of(sentences: tuple[str, ...]) -> Effect | None:
    """What the sentences of a clause come to; None where they only have something said."""
    text = " ".join(one if one.endswith((".", "!")) else f"{one}." for one in sentences)
    for kind, form in _FORMS:
        if found := re.search(form, text, re.IGNORECASE):
            return Effect(kind, found.groupdict().get("to") or "")
    return None
