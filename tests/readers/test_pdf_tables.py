"""Tables of PDF files: each cell stays in its column, however it is aligned."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from reportlab.lib import colors
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from kit.knowledge.readers import read_folder

STYLE = getSampleStyleSheet()
PRICES = [
    ["Plan", "Price", "Seats", "Support"],
    ["Free", "0", "1", "E-mail"],
    ["Plus", "$ 9", "5", "Chat, within a day"],
    ["Pro", "$ 29", "50", "Phone"],
]
SUMS = [
    ["Item", "Qty", "Amount"],
    ["Lamp", "2", "120.00"],
    ["Bridge and cable", "10", "1,049.50"],
    ["Total", "", "1,169.50"],
]
GAPS = [["Code", "Meaning", "Remedy"], ["E1", "No power", ""], ["E2", "", "Call us"], ["E3", "Too hot", "Wait"]]
LONG = [
    ["Setting", "What it does", "Default"],
    ["Brightness", "How bright the lamp shines at night when nobody is in the room", "40 %"],
    ["Name of the lamp in the app", "Shown", "Lamp"],
    ["Scene", "Which scene it returns to after a power cut, unless another was chosen by hand", "Last"],
]


def markdown(rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def save(folder: Path, table: Any) -> str:
    words = "Here are words for readers, as many as a paragraph has. " * 4
    body = STYLE["BodyText"]
    story = [Paragraph("Guide", STYLE["Title"]), Paragraph(words, body), Spacer(1, 9), table, Spacer(1, 20)]
    SimpleDocTemplate(str(folder / "a.pdf")).build([*story, Paragraph(words, body)])
    [article] = read_folder(folder).articles
    before, *found, after = article.text.split("\n\n")
    assert before == after == words.strip()
    return "\n\n".join(found)


@pytest.mark.parametrize("align", ["LEFT", "CENTER", "RIGHT"])
@pytest.mark.parametrize("lines", [True, False])
@pytest.mark.parametrize("rows", [PRICES, SUMS, GAPS], ids=["prices", "sums", "gaps"])
def test_cells_stay_in_their_columns(folder: Path, rows: list[list[str]], lines: bool, align: str) -> None:
    commands: list[Any] = [("ALIGN", (1, 0), (-1, -1), align)]
    if lines:
        commands.append(("GRID", (0, 0), (-1, -1), 1, colors.black))
    table = Table(rows, colWidths=[130] + [90] * (len(rows[0]) - 1), hAlign="LEFT", style=TableStyle(commands))
    assert save(folder, table) == markdown(rows)


@pytest.mark.parametrize("place", ["TOP", "MIDDLE", "BOTTOM"])
def test_cells_of_several_lines_stay_whole(folder: Path, place: str) -> None:
    cells = [[Paragraph(text, STYLE["BodyText"]) for text in row] for row in LONG]
    table = Table(cells, colWidths=[100, 220, 80], style=TableStyle([("VALIGN", (0, 0), (-1, -1), place)]))
    assert save(folder, table) == markdown(LONG)


def test_headings_are_led_to_by_their_page(folder: Path) -> None:
    heading, body = STYLE["Heading2"], STYLE["BodyText"]
    story = [Paragraph("Guide", STYLE["Title"]), Paragraph("Pair", heading), Paragraph("Press it. " * 30, body)]
    story += [PageBreak(), Paragraph("Reset", heading), Paragraph("Hold it. " * 30, body)]
    SimpleDocTemplate(str(folder / "a.pdf")).build(story)
    [article] = read_folder(folder).articles
    assert article.anchors == (("Pair", "page=1"), ("Reset", "page=2"))
    assert isinstance(article.created, date)
