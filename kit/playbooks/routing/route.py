"""What the router says of a message."""

from dataclasses import dataclass
from typing import Literal

__all__ = ["Kind", "Route", "RouteKind"]

RouteKind = Literal[
    "playbook", "knowledge", "person", "greeting", "thanks", "goodbye", "not_solved", "sensitive", "off_topic", "model"
]
# A kind of message, and of which playbook where it is one for a playbook.
Kind = tuple[RouteKind, str | None]


@dataclass(frozen=True)
class Route:
    """Where a message goes.

    Attributes:
        kind: what the message is.
        playbook: for which playbook, if it is for one.
        probability: the calibrated chance that this is right.
        certain: a trigger says so, or the customer asks for a person in so many words.
        second: the next likeliest playbook, if any is likely at all.
        second_probability: its chance.
        playbooks: the up to three likeliest playbooks with their chances, likeliest first, whatever the kind.
        ambiguous: the two or three playbooks between which the customer should be asked, likeliest first; else empty.
        beside: the question that stands beside the request, where the rest of the message made the route.
    """

    kind: RouteKind
    playbook: str | None
    probability: float
    certain: bool = False
    second: str | None = None
    second_probability: float = 0.0
    playbooks: tuple[tuple[str, float], ...] = ()
    ambiguous: tuple[str, ...] = ()
    beside: str = ""
