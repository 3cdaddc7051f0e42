"""Facts that a customer does not know, and questions that are asked more than once."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

import kit.playbooks
from kit.errors import KitError
from kit.playbooks import (
    Advance,
    Linter,
    Mock,
    MockTools,
    Play,
    Playbook,
    Plays,
    Route,
    Setting,
    Shelf,
    TableTool,
    take_turn,
)
from kit.playbooks.engine import advance, begin
from kit.playbooks.language import load_playbook
from kit.playbooks.reading import does_not_know

PACKAGE = Path(kit.playbooks.__file__).parent
TOOLS = {
    "look_up": TableTool(description="Finds an account.", otherwise={"found": True}),
    "restart": TableTool(description="Restarts the bridge.", otherwise={"done": True}),
    "reset": TableTool(description="Resets the bridge.", otherwise={"done": True}),
}
HEAD: dict[str, Any] = {
    "id": "bridge",
    "title": "The bridge",
    "owner": "Support lead",
    "when_to_use": "In tests.",
    "examples": ["one", "two", "three"],
}
# Two of three facts are enough to find an account.
ACCOUNT: dict[str, Any] = {
    **HEAD,
    "collect": [
        {"name": "serial", "ask": "Which serial number?", "pattern": "SN-[0-9]{4}", "optional": True},
        {"name": "nickname", "ask": "What is the bridge called?", "optional": True},
        {"name": "budget", "ask": "How much?", "type": "number", "optional": True, "default": 50},
    ],
    "steps": [
        {"id": "ask_serial", "type": "ask", "field": "serial"},
        {"id": "ask_nickname", "type": "ask", "field": "nickname"},
        {"id": "enough", "type": "check", "if": "known(serial) + known(nickname) >= 1", "else": "person"},
        {"id": "ask_budget", "type": "ask", "field": "budget"},
        {
            "id": "find",
            "type": "do",
            "tool": "look_up",
            "args": {"serial": "{serial}", "nickname": "{nickname}", "budget": "{budget}", "note": "called {nickname}"},
        },
        {"id": "done", "type": "end", "text": "Found [{nickname}] for {budget}."},
        {"id": "person", "type": "hand_off", "reason": "policy_restriction"},
    ],
}
# Things to try, in the order that the customer likes, each once.
TRIES: dict[str, Any] = {
    **HEAD,
    "collect": [
        {
            "name": "next",
            "ask": "Restart or reset?",
            "type": "choice",
            "choices": ["restart", "reset"],
            "valid": "(next != 'restart' or not known(restart)) and (next != 'reset' or not known(reset))",
            "on_reject": "We did that already.",
        },
        {"name": "works", "ask": "Does it work now?", "type": "yes_no"},
    ],
    "steps": [
        {"id": "choose", "type": "ask", "field": "next", "again": True},
        {"id": "which", "type": "check", "if": "next == 'restart'", "else": "do_reset"},
        {"id": "do_restart", "type": "do", "tool": "restart"},
        {"id": "over", "type": "goto", "to": "ask_works"},
        {"id": "do_reset", "type": "do", "tool": "reset"},
        {"id": "ask_works", "type": "ask", "field": "works", "again": True},
        {"id": "solved", "type": "check", "if": "works", "then": "done"},
        {"id": "all_tried", "type": "check", "if": "known(restart) and known(reset)", "else": "choose"},
        {"id": "sorry", "type": "end", "text": "Sorry.", "outcome": "declined"},
        {"id": "done", "type": "end", "text": "Good."},
    ],
}


@dataclass
class Talk:
    """A play; it goes through JSON after every message."""

    values: dict[str, Any]
    calls: list[dict[str, Any]] = field(default_factory=list)
    play: Play | None = None
    move: Advance | None = None

    def say(self, message: str) -> str:
        """Send a message; what is said."""
        playbook = Playbook.model_validate(self.values)
        setting = Setting(
            Shelf([playbook]), MockTools(TOOLS, {"look_up": Mock(returns={"found": True})}), date(2026, 6, 15)
        )
        move = advance(self.play or begin(playbook), message, setting)
        self.calls += [{"tool": call.tool, **call.args} for call in move.calls]
        self.play = Play.model_validate_json(move.play.model_dump_json()) if move.play else None
        self.move = move
        return " / ".join(part.text for part in move.parts)


def test_an_optional_field_that_is_not_known_is_left_out() -> None:
    talk = Talk(ACCOUNT)
    talk.say("hello")
    assert talk.say("I don't have it") == "What is the bridge called?"
    assert talk.say("Attic") == "How much?"
    assert talk.say("no idea") == "Found [Attic] for 50."
    assert talk.calls == [{"tool": "look_up", "nickname": "Attic", "budget": 50, "note": "called Attic"}]


def test_a_text_that_says_that_it_is_not_known_is_no_text() -> None:
    talk = Talk(ACCOUNT)
    talk.say("hello")
    assert talk.say("SN-1234") == "What is the bridge called?"
    assert talk.say("dunno") == "How much?"
    assert talk.say("20") == "Found [] for 20."
    assert talk.calls == [{"tool": "look_up", "serial": "SN-1234", "budget": 20, "note": "called "}]


def test_a_condition_sees_that_nothing_is_known() -> None:
    talk = Talk(ACCOUNT)
    for message in ("hello", "I can't find it", "not sure"):
        talk.say(message)
    assert talk.move is not None and talk.move.handoff is not None
    assert talk.move.handoff.reason == "policy_restriction"
    assert talk.move.handoff.fields == {}
    assert "None" not in talk.move.handoff.summary
    assert talk.move.values == {}


def test_what_was_not_known_can_be_said_later() -> None:
    talk = Talk(ACCOUNT)
    for message in ("hello", "I don't know", "Attic", "Found it: SN-1234. And 20, please"):
        talk.say(message)
    assert talk.calls[0]["serial"] == "SN-1234"


def test_a_field_that_is_not_optional_has_to_be_answered() -> None:
    needed = [{"name": "serial", "ask": "Which serial number?", "pattern": "SN-[0-9]{4}"}]
    talk = Talk({**HEAD, "collect": needed, "steps": [{"id": "done", "type": "end", "text": "{serial}"}]})
    talk.say("hello")
    assert talk.say("I don't know") == "Which serial number?"
    assert talk.say("no idea") == ""
    assert talk.move is not None and talk.move.handoff is not None
    assert talk.move.handoff.reason == "pending_clarification"


def test_a_rule_about_what_is_not_known_does_not_apply() -> None:
    rule = {"if": "budget > 100", "reason": "policy_restriction"}
    collect = [{**item, "default": None} if item["name"] == "budget" else item for item in ACCOUNT["collect"]]
    talk = Talk({**ACCOUNT, "collect": collect, "hand_off": [rule]})
    for message in ("hello", "SN-1234", "dunno"):
        talk.say(message)
    assert talk.say("no idea") == "Found [] for ."


def test_a_called_playbook_is_not_given_what_is_not_known() -> None:
    caller = {
        **HEAD,
        "collect": [{"name": "serial", "ask": "Which serial number?", "pattern": "SN-[0-9]{4}", "optional": True}],
        "steps": [{"id": "find", "type": "call", "playbook": "other", "args": {"serial": "{serial}"}}],
    }
    other = {
        **HEAD,
        "id": "other",
        "collect": [{"name": "serial", "ask": "And the serial number of the other?", "pattern": "SN-[0-9]{4}"}],
        "steps": [{"id": "done", "type": "end", "text": "{serial}"}],
    }
    one, two = Playbook.model_validate(caller), Playbook.model_validate(other)
    setting = Setting(Shelf([one, two]), {}, date(2026, 6, 15))
    asked = advance(begin(one), "hello", setting)
    assert asked.play is not None
    move = advance(asked.play, "I don't know", setting)
    assert [part.text for part in move.parts] == ["And the serial number of the other?"]


@pytest.mark.parametrize("message", ["I don't know, where does it stand?", "no idea, how do I find it?"])
def test_who_asks_where_to_find_it_may_know_it_after_the_answer(message: str) -> None:
    playbook = Playbook.model_validate(ACCOUNT)
    setting = Setting(Shelf([playbook]), MockTools(TOOLS), date(2026, 6, 15))
    route = Route("knowledge", None, 0.5)
    turned = take_turn(Plays(), "hello", Route("playbook", "bridge", 1.0), setting, key="c")
    turned = take_turn(turned.plays, message, route, setting, key="c", said=["hello"])
    assert turned.advance.parts[0].kind == "aside"
    assert turned.advance.parts[-1].text.endswith("Which serial number?")
    turned = take_turn(turned.plays, "I don't have it", route, setting, key="c", said=["hello", message])
    assert turned.advance.parts[-1].text == "What is the bridge called?"


def test_a_question_is_asked_again_in_a_loop() -> None:
    talk = Talk(TRIES)
    assert talk.say("hello") == "Restart or reset?"
    assert talk.say("reset") == "Does it work now?"
    assert talk.say("no") == "Restart or reset?"
    assert talk.say("reset") == "We did that already."
    assert talk.say("restart") == "Does it work now?"
    assert talk.say("yes") == "Good."
    assert [call["tool"] for call in talk.calls] == ["reset", "restart"]


def test_a_loop_ends_when_there_is_nothing_left() -> None:
    talk = Talk(TRIES)
    for message in ("hello", "restart", "no", "reset"):
        talk.say(message)
    assert talk.say("no") == "Sorry."
    assert talk.move is not None and talk.move.outcome == "declined"


def test_each_round_has_attempts_of_its_own() -> None:
    talk = Talk(TRIES)
    for message in ("hello", "banana", "restart", "no", "banana"):
        talk.say(message)
    assert talk.say("reset") == "Does it work now?"


@pytest.mark.parametrize(
    ("item", "says"),
    [
        ("{name: amount, ask: How much?, type: number, default: 50}", "Add `optional: true`"),
        ("{name: kind, ask: Which?, type: choice, choices: [a, b], optional: true, default: c}", "no choice `c`"),
    ],
)
def test_a_default_that_cannot_hold_is_refused(item: str, says: str, tmp_path: Any) -> None:
    head = "id: bridge\ntitle: A\nowner: B\nwhen_to_use: C\nexamples: [one, two, three]\n"
    path = tmp_path / "bridge.md"
    path.write_text(f"---\n{head}collect:\n  - {item}\nsteps: [{{id: done, type: end}}]\n---\n", encoding="utf-8")
    with pytest.raises(KitError, match=says) as caught:
        load_playbook(path, {})
    assert caught.value.line == 8


@pytest.mark.parametrize(
    "message",
    [
        "I don't know",
        "i dont know sorry",
        "Sorry, I don't remember",
        "no idea",
        "not sure",
        "I'm not really sure",
        "I don't have one",
        "don't have it on me",
        "can't find it",
        "I forgot",
        "idk",
        "n/a",
        "No",
        "nope, none",
        "skip that",
        "Unfortunately I have lost it",
    ],
)
def test_what_says_that_it_is_not_known(message: str) -> None:
    assert does_not_know(message)


def test_customers_who_are_played_are_understood() -> None:
    moods = yaml.safe_load((PACKAGE / "trying" / "wordings.yaml").read_text(encoding="utf-8"))
    said = [words for mood in moods.values() if "unknown" in mood for words in mood["unknown"]]
    assert len(said) > 10
    assert [words for words in said if not does_not_know(words)] == []


@pytest.mark.parametrize(
    "message",
    [
        "",
        "Attic",
        "Nora Klein",
        "Know Your Home",
        "I know it: Attic",
        "not sure, maybe Attic",
        "I don't know, 4321 perhaps",
        "I forgot to say: Attic",
        "yes",
        "No Name Bridge",
        "I can't find it but my sister says Attic",
        "None" * 400 + " such",
    ],
)
def test_what_says_something_else(message: str) -> None:
    assert not does_not_know(message)


def linted(values: dict[str, Any], folder: Path) -> list[str]:
    """The errors of a playbook, each as its rule."""
    head = yaml.safe_dump(values, sort_keys=False)
    (folder / f"{values['id']}.md").write_text(f"---\n{head}---\n", encoding="utf-8")
    return [finding.rule for finding in Linter(folder, TOOLS, date(2026, 6, 15)).lint().errors]


@pytest.mark.parametrize("values", [ACCOUNT, TRIES])
def test_the_linter_finds_nothing_wrong(values: dict[str, Any], tmp_path: Path) -> None:
    assert linted(values, tmp_path) == []


def test_the_linter_finds_a_condition_on_what_may_not_be_known(tmp_path: Path) -> None:
    checked = [{**step, "if": "serial == 'SN-1234'"} if step["id"] == "enough" else step for step in ACCOUNT["steps"]]
    assert linted({**ACCOUNT, "steps": checked}, tmp_path) == ["used-before-known"]


def test_the_linter_finds_a_loop_that_asks_once(tmp_path: Path) -> None:
    steps = [
        {"id": "try", "type": "ask", "field": "works", "again": True},
        {"id": "solved", "type": "check", "if": "works", "else": "try"},
        {"id": "done", "type": "end", "text": "Good."},
    ]
    values = {**TRIES, "collect": TRIES["collect"][1:], "steps": steps}
    assert linted(values, tmp_path) == []
    once = [{key: value for key, value in step.items() if key != "again"} for step in steps]
    assert linted({**values, "steps": once}, tmp_path) == ["endless-loop"]
