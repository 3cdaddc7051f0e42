"""A conversation: who spoke, what stands before and after each turn, and how people rated it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from kit.assistant import Outcome
from kit.evals.csat.wording import closes

__all__ = ["Side", "Spoken", "Talk", "View"]

Side = Literal["customer", "reply"]


@dataclass(frozen=True)
class Spoken:
    """One turn. `index` is its place in the list it came from; `ratings` is empty where nobody rated it.

    `outcome` is what the assistant says it did, and `right` whether that was right, where they are known.
    """

    index: int
    side: Side
    text: str
    ratings: tuple[float, ...] = ()
    outcome: Outcome | None = None
    right: bool | None = None


@dataclass(frozen=True)
class View:
    """A turn with its surroundings, from which it is judged.

    `reply` is what is judged, `ask` what the customer had said before it, `reaction` what the customer says next;
    then follow the next reply and the customer's answer to that. Any of them may be missing.
    """

    of: Spoken
    ask: Spoken | None
    reply: Spoken | None
    reaction: Spoken | None
    next_reply: Spoken | None
    next_reaction: Spoken | None
    said: tuple[str, ...]  # by the customer before the reaction, oldest first
    replied: tuple[str, ...]  # before the reply, oldest first
    number: int  # of replies up to this one
    last: bool  # the conversation is over with the reaction, or with the reply if there is none

    @property
    def unanswered(self) -> bool:
        """The customer said something that calls for a reply, and none came."""
        return self.ask is not None and self.reply is None


@dataclass(frozen=True)
class Talk:
    """One conversation; `finished` says that its end is its own and not that of a script."""

    id: str
    turns: tuple[Spoken, ...]
    ratings: tuple[float, ...] = ()
    finished: bool = True

    @cached_property
    def views(self) -> tuple[View, ...]:
        """One view for each turn, in order: a reply with its reaction, a customer's turn as the reaction it is."""
        return tuple(self._view(place) for place in range(len(self.turns)))

    @cached_property
    def judged(self) -> tuple[View, ...]:
        """What the index is a mean over: each reply, and each message of the customer's that got none."""
        found = [view for view in self.views if view.of.side == "reply"]
        for place, turn in enumerate(self.turns):
            following = self.turns[place + 1] if place + 1 < len(self.turns) else None
            alone = following is None or following.side == "customer"
            # In a script the last message may be waiting; two in a row are often one thought, and count all the same.
            if turn.side == "customer" and alone and not closes(turn.text) and (following or self.finished):
                found.append(self._unanswered(place))
        return tuple(sorted(found, key=lambda view: view.of.index)) or self.views

    @property
    def rating(self) -> float | None:
        """What the conversation was rated, else the mean of its turns' ratings; None where there are neither."""
        if self.ratings:
            return sum(self.ratings) / len(self.ratings)
        means = [sum(turn.ratings) / len(turn.ratings) for turn in self.turns if turn.ratings]
        return sum(means) / len(means) if means else None

    def _at(self, side: Side, start: int, step: Literal[1, -1]) -> int | None:
        place = start + step
        while 0 <= place < len(self.turns):
            if self.turns[place].side == side:
                return place
            place += step
        return None

    def _view(self, place: int) -> View:
        if self.turns[place].side == "reply":
            reply: int | None = place
            reaction = self._at("customer", place, 1)
        else:
            reaction = place
            reply = place - 1 if place and self.turns[place - 1].side == "reply" else None
        ask = self._at("customer", reply, -1) if reply is not None else None
        after = None if reaction is None else self._at("reply", reaction, 1)
        return self._made(place, ask, reply, reaction, after)

    def _unanswered(self, place: int) -> View:
        reaction = self._at("customer", place, 1)
        return self._made(place, place, None, reaction, None)

    def _made(self, of: int, ask: int | None, reply: int | None, reaction: int | None, after: int | None) -> View:
        def turn(place: int | None) -> Spoken | None:
            return None if place is None else self.turns[place]

        following = None if reaction is None else self._at("customer", reaction, 1)
        before = len(self.turns) if reaction is None else reaction
        until = of if reply is None else reply
        replied = tuple(one.text for one in self.turns[:until] if one.side == "reply")
        return View(
            of=self.turns[of],
            ask=turn(ask),
            reply=turn(reply),
            reaction=turn(reaction),
            next_reply=turn(after),
            next_reaction=turn(following),
            said=tuple(one.text for one in self.turns[:before] if one.side == "customer"),
            replied=replied,
            number=len(replied) + (reply is not None),
            last=self.finished and (of if reaction is None else reaction) == len(self.turns) - 1,
        )
