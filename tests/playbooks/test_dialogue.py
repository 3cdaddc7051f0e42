"""A conversation led through several playbooks: what else customers say than what they were asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kit.playbooks import Playbook, Plays, Route, Setting, Shelf, Turned, concerns_playbooks, take_turn
from kit.playbooks.engine import phrases

KNOWLEDGE = Route("knowledge", None, 0.5)
PERSON = Route("person", None, 0.9)


def playbook(id: str, **changes: Any) -> Playbook:
    values = {
        "id": id,
        "title": f"The {id}",
        "owner": "Support lead",
        "team": "Orders",
        "when_to_use": "In tests.",
        "examples": ["one", "two", "three"],
        "offer": f"do a {id}",
        "collect": [
            {"name": "order", "ask": "Which order?", "pattern": "BL-[0-9]{6}", "max_attempts": 3},
            {"name": "email", "ask": "Which address?", "type": "email", "pii": True},
            {"name": "reason", "ask": "Why?", "type": "choice", "choices": ["faulty", "too large"]},
        ],
        "steps": [
            {"id": "look", "type": "do", "tool": "look", "args": {"order": "{order}"}, "save_as": "found"},
            {"id": "old", "type": "check", "if": "found.days > 30", "then": "late"},
            {"id": "hint", "type": "say", "text": "It is {found.days} days old."},
            {"id": "make", "type": "do", "tool": "make", "args": {"order": "{order}"}, "confirm": "Return {order}?"},
            {"id": "done", "type": "end", "text": "Done with {order}."},
            {"id": "late", "type": "end", "text": "Too late for {order}.", "outcome": "declined"},
        ],
    }
    return Playbook.model_validate({**values, **changes})


RETURN, REPAIR = playbook("return"), playbook("repair")


class Tools:
    """`look` knows how old an order is; `make` changes something. Both remember their calls."""

    def __init__(self) -> None:
        self.made: list[tuple[str, dict[str, Any]]] = []
        self.keys: list[str] = []

    def mapping(self) -> dict[str, Any]:
        return {"look": _Tool(self, "look", False), "make": _Tool(self, "make", True)}


@dataclass
class _Tool:
    owner: Tools
    name: str
    changes: bool
    description: str = ""
    returns: None = None
    parameters: None = None

    def call(self, args: Mapping[str, Any], *, key: str = "") -> dict[str, Any]:
        self.owner.made.append((self.name, dict(args)))
        self.owner.keys.append(key)
        return {"days": 40 if str(args.get("order", "")).endswith("9") else 3}


@dataclass
class Talk:
    """A conversation; what it keeps goes through JSON after every message."""

    shelf: Shelf = field(default_factory=lambda: Shelf([RETURN, REPAIR]))
    tools: Tools = field(default_factory=Tools)
    plays: Plays = field(default_factory=Plays)
    said: list[str] = field(default_factory=list)
    last: Turned | None = None

    def say(self, message: str, route: Route = KNOWLEDGE) -> str:
        """Send a message; returns what is said, with ` / ` between the parts."""
        setting = Setting(self.shelf, self.tools.mapping(), date(2026, 6, 15), {"plan": "Plus"})
        self.last = take_turn(self.plays, message, route, setting, key="c", said=self.said)
        self.said.append(message)
        self.plays = Plays.model_validate_json(self.last.plays.model_dump_json())
        return " / ".join(part.text if part.kind != "aside" else f"[{part.text}]" for part in self.last.advance.parts)

    @property
    def waiting(self) -> str | None:
        return self.plays.current.waiting if self.plays.current else None

    @property
    def outcome(self) -> str:
        assert self.last
        return self.last.advance.outcome


def to(id: str, probability: float = 0.9, **rest: Any) -> Route:
    return Route("playbook", id, probability, **rest)


def test_facts_are_taken_in_any_order_and_several_at_once() -> None:
    talk = Talk()
    assert talk.say("return BL-100001, write to ada@example.org", to("return")) == "Why?"
    assert talk.say("it is faulty") == "It is 3 days old. / Return BL-100001?"
    assert talk.say("yes") == "Done with BL-100001."
    assert talk.tools.made == [("look", {"order": "BL-100001"}), ("make", {"order": "BL-100001"})]
    assert talk.plays.current is None and talk.outcome == "answered"


def test_what_was_said_before_the_play_counts_and_the_newest_first() -> None:
    talk = Talk(said=["my order BL-100007 is odd", "no, i mean BL-100001"])
    assert talk.say("send it back please", to("return")) == "Which address?"
    assert talk.plays.current and talk.plays.current.values["order"] == "BL-100001"


def test_what_was_said_in_an_earlier_play_is_not_taken_again() -> None:
    talk = Talk()
    talk.say("return BL-100001, ada@example.org", to("return"))
    talk.say("faulty")
    talk.say("no")
    assert talk.plays.current is None
    assert talk.say("and another return", to("return")) == "Which order?"


def test_a_correction_takes_the_play_back_and_says_nothing_twice() -> None:
    talk = Talk()
    talk.say("return BL-100001, ada@example.org", to("return"))
    talk.say("faulty")
    assert talk.say("sorry, it's BL-100002") == "Return BL-100002?"
    assert talk.say("actually BL-100009 is the one") == "Too late for BL-100009."
    assert [call for call in talk.tools.made if call[0] == "make"] == []


@pytest.mark.parametrize(
    ("message", "values"),
    [
        ("sorry, 4", {"boxes": 2, "screws": 3}),  # which of the two?
        ("sorry, not 3, 4", {"boxes": 2, "screws": 4}),
    ],
)
def test_a_correction_is_of_one_fact(message: str, values: dict[str, int]) -> None:
    collect = [
        {"name": "boxes", "ask": "How many boxes?", "type": "number"},
        {"name": "screws", "ask": "How many screws?", "type": "number"},
        {"name": "note", "ask": "Whose are they?", "type": "choice", "choices": ["mine", "yours"]},
    ]
    talk = Talk(Shelf([playbook("return", collect=collect, steps=[{"id": "e", "type": "end", "text": "Bye."}])]))
    for said in ("return", "2", "3"):
        talk.say(said, to("return"))
    talk.say(message)
    assert talk.plays.current and talk.plays.current.values == values


def test_a_correction_after_the_change_goes_to_a_person() -> None:
    steps = [step.written() for step in RETURN.steps]
    steps.insert(4, {"id": "more", "type": "ask", "field": "note"})
    collect = [*(item.written() for item in RETURN.collect), {"name": "note", "ask": "Anything else?"}]
    talk = Talk(Shelf([playbook("return", steps=steps, collect=collect)]))
    talk.say("return BL-100001, ada@example.org", to("return"))
    talk.say("faulty")
    assert talk.say("yes") == "Anything else?"
    talk.say("sorry, it's BL-100002")
    assert talk.last and talk.last.advance.handoff
    handoff = talk.last.advance.handoff
    assert (handoff.reason, handoff.team) == ("unsupported_request", "Orders")
    assert "make" in handoff.summary and handoff.fields["order"] == "BL-100002"
    assert len([call for call in talk.tools.made if call[0] == "make"]) == 1


def test_a_question_in_between_is_answered_and_the_play_goes_on() -> None:
    talk = Talk()
    talk.say("return please", to("return"))
    assert talk.say("How long does a refund take?") == "[How long does a refund take?] / Which order?"
    assert talk.outcome == "clarified" and talk.waiting == "field:order"
    assert talk.say("BL-100001. How long does it take?") == "[How long does it take?] / Which address?"
    assert talk.plays.current and talk.plays.current.attempts == {}


def test_a_question_beside_the_request_is_answered_before_the_play_begins() -> None:
    talk = Talk()
    beside = to("return", beside="Do I pay for shipping?")
    assert talk.say("Return BL-100001. Do I pay for shipping?", beside) == "[Do I pay for shipping?] / Which address?"


def test_a_question_beside_a_yes_is_no_consent() -> None:
    talk = Talk()
    talk.say("return BL-100001, ada@example.org", to("return"))
    talk.say("faulty")
    said = talk.say("Yes. Do I pay for shipping?")
    assert "[Do I pay for shipping?]" in said and talk.waiting == "confirm:make"
    assert talk.tools.made == [("look", {"order": "BL-100001"})]


def test_another_request_takes_over_and_the_first_comes_back() -> None:
    talk = Talk()
    talk.say("return please", to("return"))
    assert talk.say("first mend the other one", to("repair")) == f"{phrases.SWITCHED} / Which order?"
    talk.say("BL-100009, bob@example.org")
    said = talk.say("faulty")
    assert said == "Too late for BL-100009. / Now back to the other: do a return. / Which order?"
    assert talk.plays.current and (talk.plays.current.playbook, talk.outcome) == ("return", "clarified")
    assert talk.say("BL-100001") == "Which address?"


def test_a_customer_comes_back_by_asking_for_it() -> None:
    talk = Talk()
    talk.say("return BL-100001", to("return"))
    talk.say("mend the other one", to("repair"))
    assert talk.say("back to the return", to("return")) == "Now back to the other: do a return. / Which address?"
    assert [play.playbook for play in talk.plays.suspended] == ["repair"]


def test_an_answer_is_no_change_of_subject() -> None:
    talk = Talk()
    talk.say("return BL-100001, ada@example.org", to("return"))
    assert talk.say("faulty", to("repair")) == "It is 3 days old. / Return BL-100001?"


def test_a_certain_route_takes_over_at_once() -> None:
    danger = playbook("danger", collect=[], steps=[{"id": "a", "type": "end", "text": "Leave the house."}])
    talk = Talk(Shelf([RETURN, danger]))
    talk.say("return please", to("return"))
    said = talk.say("BL-100001 and it burns", to("danger", certain=True))
    assert said.startswith("Leave the house.") and talk.last and talk.last.playbook == "danger"


@pytest.mark.parametrize(
    ("route", "reason"), [(PERSON, "customer_request"), (Route("sensitive", None, 0.9), "sensitive")]
)
def test_a_person_can_always_be_asked_for(route: Route, reason: str) -> None:
    talk = Talk()
    talk.say("return BL-100001, ada@example.org", to("return"))
    talk.say("get me somebody", route)
    assert talk.last and talk.last.advance.handoff
    handoff = talk.last.advance.handoff
    assert (handoff.reason, handoff.team) == (reason, "Orders")
    assert handoff.fields == {"order": "BL-100001", "email": "ada@example.org"}
    # Personal data goes to the person, not into the summary.
    assert "BL-100001" in handoff.summary and "ada@example.org" not in handoff.summary
    assert talk.plays == Plays(begun=1)


@pytest.mark.parametrize("message", ["never mind", "forget it"])
def test_it_can_be_called_off(message: str) -> None:
    talk = Talk()
    talk.say("return please", to("return"))
    assert talk.say(message) == phrases.CANCELED
    assert (talk.plays.current, talk.outcome, talk.tools.made) == (None, "answered", [])


def test_no_answer_is_asked_for_again_and_then_a_person_takes_over() -> None:
    talk = Talk()
    talk.say("return please", to("return"))
    assert talk.say("hm") == talk.say("well") == "Which order?"
    talk.say("dunno")
    assert talk.last and talk.last.advance.handoff and talk.last.advance.handoff.reason == "pending_clarification"


def test_between_two_the_customer_is_asked_once() -> None:
    talk = Talk()
    close = to("return", 0.45, ambiguous=("return", "repair"))
    said = talk.say("something with BL-100001", close)
    assert said.endswith("1. do a return\n2. do a repair") and (talk.plays.choosing, talk.outcome) == (
        ("return", "repair"),
        "clarified",
    )
    assert concerns_playbooks(talk.plays, "2", KNOWLEDGE, talk.shelf.current)
    assert not concerns_playbooks(talk.plays, "neither", KNOWLEDGE, talk.shelf.current)
    assert talk.say("the second") == "Which address?"
    assert talk.plays.current and talk.plays.current.playbook == "repair"
    # What made it necessary to ask is not asked for again.
    assert talk.plays.current.values == {"order": "BL-100001"}


def test_a_second_unclear_message_takes_the_likeliest() -> None:
    talk = Talk()
    close = to("return", 0.45, ambiguous=("return", "repair"))
    talk.say("something", close)
    assert talk.say("hm, you know, something", close) == "Which order?"
    assert talk.plays.current and talk.plays.current.playbook == "return"


def test_a_play_ends_on_the_edition_it_began_with(tmp_path: Path) -> None:
    talk = Talk(Shelf([RETURN], folder=tmp_path))
    talk.say("return BL-100001, ada@example.org", to("return"))
    steps = [step.written() for step in RETURN.steps]
    steps[4]["text"] = "Quite different."
    changed = playbook("return", steps=[steps[0], *steps[3:]], version=2)
    talk.shelf = Shelf([changed], folder=tmp_path)
    assert talk.say("faulty") == "It is 3 days old. / Return BL-100001?"
    assert talk.say("yes") == "Done with BL-100001."
    talk.say("another: BL-100002, ada@example.org", to("return"))
    assert talk.say("faulty") == "Return BL-100002?"
    talk.shelf = Shelf([RETURN])  # its own edition is kept nowhere
    talk.say("yes")
    assert talk.last and talk.last.advance.handoff and talk.last.advance.handoff.reason == "tool_failure"


def test_a_kept_edition_that_is_damaged_is_none(tmp_path: Path) -> None:
    shelf = Shelf([RETURN], folder=tmp_path)
    [kept] = tmp_path.iterdir()
    assert Shelf([], folder=tmp_path).find("return", RETURN.edition) == RETURN
    kept.write_text(kept.read_text().replace("Which order?", "Which card?"))
    assert Shelf([], folder=tmp_path).find("return", RETURN.edition) is None
    kept.write_text("{")
    assert Shelf([], folder=tmp_path).find("return", RETURN.edition) is None
    assert Shelf([], folder=tmp_path).find("../../etc/passwd", "../x") is None
    assert shelf.find("return") == RETURN and shelf.find("nothing") is None


def test_a_called_playbook_comes_back_with_what_it_collected() -> None:
    sign_in = playbook(
        "sign-in",
        callable_only=True,
        collect=[
            {"name": "email", "ask": "Which address?", "type": "email"},
            {"name": "code", "ask": "Which code?", "pattern": "[0-9]{6}"},
        ],
        steps=[{"id": "ok", "type": "end", "text": "Thank you."}],
    )
    calls = playbook(
        "return",
        collect=[],
        steps=[
            {"id": "who", "type": "call", "playbook": "sign-in", "args": {"email": "a@b.example"}, "save_as": "who"},
            {"id": "end", "type": "end", "text": "Code {who.code}, {who.outcome}."},
        ],
    )
    talk = Talk(Shelf([calls, sign_in]))
    assert talk.say("return", to("return")) == "Which code?"
    assert talk.plays.current and (talk.plays.current.playbook, talk.plays.current.leads) == ("sign-in", "return")
    assert talk.say("123456") == "Thank you. / Code 123456, answered."
    assert talk.last and talk.last.playbook == "return"


def test_conditions_see_the_customer_and_the_day() -> None:
    told = playbook(
        "return",
        collect=[],
        steps=[
            {"id": "plus", "type": "check", "if": "customer.plan == 'Plus' and today < '2026-07-01'", "else": "no"},
            {"id": "yes", "type": "end", "text": "For {customer.plan} on {today}."},
            {"id": "no", "type": "end", "text": "No."},
        ],
    )
    assert Talk(Shelf([told])).say("return", to("return")) == "For Plus on June 15, 2026."


def test_what_must_be_said_is_said_before_it_ends_well() -> None:
    kept = playbook("return", must_say=["Keep the box.", "It is 3 days old."])
    talk = Talk(Shelf([kept]))
    talk.say("return BL-100001, ada@example.org", to("return"))
    talk.say("faulty")
    assert talk.say("yes") == "Done with BL-100001. / Keep the box."


def test_every_call_that_changes_something_has_a_key_of_its_own() -> None:
    talk = Talk()
    for _ in range(2):
        talk.say("return BL-100001, ada@example.org", to("return"))
        talk.say("faulty")
        talk.say("yes")
    assert len(set(talk.tools.keys)) == len(talk.tools.keys) == 4


def test_an_answer_that_is_not_valid_is_refused() -> None:
    collect = [
        {"name": "paid", "ask": "How much?", "type": "number", "valid": "paid > 0", "on_reject": "More than 0, please."}
    ]
    talk = Talk(Shelf([playbook("return", collect=collect, steps=[{"id": "e", "type": "end", "text": "{paid}"}])]))
    assert talk.say("return", to("return")) == "How much?"
    assert talk.say("0") == "More than 0, please."
    assert talk.say("12.5") == "12.50"


@pytest.mark.parametrize("message", ["no, forget it", "never mind", "nvm"])
def test_calling_off_what_is_offered_is_a_no(message: str) -> None:
    offers = playbook(
        "offer",
        collect=[{"name": "person", "ask": "Would you like a person?", "type": "yes_no"}],
        steps=[
            {"id": "old", "type": "say", "text": "That is too old."},
            {"id": "ask", "type": "ask", "field": "person"},
            {"id": "wanted", "type": "check", "if": "person", "else": "no"},
            {"id": "yes", "type": "hand_off", "reason": "customer_request"},
            {"id": "no", "type": "end", "text": "As you like.", "outcome": "declined"},
        ],
    )
    talk = Talk(Shelf([offers]))
    talk.say("is it too old", to("offer"))
    assert (talk.say(message), talk.outcome) == ("As you like.", "declined")
