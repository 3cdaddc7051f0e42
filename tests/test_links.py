"""Links of passages: each leads to the place in the article that it was cut from."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kit.knowledge import HybridRetriever, open_index, refresh_index
from kit.knowledge.article import Article
from kit.knowledge.passages import split
from kit.workspace import Workspace
from tests.conftest import Run

WORDS = "word " * 40
ARTICLE = Article(
    "setup/reset",
    "Reset",
    f"{WORDS}\n\n## Before, you-start\n\n{WORDS}\n\n### What's **new**?\n\n{WORDS}\n\n## Steps\n\n{WORDS}\n\n"
    f"## What's new?\n\n{WORDS}",
    "setup/reset the lamp.md",
)


def links(article: Article, limit: int = 70) -> list[str]:
    return [one.link for one in split(article, limit=limit, count=lambda text: len(text.split()))]


def test_without_a_url_a_passage_leads_to_its_heading_in_the_file() -> None:
    path = "setup/reset%20the%20lamp.md"
    assert links(ARTICLE) == [
        path,
        f"{path}#before-you-start",
        f"{path}#whats-new",
        f"{path}#steps",
        f"{path}#whats-new-1",
    ]


@pytest.mark.parametrize("source", ["a.docx", "a.pdf", "a.txt"])
def test_a_file_without_fragments_is_led_to_as_a_whole(source: str) -> None:
    assert set(links(replace(ARTICLE, source=source))) == {source}


def test_with_a_url_a_passage_leads_to_its_heading_by_the_fragment_else_by_its_words() -> None:
    url = "https://help.example/reset"
    found = links(replace(ARTICLE, url=url, anchors=(("Steps", "s1"), ("What's new?", ""), ("What's new?", "n 2"))))
    assert found == [
        url,
        f"{url}#:~:text=Before%2C%20you%2Dstart",
        f"{url}#:~:text=What%27s%20new%3F",
        f"{url}#s1",
        f"{url}#n%202",
    ]


def test_the_deepest_heading_with_a_fragment_counts() -> None:
    article = replace(ARTICLE, url="https://help.example/r", anchors=(("Before, you-start", "b"),))
    assert links(article)[1:3] == ["https://help.example/r#b", "https://help.example/r#b"]


def test_a_url_that_has_a_fragment_changes_it() -> None:
    url = "https://help.example/faq#reset"
    assert links(replace(ARTICLE, url=url, anchors=(("Steps", "s1"),)))[:4] == [
        url,
        f"{url}:~:text=Before%2C%20you%2Dstart",
        f"{url}:~:text=What%27s%20new%3F",
        "https://help.example/faq#s1",
    ]


def test_a_url_whose_fragment_names_the_page_keeps_it() -> None:
    url = "https://app.example/#/help/reset"
    assert links(replace(ARTICLE, url=url, anchors=(("Steps", "s1"),)))[3] == f"{url}:~:text=Steps"


def test_later_passages_of_a_section_lead_to_their_first_words() -> None:
    sentences = [f"Press the **button** number {n} of this lamp and wait a while." for n in range(9)]
    article = replace(ARTICLE, url="https://help.example/r", text="\n\n".join(sentences))
    first, second, *_ = links(article, limit=40)
    assert first == "https://help.example/r"
    assert second == "https://help.example/r#:~:text=Press%20the%20button%20number%203%20of%20this%20lamp"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1. Open [the app](https://x.example).\n2. Wait.", "Open%20the%20app."),
        ("| Code | Meaning |\n|---|---|\n| E1 | No |", "Code"),
        ("> **Note:** Press it.", "Note%3A%20Press%20it."),
        ("```\nkit run\n```", "kit%20run"),
    ],
)
def test_the_words_that_a_link_looks_for_are_those_that_are_shown(text: str, words: str) -> None:
    article = replace(ARTICLE, url="https://help.example/r", text=f"{'word ' * 9}\n\n{text}")
    assert links(article, limit=13)[1] == f"https://help.example/r#:~:text={words}"


def test_headings_in_other_scripts_are_led_to() -> None:
    article = replace(ARTICLE, text=f"{WORDS}\n\n## Zurück_setzen & mehr\n\n{WORDS}")
    assert links(article)[1].endswith("#zur%C3%BCck_setzen--mehr")


def test_what_is_known_of_an_article_changes_its_hash() -> None:
    changed = [
        replace(ARTICLE, created=date(2026, 1, 2)),
        replace(ARTICLE, updated=date(2026, 1, 2)),
        replace(ARTICLE, anchors=(("Steps", "s1"),)),
        replace(ARTICLE, anchors=(("Steps", "s2"),)),
        replace(ARTICLE, labels=("Steps", "s1")),
        replace(ARTICLE, source="b.md"),
    ]
    assert len({one.hash for one in [ARTICLE, *changed]}) == 7


def test_links_and_facts_are_kept_with_the_index(tmp_path: Path) -> None:
    workspace = Workspace.open(Path(__file__).parents[1])
    knowledge = tmp_path / "knowledge"
    knowledge.mkdir()
    head = "---\ntitle: Lamp\nurl: https://help.example/lamp\ncreated: 2024-01-02\nupdated: 2025-03-04\n---\n"
    (knowledge / "lamp.md").write_text(
        f"{head}\n{WORDS}\n\n## Reset the lamp {{#reset}}\n\nHold it.\n", encoding="utf-8"
    )
    embedder = workspace.embedder
    refresh_index(tmp_path / "index", knowledge=knowledge, embedder=embedder, passage_tokens=60)
    retriever = HybridRetriever(build=open_index(tmp_path / "index", embedder))
    article = retriever.article("lamp")
    assert (article.created, article.updated) == (date(2024, 1, 2), date(2025, 3, 4))
    assert article.anchors == (("Reset the lamp", "reset"),)
    assert [one.link for one in retriever.passages_of("lamp")][-1] == "https://help.example/lamp#reset"


def test_search_shows_the_link(kit: Run, sample: Path) -> None:
    said = kit("search", "reset the thermostat", "--top", "1", "-w", sample)
    assert said.returncode == 0, said.stderr
    lines = said.stdout.splitlines()
    assert len(lines) == 4 and lines[3] == ""
    assert lines[0].startswith("1. ")
    assert ".md" in lines[2] or "https://" in lines[2]
