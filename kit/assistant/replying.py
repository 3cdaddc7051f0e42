"""Ends a turn with the kit's own fixed words, and passes on to a person where that is due."""

from kit.assistant import phrases
from kit.assistant.compose import Piece
from kit.assistant.saying import gap, say
from kit.assistant.state import Result, TurnState, summary
from kit.assistant.types import Outcome
from kit.playbooks import Handoff, HandoffReason, Priority
from kit.settings import Settings

__all__ = ["fixed_reply", "handing", "offering", "pass_on"]


def handing(state: TurnState, reason: HandoffReason, priority: Priority = "normal") -> Handoff:
    """The hand-off of this turn."""
    return Handoff(reason=reason, priority=priority, summary=summary(state))


def pass_on(
    settings: Settings,
    state: TurnState,
    reason: HandoffReason,
    *,
    priority: Priority = "normal",
    note: str = "",
    opening: str = "",
) -> Result:
    """Say that a person takes over, and hand over; with an opening other than that of the reason."""
    handoff = handing(state, reason, priority)
    words = phrases.hand_off(reason, handoff.team, opening=opening)
    return fixed_reply(settings, state, words, "handed_off", handoff=handoff, note=note)


def fixed_reply(
    settings: Settings,
    state: TurnState,
    text: str,
    outcome: Outcome,
    *,
    handoff: Handoff | None = None,
    note: str = "",
) -> Result:
    """Say fixed words, after what was said in this turn. They may hold {company}, and {name} of the assistant."""
    said = state["said"]
    filled = text.replace("{name}", settings.assistant.name).replace("{company}", settings.name)
    update: TurnState = {
        "said": say(said, [Piece(gap(said) + filled)]),
        "outcome": outcome,
        "handoff": handoff,
    }
    return Result(update, note or (handoff.reason if handoff else outcome))


def offering(state: TurnState, result: Result) -> Result:
    """What a node adds, with the offer of a person at its end where one is due."""
    if not state.get("offer") or result.update.get("outcome") == "handed_off":
        return result
    said = result.update["said"]
    update: TurnState = {**result.update, "said": say(said, [Piece(gap(said) + phrases.OFFER)]), "person_offered": True}
    return Result(update, f"{result.summary}, a person offered", result.detail)
