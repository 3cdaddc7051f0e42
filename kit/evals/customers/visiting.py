"""Lets a simulated customer talk to the assistant, and come back within days when nothing was solved."""

import random
from dataclasses import dataclass, replace
from typing import Protocol

from kit.assistant import Conversation, Reply
from kit.evals.customers.customer import Customer
from kit.evals.script import Ending, Script
from kit.evals.types import Case, Replies
from kit.text import digest

__all__ = ["Visit", "Voice", "simulate"]

_MOST_MESSAGES = 12
# Both windows in use for a contact about the same cause (7 and 14 days) can be read from the days.
_WITHIN_DAYS = 14


class Voice(Protocol):
    """Puts what the customer is to say into other words."""

    def phrase(self, meaning: str, conversation: Conversation, script: Script) -> str:
        """The message; the meaning itself where no other words can be trusted."""


@dataclass(frozen=True)
class Visit:
    """What came of one visit.

    Attributes:
        conversation: as it stood at the end.
        replies: one for each message.
        judged: the place of the reply that counts: the last before the customer began to leave.
        ending: how it ended; `limit` when it was cut off.
        said_so: whether they said that they were helped; a content customer may leave in silence.
        mood: at the end, from -1 to 1.
        returned: the next visit, and after how many days; None if they did not come back.
        failures: what the simulated customer did wrong; the assistant is not judged by such a visit.
    """

    conversation: Conversation
    replies: tuple[Reply, ...]
    judged: int
    ending: Ending
    said_so: bool
    mood: float
    failures: tuple[str, ...] = ()
    returned: "tuple[int, Visit] | None" = None


def simulate(assistant: Replies, case: Case, *, seed: int = 0, voice: Voice | None = None) -> Visit:
    """Play the case's customer.

    Args:
        assistant: whom they write to.
        case: one with a `customer`.
        seed: equal seeds give equal customers; with the case's id it decides everything that the script leaves open.
        voice: phrases what is said; without one the script's own words are used.

    Raises:
        ValueError: the case has no customer.
    """
    if case.customer is None:
        raise ValueError(f"The case {case.id} has no simulated customer.")
    chance = random.Random(digest(str(seed), case.id))
    traits = case.customer.traits
    first = Customer(case, case.customer, chance, mood=traits.mood, patience=case.customer.patience)
    visit = _visit(assistant, first, voice)
    unsolved = visit.ending in ("gave_up", "limit") or first.fooled
    if not unsolved or chance.random() >= traits.returns:
        return visit
    # Whoever has to come back is less patient, and looks closely.
    script = case.customer.model_copy(update={"notices": True, "changes_mind": None})
    mood, patience = max(-1.0, visit.mood - 0.3), max(1, case.customer.patience - 1)
    days = chance.randint(1, _WITHIN_DAYS)
    second = _visit(assistant, Customer(case, script, chance, mood=mood, patience=patience), voice, again=True)
    return replace(visit, returned=(days, second), failures=(*visit.failures, *second.failures))


def _visit(assistant: Replies, customer: Customer, voice: Voice | None, *, again: bool = False) -> Visit:
    conversation = assistant.start()
    replies: list[Reply] = []
    said: list[str] = []
    message: str | None = customer.opens(again=again)
    while message is not None and len(replies) < _MOST_MESSAGES:
        if voice is not None:
            message = voice.phrase(message, conversation, customer.script)
        conversation, reply = assistant.reply(conversation, message)
        replies.append(reply)
        said.append(message)
        message = customer.hears(reply)
    ending: Ending = customer.ending or "limit"
    return Visit(
        conversation=conversation,
        replies=tuple(replies),
        judged=max(0, customer.judged - 1),
        ending=ending,
        said_so=customer.said_so,
        mood=round(customer.mood, 3),
        failures=_failures(customer, said, ending),
    )


def _failures(customer: Customer, said: list[str], ending: Ending) -> tuple[str, ...]:
    """The failures of simulated customers that a conversation itself shows."""
    found = [f"was asked what the script does not say: {text}" for text in dict.fromkeys(customer.gaps)]
    # Short answers recur; a whole sentence said three times is a customer who does not listen.
    looped = {text for text in said if len(text.split()) > 3 and said.count(text) > 2}
    found += [f"said three times: {text}" for text in sorted(looped)]
    if ending == "limit":
        found.append(f"came to no end in {len(said)} messages")
    return tuple(found)
