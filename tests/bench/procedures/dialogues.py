"""Recorded conversations of the manual's agents beside what the playbooks do with the same customers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kit.playbooks import MockTools, Playbook, Plays, Route, Setting, Shelf, Tool, take_turn
from tests.bench.procedures.customers import Customer, ways
from tests.bench.procedures.measuring import difference

__all__ = ["Dialogue", "as_it_stands", "best_way", "read_dialogues"]

# The recordings bear no date. On this day what their customers say of their purchases is so.
TODAY = date(2020, 3, 1)
# What the recordings call the facts of a customer → the fields of the playbooks.
_NAMES = {"customer_name": "full_name", "member_level": "membership_level", "street_address": "street_address"}


@dataclass(frozen=True)
class Dialogue:
    """A recorded conversation: its procedure, the customer's messages and facts, the buttons that the agent pressed."""

    id: str
    procedure: str
    messages: tuple[str, ...]
    facts: Mapping[str, str]
    pressed: tuple[str, ...]


def read_dialogues(file: Path, names: Mapping[str, str]) -> list[Dialogue]:
    """The recordings.

    Args:
        file: a list of conversations.
        names: the ids of the playbooks by flow and subflow, as `flow/subflow`.
    """
    dialogues = []
    for row in json.loads(file.read_text(encoding="utf-8")):
        scenario = row["scenario"]
        known = {**scenario["personal"], **scenario["order"]}
        facts = {_NAMES.get(name, name): str(value) for name, value in known.items()}
        pressed = [turn["targets"][2] for turn in row["delexed"] if turn["targets"][1] == "take_action"]
        subflow = scenario["subflow"]
        # Frequent questions carry the number of the question behind the name: `timing_4`.
        name = next(one for one in (subflow, subflow.rpartition("_")[0]) if f"{scenario['flow']}/{one}" in names)
        dialogues.append(
            Dialogue(
                str(row["convo_id"]),
                names[f"{scenario['flow']}/{name}"],
                tuple(text for speaker, text in row["original"] if speaker == "customer"),
                facts,
                tuple(action.replace("-", "_") for action in pressed),
            )
        )
    return dialogues


def as_it_stands(dialogue: Dialogue, playbook: Playbook, shelf: Shelf, tools: Mapping[str, Tool]) -> list[str]:
    """The tools that are called when the customer's messages are sent one after the other, whatever is asked."""
    plays, called = Plays(), []
    setting = Setting(shelf, MockTools(tools), TODAY)
    for number, message in enumerate(dialogue.messages):
        route = Route("playbook", playbook.id, 1.0)
        turned = take_turn(plays, message, route, setting, key=dialogue.id, said=dialogue.messages[:number])
        plays = turned.plays
        called += [call.tool for call in turned.advance.calls]
        if plays.current is None:
            break
    return called


def best_way(
    dialogue: Dialogue, playbook: Playbook, shelf: Shelf, tools: Mapping[str, Tool]
) -> tuple[tuple[str, ...], str]:
    """What is called for a customer with the same facts who answers what is asked, as near to the recording as can be.

    Returns:
        The tools, and where they part from the recording; empty if they do not.
    """
    customer = Customer(facts=dialogue.facts, settled=True, today=TODAY)
    found = [way.called for way in ways(playbook, shelf, tools, customer)]
    if dialogue.pressed in found:
        return dialogue.pressed, ""
    best = max(found, key=lambda called: sum(tool in called for tool in dialogue.pressed))
    return best, difference(best, dialogue.pressed)
