"""What a turn needs neither an article nor a playbook for: courtesy, limits, what goes to a person at once."""

from dataclasses import dataclass

from kit.assistant import phrases
from kit.assistant.caring import caring_words
from kit.assistant.foreign import reply_in_other_language
from kit.assistant.replying import fixed_reply, handing, offering, pass_on
from kit.assistant.state import Result, TurnState
from kit.assistant.tone import is_angry
from kit.assistant.types import Conversation
from kit.assistant.waiting import reply_while_waiting
from kit.playbooks import HandoffReason
from kit.settings import Settings
from kit.text import content_words, words

__all__ = ["Talker", "names_only", "says_nothing"]

# How many other articles are offered to who asks the same again.
_NEAR = 2
_NAME = 2  # words of a message that is a name and no more
_ASKING = frozenset("how what what's when where which who whose why can could do does did is are will would".split())


@dataclass(frozen=True)
class Talker:
    """Says the kit's own fixed words."""

    settings: Settings

    def converse(self, state: TurnState) -> Result:
        """Everything that needs neither an article nor a playbook."""
        settings, kind, conversation = self.settings, state["route"].kind, state["conversation"]
        attack = state["suspicious"] and kind not in ("person", "sensitive") and not conversation.handed_off
        # Nobody is called for orders to the model, in whatever language they come.
        if state["language"] and (not state["wrote"] or state["sensitive"]) and not (attack and not state["sensitive"]):
            return reply_in_other_language(settings, state)
        if conversation.handed_off:
            return reply_while_waiting(settings, state)
        # A person can always be asked for, whatever else the message says.
        if kind == "model" or attack:
            return fixed_reply(settings, state, phrases.DECLINE["model"], "declined")
        if kind == "sensitive" and (danger := state["sensitive"]):
            handoff = handing(state, danger.reason, danger.priority)
            words = caring_words(danger, settings.safety)
            note = f"{danger.reason}: {danger.kind}"
            return fixed_reply(settings, state, words, "handed_off", handoff=handoff, note=note)
        if kind == "sensitive":
            return pass_on(settings, state, "sensitive", priority="urgent")
        if state["over"]:
            return pass_on(settings, state, "policy_restriction", note="the conversation has reached its limit")
        if kind == "person":
            return pass_on(settings, state, "customer_request")
        if kind == "playbook":
            # Understood in translation only: no playbook is followed on the strength of that.
            return pass_on(settings, state, "unsupported_request")
        return self._chat(state)

    def _chat(self, state: TurnState) -> Result:
        """Courtesy, and what says too little to answer it."""
        settings, kind, before = self.settings, state["route"].kind, _answered_before(state["conversation"])
        if "failed" in state["talk"] or (kind == "not_solved" and not state["alone"]):
            # There is no answer that this could be about. What was asked back stays open.
            if any(phrases.ASK["vague"] in turn.read for turn in state["conversation"].turns[-1:]):
                return pass_on(settings, state, "pending_clarification", opening=phrases.NOT_SOLVED)
            result = fixed_reply(settings, state, phrases.ASK["vague"], "clarified")
            update: TurnState = {**result.update, "asked_back": state["conversation"].asked_back}
            return offering(state, Result(update, result.summary))
        if state["vents"]:
            return offering(state, fixed_reply(settings, state, phrases.ASK["upset"], "clarified"))
        if state["alone"]:
            first = state["talk"][0]
            if first in ("nothing", "noted") and not before:
                return fixed_reply(settings, state, phrases.ASK["empty"], "clarified")
            if first == "remark" and is_angry(state["message"]):
                return offering(state, fixed_reply(settings, state, phrases.ASK["upset"], "clarified"))
            result = fixed_reply(settings, state, phrases.SMALL_TALK[first], "answered", note=first)
            update = {**result.update, "person_offered": first == "who"}
            return offering(state, Result(update, result.summary))
        if kind in phrases.CONVERSATION:
            return offering(state, fixed_reply(settings, state, phrases.CONVERSATION[kind], "answered"))
        return offering(state, fixed_reply(settings, state, phrases.ASK["empty"], "clarified"))

    def same_again(self, state: TurnState, title: str) -> Result:
        """Say that this was answered, from the article of this title, and offer what is near it, or a person."""
        near = [hit.passage for hit in state["found"].hits[:_NEAR]]
        text = phrases.again(title, [passage.title for passage in near])
        result = fixed_reply(
            self.settings, state, text, "clarified", note=f"answered already, {len(near)} others offered"
        )
        update: TurnState = {**result.update, "person_offered": not near}
        if near:
            update |= {"asked_back": state["question"], "offered": tuple(passage.article_id for passage in near)}
        return Result(update, result.summary)

    def not_solved(self, state: TurnState) -> Result:
        """Pass on what the answers so far did not solve."""
        reason: HandoffReason = "pending_clarification" if state["again"] == "repeated" else "missing_knowledge"
        return pass_on(self.settings, state, reason, opening=phrases.NOT_SOLVED)


def says_nothing(message: str) -> bool:
    """Whether a message holds no word of a subject and none that asks: "ok", "yes", "???"."""
    return not content_words(message) and _ASKING.isdisjoint(words(message))


def names_only(message: str) -> bool:
    """Whether a message is the name of a subject and asks nothing about it: "warranty", "the battery?".

    Who names an error code wants to know what it means.
    """
    return (
        not any(map(str.isdigit, message))
        and len(content_words(message)) == 1
        and len(words(message)) <= _NAME
        and _ASKING.isdisjoint(words(message))
    )


def _answered_before(conversation: Conversation) -> bool:
    return any(turn.role == "assistant" for turn in conversation.turns)
