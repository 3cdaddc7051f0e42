"""What a customer gets who writes in another language than the articles, where no chat model can answer in it."""

from kit.assistant.languages import language, sounds_alarm
from kit.assistant.replying import fixed_reply, handing
from kit.assistant.state import Result, TurnState
from kit.playbooks import HandoffReason
from kit.settings import Settings

__all__ = ["reply_in_other_language"]


def reply_in_other_language(settings: Settings, state: TurnState) -> Result:
    """The fixed words of the customer's language, and a person who takes over; whom to call where it sounds of danger.

    A person has the conversation after that: this is said once, and then nothing any more, but in danger.
    """
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
    reason: HandoffReason = danger.reason if danger else "safety" if alarm else "unsupported_request"
    handoff = handing(state, reason, "urgent" if urgent else "normal")
    handoff = handoff.model_copy(update={"fields": {"language": spoken.name}})
    text = f"{call}\n\n{spoken.passing}".strip()
    return fixed_reply(
        settings, state, text, "handed_off", handoff=handoff, note=f"{reason}: the customer writes in {spoken.name}"
    )
