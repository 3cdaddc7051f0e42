"""Who talks with the assistant in a test; and the customer who says what is written."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from kit.playbooks.language import TrialTurn
from kit.playbooks.trying.expecting import departures
from kit.playbooks.trying.host import Said
from kit.playbooks.trying.results import Departure, Exchange

__all__ = ["Customer", "ScriptedCustomer"]


class Customer(Protocol):
    """Someone who talks with the assistant."""

    def next(self, exchanges: Sequence[Exchange]) -> str | None:
        """The next message; None when there is nothing more to say."""
        ...

    def after(self, turn: int, said: Said) -> Iterator[Departure]:
        """What is not as expected after a turn."""
        ...

    def at_the_end(self, exchanges: Sequence[Exchange]) -> Iterator[Departure]:
        """What has not come up, or not come to its end."""
        ...

    @property
    def note(self) -> str:
        """What someone should know who wonders why the conversation went as it did, as a sentence; or empty."""
        ...


class ScriptedCustomer:
    """A customer who says what is written."""

    def __init__(self, turns: Sequence[TrialTurn | str]) -> None:
        self.turns = [TrialTurn(customer=turn) if isinstance(turn, str) else turn for turn in turns]

    def next(self, exchanges: Sequence[Exchange]) -> str | None:
        return self.turns[len(exchanges)].customer if len(exchanges) < len(self.turns) else None

    def after(self, turn: int, said: Said) -> Iterator[Departure]:
        yield from departures(self.turns[turn].expect, [said], turn=turn, place=("turns", turn, "expect"))

    def at_the_end(self, exchanges: Sequence[Exchange]) -> Iterator[Departure]:
        yield from ()

    @property
    def note(self) -> str:
        return ""
