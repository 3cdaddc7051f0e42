"""What a customer gets when a turn breaks: a fixed sentence, and a person who takes over."""

import traceback
from pathlib import Path

from kit.assistant import phrases
from kit.assistant.caring import caring_words
from kit.assistant.languages import language
from kit.assistant.nodes import Nodes
from kit.assistant.saying import Said
from kit.assistant.state import TurnState
from kit.errors import KitError
from kit.playbooks import Handoff

__all__ = ["rescued", "what_broke"]

_KIT = Path(__file__).parents[1]


def rescued(state: TurnState, nodes: Nodes, *, sent: str) -> tuple[TurnState, str]:
    """The state of a turn that broke as that of a hand-off, and what is still to be said.

    Nothing here runs what may have broken: no message is read again, no playbook goes on, nothing is searched.

    Args:
        state: as far as the turn came.
        nodes: the settings and the playbooks.
        sent: what the customer has read of the reply.
    """
    conversation, handoff = state["conversation"], _handoff(state, nodes)
    words = _words(state, nodes, handoff)
    if not sent and not any(turn.role == "assistant" for turn in conversation.turns):
        words = f"{nodes.settings.disclosure.strip()}\n\n{words}"
    rest = ("\n\n" if sent and words and not sent.endswith("\n\n") else "") + words
    said = state.get("said", Said())
    broken: TurnState = {
        **state,
        "message": _readable(state, nodes),
        "suspicious": state.get("suspicious", False),
        "said": Said(sent + rest, said.citations, said.outgoing),
        "outcome": "handed_off",
        "handoff": handoff,
    }
    return broken, rest


def what_broke(error: Exception, state: TurnState) -> str:
    """Where and by what a turn broke, in a sentence without a text of the customer: errors quote what they read."""
    places = [frame for frame in traceback.extract_tb(error.__traceback__) if _KIT in Path(frame.filename).parents]
    place = f" at {Path(places[-1].filename).relative_to(_KIT).as_posix()}:{places[-1].lineno}" if places else ""
    after = state["trace"][-1].node if state.get("trace") else "the start"
    if isinstance(error, KitError):  # its words are the kit's own, and say what to do
        return f"The turn failed after {after}: {error}"
    return f"The turn failed after {after} ({type(error).__name__}{place})."


def _words(state: TurnState, nodes: Nodes, handoff: Handoff) -> str:
    """Whom to call, in danger, or that a person takes over, if that is not known yet; in the customer's language."""
    safety, danger, conversation = nodes.settings.safety, state.get("sensitive"), state["conversation"]
    if code := state.get("language"):
        spoken = language(code)
        if danger:
            return f"{spoken.danger.replace('{emergency}', safety.emergency)}\n\n{spoken.passing}"
        if conversation.handed_off:
            return "" if conversation.told_to_wait else spoken.waiting
        return spoken.passing
    if danger:
        return caring_words(danger, safety)
    if conversation.handed_off:
        return "" if conversation.told_to_wait else phrases.WITH_A_PERSON
    return phrases.hand_off(handoff.reason, handoff.team)


def _handoff(state: TurnState, nodes: Nodes) -> Handoff:
    conversation, danger = state["conversation"], state.get("sensitive")
    if danger:
        return Handoff(reason=danger.reason, priority=danger.priority)
    if conversation.handoff is not None:
        return conversation.handoff
    play = conversation.plays.current
    playbook = nodes.shelf.current.get(play.playbook) if play else None
    if play is None or playbook is None:
        return Handoff(reason="tool_failure")
    fields = {item.name: play.values[item.name] for item in playbook.collect if item.name in play.values}
    return Handoff(reason="tool_failure", team=playbook.team, fields=fields)


def _readable(state: TurnState, nodes: Nodes) -> str:
    """The message; where not even its cleaning came to an end, what of it can be stored."""
    text = state["message"][: nodes.settings.assistant.max_message_chars]
    return text if state.get("trace") else text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
