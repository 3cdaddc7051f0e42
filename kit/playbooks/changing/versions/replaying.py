"""Which recorded conversations would go differently under another version."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kit.playbooks.engine import Made
from kit.playbooks.trying import Said, Talk
from kit.progress import Progress
from kit.text import squash

__all__ = ["Opening", "Parting", "Recorded", "Replayed", "replay"]


@dataclass(frozen=True)
class Recorded:
    """What a customer wrote in one conversation, oldest first; `day` is when, if it is known."""

    id: str
    messages: tuple[str, ...]
    day: date | None = None


Opening = Callable[[Recorded], Talk]
"""Opens a new conversation with one of the versions, for what was recorded to be said in it again."""


@dataclass(frozen=True)
class Parting:
    """A conversation that goes differently.

    Attributes:
        id: which.
        turn: the customer's message, from 0, whose reply is the first to differ.
        message: that message.
        before: the reply of the older version.
        after: that of the newer one.
        differences: what is different in it, in words.
        ends: how it ended and would end. After the parting the customer's words answer what the older version
            asked, so these are an indication and no more.
    """

    id: str
    turn: int
    message: str
    before: Said
    after: Said
    differences: tuple[str, ...]
    ends: tuple[str, str]


@dataclass(frozen=True)
class Replayed:
    """What came of saying all recorded conversations again.

    Attributes:
        n: how many there are.
        concerned: how many get to the playbooks that are compared, under either version.
        partings: those that go differently.
    """

    n: int
    concerned: int
    partings: tuple[Parting, ...]


def replay(
    conversations: Sequence[Recorded],
    before: Opening,
    after: Opening,
    playbooks: set[str],
    *,
    progress: Progress | None = None,
) -> Replayed:
    """Say what customers wrote once more, to both versions.

    Args:
        conversations: what was recorded.
        before: opens conversations with the older version, tools mocked.
        after: with the newer one.
        playbooks: the ids of the playbooks that are compared.
        progress: told after every conversation.
    """
    partings, concerned = [], 0
    for number, recorded in enumerate(conversations, start=1):
        old, new = _said(before(recorded), recorded), _said(after(recorded), recorded)
        concerned += any(_concerns(said, playbooks) for said in (*old, *new))
        if parting := _parting(recorded, old, new):
            partings.append(parting)
        if progress:
            progress("saying recorded conversations again", number, len(conversations))
    return Replayed(len(conversations), concerned, tuple(partings))


def _said(talk: Talk, recorded: Recorded) -> list[Said]:
    return [talk.say(message) for message in recorded.messages]


def _concerns(said: Said, playbooks: set[str]) -> bool:
    return said.playbook in playbooks or any(one.playbook in playbooks for one in said.taken)


def _parting(recorded: Recorded, old: Sequence[Said], new: Sequence[Said]) -> Parting | None:
    for turn, (message, before, after) in enumerate(zip(recorded.messages, old, new, strict=True)):
        if found := tuple(_differences(before, after)):
            return Parting(recorded.id, turn, message, before, after, found, (_end(old), _end(new)))
    return None


def _end(replies: Sequence[Said]) -> str:
    """How a conversation ended; once a person has it, it is theirs."""
    return "handed_off" if any(said.outcome == "handed_off" for said in replies) else replies[-1].outcome


def _differences(before: Said, after: Said) -> Iterator[str]:
    """What a customer, a tool or the person who takes over would notice. Names of steps are not among it."""
    if before.outcome != after.outcome:
        yield f"the outcome is {after.outcome} instead of {before.outcome}"
    if before.playbook != after.playbook:
        yield f"{after.playbook or 'no playbook'} leads instead of {before.playbook or 'none'}"
    if before.waiting != after.waiting and after.outcome == before.outcome:
        yield f"it waits for {_awaited(after)} instead of {_awaited(before)}"
    if _calls(before.calls) != _calls(after.calls):
        yield f"it calls {_listed(after.calls)} instead of {_listed(before.calls)}"
    was, now = before.handoff, after.handoff
    if was and now:
        for key in ("reason", "team", "priority"):
            if getattr(was, key) != getattr(now, key):
                yield f"the {key} of the hand-off is {getattr(now, key)} instead of {getattr(was, key)}"
        if was.fields != now.fields:
            yield "the person is given other fields"
    if squash(before.text) != squash(after.text):
        yield "other words are said"


def _awaited(said: Said) -> str:
    kind, _, name = (said.waiting or "").partition(":")
    return {"field": f"`{name}`", "confirm": f"a yes to `{name}`"}.get(kind, "nothing")


def _calls(calls: Sequence[Made]) -> list[tuple[str, Mapping[str, Any], str]]:
    return [(call.tool, dict(call.args), call.failed) for call in calls]


def _listed(calls: Sequence[Made]) -> str:
    said = [f"{call.tool}({', '.join(f'{k}={v}' for k, v in call.args.items())})" for call in calls]
    return ", ".join(said) or "nothing"
