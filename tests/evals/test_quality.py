"""Correctness, citations and contexts, procedures, groundedness, readability."""

from pathlib import Path

import pytest

from kit.evals import Score, Usage, calibrate
from kit.evals.metrics import Tools
from kit.evals.metrics.procedures import procedures, steps_said
from kit.evals.metrics.style import grade, syllables
from kit.settings import Costs
from tests.evals.asking import score, value
from tests.evals.simulated import conversations, write
from tests.scripted import Letters, case, handoff, reply, transcript


def test_correctness() -> None:
    one = case(must_contain=["$4.99"], must_not_contain=["free"], reference="Plus costs $4.99 a month.")
    assert value("correctness", one, reply("A month of Plus costs $4.99.")) == 1
    assert value("correctness", one, reply("A month of Plus costs $5.")) == pytest.approx(
        (0 + 3 / 5) / 2
    )  # 4.99 has a part of its own
    assert value("correctness", one, reply("Plus costs $4.99 a month, and is free.")) == 0
    assert value(
        "correctness", case(articles=["a"], reference="Plus costs money"), reply("Plus is dear")
    ) == pytest.approx(1 / 3)
    assert value("correctness", case(must_contain=["a", "b"]), reply("a")) == 0.5
    assert score("correctness", one, transcript(handoff())).unscored == "was handed_off"
    assert (
        score("correctness", case(articles=["a"]), transcript(reply())).unscored
        == "requires no text and has no reference"
    )
    longer = reply("Plus costs $4.99 a month. " + "You can cancel it under Account. " * 5)
    assert value("correctness", one, longer) == 1, "a longer right answer is no worse"


def test_contexts_by_id() -> None:
    one = case(articles=["a/b", "c"])
    found = transcript(reply()).model_copy(update={"retrieved": ("x#1", "c#2", "c#3", "y#1")})
    assert score("context_id_recall", one, found).value == 1  # either of the two will do
    assert score("context_id_precision", one, found).value == pytest.approx(1 / 3)
    both = case(articles=["a/b", "c"], articles_all=True)
    assert score("context_id_recall", both, found).value == 0.5
    missed = found.model_copy(update={"retrieved": ("x#1",)})
    assert score("context_id_recall", one, missed).value == 0
    # Found or not is known whatever the assistant then made of it.
    assert score("context_id_recall", one, found.model_copy(update={"replies": (handoff(),)})).value == 1
    for name in ("context_id_recall", "context_id_precision"):
        assert score(name, one, transcript(reply())).unscored == "no passages were found, or noted"
        assert score(name, case("decline"), found).unscored == "names no articles"


def test_chrf() -> None:
    one = case(articles=["a"], reference="Hold the dial for ten seconds.")
    same, near, far = "Hold the dial for ten seconds.", "Holding the dials ten seconds.", "Zebras quack."
    values = [value("reference_chrf", one, reply(text)) for text in (same, near, far)]
    assert values[0] == 1 and all(one is not None for one in values)
    assert sorted(values, reverse=True) == values  # type: ignore[type-var]
    assert values[2] is not None and values[2] < 0.1


STEPS = "Before you begin:\n\n1. Turn off the breaker.\n2. Remove the old thermostat from the wall.\n"
MORE = "3. Push the wires into the base.\n   They click.\n\n> **Note:** Do not pull.\n\n4. Snap on the Dial.\n"


def test_procedures_are_numbered_lists_that_may_go_over_passages() -> None:
    assert procedures({"a#2": MORE, "a#1": STEPS}) == [
        ["Turn off the breaker.", "Remove the old thermostat from the wall.",
         "Push the wires into the base.\n   They click.", "Snap on the Dial."]
    ]  # fmt: skip
    assert procedures({"a#1": STEPS, "b#2": MORE}) == [
        ["Turn off the breaker.", "Remove the old thermostat from the wall."]
    ]
    assert procedures({"a#1": "1. Only one.", "b#1": "In 2024. Then 3) nothing."}) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1. Turn off the breaker.\n2. Remove the old thermostat from the wall.\n3. Snap on the Dial.", 3),
        ("Turn off the breaker. Then remove the old thermostat from the wall and snap on the Dial.", 3),
        ("Snap on the Dial. Turn off the breaker.", 1),
        ("Snap on the Dial. Remove the old thermostat from the wall. Turn off the breaker.", 1),
        ("Snap on the Dial. Turn off the breaker. Remove the old thermostat from the wall.", 2),
        ("Hello.", 0),
        ("", 0),
    ],
)
def test_steps_said_in_order(text: str, said: int) -> None:
    assert (
        steps_said(["Turn off the breaker.", "Remove the old thermostat from the wall.", "Snap on the Dial."], text)
        == said
    )


def test_procedure_completeness() -> None:
    passages = {"a#1": STEPS, "a#2": MORE, "b#1": "1. Unrelated work.\n2. Other things."}

    def of(text: str, *articles: str) -> tuple[float | None, str]:
        said = reply(text, "answered", *articles, quote="x")
        cited = said.model_copy(
            update={"citations": (*said.citations, said.citations[0].model_copy(update={"passage_id": "a#2"}))}
        )
        found = score("procedure_completeness", case(articles=["a"]), transcript(cited, passages=passages))
        return found.value, found.reason or found.unscored

    whole = (
        "1. Turn off the breaker.\n2. Remove the old thermostat from the wall.\n"
        "3. Push the wires into the base. They click.\n4. Snap on the Dial."
    )
    assert of(whole, "a") == (1, "4 of 4 steps")
    assert of(whole.split("\n3.", maxsplit=1)[0], "a") == (0.5, "2 of 4 steps")
    # One sentence out of a step answers a question on that step alone.
    assert of("Yes: turn off the breaker.", "a") == (None, "gives no procedure")
    assert of("It costs $5.", "a") == (None, "gives no procedure")
    assert score("procedure_completeness", case(articles=["a"]), transcript(handoff())).unscored == "was handed_off"
    unknown = transcript(reply("x", "answered", "a"))
    assert score("procedure_completeness", case(articles=["a"]), unknown).unscored == "the passages were not at hand"


def test_groundedness_is_by_sentence() -> None:
    passages = {
        "a#1": "Plus costs **$4.99** a month.\nYou can cancel at any time.",
        "b#1": "Refunds take 5 business days.",
    }

    def of(text: str) -> tuple[float | None, str]:
        found = score(
            "groundedness", case(articles=["a"]), transcript(reply(text, "answered", "a", quote="x"), passages=passages)
        )
        return found.value, found.reason or found.unscored

    assert of("Plus costs $4.99 a month. You can cancel at any time.") == (1, "")
    assert of("Plus costs $4.99 a month. Refunds take 5 business days.") == (1, "")
    value, reason = of("Plus costs $9.99 a month. You can cancel at any time.")
    assert value == 0.5 and reason.startswith("“Plus costs $9.99 a month.”")
    assert of("Plus costs $4.99 a month. We also wash your car.")[0] == 0.5
    assert of(" ") == (None, "says nothing")
    table = "| Where | Cost | Days |\n|---|---|---|\n| Hawaii | $12.95 | 7–10 |\n| Canada | $6.95 | 5–8 |"
    passages["a#1"] += f"\n\n{table}"
    assert of("Hawaii: Cost: $12.95, Days: 7–10.") == (1, "")
    assert of("Hawaii: Cost: $6.95, Days: 7–10.")[0] == 0
    under = transcript(reply("The box has no drill.", "answered", "a"), passages={"a#1": "- a screwdriver\n- a drill"})
    headed = under.model_copy(update={"headings": {"a#1": ("The Dial", "What is not in the box")}})
    assert [score("groundedness", case(articles=["a"]), one).value for one in (under, headed)] == [0, 1]
    led = transcript(reply("Anything.", "answered", "a", quote="x", playbook="refund"), passages=passages)
    assert score("groundedness", case(articles=["a"]), led).unscored == "says what a playbook says"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('The page says "cancel at any time" in bold.', 1.0),
        ("It says “cancel at any time” and “only in writing by post”.", 0.5),
        # Apostrophes quote nothing.
        ("You don't need to call and it won't cost a cent, that's all.", None),
        ("It's the customers' own choice whether they don't.", None),
        ("No quotation here.", None),
    ],
)
def test_quoted_spans(text: str, expected: float | None) -> None:
    said = transcript(reply(text, "answered", "a", quote="x"), passages={"a#1": "You can cancel\nat any time."})
    found = score("quoted_spans", case(articles=["a"]), said)
    assert found.value == expected and (expected is not None or found.unscored == "quotes nothing")


@pytest.mark.parametrize(
    ("word", "count"),
    [("cat", 1), ("the", 1), ("make", 1), ("table", 2), ("thermostat", 3), ("wires", 1), ("boxes", 2), ("wanted", 2),
     ("jumped", 1), ("reliable", 4), ("you", 1), ("video", 3), ("station", 2), ("changes", 2), ("W", 1)],
)  # fmt: skip
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_grade_is_the_formula() -> None:
    # 12 words, 2 sentences, 13 syllables.
    text = "The cat sat on the mat. The dog ran to the table."
    assert grade(text) == pytest.approx(0.39 * 12 / 2 + 11.8 * 13 / 12 - 15.59)
    hard = (
        "Notwithstanding considerable organisational difficulties, the administration of the institution is continuing."
    )
    easy = grade(text)
    assert easy is not None and (grade(hard) or 0) > easy + 10


@pytest.mark.parametrize(
    "text",
    [
        "Too short to say.",
        "Bitte schalten Sie zuerst die Sicherung aus und entfernen Sie dann den alten Thermostat von der Wand.",
        "Veuillez couper le disjoncteur avant de retirer votre ancien thermostat du mur de la maison.",
        "Primero apague el interruptor y luego quite el termostato viejo de la pared de la casa.",
        "请先关闭断路器,然后从墙上取下旧的恒温器。请先关闭断路器。",
        "",
    ],
)
def test_grade_is_only_of_english(text: str) -> None:
    assert grade(text) is None
    assert (
        score("readability", case("decline"), transcript(reply(text or " "))).unscored
        == "is too short, or not in English"
    )


def test_length() -> None:
    assert value("reply_length", case("decline"), reply("It’s 5 % off - see [1].")) == 3


def test_costs() -> None:
    tools = Tools(costs=Costs(per_agent_contact=6, per_assistant_contact=0.05))
    plain, one = transcript(reply()), case("decline")
    spent = plain.model_copy(update={"usage": Usage(calls=2, input_tokens=100, output_tokens=20, cost=0.01)})
    free = plain.model_copy(update={"usage": Usage(calls=2, input_tokens=100)})
    assert score("model_cost", one, plain).value == 0
    assert score("model_cost", one, spent).value == 0.01
    assert score("model_cost", one, free).unscored == "no price is set"
    assert score("model_tokens", one, spent).value == 120
    assert score("cost_to_serve", one, plain, tools).value == 0.05
    assert score("cost_to_serve", one, spent, tools).value == pytest.approx(0.06)
    assert score("cost_to_serve", one, transcript(handoff()), tools).value == pytest.approx(6.05)
    assert score("cost_to_serve", one, free, tools).unscored == "no price is set"
    assert score("cost_to_serve", one, plain).unscored == "no costs are set"


def test_expected_rating(tmp_path: Path) -> None:
    done = calibrate(write(tmp_path / "rated.jsonl", conversations(60)), None)
    tools = Tools(csat=done.model)
    asked, one = "How do I reset it?", case("decline")

    def expected(last: str) -> Score:
        said = transcript(reply("Hold the dial."), reply("Sure.", "answered"), said=(asked, last))
        return score("csat_rating", one, said, tools)

    good, bad = expected("Thanks, that worked perfectly!"), expected("No, that is useless. I want a person!!")
    assert good.value is not None and bad.value is not None and 1 <= bad.value < good.value <= 5
    error = done.model.figures["calibration_error"]
    assert good.reason == f"calibration error {error:.2f}, fitted to 60 rated conversations"
    assert score("csat_rating", one, transcript(reply())).unscored == "not calibrated on ratings"
    line = done.model.turn.model_copy(update={"blocks": ("vectors",)})
    seeing = done.model.model_copy(update={"dimension": 4, "embedder": "mine", "turn": line})
    assert score("csat_rating", one, transcript(reply()), Tools(csat=seeing)).unscored == "no embedder"
    other = score("csat_rating", one, transcript(reply()), Tools(csat=seeing, embedder=Letters()))
    assert other.unscored == "calibrated with another embedder"
