"""Playbooks out of an agent manual, on a small manual of our own: a bicycle hire."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kit.playbooks import Playbook, Shelf, load_playbooks, load_tools
from tests.bench.procedures import bench
from tests.bench.procedures.clauses import Clause, clauses
from tests.bench.procedures.conditions import Reader, is_granted, unknown_fact
from tests.bench.procedures.convert import write_playbooks
from tests.bench.procedures.customers import Way
from tests.bench.procedures.dialogues import as_it_stands, best_way, read_dialogues
from tests.bench.procedures.effects import effect_of
from tests.bench.procedures.facts import alternatives, constant, counted, format_of, options, wanted
from tests.bench.procedures.manual import Manual, read_manual
from tests.bench.procedures.measuring import Measured, difference, measure
from tests.bench.procedures.wording import as_customer, question, said

BUTTONS = {
    "kb_query": {"verify-identity": ["customer_name", "account_id"], "ask-the-oracle": [], "hire-status": []},
    "interaction": {
        "pull-up-account": ["customer_name", "account_id"],
        "record-reason": ["reason_slotval", "product"],
        "enter-details": ["details_slotval", "email", "full_address"],
        "shipping-status": ["shipping_option"],
        "offer-refund": ["amount"],
        "make-purchase": ["product"],
        "update-order": ["order_slotval"],
        "notify-team": ["company_team"],
    },
    "faq_policy": {
        "membership": ["membership_level"],
        "pump-tyres": [],
        "oil-chain": [],
        "search-faq": [],
        "search-membership": [],
        "select-faq": ["question"],
    },
}
VALUES = {
    "membership_level": ["guest", "bronze", "silver", "gold"],
    "shipping_option": ["delivered", "in transit", "order received"],
    "company_team": ["workshop"],
}


def action(button: str, text: str = "x", *lines: str) -> dict[str, Any]:
    return {"type": "any", "button": button, "text": text, "subtext": list(lines)}


PULL = action("Pull up Account", "Get Full Name or Account ID for [Pull up Account]")
Convert = Callable[..., "Converted"]


class Converted:
    """The only procedure of a manual, or several, as playbooks that were loaded."""

    def __init__(self, folder: Path, procedures: dict[str, tuple[list[dict[str, Any]], list[str]]], about: list[str]):
        data = folder / "data"
        data.mkdir()
        guidelines = {title: {"instructions": about, "actions": actions} for title, (actions, _) in procedures.items()}
        names = [title.lower().replace(" ", "_") for title in procedures]
        for name, content in {
            "guidelines.json": {"Bike Hire": {"description": "", "subflows": guidelines}},
            "kb.json": dict(zip(names, [required for _, required in procedures.values()], strict=True)),
            "ontology.json": {
                "intents": {"subflows": {"bike_hire": names}},
                "actions": BUTTONS,
                "values": {"enumerable": VALUES},
            },
        }.items():
            (data / name).write_text(json.dumps(content), encoding="utf-8")
        self.manual: Manual = read_manual(data)
        self.courses = write_playbooks(self.manual, folder / "playbooks")
        self.tools = load_tools(folder / "playbooks")
        loaded = load_playbooks(folder / "playbooks", self.tools)
        self.playbooks: dict[str, Playbook] = {playbook.id: playbook for playbook in loaded}
        self.shelf = Shelf(loaded)

    def measured(self, place: int = 0) -> Measured:
        procedure = self.manual.procedures[place]
        return measure(procedure, self.playbooks[procedure.id], self.shelf, self.tools)

    def sequences(self, place: int = 0) -> set[str]:
        """What the ways call, in short: the last word of each tool."""
        return {" ".join(tool.rpartition("_")[2] for tool in way.called) for way in self.measured(place).ways}


@pytest.fixture
def convert(tmp_path: Path) -> Convert:
    """Converts a procedure of these actions, of which those are required."""

    def converted(*actions: dict[str, Any], required: str = "", about: str = "", **more: Any) -> Converted:
        procedures = {"Broken Spoke": (list(actions), required.split()), **more.get("others", {})}
        return Converted(tmp_path, procedures, [about or "The customer has a broken spoke.", "Wrap up as ever."])

    return converted


# Sentences


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("Ring the bell.", [Clause("", ("Ring the bell.",))]),
        ("If the bell is rusty, oil it", [Clause("the bell is rusty", ("oil it",))]),
        ("(Only if Oracle says Yes) Ring it", [Clause("Oracle says Yes", ("Ring it",))]),
        ("If it is 'New', 'Old' or 'Lost' then ring", [Clause("it is 'New', 'Old' or 'Lost'", ("ring",))]),
        ("If it squeaks (so, loudly), oil it", [Clause("it squeaks (so, loudly)", ("oil it",))]),
        ("If it squeaks:", [Clause("it squeaks", ())]),
        ("Look at it. If it squeaks, oil it", [Clause("", ("Look at it.",)), Clause("it squeaks", ("oil it",))]),
        ("Gold and Silver members: > Ride free", [Clause("Gold and Silver members", ("Ride free",))]),
        ("For all other members > Walk", [Clause("For all other members", ("Walk",))]),
        ("However, perhaps they fell. In this case, ring", [Clause("they fell", ("ring",))]),
        ("If Bronze: > If it is old, oil it", [Clause("Bronze", (), (Clause("it is old", ("oil it",)),))]),
        ("If they are Gold: > Gold members get oil", [Clause("they are Gold", ("get oil",))]),
    ],
)
def test_sentences_are_taken_apart(line: str, parts: list[Clause]) -> None:
    assert clauses(line) == parts


def test_conditions_are_read_with_what_was_said_before() -> None:
    reader = Reader(choices={"shipping_option": ("delivered", "in transit", "order received"), "how": ("shop", "web")})
    reader.number = "days"

    def read(words: str) -> str | None:
        found = reader.read(words)
        return found.expression if found else None

    assert read("it was our error, a company error") is None
    assert read("the customer is right (Oracle says No)") == "not oracle.answer"
    assert read("it was our error, a company error") == "not oracle.answer"
    assert read("Gold or Silver") == "membership_level in ['gold', 'silver']"
    assert read("it has lasted more than 3 days") == "days > 3"
    assert read("it is new (a week or longer)") == "days >= 7"
    assert read("the bike is 'In Transit' or 'Delivered'") == "shipping_option in ['delivered', 'in transit']"
    assert read("the bike has not yet been shipped") == "shipping_option == 'order received'"
    assert read("the customer came by the web") == "how == 'web'"
    assert read("a company error or a Gold member") == (
        "(known(oracle) and not oracle.answer) or (known(membership_level) and membership_level == 'gold')"
    )
    assert read("they seem sad") is None


@pytest.mark.parametrize(
    ("words", "granted"),
    [
        ("the customer can return", True),
        ("they do not get a bike", False),
        ("they get a bike", True),
        ("it rains", None),
    ],
)
def test_who_gets_what_they_want(words: str, granted: bool | None) -> None:
    assert is_granted(words) is granted


def test_what_a_customer_may_not_know() -> None:
    assert unknown_fact("they don't have their username", "amount") == "username"
    assert unknown_fact("the customer does not know", "amount") == "amount"
    assert unknown_fact("the customer does not like it", "amount") == ""


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("Apologize and [End Conversation]", "end", ""),
        ("skip to the Offer Refund step below", "skip_to", "Offer Refund"),
        ("skip the next step", "skip_next", ""),
        ("You cannot mend it, go to the next step", "next", ""),
        ("see if they still want a bike", "wish", "they still want a bike"),
        ("there is nothing you can do", "refuse", ""),
        ("immediately make the purchase.", "skip_to", "make the purchase"),
        ("can always get a bike", "grant", ""),
        ("be kind", None, ""),
    ],
)
def test_what_follows(text: str, kind: str | None, words: str) -> None:
    effect = effect_of((text,))
    assert (effect.kind if effect else None) == kind
    assert effect is None or not words or effect.words == words


def test_facts_are_found_where_they_are_asked_for() -> None:
    assert wanted("Ask for the zip code") == ["zip_code"]
    assert wanted("Email Address - the one they signed up with") == ["email"]
    assert wanted("Tell the customer to look at their order ID") == []
    assert wanted("Get the brand and type, such as a username") == ["product"]
    assert constant("Enter 'two wheels' into [Update Order]") == "two wheels"
    assert constant("Enter a phrase, such as 'two wheels'") == ""
    assert options("Options are 'Left', 'Right' or \"Both\"") == ["left", "right", "both"]
    assert options("They said 'left' and 'right'") == []
    assert counted("Get 2 out of 3 of these") == 2
    assert format_of("Format should be XX-XXX") == r"\d\d-\d\d\d"
    assert list(alternatives("Get Full Name or Account ID")) == [["full_name", "account_id"]]
    assert list(alternatives("Pin Number <or> answer to the Security Question")) == [["pin_number", "security_answer"]]


def test_what_agents_are_told_becomes_what_customers_hear() -> None:
    assert said("Tell the customer you can mend their bike") == "I can mend your bike."
    assert said("Let them know that they were lucky") == "You were lucky."
    assert said("Let the customer know the Repair Team is told, so they can help") == (
        "The Repair Team is told, so they can help."
    )
    assert said("Instruct the customer to pump up their tyres") == "Please pump up your tyres."
    assert said("Tell them the result") == ""
    assert said("Ring the bell") == ""
    assert question("Ask the customer how they fell:") == "Please tell me how you fell"
    assert as_customer("The customer wants to hire their first bike.") == "I want to hire my first bike"
    assert as_customer("It rains.") == ""


# Procedures


def test_a_button_is_found_by_what_is_written_on_it(convert: Convert) -> None:
    manual = convert(PULL, required="pull-up-account").manual

    def name(words: str, *, toggle: bool = False) -> str | None:
        button = manual.pressed(words, toggle=toggle)
        return button.name if button else None

    assert name("Pull up Account") == "pull-up-account"
    assert name("Enter Detail") == "enter-details"
    assert name("Notify our dear Team") == "notify-team"
    assert name("Select Reply") == "select-faq"
    assert name("Membership") == "membership"
    assert name("Membership", toggle=True) == "search-membership"
    assert name("End Conversation") is None


def test_one_of_two_facts_is_enough(convert: Convert) -> None:
    found = convert(PULL, required="pull-up-account").measured()
    assert {way.answers[1:]: way.outcome for way in found.ways} == {
        ("Mira Okafor",): "answered",
        ("I don't know", "AC77Q2"): "answered",
    }
    assert len(found.holding) == 2 and found.replayed


def test_so_many_of_the_facts_are_enough(convert: Convert) -> None:
    lines = ["Zip Code", "Username", "Order ID"]
    verify = action("Verify Identity", "Get 2 out of 3 of these with [Verify Identity]", *lines)
    found = convert(verify, required="verify-identity").measured()
    asked = {tuple(step for step in dict.fromkeys(way.steps) if step.startswith("ask_")) for way in found.ways}
    assert ("ask_zip_code", "ask_username") in asked
    assert ("ask_zip_code", "ask_username", "ask_order_id") in asked
    assert len(found.holding) == 2  # whichever of the first two is not known, the steps are the same


def test_the_oracle_decides_whom_the_next_action_is_for(convert: Convert) -> None:
    oracle = action(
        "Ask the Oracle", "Find out who is right", "If it was a company error (Oracle says Yes), skip the next step"
    )
    levels = action(
        "Membership Privileges",
        "If the Oracle says No, ask for the membership level",
        "Gold members: > Ride on, go to the next step",
        "If Silver, Bronze or Guest: > There is nothing you can do. [End Conversation]",
    )
    credit = action("Update Order", "If this is a company error or a Gold member, mend it", "Enter 'new spoke' there")
    done = convert(oracle, levels, credit, required="ask-the-oracle membership update-order")
    assert done.sequences() == {"oracle order", "oracle", "oracle membership order", "oracle membership"}
    found = done.measured()
    assert {way.outcome for way in found.ways if way.called[-1] == "membership"} >= {"answered"}
    assert all("gold" in way.answers for way in found.holding) and found.holding


def test_an_action_for_the_refused_is_only_for_them(convert: Convert) -> None:
    levels = action(
        "Membership Privileges",
        "It depends on the membership level",
        "Gold members can always get a bike",
        "Silver members get a bike if they are only 2 days late",
        "Bronze and Guest members cannot get a bike",
    )
    granted = action("Make Purchase", "(Option A) If they get a bike", "Ask for the brand and item", "Then wrap up")
    refused = action(
        "Notify Team", "(Option B) If they do not get a bike and call the workshop", "Enter 'workshop' there"
    )
    done = convert(levels, granted, refused, required="membership make-purchase notify-team")
    assert done.sequences() == {"membership", "membership purchase", "membership team"}
    found = done.measured()
    assert not found.holding
    assert found.never_together == [("make_purchase", "notify_team")]
    assert {way.called[1:] for way in found.together} == {("make_purchase",), ("notify_team",)}
    assert difference(found.nearest.called, found.required) == (
        "after 2 tools comes the end where notify_team is required"
    )
    late = {(way.answers[2], way.called[-1]) for way in found.ways if way.answers[1] == "silver"}
    assert late == {("1", "make_purchase"), ("1", "membership"), ("3", "notify_team"), ("3", "membership")}


def test_terms_that_some_levels_have_to_meet(convert: Convert) -> None:
    levels = action(
        "Membership Privileges",
        "Ask for the membership level",
        "Gold members: > Gold members get unlimited repairs",
        "Silver, Bronze and Guest members: > Ask for the purchase date, repair within the last 20 days <or> "
        "Ask if they have a receipt, a repair if so",
    )
    end = action(
        "N/A",
        "Tell",
        "If the customer can return, go to the next step",
        "If the customer cannot return, apologize. [End Conversation]",
    )
    done = convert(levels, end, action("Offer Refund", "Ask for the amount"), required="membership offer-refund")
    ways = {way.answers[1:]: way.called[-1] for way in done.measured().ways}
    assert ways[("gold", "40", "yes")] == "offer_refund"
    others = {answers[1:]: last for answers, last in ways.items() if answers[0] == "guest"}
    assert others == {
        ("2026-05-27", "40", "yes"): "offer_refund",
        ("2026-05-27", "40", "no"): "membership",
        ("2026-05-25", "yes", "40", "yes"): "offer_refund",
        ("2026-05-25", "yes", "40", "no"): "membership",
        ("2026-05-25", "no"): "membership",
    }


def test_levels_of_which_nothing_is_said_are_refused(convert: Convert) -> None:
    levels = action("Membership Privileges", "Ask for the membership level", "This only works for Gold members.")
    done = convert(levels, action("Offer Refund", "Ask for the amount"), required="membership offer-refund")
    outcomes = {way.answers[1]: way.outcome for way in done.measured().ways if "no" not in way.answers}
    assert outcomes == {"guest": "declined", "gold": "answered"}  # bronze and silver go the way of guests


def test_what_is_not_known_has_a_usual_value_or_comes_from_elsewhere(convert: Convert) -> None:
    refund = action("Offer Refund", "Dollar amount", "If the customer does not know, the standard amount is $15")
    details = action(
        "Enter Details",
        "Get the customer's username",
        "If they don't have their username, follow the 'Find Username' flow",
    )
    status = action("Enter Details", "Find out how much they pay", "If the customer does not know, press [Hire Status]")
    find = ([action("Verify Identity", "Zip Code")], ["verify-identity"])
    done = convert(refund, details, status, required="", others={"Find Username": find})
    assert {"details details", "refund identity details status details"} & done.sequences() == set()
    assert "refund details details" in done.sequences()
    assert "refund identity details details" in done.sequences()
    playbook = done.playbooks["bike-hire-broken-spoke"]
    amount = next(item for item in playbook.collect if item.name == "amount")
    assert (amount.optional, amount.default) == (True, 15)


def test_a_value_comes_from_the_tool_that_was_asked_instead(convert: Convert) -> None:
    status = action("Enter Details", "Find out how much they pay", "If the customer does not know, press [Hire Status]")
    done = convert(status, required="hire-status enter-details")
    assert done.sequences() == {"details", "status details"}
    assert len(done.measured().holding) == 1


def test_things_to_try_in_any_order_are_tried_in_any_order(convert: Convert) -> None:
    tries = [action("Pump Tyres", "Option 1", "Instruct the customer to pump"), action("Oil Chain", "Option 2")]
    done = convert(*tries, about="Try these in any order.", required="oil-chain pump-tyres")
    assert done.sequences() == {"tyres", "chain", "tyres chain", "chain tyres"}
    assert len(done.measured().holding) == 2  # it helped in the end, or it did not


def test_who_can_only_be_asked_is_asked_once(convert: Convert) -> None:
    notify = action("Notify Team", "If they are still sad:", "If the customer insists, tell them with [Notify Team]")
    done = convert(notify, required="notify-team")
    assert done.sequences() == {"", "team"}
    assert [item.name for item in done.playbooks["bike-hire-broken-spoke"].collect] == ["still_sad"]


def test_what_belongs_to_an_action_is_left_out_with_it(convert: Convert) -> None:
    reason = action("Record Reason", "Ask how long they have been waiting")
    order = action("Update Order", "If they have been waiting 9 days or longer", "Enter 'now' there")
    last = action("Make Purchase", "Finally send a new one", "Ask for the brand and item")
    done = convert(reason, order, last, required="record-reason update-order make-purchase")
    assert {"reason", "reason order purchase"} <= done.sequences()
    assert "reason purchase" not in done.sequences()


def test_a_choice_decides_what_else_is_asked(convert: Convert) -> None:
    reason = action(
        "Record Reason", "How shall it be paid - valid options are", "Voucher - by mail", "Cash - at the shop"
    )
    details = action(
        "Enter Details",
        "Add this",
        "If the customer chose voucher then enter the full address",
        "If the customer chose cash then enter the account ID",
    )
    done = convert(reason, details, required="record-reason enter-details")
    by_choice = {way.answers[1]: way.answers[2] for way in done.measured().ways}
    assert by_choice == {"voucher": "12 Pier Lane, Salt Bay, ME 04001", "cash": "AC77Q2"}


def test_what_changes_something_is_confirmed(convert: Convert) -> None:
    done = convert(action("Offer Refund", "Ask for the amount"), required="offer-refund")
    assert {way.answers[-1]: way.called for way in done.measured().ways} == {"yes": ("offer_refund",), "no": ()}


def test_what_no_rule_places_is_left_to_a_person(convert: Convert) -> None:
    done = convert(action("Oil Chain", "Turn it", "Hum a little tune while the oil runs", "If it squeals, smile"))
    course = done.courses["bike-hire-broken-spoke"]
    assert course.notes == ["Hum a little tune while the oil runs", "If it squeals: smile"]
    assert "Hum a little tune" in done.playbooks["bike-hire-broken-spoke"].guidance


def test_what_is_required_is_not_what_is_written(tmp_path: Path) -> None:
    """The playbook comes from the manual alone: another requirement changes nothing but whether it is met."""
    actions = [PULL, action("Oil Chain", "Oil it")]
    playbooks = []
    for number, required in enumerate((["pull-up-account", "oil-chain"], ["oil-chain", "pull-up-account"])):
        (folder := tmp_path / str(number)).mkdir()
        done = Converted(folder, {"Broken Spoke": (actions, required)}, ["The customer has a broken spoke."])
        playbooks.append(done.playbooks)
        assert bool(done.measured().holding) is (number == 0)
    assert playbooks[0] == playbooks[1]


def test_a_requirement_that_the_manual_lacks_is_named(convert: Convert) -> None:
    found = convert(action("Oil Chain", "Oil it"), required="oil-chain pump-tyres").measured()
    assert found.missing == ["pump_tyres"]
    assert found.never_together == []
    assert found.together == []


def test_sequences_part_somewhere() -> None:
    assert difference(["a", "b"], ["a", "c"]) == "after 1 tools comes b where c is required"
    assert difference([], ["a"]) == "after 0 tools comes the end where a is required"
    assert difference(["a", "b"], ["a"]) == "after 1 tools comes b where the end is required"


# Recordings


def test_recordings_are_played_against_the_playbook(convert: Convert, tmp_path: Path) -> None:
    done = convert(
        PULL, action("Enter Details", "Ask for their email address"), required="pull-up-account enter-details"
    )
    pressed = [{"targets": ["", "take_action", name]} for name in ("pull-up-account", "enter-details")]
    row = {
        "convo_id": 7,
        "scenario": {
            "flow": "bike_hire",
            "subflow": "broken_spoke_3",
            "personal": {"customer_name": "Ada Brook", "email": "ada@example.com"},
            "order": {},
        },
        "original": [["agent", "Hi"], ["customer", "My spoke broke"], ["customer", "Ada Brook"]],
        "delexed": [{"targets": ["", "retrieve_utterance", None]}, *pressed],
    }
    file = tmp_path / "recorded.json"
    file.write_text(json.dumps([row]), encoding="utf-8")
    [dialogue] = read_dialogues(file, {one.name: one.id for one in done.manual.procedures})
    playbook = done.playbooks[dialogue.procedure]
    assert as_it_stands(dialogue, playbook, done.shelf, done.tools) == ["pull_up_account"]
    assert best_way(dialogue, playbook, done.shelf, done.tools) == (("pull_up_account", "enter_details"), "")


# The benchmark


def test_without_the_data_it_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "DATA", tmp_path)
    bench.run()
    assert "skipped: no data" in capsys.readouterr().out


def test_the_benchmark_prints_how_many_do_as_required(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, convert: Convert, capsys: pytest.CaptureFixture[str]
) -> None:
    convert(PULL, required="pull-up-account", others={"Flat Tyre": ([action("Pump Tyres", "Pump")], ["oil-chain"])})
    (tmp_path / "data").rename(tmp_path / "abcd")
    monkeypatch.setattr(bench, "DATA", tmp_path)
    monkeypatch.setenv(bench.KEEP, str(tmp_path / "kept"))
    bench.run()
    said = capsys.readouterr().out
    assert "loaded without an error         2 of 2" in said
    assert "linted without an error         2 of 2" in said
    assert "as required for some customer   1 of 2" in said
    assert "the manual never has oil_chain" in said
    assert (tmp_path / "kept" / "bike-hire-flat-tyre.md").is_file()


def test_ways_are_values() -> None:
    assert Way((), (), (), "answered") == Way((), (), (), "answered")
