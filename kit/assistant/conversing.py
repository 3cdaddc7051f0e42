"""What a turn needs neither an article nor a playbook for: courtesy, limits, what goes to a person at once."""

from dataclasses import dataclass

from kit.assistant import phrases
from kit.assistant.caring import caring_words
from kit.assistant.replying import fixed_reply, handing, pass_on
from kit.assistant.state import Result, TurnState
from kit.assistant.types import Conversation
from kit.settings import Settings
from kit.text import content_words, words

__all__ = ["Talker", "asked_before", "says_nothing"]

_ASKING = frozenset("how what what's when where which who whose why can could do does did is are will would".split())


@dataclass(frozen=True)
class Talker:
    """Says the kit's own fixed words."""

    settings: Settings

    def converse(self, state: TurnState) -> Result:
        """Everything that needs neither an article nor a playbook."""
        settings, kind, conversation = self.settings, state["route"].kind, state["conversation"]
        if conversation.handed_off:
            return self._wait(state)
        # A person can always be asked for, whatever else the message says.
        if kind == "model" or (state["suspicious"] and kind not in ("person", "sensitive")):
            return fixed_reply(settings, state, phrases.DECLINE["model"], "declined")
        if not state["message"] or (kind == "knowledge" and says_nothing(state["message"])):
            return fixed_reply(settings, state, phrases.ASK["empty"], "clarified")
        if kind == "not_solved" and not _answered_before(conversation):
            return fixed_reply(settings, state, phrases.ASK["vague"], "clarified")
        if kind in phrases.CONVERSATION:
            return fixed_reply(settings, state, phrases.CONVERSATION[kind], "answered")
        if kind == "sensitive" and (danger := state["sensitive"]):
            handoff = handing(state, danger.reason, danger.priority)
            words = caring_words(danger, settings.safety)
            note = f"{danger.reason}: {danger.kind}"
            return fixed_reply(settings, state, words, "handed_off", handoff=handoff, note=note)
        if kind == "sensitive":
            return pass_on(settings, state, "sensitive", priority="urgent")
        if state["over"]:
            return pass_on(settings, state, "policy_restriction", note="the conversation has reached its limit")
        return pass_on(settings, state, "customer_request" if kind == "person" else "missing_knowledge")

    def _wait(self, state: TurnState) -> Result:
        """A person has the conversation: that is said once, and then nothing any more, but in danger."""
        conversation = state["conversation"]
        # An urgent matter stays one, with the same team, whatever is written while it waits.
        handoff = conversation.handoff or handing(state, "customer_request")
        if danger := state["sensitive"]:
            worse = handing(state, danger.reason, danger.priority)
            changed = {name: getattr(worse, name) for name in ("reason", "priority", "summary")}
            words, handoff = caring_words(danger, self.settings.safety), handoff.model_copy(update=changed)
            return fixed_reply(self.settings, state, words, "handed_off", handoff=handoff)
        words = "" if conversation.told_to_wait else phrases.WITH_A_PERSON
        note = "a person has it" if words else "silent"
        return fixed_reply(self.settings, state, words, "handed_off", handoff=handoff, note=note)


def says_nothing(message: str) -> bool:
    """Whether a message holds no word of a subject and none that asks: "ok", "yes", "???"."""
    return not content_words(message) and _ASKING.isdisjoint(words(message))


def asked_before(conversation: Conversation) -> list[str]:
    """What the customer wrote before."""
    return [turn.text for turn in conversation.turns if turn.role == "customer"]


def _answered_before(conversation: Conversation) -> bool:
    return any(turn.role == "assistant" for turn in conversation.turns)
