"""Reads transcripts from anywhere: whatever they call who speaks, with ratings or without."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kit.assistant import Outcome, Turn
from kit.errors import KitError
from kit.evals.csat.transcript import Side, Spoken, Talk

__all__ = ["HIGHEST", "LOWEST", "read_talk", "talk_of"]

LOWEST, HIGHEST = 1.0, 5.0
_SIDES: dict[str, Side] = {
    **dict.fromkeys(
        "customer user client caller visitor guest human buyer seeker end-user enduser".split(), "customer"
    ),
    **dict.fromkeys(
        "assistant agent bot system ai chatbot model operator advisor staff support wizard".split(), "reply"
    ),
}


def talk_of(turns: Sequence[Turn], *, outcomes: Sequence[Outcome] = (), right: bool | None = None) -> Talk:
    """A conversation with the kit's assistant, as an eval scripts it.

    Args:
        turns: what was said.
        outcomes: of the assistant's turns, in order; as far as they are known.
        right: whether the last reply is right.
    """
    spoken, known = [], list(outcomes)
    for index, turn in enumerate(turns):
        side: Side = "customer" if turn.role == "customer" else "reply"
        outcome = known.pop(0) if turn.role == "assistant" and known else None
        last = side == "reply" and index == len(turns) - 1
        spoken.append(Spoken(index, side, turn.text, outcome=outcome, right=right if last else None))
    return Talk("", tuple(spoken), finished=False)


@dataclass
class _Reader:
    row: Mapping[str, Any]
    prompt: bool = field(init=False)

    def __post_init__(self) -> None:
        roles = {str(turn.get("role", "")).strip().lower() for turn in self.row["turns"] if isinstance(turn, dict)}
        # Beside an assistant, `system` is the prompt of a chat model; alone it is the one that answers.
        self.prompt = bool(roles & {"assistant", "bot", "ai", "agent", "chatbot", "model"})

    def turn(self, index: int, given: Any) -> Spoken | None:
        if not isinstance(given, dict):
            raise KitError(f"Turn {index} is not an object with `role` and `text`.")
        role = str(given.get("role", "")).strip().lower()
        text = given.get("text", "")
        if (role == "system" and self.prompt) or role in ("tool", "function", "note"):
            return None
        if role not in _SIDES:
            known = "customer (user), assistant (bot, system), agent"
            raise KitError(f"Turn {index} has the role `{role}`; roles are {known}.")
        if text is not None and not isinstance(text, str):
            raise KitError(f"Turn {index} has no text under `text`.")
        clean = "".join(sign for sign in text or "" if not "\ud800" <= sign <= "\udfff")
        return Spoken(index, _SIDES[role], clean, _ratings(given.get("rating"), f"Turn {index}"))


def read_talk(row: Mapping[str, Any]) -> Talk:
    """One line of a file of transcripts.

    Raises:
        KitError: it has no turns, a role is unknown, or a rating is none from 1 to 5.
    """
    if not isinstance(row.get("turns"), list):
        raise KitError("There is no list under `turns`.")
    reader = _Reader(row)
    turns = tuple(filter(None, (reader.turn(index, given) for index, given in enumerate(row["turns"]))))
    if not any(turn.text.strip() for turn in turns):
        raise KitError("Nobody says anything in `turns`.")
    return Talk(str(row.get("id", "")), turns, _ratings(row.get("rating"), "The conversation"))


def _ratings(given: Any, whose: str) -> tuple[float, ...]:
    values = given if isinstance(given, list) else [] if given is None else [given]
    found = []
    for value in values:
        if value is None:  # One of several people left it out.
            continue
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise KitError(f"{whose} has the rating `{value}`, which is not a number from 1 to 5.")
        if not LOWEST <= value <= HIGHEST:
            raise KitError(f"{whose} has the rating {value}; ratings go from 1 to 5.")
        found.append(float(value))
    return tuple(found)
