"""Leads a conversation through its playbooks: begins them, keeps to them, leaves them, comes back to them.

Within a play the playbook has the lead. What it waits for is read first; then comes whatever else a customer may say:
a question, another request, calling it off, asking for a person. A person can always be asked for, and danger always
comes first.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kit.playbooks.engine import phrases
from kit.playbooks.engine.advance import Advance, Part, Setting
from kit.playbooks.engine.choosing import numbered, picked
from kit.playbooks.engine.hearing import Heard, hear
from kit.playbooks.engine.machine import go_on, hand_over, repeated
from kit.playbooks.engine.play import Handoff, Play, Plays, begin
from kit.playbooks.language import HandoffReason, Playbook
from kit.playbooks.reading import cancels, split_question
from kit.playbooks.routing import Route

__all__ = ["Turned", "concerns_playbooks", "take_turn"]

# Another playbook takes over when it is this probable and the message is no answer to what was asked.
SWITCH = 0.6
# The same where any message could be an answer, as to a question for a text.
SWITCH_FROM_TEXT = 0.8
MOST_SUSPENDED = 3
_OFFERS = re.compile(r"(?:would you like|do you want|(?:shall|should|may) (?:i|we))\b", re.IGNORECASE)


@dataclass(frozen=True)
class Turned:
    """What a message did to the playbooks of a conversation.

    Attributes:
        plays: what the conversation keeps.
        advance: what is said and done.
        playbook: the playbook that had the lead; None when the customer was asked which one it is.
        note: why, in a few words for the trace.
    """

    plays: Plays
    advance: Advance
    playbook: str | None
    note: str


@dataclass(frozen=True)
class _Message:
    """A message with all that is needed to take it in."""

    text: str
    route: Route
    setting: Setting
    key: str
    earlier: Sequence[str] = ()
    turn: int = 0
    parts: tuple[Part, ...] = field(default=())


def concerns_playbooks(plays: Plays, message: str, route: Route, current: Mapping[str, Playbook]) -> bool:
    """Whether the message is one for a playbook at all."""
    if plays.current is not None or route.kind == "playbook" or route.ambiguous:
        return True
    return _chosen(plays, message, current) is not None


def take_turn(
    plays: Plays, message: str, route: Route, setting: Setting, *, key: str, said: Sequence[str] = ()
) -> Turned:
    """Take a message that concerns playbooks.

    Args:
        plays: what the conversation kept.
        message: what the customer wrote.
        route: what the router takes it for.
        setting: what is played with.
        key: tells this conversation from all others.
        said: all that the customer wrote before, oldest first.
    """
    heard_from = min(plays.heard_from, len(said))
    now = _Message(message, route, setting, key, said[heard_from:], len(said) + 1)
    if plays.current is None:
        return _start(plays, now)
    return _within(plays, plays.current, now)


# Without a play


def _start(plays: Plays, now: _Message) -> Turned:
    current = {id: found for id in (*plays.choosing, *now.route.ambiguous) if (found := now.setting.library.find(id))}
    chosen = _chosen(plays, now.text, current)
    if chosen is not None:
        return _begin(plays, chosen, replace(now, earlier=[*now.earlier, plays.about]), "the customer chose it")
    # Asked once, the likeliest is taken: a second question would not be answered better.
    if now.route.ambiguous and not plays.choosing and not now.route.certain:
        offers = [current[id].offered_as for id in now.route.ambiguous]
        said = Part("fixed", phrases.WHICH.format(options=numbered(offers)))
        following = plays.model_copy(update={"choosing": now.route.ambiguous, "about": now.text})
        return Turned(following, Advance(None, (said,), "clarified", None, ()), None, f"which of {len(offers)}?")
    return _begin(plays, now.route.playbook or now.route.ambiguous[0], now, "")


def _chosen(plays: Plays, message: str, current: Mapping[str, Playbook]) -> str | None:
    """The playbook that the customer picks out of those that were offered."""
    offered = [id for id in plays.choosing if id in current]
    place = picked([current[id].offered_as for id in offered], message) if offered else None
    return None if place is None else offered[place]


def _begin(plays: Plays, id: str, now: _Message, note: str) -> Turned:
    playbook = now.setting.library.find(id)
    if playbook is None:
        handoff = Handoff(reason="tool_failure", summary=f"There is no playbook {id}.")
        return Turned(Plays(begun=plays.begun), Advance(None, now.parts, "handed_off", handoff, ()), None, "gone")
    play = begin(playbook, key=f"{now.key}.{plays.begun + 1}")
    plays = plays.model_copy(update={"begun": plays.begun + 1, "choosing": (), "about": ""})
    heard = hear(playbook, play, now.text, now.setting, earlier=now.earlier)
    if now.route.beside and now.route.playbook == id:
        now = replace(now, parts=(*now.parts, Part("aside", now.route.beside)))
    return _moved(plays, play, go_on(play, heard, now.setting), now, note or "begins")


# Within a play


def _within(plays: Plays, play: Play, now: _Message) -> Turned:
    route, playbook = now.route, now.setting.library.find(play.playbook, play.edition)
    if playbook is None:
        return _moved(plays, play, go_on(play, Heard(), now.setting), now, "its playbook is gone")
    if route.certain and route.playbook not in (None, play.leads, play.playbook):
        return _switch(plays, play, now)
    if route.certain and route.kind in ("person", "sensitive"):
        return _hand_over(plays, play, now)
    statements, questions = split_question(now.text)
    heard = hear(playbook, play, statements or now.text, now.setting)
    kind, _, name = (play.waiting or "").partition(":")
    anything = kind == "field" and {item.name: item.type for item in playbook.collect}.get(name) == "text"
    open_ended = heard.answered and anything
    if kind == "field" and cancels(now.text):
        if _is_offer(playbook, name):
            heard = replace(heard, values={**heard.values, name: False}, answered=True)
        elif not (heard.answered and _is_choice(playbook, name)):
            return _cancel(plays, play, now)
    if (not heard.anything or open_ended) and (leaving := _leaving(plays, play, now, open_ended=open_ended)):
        return leaving
    if questions and heard.unknown:
        # "I don't know, where does it stand?" may be known after the answer.
        heard = Heard({field: value for field, value in heard.values.items() if field != name}, heard.corrections)
    asked = bool(questions) and (bool(statements) or not heard.answered)
    if kind == "confirm" and questions:
        # A yes beside a question is none: what is answered may change the customer's mind.
        heard = Heard(heard.values, heard.corrections)
    if asked and (not heard.anything or (open_ended and not statements)):
        return _aside(plays, play, questions, now)
    if not heard.answered and not heard.corrections and now.setting.reader is not None:
        heard = hear(playbook, play, statements or now.text, now.setting, with_reader=True)
    move = go_on(play, heard, now.setting)
    if asked and move.handoff is None:
        move = replace(move, parts=(Part("aside", questions), *move.parts))
    return _moved(plays, play, move, now, "")


def _is_choice(playbook: Playbook, name: str) -> bool:
    return any(item.name == name and item.type == "choice" for item in playbook.collect)


def _is_offer(playbook: Playbook, name: str) -> bool:
    """Whether a yes to something offered is asked for: "forget it" is a no then, and the play knows what follows."""
    return any(item.name == name and item.type == "yes_no" and _OFFERS.match(item.ask) for item in playbook.collect)


def _leaving(plays: Plays, play: Play, now: _Message, *, open_ended: bool) -> Turned | None:
    """The turn of a customer who wants something else than to answer; None if they do not."""
    route = now.route
    least = SWITCH_FROM_TEXT if open_ended else SWITCH
    # What is no answer is taken for asking for a person as soon as that is the likeliest reading.
    if route.kind in ("person", "sensitive") and (not open_ended or route.probability >= least):
        return _hand_over(plays, play, now)
    other = route.kind == "playbook" and route.playbook not in (play.leads, play.playbook)
    if other and route.probability >= least and not route.ambiguous:
        return _switch(plays, play, now)
    return None


def _hand_over(plays: Plays, play: Play, now: _Message) -> Turned:
    sensitive = now.route.kind == "sensitive"
    reason: HandoffReason = "sensitive" if sensitive else "customer_request"
    handoff = Handoff(reason=reason, priority="urgent" if sensitive else "normal")
    move = Advance(None, (), "handed_off", hand_over(play, now.setting, handoff), (), play.known)
    return _moved(plays, play, move, now, f"{reason} within it")


def _cancel(plays: Plays, play: Play, now: _Message) -> Turned:
    said = Part("fixed", phrases.CANCELED_LATE if play.changed else phrases.CANCELED)
    return _moved(plays, play, Advance(None, (said,), "answered", None, (), play.known), now, "called off")


def _switch(plays: Plays, play: Play, now: _Message) -> Turned:
    """Leave the play for another one; it waits, and comes back when the other has ended."""
    wanted = now.route.playbook or ""
    back = next((one for one in plays.suspended if wanted in (one.leads, one.playbook)), None)
    waiting = (play, *(one for one in plays.suspended if one is not back))[:MOST_SUSPENDED]
    plays = plays.model_copy(update={"current": None, "suspended": waiting})
    if back is not None:
        return _returned(plays, back, Advance(back, (), "clarified", None, ()), now, f"back to {wanted}")
    said = () if now.route.certain else (Part("fixed", phrases.SWITCHED),)
    # What was said before belongs to the other play.
    return _begin(plays, wanted, replace(now, earlier=(), parts=said), f"leaves {play.leads}")


def _aside(plays: Plays, play: Play, questions: str, now: _Message) -> Turned:
    """Answer a question in the middle of the play and ask again what it waits for."""
    parts = (Part("aside", questions), Part("fixed", repeated(play, now.setting)))
    move = Advance(play, parts, "clarified", None, (), play.known)
    return _moved(plays, play, move, now, "a question in between")


# Afterwards


def _moved(plays: Plays, play: Play, move: Advance, now: _Message, note: str) -> Turned:
    """What the conversation keeps after a move of a play."""
    move = replace(move, parts=(*now.parts, *move.parts))
    if move.handoff is not None:
        return Turned(Plays(begun=plays.begun), move, play.leads, note)
    if move.play is not None:
        kept: dict[str, Any] = {"current": move.play, "choosing": (), "about": ""}
        return Turned(plays.model_copy(update=kept), move, play.leads, note)
    plays = plays.model_copy(update={"current": None, "heard_from": now.turn})
    if plays.suspended:
        back, *others = plays.suspended
        return _returned(plays.model_copy(update={"suspended": tuple(others)}), back, move, now, note, led=play.leads)
    return Turned(plays, move, play.leads, note)


def _returned(plays: Plays, back: Play, move: Advance, now: _Message, note: str, *, led: str = "") -> Turned:
    """Take up a play that was left."""
    playbook = now.setting.library.find(back.leads)
    offer = playbook.offered_as if playbook else back.leads
    again = (Part("fixed", phrases.BACK.format(offer=offer)), Part("fixed", repeated(back, now.setting)))
    move = replace(move, play=back, parts=(*move.parts, *again), outcome="clarified")
    return Turned(plays.model_copy(update={"current": back}), move, led or back.leads, note)
