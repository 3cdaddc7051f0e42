"""A folder of two playbooks in which there is nothing to find, and ways to spoil it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from kit.playbooks import Finding, Linted, Linter, Tool

TODAY = date(2026, 6, 15)

RETURN = """\
---
id: return-order
title: Return an order
owner: Returns team
when_to_use: The customer wants to send an order back.
examples:
  - i want to send my kettle back
  - return order KT-1234 please
  - the kettle is not for me, take it back
  - how do i get rid of this and get my money
  - refund please
  - would like to return what i bought
  - take back the toaster
  - it was a gift and i dont want it
triggers: [return label]
not_for:
  - how long do returns take
disambiguate_with: [damaged-order]
knowledge: [returns]
collect:
  - name: order_number
    ask: What is the order number?
    pattern: 'KT-\\d{4}'
    on_reject: It is KT- and four digits.
  - name: reason
    ask: Is it faulty, or did you change your mind?
    type: choice
    choices: [faulty, changed]
    synonyms: {changed: [change your mind]}
  - name: email
    ask: Which e-mail address shall the label go to?
    type: email
    pii: true
  - {name: opened, ask: Has it been opened?, type: yes_no}
steps:
  - {id: look_up, type: do, tool: order_lookup, args: {order_number: '{order_number}'}, save_as: order}
  - {id: found, type: check, if: order.found, else: unknown}
  - {id: why, type: ask, field: reason}
  - {id: large, type: check, if: order.total > 200 and reason == 'changed', then: person}
  - {id: state, type: ask, field: opened}
  - {id: is_open, type: check, if: opened and reason != 'faulty', then: refused}
  - {id: details, type: answer, question: how are returns sent}
  - id: create
    type: do
    tool: return_create
    args: {order_number: '{order_number}', email: '{email}'}
    confirm: Shall I set up the return of {order_number}?
    else: stopped
    on_fail: person
  - {id: made, type: check, if: return_create.ok, else: person}
  - id: done
    type: end
    text: Done. The label is on its way, and returns are free.
  - {id: stopped, type: end, text: Nothing has changed.}
  - {id: refused, type: end, text: 'I am sorry, but opened ones stay with you.', outcome: declined}
  - id: unknown
    type: hand_off
    reason: pending_clarification
    team: Returns
    text: I cannot find {order_number}.
  - {id: person, type: hand_off, reason: policy_restriction, team: Returns}
must_say: [returns are free]
never_say: [guaranteed]
hand_off:
  - {if: order.days_since_delivery > 100, reason: policy_restriction, team: Returns, text: 'That was long ago.'}
tests:
  - id: happy
    kind: happy_path
    turns:
      - customer: return order KT-1234
        expect: {step: why}
    expect: {outcome: answered}
  - {id: refusal, kind: refusal, turns: [return KT-1234], expect: {outcome: declined}}
  - {id: change, kind: change_of_mind, turns: [return KT-1234, never mind], expect: {not_calls: [return_create]}}
  - id: passed_on
    kind: hand_off
    persona: {opening: return it, knows: {order_number: KT-1234}, unknown: [reason], agrees: {create: true}}
    expect: {hand_off: {team: Returns}}
---

# Returns

Be kind.
"""

DAMAGED = """\
---
id: damaged-order
title: A damaged order
owner: Returns team
when_to_use: Something arrived broken.
examples:
  - my kettle arrived broken
  - the parcel was crushed
  - there is a crack in the lid
  - glass everywhere, the jug is in pieces
  - damaged on arrival
  - the handle came off in the box
  - dented toaster
  - it does not switch on at all
disambiguate_with: [return-order]
steps:
  - {id: sorry, type: say, text: I am sorry to hear that.}
  - {id: person, type: hand_off, reason: unsupported_request, team: Returns}
tests:
  - {id: passed_on, kind: hand_off, turns: [it arrived broken], expect: {outcome: handed_off}}
---
"""


@dataclass
class Described:
    """A tool that says what it takes and returns."""

    changes: bool = False
    parameters: Mapping[str, bool] | None = None
    returns: Mapping[str, str] | None = None
    description: str = "A tool."

    def call(self, args: Mapping[str, Any], *, key: str = "") -> dict[str, Any]:
        raise AssertionError("the linter calls no tool")


LOOKUP = {"found": "yes_no", "total": "money", "days_since_delivery": "number", "delivered_on": "date", "state": "text"}
TOOLS: dict[str, Tool] = {
    "order_lookup": Described(parameters={"order_number": True}, returns=LOOKUP),  # type: ignore[dict-item]
    "return_create": Described(  # type: ignore[dict-item]
        changes=True, parameters={"order_number": True, "email": False}, returns={"ok": "yes_no", "reference": "text"}
    ),
}
ARTICLES = {"returns", "shipping"}


def missing(ids: Any) -> dict[str, str | None]:
    """The ids that are no articles."""
    return {id: "returns" if id.startswith("ret") else None for id in ids if id not in ARTICLES}


@dataclass
class Folder:
    """A folder of playbooks."""

    path: Path
    tools: Mapping[str, Tool] = field(default_factory=lambda: TOOLS)
    today: date = TODAY

    def __post_init__(self) -> None:
        self.write("return-order", RETURN)
        self.write("damaged-order", DAMAGED)

    def file(self, id: str = "return-order") -> Path:
        return self.path / f"{id}.md"

    def write(self, id: str, text: str) -> Path:
        self.file(id).write_text(text, encoding="utf-8", newline="")
        return self.file(id)

    def change(self, old: str, new: str, id: str = "return-order") -> Path:
        """Replace a part of a playbook that is there exactly once."""
        text = self.file(id).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
        return self.write(id, text.replace(old, new))

    @property
    def linter(self) -> Linter:
        return Linter(self.path, self.tools, self.today, missing)

    def lint(self, *ids: str) -> Linted:
        return self.linter.lint(ids)

    def found(self, rule: str) -> list[Finding]:
        return [finding for finding in self.lint().findings if finding.rule == rule]


def line_of(path: Path, text: str) -> int:
    """The line of a file, counted from 1, on which a text begins that is there exactly once."""
    whole = path.read_text(encoding="utf-8")
    assert whole.count(text) == 1, f"{text!r} is there {whole.count(text)} times"
    return whole[: whole.index(text)].count("\n") + 1
