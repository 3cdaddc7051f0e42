"""What is wrong with a knowledge base: found whatever the order, and only where something is."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from kit.cli.health import print_health, print_left_out
from kit.knowledge import Article, Finding, Health, LeftOut, Skipped, examine, kept_health
from kit.knowledge.health.facts import differences, statements
from kit.knowledge.health.overlap import candidates, hashed_runs, shared, tokens
from kit.knowledge.health.titles import Title
from kit.scaffold import create_workspace
from kit.workspace import Workspace

TODAY = date(2026, 11, 25)
RETURNS = (
    "You can return a lamp within 30 days of delivery, for whatever reason, if you have not used it.\n\n"
    "1. Open the page of your order.\n2. Choose the lamp and print the label.\n3. Hand the parcel in at a shop.\n\n"
    "We pay the postage. The money is on your card 5 days after the parcel has reached our warehouse in Ghent."
)


def article(id: str, title: str, text: str, **facts: Any) -> Article:
    return Article(id, title, text, f"{id}.md", **facts)


def examined(*articles: Article, passages: dict[str, int] | None = None, **settings: Any) -> Health:
    return examine(articles, passages or {}, today=TODAY, **settings)


def only(*articles: Article) -> Finding:
    [finding] = examined(*articles).findings
    return finding


def invented(seed: int, count: int = 120) -> str:
    """Words that mean nothing, in sentences; other seeds share no words."""
    chosen = random.Random(seed)
    made = ["".join(chosen.choices("bcdfglmnprst", k=2)) + f"{'aeiou'[seed % 5]}x{seed}q" for _ in range(count)]
    return ". ".join(" ".join(made[start : start + 12]).capitalize() for start in range(0, count, 12)) + "."


# Duplicates


def test_a_copy_is_reported_once_with_what_to_do() -> None:
    found = only(article("a", "Returns", RETURNS), article("b", "Returns", RETURNS), article("c", "Care", invented(1)))
    assert (found.kind, found.article_ids, found.numbers) == ("duplicate", ("a", "b"), {"shared": 1.0})
    assert found.message.startswith("They say the same, word for word. Keep one and take the others out")


def test_a_reworded_copy_under_a_longer_title() -> None:
    other = RETURNS.replace("for whatever reason", "whatever the reason")
    found = only(article("a", "Returns", RETURNS), article("b", "Returns policy", other, updated=date(2026, 1, 2)))
    assert found.kind == "duplicate" and 0.8 < found.numbers["shared"] < 1
    assert "They share at least 8" in found.message


def test_the_newest_of_the_copies_stands_first() -> None:
    dates = {"a": date(2025, 1, 1), "b": date(2026, 3, 1), "c": date(2024, 12, 1)}
    found = only(*(article(id, "Returns", RETURNS, updated=day) for id, day in dates.items()))
    assert found.article_ids == ("b", "a", "c") and "(b is the newest)" in found.message


def test_what_stands_in_a_longer_article_too() -> None:
    whole = article("whole", "All about orders", f"{invented(1)}\n\n{RETURNS}\n\n{invented(2)}")
    found = only(article("part", "Returns", RETURNS), whole)
    assert found.kind == "duplicate" and found.message.startswith("100% of part stands in whole too.")
    note = "We pay the postage both ways if you live on an island."
    assert examined(article("note", "Postage", note), replace(whole, text=f"{note} {invented(1)}")).findings == ()


@pytest.mark.parametrize(
    "facts",
    [{"language": ("en", "fr")}, {"product": ("Dial 1", "Dial 2")}, {"audience": ("customers", "installers")}],
    ids=str,
)
def test_a_copy_for_others_is_none(facts: dict[str, tuple[str, str]]) -> None:
    [(name, values)] = facts.items()
    one, other = (article(value, "Returns", RETURNS, **{name: value}) for value in values)
    assert examined(one, other).findings == ()
    same = only(one, replace(other, **{name: values[0].upper()}))
    assert same.kind == "duplicate"


def test_five_thousand_copies_are_one_finding() -> None:
    found = only(*(article(f"{number:04}", f"Returns {number}", RETURNS) for number in range(5000)))
    assert found.kind == "duplicate" and len(found.article_ids) == 5000


def test_what_very_many_texts_share_makes_no_pairs_of_all() -> None:
    known: dict[str, int] = {}
    texts = [hashed_runs(tokens(f"{RETURNS} {invented(number, 24)}"), known) for number in range(600)]
    pairs = list(candidates(texts, least=0.5))
    assert len(pairs) <= 600 * 20 and len(pairs) == len(set(pairs))
    assert {row for pair in pairs for row in pair} == set(range(600))


def test_many_nearly_equal_texts_are_one_group() -> None:
    many = [article(f"{number:03}", "Returns", RETURNS.replace("Ghent", f"ghent{number}x")) for number in range(200)]
    assert [len(found.article_ids) for found in examined(*many).findings] == [200]


# Contradictions


def test_two_deadlines() -> None:
    old = article("old/returns", "Returns (old)", RETURNS.replace("30 days", "14 days"), updated=date(2025, 1, 1))
    found = only(old, article("returns", "Returns", RETURNS, updated=date(2026, 1, 1)))
    assert (found.kind, found.article_ids) == ("conflict", ("returns", "old/returns"))
    assert found.differences == (("30 days", "14 days"),)
    assert found.message == (
        "“30 days” in returns, “14 days” in old/returns. returns is the newest. "
        "Keep the one that holds, and correct or take out the rest."
    )


def versions(first: str, second: str) -> tuple[tuple[str, str], ...]:
    """What two articles of one title contradict each other in, each with one sentence of its own."""
    one, other = (article(id, "Returns", f"{RETURNS}\n\n{text}") for id, text in (("a", first), ("b", second)))
    found = examined(one, other).findings
    return tuple(pair for finding in found if finding.kind == "conflict" for pair in finding.differences)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("Express costs $4.95 a parcel.", "Express costs $5.95 a parcel.", ("$4.95 a", "$5.95 a")),
        ("Repairs take two weeks at most.", "Repairs take three weeks at most.", ("2 weeks", "3 weeks")),
        ("You get it back within 48 hours.", "You get it back within 3 days.", ("48 hours", "3 days")),
        ("We keep 15 % for used lamps.", "We keep 20 % for used lamps.", ("15 % for", "20 % for")),
        ("Write to help@lamps.example now.", "Write to care@lamps.example now.", None),
        ("See https://lamps.example/a for it.", "See https://lamps.example/b for it.", None),
        ("Call us on +44 20 7946 0000.", "Call us on +44 20 7946 0001.", ("+44 20 7946 0000", "+44 20 7946 0001")),
        ("The offer ends on 12 March 2026.", "The offer ends on 30 June 2026.", ("12 March 2026", "30 June 2026")),
        ("Install version 4.8.2 of the app.", "Install version 4.9 of the app.", ("4.8.2 of", "4.9 of")),
        ("The code is E-104 on the lamp.", "The code is E-105 on the lamp.", ("E-104", "E-105")),
    ],
)
def test_what_differs_is_named(first: str, second: str, expected: tuple[str, str] | None) -> None:
    [pair] = versions(first, second)
    assert pair == expected or (expected is None and pair[0] in first and pair[1] in second and pair[0] != pair[1])
    assert versions(second, first) == (pair[::-1],)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Lamps on sale can be returned to a shop.", "Lamps on sale cannot be returned to a shop."),
        ("We do refund the postage of gifts.", "We don't refund the postage of gifts."),
        ("Ein Tausch im Laden ist möglich.", "Ein Tausch im Laden ist nicht möglich."),
        ("可以在商店退货。", "不可以在商店退货。"),
    ],
)
def test_a_denial_contradicts(first: str, second: str) -> None:
    assert versions(first, second) == ((first, second),)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("It costs $20 in all.", "It costs 20.00 USD in all."),
        ("You may pay up to 1,000 euros by card.", "You may pay up to 1000 euros by card."),
        ("Repairs take two weeks at most.", "Repairs take 2 weeks at most."),
        ("3. Keep the receipt of the shop.", "4. Keep the receipt of the shop."),
        ("Keep the receipt of the shop.", "Gifts come with a card and 2 stamps."),
    ],
)
def test_what_only_looks_different_does_not(first: str, second: str) -> None:
    assert versions(first, second) == ()


def test_a_version_that_was_written_anew() -> None:
    one = "Lamps can be returned within 30 days. Print the label, pack the lamp, and bring the parcel to a shop."
    other = "To return a lamp you have 14 days: pack the lamp, print the label and bring the parcel to any shop."
    assert only(article("a", "Returns", one), article("b", "Returns", other)).differences == (("30 days", "14 days"),)


def test_one_title_over_different_subjects() -> None:
    one, other = f"Answers take 2 days. {invented(1)}", f"Repairs take 9 days. {invented(2)}"
    assert examined(article("a", "Overview", one), article("b", "Overview", other)).findings == ()


def test_versions_named_in_the_titles_are_two_even_where_no_fact_differs() -> None:
    text = RETURNS.replace("for whatever reason", "whatever the reason")
    found = only(article("a", "Returns v1", RETURNS), article("b", "Returns v2", text))
    assert (found.kind, found.article_ids, found.differences) == ("conflict", ("b", "a"), (("v2", "v1"),))
    labelled = only(article("a", "Returns", RETURNS, labels=("v1",)), article("b", "Returns", text, labels=("v2",)))
    assert labelled.differences == (("v1", "v2"),)


def test_twins_contradict_nobody() -> None:
    shorter = RETURNS.replace("30 days", "14 days")
    language = article("en", "Returns", RETURNS, language="en"), article("ie", "Returns", shorter, language="ga")
    number = article("a", "Set up Dial 1", RETURNS), article("b", "Set up Dial 2", shorter)
    subject = (
        article("a", "Returns by business customers", RETURNS),
        article("b", "Returns by private customers", shorter),
    )
    lamps = RETURNS.replace("lamp", "Aura lamp or Beam lamp"), shorter.replace("lamp", "Aura lamp or Beam lamp")
    product = (
        article("a", "Return an Aura", lamps[0], product="Aura"),
        article("b", "Return a Beam", lamps[1], product="Beam"),
    )
    for pair in (language, number, subject, product):
        assert examined(*pair).findings == (), pair[0].title


def test_one_title_for_two_products_is_a_contradiction_for_who_reads_it() -> None:
    shorter = RETURNS.replace("30 days", "14 days")
    found = only(article("a", "Returns", RETURNS, product="Aura"), article("b", "Returns", shorter, product="Beam"))
    assert found.differences == (("30 days", "14 days"),)


def test_more_than_two_versions_are_one_finding() -> None:
    days = {"a": 30, "b": 14, "c": 60, "d": 7}
    found = only(*(article(id, "Returns", RETURNS.replace("30 days", f"{number} days")) for id, number in days.items()))
    assert found.kind == "conflict" and sorted(found.article_ids) == list(days)
    assert "; 2 others like them. Keep" in found.message


# Whatever the order and the script


def test_the_order_of_the_articles_changes_nothing() -> None:
    chosen = random.Random(7)
    articles = [
        article(f"x{number}", f"Subject {chr(97 + number)}{chr(98 + number)}", invented(number)) for number in range(8)
    ]
    articles += [
        article("a", "Returns", RETURNS),
        article("b", "Returns (2024)", RETURNS.replace("5 days", "9 days")),
        article("c", "Returns", RETURNS),
        article("d", "Copy of Subject ab", invented(0), updated=date(2020, 1, 1)),
        article("e", "Nothing", ""),
    ]
    expected = examined(*articles)
    assert {found.kind for found in expected.findings} == {"conflict", "duplicate", "empty", "stale"}
    for _ in range(6):
        chosen.shuffle(articles)
        assert examined(*articles) == expected


def test_the_share_of_text_is_symmetric() -> None:
    known: dict[str, int] = {}
    runs = [hashed_runs(tokens(text), known) for text in (RETURNS, RETURNS[:150], invented(1), "", "word")]
    for one in runs:
        assert shared(one, one) == ((1.0, 1.0) if len(one) else (0.0, 0.0))
        for other in runs:
            assert shared(one, other) == shared(other, one)
            assert 0 <= shared(one, other)[0] <= shared(one, other)[1] <= 1
    left, right = statements("It costs 5 euros. It is red."), statements("It is red. It costs 6 euros.")
    assert differences(left, right) == [pair[::-1] for pair in differences(right, left)] == [("5 euros", "6 euros")]


def test_scripts_without_spaces() -> None:
    text = "商品到着後30日以内であれば、未使用の商品を返品できます。送料は当社が負担します。"
    text += "返金は倉庫に届いてから五日後です。"
    found = only(article("a", "返品", text), article("b", "返品", text.replace("30日", "14日")))
    assert found.kind == "conflict"
    [(mine, others)] = found.differences
    assert mine.startswith("30") and others.startswith("14")
    assert only(article("a", "返品", text), article("b", "返品", text)).kind == "duplicate"
    assert examined(article("a", "返品", text), article("b", "保証", "保証期間は購入日から二年間です。")).findings == ()
    assert tokens("\uff21\uff22\uff23 Straße 返品") == ["abc", "strasse", "返", "品"]


@pytest.mark.parametrize(
    "text", ["\ud800 half a sign " * 5, "\0" * 50, "💡" * 50, "|---|---|\n" * 40, "1. " * 40, "- \n" * 40]
)
def test_odd_texts_are_survived(text: str) -> None:
    found = examined(article("a", "", text), article("b", "💡", text + " 1 2 3 4"))
    assert found.articles == 2


# Empty, over-long, out of date


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no text"),
        ("Soon.", "only one word of text"),
        ("![A lamp](lamp.png)\n\nA lamp.", "only 2 words of text"),
        ("https://lamps.example/a/very/long/address/of/some/page", "no text"),
    ],
)
def test_an_article_without_text(text: str, said: str) -> None:
    found = only(article("a", "Returns", text), article("b", "Care", "Wipe the shade with a dry cloth."))
    assert (found.kind, found.article_ids) == ("empty", ("a",)) and f"It has a title and {said}." in found.message


def test_empty_articles_are_no_copies_of_each_other() -> None:
    assert examined(*(article(id, "Returns", "Soon.") for id in "abc")).counts["empty"] == 3


def test_an_article_that_is_too_long() -> None:
    long = article("long", "Everything", "word and another one. " * 5001)
    many = article("many", "Much", RETURNS)
    health = examined(long, many, article("fine", "Care", invented(1)), passages={"many": 61, "fine": 60})
    assert [(found.kind, found.article_ids) for found in health.findings] == [
        ("over_long", ("long",)),
        ("over_long", ("many",)),
    ]
    assert health.findings[1].numbers["passages"] == 61 and "Split it by subject" in health.findings[1].message
    assert health.passages == 121


def aged(days: int, **settings: Any) -> list[str]:
    found = examined(article("a", "Care", invented(1), updated=TODAY - timedelta(days)), **settings).findings
    return [one.kind for one in found]


def test_what_is_out_of_date() -> None:
    assert aged(730) == [] and aged(731) == ["stale"]
    assert aged(10, stale_days=9) == ["stale"] and aged(9999, stale_days=0) == []
    assert aged(-1) == [] and aged(-2) == ["misdated"] and aged(-2, stale_days=0) == ["misdated"]
    assert examined(article("a", "Care", invented(1))).undated == 1


def test_another_day_needs_no_new_examination() -> None:
    health = examined(article("a", "Care", invented(1), updated=TODAY), article("b", "Returns", RETURNS))
    later = health.on(TODAY + timedelta(100), stale_days=50)
    assert [found.kind for found in later.findings] == ["stale"] and later.undated == 1
    assert later.on(TODAY, stale_days=730) == health


# Kept


def sick() -> Health:
    return examined(
        article("a", "Returns", RETURNS, updated=TODAY),
        article("b", "Returns", RETURNS.replace("30", "14"), updated=date(2020, 2, 29)),
        article("e", "Nothing", ""),
        passages={"a": 2},
    )


def test_health_survives_as_json() -> None:
    assert Health.from_json(json.loads(json.dumps(sick().to_json()))) == sick()


def kept(file: Path, examine: Callable[[], Health], corpus: str = "one", today: date = TODAY) -> Health:
    return kept_health(file, corpus=corpus, examine=examine, today=today, stale_days=730)


def never() -> Health:
    raise AssertionError("it was examined again")


def test_it_is_examined_once_for_each_state(tmp_path: Path) -> None:
    file = tmp_path / "health.json"
    assert kept(file, sick) == sick() == kept(file, never)
    assert kept(file, never, today=TODAY + timedelta(9999)).counts["stale"] == 2
    with pytest.raises(AssertionError, match="examined again"):
        kept(file, never, corpus="two")
    other = examined(article("a", "Returns", RETURNS))
    assert kept(file, lambda: other, corpus="two") == other == kept(file, never, corpus="two")
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("content", ["", "null", "[]", '{"corpus": 1}', "[" * 100_000, "\0"])
def test_a_damaged_record_is_replaced(tmp_path: Path, content: str) -> None:
    file = tmp_path / "health.json"
    file.write_text(content)
    assert kept(file, sick) == sick() == kept(file, never)


def test_a_record_that_lost_a_part_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "health.json"
    kept(file, sick)
    for key in ("texts", "updated", "today", "articles"):
        content = json.loads(file.read_text())
        content["health"][key] = None
        file.write_text(json.dumps(content))
        assert kept(file, sick) == sick()


def test_what_cannot_be_kept_is_still_found(tmp_path: Path) -> None:
    assert kept(tmp_path / "no folder" / "health.json", sick) == sick()


# Printed


def test_the_counts_come_first_then_the_first_of_each_kind(capsys: pytest.CaptureFixture[str]) -> None:
    stubs = [article(f"stub-{number}", "Soon", "") for number in range(5)]
    copies = [article(f"copy-{number}", "Returns", RETURNS) for number in range(6)]
    health = examined(*stubs, *copies, article("old", "Care", invented(1), updated=date(2020, 1, 1)))
    print_health(health)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Health: 12 articles, 0 passages; 1 duplicate, 5 empty, 1 stale, 11 without a date."
    assert lines[2].startswith("  copy-0, copy-1, copy-2, copy-3 and 2 more: They say the same, word for word.")
    assert lines[4].startswith("  stub-0: It has a title and no text.") and lines[7] == "  and 2 more"
    assert lines[9].startswith("  old: Updated 2020-01-01, 2,520 days ago.")
    assert lines[10:] == ["`kit index --health` names all."]

    print_health(health, everything=True)
    shown = capsys.readouterr().out
    assert all(f"{id}:" in shown or f"{id}," in shown for id in [one.article_id for one in (*stubs, *copies)])
    assert "and 2 more" not in shown and "--health" not in shown


def test_a_healthy_knowledge_base_has_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_health(examined(article("a", "Returns", RETURNS, updated=TODAY), passages={"a": 2}))
    print_left_out(())
    assert capsys.readouterr().out == "Health: 1 article, 2 passages; nothing to mend.\n"


def test_what_was_left_out_is_named_with_the_reason(capsys: pytest.CaptureFixture[str]) -> None:
    skipped = tuple(Skipped(f"{number}.pdf", "It is encrypted.") for number in range(5))
    print_left_out(skipped)
    assert capsys.readouterr().out.splitlines() == ["Left out 5:", *(f"  {n}.pdf: It is encrypted." for n in range(5))]
    error = LeftOut(skipped)
    assert error.problem == (
        "5 files would be left out: 0.pdf (It is encrypted); 1.pdf (It is encrypted); 2.pdf (It is encrypted);"
        " and 2 more."
    )
    assert error.remedy and "`--strict`" in error.remedy


# Titles


@pytest.mark.parametrize(
    ("title", "subject", "marks"),
    [
        ("Returns", "returns", ()),
        ("Copy of Returns", "returns", ("copy of",)),
        ("Returns (old)", "returns", ("old",)),
        ("RETURNS – v2.1", "returns", ("v2.1",)),
        ("Returns, version 3 (2024-05-01)", "returns", ("2024-05-01", "version 3")),
        ("Returns (updated March 2025)", "returns", ("updated march 2025",)),
        ("Returns [en-US]", "returns", ()),
        ("Old", "old", ()),
        ("What's new", "what's new", ()),
        ("Prices (2026)", "prices", ("2026",)),
        ("Install on Office 2019", "install on office 2019", ()),
        ("v2", "v2", ()),
        ("Install app 4.8.2", "install app 4.8.2", ()),
        ("Set up Dial 2", "set up dial 2", ()),
        ("", "", ()),
    ],
)
def test_a_title_is_taken_apart(title: str, subject: str, marks: tuple[str, ...]) -> None:
    assert (Title(title).subject, Title(title).marks) == (subject, marks)


# In a workspace


def test_a_workspace_keeps_its_health_until_an_article_changes(tmp_path: Path) -> None:
    create_workspace(tmp_path / "shop")
    folder = tmp_path / "shop" / "playbooks" / "knowledge"
    for name, text in (("a", RETURNS), ("b", RETURNS.replace("30 days", "14 days"))):
        (folder / f"{name}.md").write_text(f"# Returns\n\n{text}\n")
    space = Workspace.open(tmp_path / "shop")
    space.index()
    [found] = space.health().findings
    assert found.differences == (("30 days", "14 days"),)
    written = (space.derived / "index" / "health.json").read_text()
    assert space.health().findings == (found,)
    assert (space.derived / "index" / "health.json").read_text() == written

    (folder / "b.md").unlink()
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    with pytest.raises(LeftOut) as caught:
        space.index(strict=True)
    assert [one.path for one in caught.value.skipped] == ["broken.pdf"] and caught.value.exit_code == 2
    assert str(caught.value).startswith("1 file would be left out: broken.pdf (")
    assert space.health().findings == (found,)  # the old index is in force
    assert space.index().skipped == caught.value.skipped
    assert space.health().findings == ()
