"""Web pages in the shapes of help centres: the article is read, what stands around it is not."""

from datetime import date
from pathlib import Path

import pytest

from kit.knowledge.readers import read_folder
from tests.readers import pages
from tests.readers.reading import read_one, write


@pytest.mark.parametrize(
    ("page", "text", "title", "created", "updated"),
    [
        (pages.ZENDESK, pages.ZENDESK_TEXT, "Reset your lamp", None, date(2026, 2, 3)),
        (pages.INTERCOM, pages.INTERCOM_TEXT, "Change your plan", date(2024, 5, 6), date(2025, 7, 8)),
        (pages.DOCS, pages.DOCS_TEXT, "Install the bridge", date(2025, 1, 10), date(2026, 1, 11)),
        (pages.FAQ, pages.FAQ_TEXT, "Returns", None, date(2026, 5, 3)),
    ],
    ids=["zendesk", "intercom", "docs", "faq"],
)
def test_the_article_of_a_page(
    folder: Path, page: str, text: str, title: str, created: date | None, updated: date
) -> None:
    article = read_one(folder, "a.html", page)
    assert article.text == text
    assert (article.title, article.created, article.updated) == (title, created, updated)


@pytest.mark.parametrize(
    ("page", "anchors"),
    [
        (pages.ZENDESK, (("Before you start", "h_01HV"), ("Steps", "h_01HW"))),
        (pages.INTERCOM, (("Move up", "h_a"), ("Yearly plans", "h_b"))),
        (pages.DOCS, (("Place it", "place"), ("Wire it", "wire-it"), ("Faults", "faults"))),
        ('<h1>T</h1><h2><a name="x"></a>Set <b>up</b></h2><p>Text</p><h2>None</h2><p>Text</p>', (("Set up", "x"),)),
        ('<h1>T</h1><h2>Same</h2><p>a</p><h2 id="s">Same</h2><p>b</p>', (("Same", ""), ("Same", "s"))),
        ('<h1>T</h1><h2>Go<a href="#go" class="anchor">#</a></h2><p>Text</p>', (("Go", "go"),)),
        ('<h1>T</h1><div id="d"><p>Text first.</p><h2>Go</h2><p>Text</p></div>', ()),
    ],
)
def test_headings_are_led_to_by_their_ids(folder: Path, page: str, anchors: tuple[tuple[str, str], ...]) -> None:
    assert read_one(folder, "a.html", page).anchors == anchors


@pytest.mark.parametrize(
    ("box", "text"),
    [
        ('<div class="warning"><p>Hot.</p></div>', "> **Warning:** Hot."),
        ('<div class="admonition tip"><p class="admonition-title">Tip</p><p>Press.</p></div>', "> **Tip:** Press."),
        ('<div class="note"><p><strong>Note:</strong> Press.</p></div>', "> **Note:** Press."),
        ('<div class="callout"><p>Press.</p></div>', "> Press."),
        ('<div class="alert alert-danger">Hot.</div>', "> Hot."),
        ('<div class="admonition note"><ul><li>One</li></ul></div>', "> **Note:**\n>\n> - One"),
        ('<div class="notes"><p>No box.</p></div>', "No box."),
        ('<ol><li><h3>Do</h3><div class="caution">Hot.</div></li></ol>', "1. **Do**\n\n   > **Caution:** Hot."),
    ],
)
def test_callouts_say_what_they_are(folder: Path, box: str, text: str) -> None:
    assert read_one(folder, "a.html", f"<h1>T</h1>{box}").text == text


def test_what_is_named_like_the_surroundings_but_is_the_article_stays(folder: Path) -> None:
    words = "These are the words of the article. " * 20
    article = read_one(folder, "a.html", f'<main><h1>T</h1><div class="feedback"><p>{words}</p></div></main>')
    assert article.text == words.strip()


def test_pages_of_many_surroundings_are_read_in_good_time(folder: Path) -> None:
    write(folder, "a.html", '<div class="toc">x</div>' * 50_000)
    write(folder, "b.html", f"<h2>{'<a href=#x class=anchor>#</a>' * 50_000}Words</h2><p>Text</p>")
    write(folder, "c.html", f"<h1>T</h1>{'<p>word</p><time datetime=x>y</time>' * 20_000}")
    write(folder, "d.html", f"<h1>T</h1><script type='application/ld+json'>{'[' * 90_000}</script><p>Text</p>")
    assert [one.article_id for one in read_folder(folder).articles][-3:] == ["b", "c", "d"]
