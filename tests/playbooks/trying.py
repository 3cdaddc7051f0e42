"""What the tests of `kit playbooks test` share: small playbooks with tests, and a host that needs no index."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from kit.playbooks import (
    Host,
    Play,
    Playbook,
    Plays,
    Route,
    Said,
    Setting,
    Shelf,
    TableTool,
    Taken,
    Tool,
    TrialResult,
    play_trials,
    take_turn,
)
from kit.playbooks.language import Source, parse_playbook

HEAD = """\
id: {id}
title: {id}
owner: Test team
when_to_use: In tests.
examples: [one, two, three]
"""

# A play with one of everything: fields, a look-up, a limit, a confirmation, a failure, a rule.
BOOKING = r"""
collect:
  - {name: number, ask: Which booking?, pattern: 'BK-\d{4}', on_reject: It begins with BK-., max_attempts: 3}
  - {name: guests, ask: How many guests?, type: number, valid: guests > 0, max_attempts: 3}
  - {name: note, ask: What should the host know?}
steps:
  - {id: look_up, type: do, tool: find, args: {number: '{number}'}, save_as: booking}
  - {id: in_time, type: check, if: booking.days >= 2, else: too_late}
  - {id: remark, type: ask, field: note}
  - id: change
    type: do
    tool: rebook
    args: {number: '{number}', guests: '{guests}'}
    confirm: 'Shall I change {number} to {guests} guests?'
    else: kept
    on_fail: broken
  - {id: done, type: end, text: 'Booking {number} is for {guests} guests now.'}
  - {id: kept, type: end, text: I have left it as it is.}
  - {id: too_late, type: end, text: That is too late., outcome: declined}
  - {id: broken, type: hand_off, reason: tool_failure, team: Desk, text: I cannot change it just now.}
hand_off:
  - {if: guests > 8, reason: policy_restriction, team: Groups, priority: high}
"""
TOOLS: dict[str, Tool] = {
    "find": TableTool(
        description="Finds a booking.",
        key="number",
        records={"BK-1000": {"days": 10}, "BK-2000": {"days": 1}},
        otherwise={"days": 30},
    ),
    "rebook": TableTool(description="Changes it.", changes=True, otherwise={"ok": True}),
}


def source(body: str, tests: str = "", *, id: str = "booking") -> Source:
    """A playbook with these tests, from a file that is never written."""
    text = f"---\n{HEAD.format(id=id)}{body.lstrip()}"
    return parse_playbook(f"{text}tests:\n{tests.lstrip(chr(10))}---\n" if tests else f"{text}---\n", Path(f"{id}.md"))


def played(tests: str, body: str = BOOKING, *, tools: Mapping[str, Tool] | None = None) -> list[TrialResult]:
    """What comes of these tests."""
    playbook = source(body, tests).playbook
    return play_trials(EngineHost(playbook), playbook, TOOLS if tools is None else tools)


def only(tests: str, body: str = BOOKING) -> TrialResult:
    """What comes of the only test."""
    [result] = played(tests, body)
    return result


class EngineHost(Host):
    """Takes the message that begins with a playbook's name for that playbook's, the first one for the first's."""

    def __init__(self, *playbooks: Playbook) -> None:
        self._playbooks, self.opened = playbooks, 0

    @property
    def playbooks(self) -> tuple[Playbook, ...]:
        return self._playbooks

    def open(
        self,
        *,
        playbook: Playbook,
        tools: Mapping[str, Tool],
        today: date,
        customer: Mapping[str, Any],
        begin: bool = False,
    ) -> "EngineTalk":
        self.opened += 1
        shelf = Shelf(self._playbooks).swapped(playbook)
        return EngineTalk(Setting(shelf, tools, today, customer), playbook.id)


@dataclass
class EngineTalk:
    setting: Setting
    playbook: str
    plays: Plays = field(default_factory=Plays)
    before: list[str] = field(default_factory=list)
    said: Said | None = None

    def say(self, message: str) -> Said:
        if self.before and self.plays.current is None:
            return Said("You're welcome.", "answered", at=self.said.at if self.said else None)
        route = Route("knowledge", None, 0.5) if self.before else Route("playbook", self.playbook, 1.0)
        if message == "who knows":
            return Said("Nobody.", "answered", route="knowledge (0.50)")
        turned = take_turn(self.plays, message, route, self.setting, key="test", said=self.before)
        self.plays = turned.plays
        self.before.append(message)
        move = turned.advance
        play: Play | None = move.play
        path = play.path if play else move.path
        self.said = Said(
            text="\n\n".join(part.text for part in move.parts) or "I am passing you on.",
            outcome=move.outcome,
            playbook=turned.playbook,
            at=path[-1] if path else None,
            path=move.path,
            taken=move.taken,
            fields=move.values,
            calls=move.calls,
            waiting=play.waiting if play else None,
            handoff=move.handoff,
            route="playbook (1.00)",
        )
        return self.said


def reached(result: TrialResult) -> set[tuple[str, str]]:
    """The branches, rules and refused answers that came to bear, as (name, way)."""
    return {(one.name, one.way) for one in result.taken if one != Taken(one.playbook, "steps", one.name)}
