"""What a customer reads while a person has the conversation: that this is so, once, and then nothing but in danger."""

from kit.assistant import phrases
from kit.assistant.caring import caring_words
from kit.assistant.replying import fixed_reply, handing
from kit.assistant.state import Result, TurnState, summary
from kit.settings import Settings

__all__ = ["reply_while_waiting"]


def reply_while_waiting(settings: Settings, state: TurnState) -> Result:
    """The reply, if any; every message goes to the person all the same."""
    conversation = state["conversation"]
    # An urgent matter stays one, with the same team, whatever is written while it waits.
    handoff = conversation.handoff or handing(state, "customer_request")
    if danger := state["sensitive"]:
        worse = {"reason": danger.reason, "priority": danger.priority, "summary": summary(state)}
        words = caring_words(danger, settings.safety)
        return fixed_reply(settings, state, words, "handed_off", handoff=handoff.model_copy(update=worse))
    words = "" if conversation.told_to_wait else phrases.WITH_A_PERSON
    note = "a person has it" if words else "a person has it: silent"
    return fixed_reply(settings, state, words, "handed_off", handoff=handoff, note=note)
