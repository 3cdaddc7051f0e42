"""What the tests of changes share: a small playbook, its tools, and the engine alone as a host."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from kit.playbooks import Playbook, Said, Setting, Shelf, Source, TableTool, Tool, parse_playbook
from kit.playbooks.engine import advance, begin

TOOLS: dict[str, Tool] = {
    "order_lookup": TableTool(
        description="An order.",
        key="order_number",
        records={
            "BL-100030": {"total": 80, "days": 30, "final": False},
            "BL-100031": {"total": 80, "days": 31, "final": False},
            "BL-100250": {"total": 250, "days": 3, "final": False},
            "BL-100009": {"total": 9, "days": 3, "final": True},
        },
    ),
    "plan_lookup": TableTool(description="A plan.", key="email", otherwise={"plan": "Plus"}),
    "refund_create": TableTool(description="A refund.", key="order_number", changes=True, otherwise={"ok": True}),
    "plan_cancel": TableTool(description="The end of a plan.", key="email", changes=True, otherwise={"ok": True}),
}
HEAD = """id: refund
title: Return an order
owner: Payments team
when_to_use: The customer wants their money back.
examples: [give me my money back, refund please, i want a refund]
collect:
  - name: order_number
    ask: What is your order number?
    pattern: 'BL-\\d{6}'
  - {name: reason, ask: 'Why: faulty or unwanted?', type: choice, choices: [faulty, unwanted]}
steps:
  - {id: look_up, type: do, tool: order_lookup, args: {order_number: '{order_number}'}, save_as: order}
  - {id: final, type: check, if: order.final, then: refused}
  - {id: in_time, type: check, if: order.days <= 30, else: refused}
  - {id: why, type: ask, field: reason}
  - id: pay
    type: do
    tool: refund_create
    args: {order_number: '{order_number}', amount: '{order.total}'}
    save_as: refund
    confirm: 'Shall I refund ${order.total}?'
    else: kept
  - {id: done, type: end, text: 'Done. It takes 5 days.'}
  - {id: kept, type: end, text: Nothing has changed.}
  - {id: refused, type: hand_off, reason: policy_restriction, team: Payments, text: A colleague will look at it.}
hand_off:
  - {if: order.total > 200 and order.days <= 30, reason: policy_restriction, team: Payments, text: A lot of money.}
"""
TESTS = """tests:
  - id: on_day_30
    turns: [refund BL-100030, faulty, 'yes']
    expect:
      outcome: answered
      step: done
      steps: [why]
      says: [5 days]
      calls: [{tool: refund_create, args: {amount: 80}}]
  - id: on_day_31
    turns: [refund BL-100031]
    expect: {outcome: handed_off, hand_off: {reason: policy_restriction, team: Payments, priority: normal}}
  - id: over_200
    turns: [refund BL-100250]
    expect: {outcome: handed_off, says: [a lot of money]}
"""


def source(text: str = HEAD + TESTS, name: str = "refund") -> Source:
    return parse_playbook(f"---\n{text}---\n\nBe kind.\n", Path(f"playbooks/{name}.md"), any_name=True)


def playbook(text: str = HEAD + TESTS) -> Playbook:
    return source(text).playbook


def changed(old: str, new: str, text: str = HEAD + TESTS) -> Playbook:
    """The playbook with a part of its text replaced."""
    assert old in text
    return playbook(text.replace(old, new))


@dataclass
class EngineHost:
    """Plays with the engine alone: the first message begins the playbook."""

    playbooks: Sequence[Playbook]
    opened: int = 0

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
        others = [one for one in self.playbooks if one.id != playbook.id]
        return EngineTalk(playbook, Setting(Shelf([*others, playbook]), tools, today, customer))


@dataclass
class EngineTalk:
    playbook: Playbook
    setting: Setting
    play: Any = None
    ended: bool = False
    steps: list[str] = field(default_factory=list)

    def say(self, message: str) -> Said:
        if self.ended:
            return Said("Is there anything else?", "answered", route="small talk")
        move = advance(self.play or begin(self.playbook), message, self.setting)
        self.play, self.ended = move.play, move.play is None
        self.steps += move.path
        return Said(
            text="\n".join(part.text for part in move.parts),
            outcome=move.outcome,
            playbook=self.playbook.id,
            at=self.steps[-1] if self.steps else None,
            path=move.path,
            taken=move.taken,
            fields=move.values,
            calls=move.calls,
            waiting=move.play.waiting if move.play else None,
            handoff=move.handoff,
        )
