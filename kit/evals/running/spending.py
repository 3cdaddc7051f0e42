"""What conversations take from chat models, what went wrong in them, and when it is enough."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from kit.assistant import TurnRecord
from kit.errors import KitError
from kit.evals.types import Usage

__all__ = ["Budget", "Ledger", "Price", "priced"]

Price = Callable[[int, int], float | None]
"""From tokens sent and received to what they cost; None where that is not known."""


@dataclass
class Ledger:
    """Hears of every turn (it is an assistant's `on_turn`) and says what a conversation took. Threads may share it."""

    _turns: dict[str, list[tuple[Usage, tuple[str, ...]]]] = field(default_factory=lambda: defaultdict(list))
    _lock: Lock = field(default_factory=Lock)

    def note(self, turn: TurnRecord) -> None:
        """Take in a turn, whether it came to a reply or not."""
        # A call that failed has no answer that could have been counted.
        answered = [call for call in turn.calls if not call.error]
        usage = Usage(
            calls=len(turn.calls),
            input_tokens=sum(call.input_tokens or 0 for call in turn.calls),
            output_tokens=sum(call.output_tokens or 0 for call in turn.calls),
            uncounted=sum(call.input_tokens is None or call.output_tokens is None for call in answered),
        )
        with self._lock:
            self._turns[turn.conversation.id].append((usage, turn.errors))

    def take(self, conversation: str) -> tuple[Usage, tuple[str, ...]]:
        """What a conversation, and those named after it, took so far and what went wrong; it is then forgotten."""
        with self._lock:
            names = [name for name in self._turns if name.startswith(conversation)]
            turns = [turn for name in names for turn in self._turns.pop(name)]
        total = sum((usage for usage, _ in turns), Usage())
        return total, tuple(dict.fromkeys(error for _, errors in turns for error in errors))


def priced(usage: Usage, price: Price | None) -> Usage:
    """The usage with what it costs today."""
    if not usage.calls:
        cost: float | None = 0.0
    elif price is None or usage.uncounted:
        cost = None
    else:
        cost = price(usage.input_tokens, usage.output_tokens)
    return usage.model_copy(update={"cost": cost})


@dataclass
class Budget:
    """How much a run may take; `spent` is what it has taken. What is under way when it is used up is let end.

    Attributes:
        max_cost: in the workspace's currency.
        max_tokens: sent and received together.
    """

    max_cost: float | None = None
    max_tokens: int | None = None
    spent: Usage = field(default_factory=lambda: Usage(cost=0.0))
    _lock: Lock = field(default_factory=Lock)

    def add(self, usage: Usage) -> None:
        """Take something off."""
        with self._lock:
            self.spent += usage

    @property
    def used_up(self) -> str:
        """Why nothing more may be asked; empty as long as something may."""
        with self._lock:
            spent = self.spent
        if self.max_cost is not None and spent.cost is None:
            return f"what was spent is not known ({_uncounted(spent)}), so the limit on cost could not be kept"
        if self.max_tokens is not None and spent.uncounted:
            return f"the provider did not count the tokens of {_uncounted(spent)}, so their limit could not be kept"
        if self.max_cost is not None and spent.cost is not None and spent.cost >= self.max_cost:
            return f"the limit on cost was reached: {spent.cost:.4f} of {self.max_cost:g}"
        if self.max_tokens is not None and spent.tokens >= self.max_tokens:
            return f"the limit on tokens was reached: {spent.tokens:,} of {self.max_tokens:,}"
        return ""

    def check(self, price: Price | None, *, model: bool, what: str = "the chat model") -> None:
        """Refuse a limit on cost that cannot be kept.

        Raises:
            KitError: a chat model is used whose price is not set.
        """
        if self.max_cost is not None and model and (price is None or price(1, 1) is None):
            raise KitError(
                f"What {what} costs is not known, so its cost cannot be limited.",
                remedy="Set `input_price` and `output_price` under [chat] in kit.toml, which hold for the model named "
                "there, or use --max-tokens.",
            )


def _uncounted(spent: Usage) -> str:
    return f"{spent.uncounted} of {spent.calls} calls"
