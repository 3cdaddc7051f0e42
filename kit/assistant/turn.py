"""The way of a turn from node to node. The graph is made from it, and tests of playbooks walk it as it is."""

from collections.abc import Mapping

from kit.assistant.conversing import says_nothing
from kit.assistant.state import TurnState
from kit.playbooks import Playbook, Shelf, concerns_playbooks

__all__ = ["FIRST", "MAY_END", "WAYS", "following"]

FIRST = "receive"
_ACTIONS: Mapping[str, str] = {
    "answer": "compose",
    "clarify": "ask_back",
    "hand_off": "hand_off",
    "decline": "decline",
}
# Where a turn can go from each node; it ends where there is nowhere.
WAYS: Mapping[str, tuple[str, ...]] = {
    FIRST: ("route",),
    "route": ("converse", "play", "retrieve"),
    "converse": ("translate",),
    "play": (),
    "retrieve": ("decide",),
    "decide": tuple(_ACTIONS.values()),
    **dict.fromkeys(_ACTIONS.values(), ("translate",)),
    "translate": (),
}
# Where a turn may end, though it can go on.
MAY_END = ("converse", *_ACTIONS.values())
_CONVERSE = ("person", "greeting", "thanks", "goodbye", "not_solved", "sensitive", "model")


def following(node: str, state: TurnState, shelf: Shelf) -> str | None:
    """The node that comes after this one; None where the turn ends."""
    match node:
        case "route":
            return _after_route(state, shelf)
        case "decide":
            return _ACTIONS[state["decision"].action]
        case _ if node in MAY_END:
            # What was said in the company's language to a customer who writes in another has not been sent yet.
            return "translate" if state["said"].silent_from is not None else None
        case _:
            return next(iter(WAYS[node]), None)


def _after_route(state: TurnState, shelf: Shelf) -> str:
    conversation, kind = state["conversation"], state["route"].kind
    if state["language"] and not _is_translated(state):
        return "converse"
    # Where a person has the conversation, a warning of danger is still given, but nothing is set in motion.
    free = not conversation.handed_off or _only_warns(shelf.current.get(state["route"].playbook or ""))
    if state["route"].certain and kind == "playbook" and free:
        return "play"
    if conversation.handed_off:
        return "converse"
    if state["suspicious"] or not state["message"]:
        return "converse"
    if conversation.plays.current is None:
        # Who asks for a person, or is in danger, picks no article, whatever else the message says.
        if state["picked"] and kind not in ("person", "sensitive"):
            return "retrieve"
        if state["again"] and not state["route"].certain:
            return "retrieve"
        if state["route"].certain or state["alone"] or state["vents"]:
            return "converse"
    # Within a play the playbook has the lead, and it knows what to pass on when a person is asked for.
    if concerns_playbooks(conversation.plays, state["message"], state["route"], shelf.current):
        return "play"
    # The answer to a question that was asked back is read with that question, however short it is.
    if conversation.asked_back and kind not in ("person", "sensitive", "model"):
        return "retrieve"
    return "converse" if kind in _CONVERSE or says_nothing(state["message"]) else "retrieve"


def _is_translated(state: TurnState) -> bool:
    """Whether a reply to a message in another language can be translated.

    A playbook's words are in the company's language, and a consent given in translation is none; danger and requests
    for a person go to one at once, with the fixed words of the language.
    """
    route = state["route"]
    return bool(state["wrote"]) and not (route.certain or route.playbook or state["sensitive"])


def _only_warns(playbook: Playbook | None) -> bool:
    """Whether all that a playbook does is to say something and to pass to a person."""
    if playbook is None or playbook.collect:
        return False
    return all(step.type in ("say", "hand_off", "end") for step in playbook.steps)
