"""What a customer gets who writes in another language than the articles: a translated answer, or fixed words."""

from dataclasses import replace
from typing import TYPE_CHECKING

from kit.assistant.compose import Piece
from kit.assistant.languages import Language, language, sounds_alarm, wants_person
from kit.assistant.replying import fixed_reply, handing
from kit.assistant.saying import Said, say
from kit.assistant.state import Result, TurnState
from kit.playbooks import Handoff, HandoffReason
from kit.settings import Settings

if TYPE_CHECKING:
    from kit.assistant.translating import Translator

__all__ = ["reply_in_other_language", "say_translated"]


def reply_in_other_language(settings: Settings, state: TurnState) -> Result:
    """The fixed words of the customer's language, and a person who takes over; whom to call where it sounds of danger.

    A person has the conversation after that: this is said once, and then nothing any more, but in danger.
    """
    # What was made in the company's language and not sent is not sent at all.
    state = {**state, "said": _unsaid(state["said"])}
    spoken, conversation = language(state["language"]), state["conversation"]
    danger, alarm = state["sensitive"], sounds_alarm(state["message"], spoken)
    urgent = danger is not None or alarm
    call = spoken.danger.replace("{emergency}", settings.safety.emergency) if urgent else ""
    if conversation.handed_off:
        handoff = conversation.handoff or handing(state, "customer_request")
        if alarm:
            handoff = handoff.model_copy(update={"reason": "safety", "priority": "urgent"})
        words = call or ("" if conversation.told_to_wait else spoken.waiting)
        return fixed_reply(settings, state, words, "handed_off", handoff=handoff, note="" if words else "silent")
    person = state["route"].kind == "person" or wants_person(state["message"], spoken)
    plain: HandoffReason = "customer_request" if person else "unsupported_request"
    reason: HandoffReason = danger.reason if danger else "safety" if alarm else plain
    handoff = _noted(state.get("handoff") or handing(state, reason, "urgent" if urgent else "normal"), spoken)
    text = f"{call}\n\n{spoken.passing}".strip()
    return fixed_reply(
        settings,
        state,
        text,
        "handed_off",
        handoff=handoff,
        note=f"{handoff.reason}: the customer writes in {spoken.name}",
    )


def say_translated(settings: Settings, translator: "Translator | None", state: TurnState) -> Result:
    """Send what was made in the company's language in the customer's; what cannot be translated goes to a person."""
    said, spoken, handoff = state["said"], language(state["language"]), state.get("handoff")
    body = said.text[said.silent_from :].strip()
    words = translator.translated(body, spoken.code) if translator else ""
    if not words:
        return reply_in_other_language(settings, state)
    loud = say(_unsaid(said), [Piece(words)])
    update: TurnState = {"said": replace(loud, citations=said.citations), "meant": body}
    update["handoff"] = _noted(handoff, spoken) if handoff else None
    return Result(update, f"into {spoken.name}")


def _noted(handoff: Handoff, spoken: Language) -> Handoff:
    """The hand-off with the language that the person who takes over needs."""
    return handoff.model_copy(update={"fields": {**handoff.fields, "language": spoken.name}})


def _unsaid(said: Said) -> Said:
    """What of it has been sent."""
    return said if said.silent_from is None else Said(said.text[: said.silent_from], outgoing=said.outgoing)
