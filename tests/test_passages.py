"""Passages: nothing is lost, nothing is too long, and what belongs together stays together."""

import re
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.knowledge.article import Article, Passage
from kit.knowledge.blocks import is_warning, parse
from kit.knowledge.passages import split


def words_of(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text)


def by_words(text: str) -> int:
    return len(text.split())


def by_pieces(text: str) -> int:
    """Like a word-piece tokenizer that also counts its two marks."""
    return 2 + sum(1 + len(piece) // 6 for piece in re.findall(r"\w+|[^\w\s]", text))


COUNTS: list[Callable[[str], int]] = [by_words, by_pieces, len]


def article(text: str, title: str = "Reset the device") -> Article:
    return Article("setup/reset", title, text, "setup/reset.md", url="https://help.example/reset")


def cut(text: str, limit: int, count: Callable[[str], int] = by_words, title: str = "T") -> list[Passage]:
    return split(article(text, title), limit=limit, count=count)


def texts(passages: Sequence[Passage]) -> list[str]:
    return [passage.text for passage in passages]


def is_in_order(part: list[str], whole: list[str]) -> bool:
    rest = iter(whole)
    return all(word in rest for word in part)


def check(text: str, passages: list[Passage], limit: int, count: Callable[[str], int]) -> None:
    shown = "\n".join(passage.indexed_text for passage in passages)
    assert is_in_order(words_of(text), words_of(shown)), shown
    assert [passage.number for passage in passages] == list(range(1, len(passages) + 1))
    for passage in passages:
        assert passage.text.strip()
        assert count(passage.indexed_text) <= limit or len(passage.text.replace("> ", "").split()) <= 1, passage


word = st.text("abcdefghijklmnop", min_size=1, max_size=9)
sentence = st.lists(word, min_size=1, max_size=12).map(lambda some: " ".join(some).capitalize() + ".")
paragraph = st.lists(sentence, min_size=1, max_size=6).map(" ".join)
numbered = st.lists(sentence, min_size=1, max_size=8).map(
    lambda some: "\n".join(f"{number}. {one}" for number, one in enumerate(some, start=1))
)
bullets = st.lists(paragraph, min_size=1, max_size=6).map(lambda some: "\n".join(f"- {one}" for one in some))
nested = st.tuples(sentence, bullets).map(lambda two: f"1. {two[0]}\n" + re.sub("(?m)^", "   ", two[1]) + "\n2. End.")
quote = paragraph.map(lambda one: f"> **Note:** {one}")
code = st.lists(sentence, min_size=1, max_size=8).map(lambda some: "```sh\n" + "\n".join(some) + "\n```")
heading = st.tuples(st.integers(1, 4), st.lists(word, min_size=1, max_size=5)).map(
    lambda two: "#" * two[0] + " " + " ".join(two[1])
)
table = st.lists(st.tuples(word, sentence), min_size=1, max_size=8).map(
    lambda rows: "| Key | Value |\n|---|---|\n" + "\n".join(f"| {key} | {value} |" for key, value in rows)
)
document = st.lists(
    st.one_of(heading, heading, paragraph, numbered, bullets, nested, quote, code, table, st.just("---")), max_size=14
).map("\n\n".join)


@settings(max_examples=150, deadline=None)
@given(text=document, limit=st.integers(12, 200), count=st.sampled_from(COUNTS), title=sentence)
def test_nothing_is_lost_and_nothing_is_too_long(
    text: str, limit: int, count: Callable[[str], int], title: str
) -> None:
    check(text, cut(text, limit, count, title), limit, count)


@settings(max_examples=150, deadline=None)
@given(text=st.text(st.sampled_from("ab1 \n\t#>-*`|~=_.:[]()<!\\&é漢。"), max_size=300), limit=st.integers(12, 60))
def test_any_text_at_all_can_be_cut(text: str, limit: int) -> None:
    check(text, cut(text, limit, by_words), limit, by_words)


@settings(max_examples=60, deadline=None)
@given(before=paragraph, steps=numbered, rows=table, after=paragraph)
def test_a_procedure_or_table_that_fits_by_itself_is_whole(before: str, steps: str, rows: str, after: str) -> None:
    limit = max(by_words("T\n" + one) for one in (steps, rows))
    shown = texts(cut("\n\n".join([before, steps, after, rows, before]), limit))
    assert any(steps in one for one in shown)
    assert any(rows in one for one in shown)


def test_headings_lead_to_a_passage() -> None:
    long = "word " * 30
    passages = cut(f"Intro {long}\n\n## Plans\n\n{long}\n\n### Plus\n\n{long}\n\n## **Refunds** `now`\n\n{long}", 60)
    assert [one.headings for one in passages] == [(), ("Plans",), ("Plans", "Plus"), ("Refunds now",)]
    assert passages[2].indexed_text.startswith("T > Plans > Plus\nword")
    assert passages[2].passage_id == "setup/reset#3"
    assert {one.url for one in passages} == {"https://help.example/reset"}


def test_short_neighbours_share_a_passage_and_keep_their_headings() -> None:
    text = "## Costs\n\n### Plus\n\nFour dollars.\n\n### Pro\n\nNine dollars.\n\n## Other\n\n" + "word " * 50
    first, second = cut(text, 90)
    assert (first.headings, first.text) == (("Costs",), "### Plus\n\nFour dollars.\n\n### Pro\n\nNine dollars.")
    assert second.headings == ("Other",)


def test_parts_of_different_sections_do_not_share_a_passage() -> None:
    passages = cut("## A\n\n### A1\n\nOne.\n\n## B\n\n### B1\n\nTwo.", 90)
    assert [one.headings for one in passages] == [("A", "A1"), ("B", "B1")]


def test_a_heading_with_nothing_below_it_is_kept() -> None:
    assert texts(cut("## Empty", 20)) == ["## Empty"]


def test_a_long_list_is_cut_between_items() -> None:
    steps = [f"{n}. Press the button number {n} and wait." for n in range(1, 11)]
    shown = texts(cut("\n".join(steps), 40))
    assert "\n".join(shown).split("\n") == steps
    sizes = [len(one.split("\n")) for one in shown]
    assert max(sizes) - min(sizes) <= 1


def test_a_list_numbered_with_ones_counts_on_when_it_is_cut() -> None:
    shown = texts(cut("\n".join(["1. Press the button.\n   Then wait."] * 12), 24))
    assert re.findall(r"(?m)^\d+", "\n".join(shown)) == [str(n) for n in range(1, 13)]
    assert "12. Press the button.\n    Then wait." in shown[-1]


def test_numbers_that_the_writer_chose_stay() -> None:
    shown = texts(cut("3. Three is here.\n4. Four is here.\n7. Seven is here.", 6))
    assert re.findall(r"\d", "".join(shown)) == ["3", "4", "7"]


def test_nested_items_do_not_become_code_at_the_start_of_a_passage() -> None:
    text = "1. First thing:\n" + "\n".join(f"      - nested point number {n} is here" for n in range(9))
    assert all(not one.startswith(" ") for one in texts(cut(text, 20)))


def test_a_long_table_repeats_its_header() -> None:
    head = "| Code | Meaning |\n|---|---|"
    rows = [f"| E{n} | fault number {n} of the furnace |" for n in range(12)]
    shown = texts(cut(f"{head}\n" + "\n".join(rows), 60))
    assert len(shown) > 1
    assert all(one.startswith(head) for one in shown)
    assert [row for one in shown for row in one.split("\n")[2:]] == rows


def test_long_code_stays_fenced() -> None:
    lines = [f"kit run step {n}" for n in range(30)]
    shown = texts(cut("~~~sh\n" + "\n".join(lines) + "\n~~~", 30))
    assert len(shown) > 1
    assert all(one.startswith("~~~sh\n") and one.endswith("\n~~~") for one in shown)
    assert [line for one in shown for line in one.split("\n")[1:-1]] == lines


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    some = [f"This is the sentence with the number {n}." for n in range(20)]
    shown = texts(cut(" ".join(some), 40))
    assert len(shown) > 1
    assert " ".join(shown) == " ".join(some)
    assert all(one.endswith(".") for one in shown)


def test_a_warning_stays_with_its_step() -> None:
    # Without the rule the step would go with the text before it, as that is more even.
    step, warning = "Open the panel of it.", f"> **Warning:** {'danger ' * 18}".strip()
    shown = texts(cut(f"{'text ' * 18}\n\n{step}\n\n{warning}", 40))
    assert shown[-1] == f"{step}\n\n{warning}"


@pytest.mark.parametrize(
    "warning",
    [
        "**Warning:** Turn the power off before you do.",
        "**Caution**: Turn the power off before you do.",
        "**Important (old lamps)** Turn the power off before you do.",
        "Note: Turn the power off before you do it.",
        "__Tip:__ Turn the power off before you do it.",
    ],
)
def test_a_paragraph_that_warns_stays_with_its_step(warning: str) -> None:
    step = "Open the panel of it."
    shown = texts(cut(f"{'text ' * 20}\n\n{step}\n\n{warning}\n\n{'word ' * 12}", 24))
    assert any(f"{step}\n\n{warning}" in one for one in shown)


@pytest.mark.parametrize("words", ["Notes are kept here.", "Note the colour of the lamp.", "Tips help you."])
def test_a_paragraph_that_only_begins_like_a_warning_is_none(words: str) -> None:
    [block] = parse(words)
    assert not is_warning(block)


@pytest.mark.parametrize("mark", ["> **Warning:**", "**Caution:**"])
def test_a_warning_before_a_procedure_stays_with_it(mark: str) -> None:
    warning = f"{mark} Turn the power off."
    steps = "1. Open the panel of it.\n2. Take the lamp out of it."
    shown = texts(cut(f"{'text ' * 12}\n\n{warning}\n\n{steps}\n\n{'word ' * 12}", 22))
    assert f"{warning}\n\n{steps}" in shown


def test_a_warning_leaves_its_heading_for_the_procedure_where_all_three_do_not_fit() -> None:
    lead = f"{'text ' * 14}this:"
    warning, steps = "> **Warning:** Turn the power off.", "1. Open the panel of it.\n2. Take the lamp out."
    shown = texts(cut(f"{lead}\n\n{warning}\n\n{steps}", 24))
    assert shown == [lead, f"{warning}\n\n{steps}"]


@pytest.mark.parametrize("between", ["> **Warning:** It is hot.", "Wait for it.", "```\nkit run\n```"])
def test_a_procedure_that_counts_on_after_something_else_is_whole_where_it_fits(between: str) -> None:
    steps = f"1. Open the panel of it.\n2. Take the lamp out.\n\n{between}\n\n3. Put the new one in."
    shown = texts(cut(f"{'text ' * 14}\n\n{steps}\n\n{'word ' * 14}", 24))
    assert steps in shown


def test_a_warning_after_a_procedure_or_table_that_fits_with_it_is_kept_there() -> None:
    warning = "> **Note:** Only in Europe."
    for whole in ("1. Open it.\n2. Close it.", "| Plan | Price |\n|---|---|\n| Plus | 9 |"):
        shown = texts(cut(f"{'text ' * 16}\n\n{whole}\n\n{warning}\n\n{'word ' * 16}", 26))
        assert any(f"{whole}\n\n{warning}" in one for one in shown)


def test_many_lists_and_warnings_are_cut_in_good_time() -> None:
    text = "\n\n".join(f"{n}. Step {n}.\n\n> **Note:** So." for n in range(1, 3000))
    check(text, cut(text, 40), 40, by_words)


def test_a_long_warning_is_a_warning_in_each_part() -> None:
    shown = texts(cut("> " + "Turn the power off now. " * 20, 30))
    assert len(shown) > 1
    assert all(line.startswith("> ") for one in shown for line in one.split("\n"))


def test_an_introduction_stays_with_its_list() -> None:
    shown = texts(cut(f"{'text ' * 30}\n\nDo this:\n\n1. Press.\n2. Wait until the light is green.", 38))
    assert shown[-1].startswith("Do this:\n\n1. Press.")


@pytest.mark.parametrize("line", ["RESOLVING THE PROBLEM", "**Resolving the problem**"])
def test_a_heading_by_looks_stays_with_what_follows(line: str) -> None:
    shown = texts(cut(f"{'text ' * 30}\n\n{line}\n\n{'word ' * 30}", 40))
    assert shown[-1].startswith(line)


def test_an_article_with_only_a_title_is_one_passage() -> None:
    only = cut("\n---\n", 20, title="We have moved")
    assert texts(only) == ["We have moved"]


def test_a_title_longer_than_half_the_limit_is_shortened() -> None:
    passages = cut("Some words here. " * 9, 12, title="one two three four five six seven eight nine ten")
    assert all(by_words(one.indexed_text) <= 12 for one in passages)
    assert passages[0].title.endswith("…")


def test_a_single_word_may_be_too_long() -> None:
    address = "https://help.example/" + "a" * 200
    shown = texts(cut(f"See here: {address} for more.", 60, len))
    assert address in shown


def test_scripts_without_spaces_are_cut_at_their_stops() -> None:
    shown = texts(cut("電源を切ってください。もう一度入れてください、そして待ってください。" * 5, 60, len))
    assert len(shown) > 1
    assert all(one[-1] in "。、" for one in shown)


@pytest.mark.parametrize(
    "text",
    ["Some words, and more of it. " * 3000, "word " * 20_000, "## head\n\ntext\n\n" * 3000, "- item here\n" * 5000],
    ids=["sentences", "words", "headings", "items"],
)
def test_the_work_grows_with_the_text_and_not_with_its_square(text: str) -> None:
    counted = 0

    def count(part: str) -> int:
        nonlocal counted
        counted += len(part)
        return by_words(part)

    cut(text, 180, count)
    assert counted < 12 * len(text)
