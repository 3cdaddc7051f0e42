"""Ends a turn with the kit's own fixed words, and passes on to a person where that is due."""

from kit.assistant import phrases
from kit.assistant.compose import Piece
from kit.assistant.saying import gap, say
from kit.assistant.state import Result, TurnState, summary
from kit.assistant.types import Outcome
from kit.playbooks import Handoff, HandoffReason, Priority
from kit.settings import Settings

__all__ = ["fixed_reply", "handing", "pass_on"]


def handing(state: TurnState, reason: HandoffReason, priority: Priority = "normal") -> Handoff:
    """The hand-off of this turn."""
    return Handoff(reason=reason, priority=priority, summary=summary(state))


def pass_on(
    settings: Settings, state: TurnState, reason: HandoffReason, *, priority: Priority = "normal", note: str = ""
) -> Result:
    """Say that a person takes over, and hand over."""
    handoff = handing(state, reason, priority)
    return fixed_reply(
        settings, state, phrases.hand_off(reason, handoff.team), "handed_off", handoff=handoff, note=note
    )


def fixed_reply(
    settings: Settings,
    state: TurnState,
    text: str,
    outcome: Outcome,
    *,
    handoff: Handoff | None = None,
    note: str = "",
) -> Result:
    """Say fixed words, after what was said in this turn."""
    said = state["said"]
    update: TurnState = {
        "said": say(said, [Piece(gap(said) + text.replace("{company}", settings.name))]),
        "outcome": outcome,
        "handoff": handoff,
    }
    return Result(update, note or (handoff.reason if handoff else outcome))
