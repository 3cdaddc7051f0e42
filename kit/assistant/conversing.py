"""What a turn needs neither an article nor a playbook for: courtesy, limits, what goes to a person at once."""

from dataclasses import dataclass

from kit.assistant import phrases
from kit.assistant.caring import caring_words
from kit.assistant.replying import fixed_reply, handing, pass_on
from kit.assistant.state import Result, TurnState
from kit.assistant.types import Conversation
from kit.assistant.waiting import reply_while_waiting
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
            return reply_while_waiting(settings, state)
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


def says_nothing(message: str) -> bool:
    """Whether a message holds no word of a subject and none that asks: "ok", "yes", "???"."""
    return not content_words(message) and _ASKING.isdisjoint(words(message))


def asked_before(conversation: Conversation) -> list[str]:
    """What the customer wrote before."""
    return [turn.text for turn in conversation.turns if turn.role == "customer"]


def _answered_before(conversation: Conversation) -> bool:
    return any(turn.role == "assistant" for turn in conversation.turns)
