"""What the extractive composer says, on passages made for it and on the sample company's."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.assistant import ComposeFailure, Evidence, ExtractiveComposer, Piece
from kit.assistant.composing import units
from kit.assistant.composing.choosing import choose
from kit.assistant.composing.likeness import Likeness
from kit.assistant.composing.wording import worded
from kit.knowledge import Passage
from kit.text import squash
from kit.workspace import Workspace


@pytest.fixture(scope="module")
def workspace(sample: Path) -> Workspace:
    return Workspace.open(sample)


@pytest.fixture(scope="module")
def composer(workspace: Workspace) -> ExtractiveComposer:
    return ExtractiveComposer(workspace.embedder)


def passages(*texts: str, article: str = "a", headings: tuple[str, ...] = ()) -> list[Passage]:
    return [Passage(article, number, "Plans", headings, text) for number, text in enumerate(texts, start=1)]


def said(composer: ExtractiveComposer, question: str, found: list[Passage]) -> str:
    return "".join(piece.text for piece in composer.compose(Evidence(question, found, found[0])))


# What can be said on its own


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("CAUSE\nThe disk is full.", [("sentence", "CAUSE", "The disk is full.")]),
        ("**Mobile**\n\nTap it.", [("sentence", "Mobile", "Tap it.")]),
        ("Run this:\n\n```sh\n# not a heading\n- nor a list\n```", [
            ("sentence", "", "Run this:"), ("code", "", "# not a heading\n- nor a list"),
        ]),
        ("> **Note:** Mind\n> the gap.\n>\n> - One.\n> - Two.", [
            ("note", "", "Mind the gap."), ("note", "", "One."), ("note", "", "Two."),
        ]),
        ("1. Tap **Set**. It takes 5 minutes.\n2. Wait.", [
            ("steps", "", "1. Tap Set. It takes 5 minutes.\n2. Wait."), ("remark", "", "It takes 5 minutes."),
        ]),
        ("1. Tap it. See the setup guide for details. It blinks.", [
            ("steps", "", "1. Tap it. It blinks."), ("remark", "", "See the setup guide for details."),
            ("remark", "", "It blinks."),
        ]),
        ("1. Copy:\n   ```sh\n   git pull\n   ```\n2. Run", [("steps", "", "1. Copy:\n   git pull\n2. Run")]),
    ],
)  # fmt: skip
def test_parts(text: str, parts: list[tuple[str, str, str]]) -> None:
    assert [(unit.kind, unit.heading, unit.text) for unit in units(passages(text)[0])] == parts


def test_the_steps_in_a_cell_of_a_table_are_steps() -> None:
    cell = (
        "You can require a code. It is asked for with the password. **Turn it on** 1. Open Profile. 2. Select Edit. "
        "3. Scan the picture with an app, type what the app shows, and keep the phone at hand for later. 4. Save."
    )
    row = f"| Codes | {cell} |"
    found = units(passages(f"| Setting | Description |\n|---|---|\n{row}")[0])
    [steps] = [unit for unit in found if unit.kind == "steps"]
    assert steps.text.startswith("1. Open Profile.\n2. Select Edit.\n3. ") and steps.text.endswith("\n4. Save.")
    assert found[0].text == "You can require a code."
    assert all(squash(unit.quote) in squash(row) for unit in found)


@given(st.text(alphabet="ab.:# \n>-*|1)`_[]()A", max_size=80))
def test_whatever_the_text_every_part_stands_in_it(text: str) -> None:
    [passage] = passages(text)
    for unit in units(passage):
        assert squash(unit.quote) in squash(text)
        assert unit.text == unit.text.strip() != ""


@pytest.mark.parametrize(
    "text", ["See the setup guide for details.", "Learn more", "For more information, read the docs."]
)
def test_what_only_leads_elsewhere_is_an_aside(text: str) -> None:
    assert units(passages(text)[0])[0].aside
    assert not units(passages("See who is at home in the app.")[0])[0].aside


# What is chosen


def chosen(text: str, scores: dict[str, float]) -> str:
    """What is said when the parts that begin so have these scores, and all others none."""
    found = [unit for passage in passages(*text.split("\n===\n")) for unit in units(passage)]
    marks = [next((score for start, score in scores.items() if unit.text.startswith(start)), 0.0) for unit in found]
    return "".join(piece.text for piece in worded([found[place] for place in choose(found, np.array(marks))]))


LIST = "Guests can:\n\n- read boards\n- write comments\n\nThey see nothing else in there."
LONG = "Choose one:\n\n" + "\n".join(f"- Number {n} " + "of the long list that goes on and on " * 2 for n in range(5))
TWELVE = " ".join(f"{n}. Do the thing number {n} right now.\n" for n in range(1, 13)).replace("\n ", "\n")


@pytest.mark.parametrize(
    ("text", "scores", "expected"),
    [
        (LIST, {"read": 1.0}, "Guests can:\n\n- read boards\n- write comments"),
        (LIST, {"Guests": 1.0}, "Guests can:\n\n- read boards\n- write comments"),
        (LIST, {"They": 1.0}, "They see nothing else in there."),
        ("It has a limit. It is ten percent today.", {"It is": 1.0}, "It has a limit. It is ten percent today."),
        ("The price fell. The price fell today. We refund the difference.", {"The price fell t": 1.0, "The": 0.95},
         "The price fell today."),
        ("Do this first:", {"Do": 1.0}, ""),
        ("Do this first:\n===\n1. Open the lid\n2. Close the lid", {"Do": 1.0},
         "Do this first:\n\n1. Open the lid\n2. Close the lid"),
        ("Run the command below:\n\n```\nkit index\n```", {"kit": 1.0}, "Run the command below:\n\nkit index"),
        ("1. Open the lid\n2. Close the lid\n\n> Keep water away from it.\n\nOther things are elsewhere.", {"1.": 1.0},
         "1. Open the lid\n2. Close the lid\n\nKeep water away from it."),
    ],
)  # fmt: skip
def test_what_belongs_together_is_said_together(text: str, scores: dict[str, float], expected: str) -> None:
    assert chosen(text, scores) == expected


def test_of_a_long_list_only_the_item_asked_for_is_said_with_its_lead() -> None:
    assert re.fullmatch(r"Choose one:\n\n- Number 3 [^\n]*", chosen(LONG, {"Number 3": 1.0}))


def test_a_procedure_is_whole_however_long() -> None:
    assert chosen(f"Take your time for this.\n\n{TWELVE}", {"Take": 1.0, "1.": 0.95}).count("Do the thing") == 12


def test_enough_is_enough() -> None:
    text = " ".join(f"Fact {n} concerns matter {n * 7} and colour {n * 13} of the thing." for n in range(20))
    assert 42 <= len(chosen(text, dict.fromkeys(["Fact"], 1.0)).split()) <= 60


def test_passages_of_one_article_are_joined_in_order_and_the_best_article_comes_first() -> None:
    own, other = passages("Blue wires lead.", "Red wires follow."), passages("Green wires end.", article="b")
    found = [unit for passage in (*own, *other) for unit in units(passage)]
    text = "".join(piece.text for piece in worded([found[1], found[2], found[0]]))
    assert text == "Blue wires lead.\n\nRed wires follow.\n\nGreen wires end."


# What is answered


PLANS = """Plus is the plan for one home.

| Plan | Monthly | Yearly |
|---|---|---|
| Plus | $4.99 | $49 |
| Home Pro | $9.99 | $99 |

Learn more in the article about plans.

## Cancel

You can cancel at any time. What is left of the year is not refunded.

1. Go to Account > Billing.
2. Tap Cancel plan.
3. Confirm."""


@pytest.mark.parametrize(
    ("question", "holds", "lacks"),
    [
        ("How much is Home Pro a year?", ["Home Pro: Monthly: $9.99, Yearly: $99."], ["Tap Cancel plan"]),
        ("How do I cancel my plan?", ["1. Go to Account > Billing.\n2. Tap Cancel plan.\n3. Confirm."], ["$99"]),
        ("Do I get money back if I cancel?", ["not refunded"], ["$99"]),
        ("What does Plus cost monthly, and how do I cancel it?", ["$4.99", "2. Tap Cancel plan."], ["Learn more"]),
    ],
)
def test_answers(composer: ExtractiveComposer, question: str, holds: list[str], lacks: list[str]) -> None:
    text = said(composer, question, passages(PLANS))
    assert all(part in text for part in holds), text
    assert not any(part in text for part in lacks), text


def test_where_nothing_can_be_said_that_is_a_failure(composer: ExtractiveComposer) -> None:
    for text in ("", "***", "## Heading", "Do this:"):
        with pytest.raises(ComposeFailure):
            said(composer, "how?", passages(text))


def test_what_only_leads_elsewhere_is_said_where_there_is_nothing_else(composer: ExtractiveComposer) -> None:
    assert (
        said(composer, "where is it?", passages("See the setup guide for details."))
        == "See the setup guide for details."
    )


def answers(composer: ExtractiveComposer, workspace: Workspace) -> Iterator[tuple[str, list[Piece]]]:
    build = workspace.retriever.build
    for question in (
        "plus price?",
        "how do I pair a sensor",
        "is frost damage covered",
        "what does E4 mean and who pays",
    ):
        first = workspace.search(question)[0].passage
        evidence = Evidence(question, build.passages_of[first.article_id], first)
        yield question, list(composer.compose(evidence))


def test_every_piece_is_cited_word_for_word(composer: ExtractiveComposer, workspace: Workspace) -> None:
    texts = workspace.retriever.build.passage
    for question, pieces in answers(composer, workspace):
        assert pieces, question
        for piece in pieces:
            [citation] = piece.citations
            assert squash(citation.quote) in squash(texts[citation.passage_id].text)
            words = set(re.findall(r"\w+", piece.text))
            # Of what a table's row says, the names of its columns stand above it.
            assert words <= set(re.findall(r"\w+", texts[citation.passage_id].text)), question


def test_the_vectors_of_the_index_are_those_that_would_be_made(workspace: Workspace) -> None:
    build = workspace.retriever.build
    found = build.passages_of["billing/plans-and-prices"]
    made, held = Likeness(workspace.embedder), Likeness(workspace.embedder, build)
    new, old = made.near("plus price?", found), held.near("plus price?", found)
    assert old.passages == pytest.approx(new.passages, abs=0.02)
    for passage in found:
        for unit in units(passage):
            id = unit.passage.passage_id
            assert held.rarity("plus") != made.rarity("plus") == 1.0
            if len(unit.text) > 20:
                assert old.part(id, unit.quote) == pytest.approx(new.part(id, unit.quote), abs=0.02)


def test_a_bare_answer_is_said_with_what_follows_it() -> None:
    passage = Passage("faq", 1, "FAQ", (), "**Can I undo it?** Yes. The old data is kept. Ask us.")
    found = units(passage)
    assert [unit.text for unit in found] == ["Can I undo it?", "Yes. The old data is kept.", "Ask us."]
    assert all(unit.quote in passage.text for unit in found) and [unit.place for unit in found] == [0, 1, 2]


def test_pictures_are_not_quoted_and_tables_are_no_part_of_lists() -> None:
    table = "| Code | Meaning |\n|---|---|\n| E1 | empty |"
    text = f"See ![a red arrow](arrow.png) here.\n1. Open it.\n2. Close it.\n{table}\nDone."
    found = units(Passage("a", 1, "A", (), text))
    assert [unit.kind for unit in found] == ["sentence", "steps", "row", "sentence"]
    assert not any("arrow" in unit.text for unit in found) and "|" not in found[1].text
