"""Facts that files state of themselves: when they were written, and the fragments of their headings."""

from datetime import date, datetime
from pathlib import Path

import pytest
from docx import Document as new_docx
from pypdf import PdfReader, PdfWriter
from reportlab.platypus import Paragraph, SimpleDocTemplate

from kit.knowledge.readers import read_folder
from tests.readers.reading import read_one
from tests.readers.test_pdf_tables import STYLE


@pytest.mark.parametrize("suffix", [".md", ".mdx"])
def test_the_day_in_a_head(folder: Path, suffix: str) -> None:
    article = read_one(folder, f"a{suffix}", "---\ncreated: 2024-05-06\nupdated: 2025-01-01\n---\nText.")
    assert (article.created, article.updated) == (date(2024, 5, 6), date(2025, 1, 1))


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="2024-05-06T08:00:00Z">',
        '<meta itemprop="datePublished" content="2024-05-06">',
        '<script type="application/ld+json">[{"@graph": [{"datePublished": "2024-05-06"}]}]</script>',
        '</head><body><time itemprop="datePublished" datetime="2024-05-06">then</time>',
        '</head><body><p>Published on <time datetime="2024-05-06">then</time></p>',
        '</head><body><time pubdate datetime="2024-05-06">then</time>',
    ],
)
def test_the_day_of_a_web_page(folder: Path, head: str) -> None:
    article = read_one(folder, "a.html", f"<html><head>{head}<main><h1>T</h1><p>Text.</p></main></html>")
    assert (article.created, article.updated) == (date(2024, 5, 6), None)


def test_the_days_of_a_word_document(folder: Path) -> None:
    word = new_docx()
    word.add_paragraph("Text.")
    word.core_properties.created = datetime(2024, 5, 6, 12)
    word.core_properties.modified = datetime(2025, 1, 1, 12)
    word.save(str(folder / "a.docx"))
    [article] = read_folder(folder).articles
    assert (article.created, article.updated) == (date(2024, 5, 6), date(2025, 1, 1))


def test_the_days_of_a_pdf(folder: Path) -> None:
    SimpleDocTemplate(str(folder / "a.pdf")).build([Paragraph("Text.", STYLE["BodyText"])])
    writer = PdfWriter(clone_from=PdfReader(folder / "a.pdf"))
    writer.add_metadata({"/CreationDate": "D:20240506120000Z", "/ModDate": "D:20250101120000Z"})
    writer.write(folder / "a.pdf")
    [article] = read_folder(folder).articles
    assert (article.created, article.updated) == (date(2024, 5, 6), date(2025, 1, 1))


@pytest.mark.parametrize(
    ("heading", "text", "anchor"),
    [
        ("## Set *up* {#set-up}", "## Set *up*", ("Set *up*", "set-up")),
        ("## Set up {: #x .wide }", "## Set up", ("Set up", "x")),
        ("## Set up {.wide #x}", "## Set up", ("Set up", "x")),
        ("## Set up {.wide}", "## Set up", None),
        ('<a id="x"></a>\n## Set up', "## Set up", ("Set up", "x")),
        ('<a name="x"></a>\n\n## Set up', "## Set up", ("Set up", "x")),
        ("## <a name='x'></a>Set up", "## Set up", ("Set up", "x")),
        ("## [Set](a.md) **up** {#x}", "## Set **up**", ("Set up", "x")),
        ("```\n## Code {#x}\n```", "```\n## Code {#x}\n```", None),
        ("## Use {braces}", "## Use {braces}", None),
        ("## A\ufdd0b\ufdd1 {#x}", "## Ab", ("Ab", "x")),
    ],
)
def test_fragments_of_markdown_headings(folder: Path, heading: str, text: str, anchor: tuple[str, str] | None) -> None:
    article = read_one(folder, "a.md", f"# Title {{#top}}\n\n{heading}\n\nWords.")
    assert article.title == "Title"
    assert article.text == f"{text}\n\nWords."
    assert article.anchors == ((anchor,) if anchor else ())
