"""Question–answer tables: a row becomes an article, and no file stops the others."""

import json
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from kit.knowledge.article import Article, Reading
from kit.knowledge.readers import read_folder
from kit.knowledge.readers.document import Unreadable
from kit.knowledge.readers.many.reader import read_many


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "articles"
    made.mkdir()
    return made


def read(folder: Path, name: str, content: str | bytes) -> Reading:
    """The file's articles, beside one that can be read."""
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    (folder / "zz-good.md").write_text("# Good\n\nThis one can be read.\n")
    reading = read_folder(folder)
    assert reading.articles[-1].article_id == "zz-good"
    return Reading(reading.articles[:-1], reading.skipped)


def pairs(reading: Reading) -> list[tuple[str, str]]:
    return [(one.title, one.text) for one in reading.articles]


def skipped(reading: Reading) -> list[tuple[str, str]]:
    return [(one.path, one.reason) for one in reading.skipped]


def workbook(path: Path, *sheets: list[list[Any]]) -> Workbook:
    book = Workbook()
    for number, rows in enumerate(sheets):
        sheet = book.active if number == 0 else book.create_sheet()
        for row in rows:
            sheet.append(row)
    book.save(path)
    return book


# CSV


def test_a_row_becomes_an_article_with_all_that_its_columns_say(folder: Path) -> None:
    reading = read(
        folder,
        "help-faq.csv",
        "Question,Answer,Category,Product,Language,Audience,URL,Last Updated,Labels,Created_At\n"
        '"How do I reset it?","Hold the <b>red</b> button.\nWait 10 s.",Setup,Lamp X,en_GB,owners,https://a.example/r,'
        '2024-03-01T10:00:00Z,"power; reset",2023-01-02\n',
    )
    assert reading.skipped == ()
    assert reading.articles == (
        Article(
            article_id="help-faq/how-do-i-reset-it",
            title="How do I reset it?",
            text="Hold the **red** button.\nWait 10 s.",
            source="help-faq.csv",
            url="https://a.example/r",
            updated=datetime(2024, 3, 1).date(),
            created=datetime(2023, 1, 2).date(),
            language="en-GB",
            audience="owners",
            product="Lamp X",
            labels=("Setup", "power", "reset"),
        ),
    )


@pytest.mark.parametrize(
    "head",
    (
        "question,answer  TITLE,Content  Query_,BODY  prompt,response  Subject,Reply  Frage,Antwort  Questions,Answers"
        "  question_text,answer_text  title,text  FAQ question,Answer (HTML)"
    ).split("  "),
)
def test_names_of_columns_are_matched_generously(folder: Path, head: str) -> None:
    assert pairs(read(folder, "a.csv", f"{head}\nHow?,So.\n")) == [("How?", "So.")]


def test_columns_about_the_answer_do_not_hold_it(folder: Path) -> None:
    text = "question id,question,answer date,answer\n7,How?,2024-01-01,So.\n"
    assert pairs(read(folder, "a.csv", text)) == [("How?", "So.")]


def test_columns_that_cannot_be_told_are_named(folder: Path) -> None:
    assert skipped(read(folder, "prices.csv", "Item,Answer\nLamp,5\n")) == [
        ("prices.csv", "It has no column `question`; it has `Item`, `Answer`. Rename the one with the questions to "
         "`question`.")
    ]  # fmt: skip
    (folder / "prices.csv").unlink()
    [(_, reason)] = skipped(read(folder, "wide.csv", ",".join(f"c{n}" for n in range(20)) + "\n" + "1," * 20 + "\n"))
    assert "no column `question` or `answer`" in reason and "`c11` and 8 more" in reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_encodings_and_delimiters(folder: Path, encoding: str, sign: str) -> None:
    text = f'question{sign}answer\r\nCafé?{sign}"5 €, or 6; {sign}maybe"\r\n'
    assert pairs(read(folder, "a.csv", text.encode(encoding))) == [("Café?", f"5 €, or 6; {sign}maybe".strip())]


def test_tsv_and_the_hint_of_excel(folder: Path) -> None:
    assert pairs(read(folder, "a.tsv", "question\tanswer\nA, b; c?\tD, e; f\n")) == [("A, b; c?", "D, e; f")]
    (folder / "a.tsv").unlink()
    reading = read(folder, "b.csv", "sep=;\nquestion;answer\n;x\nA?;B\n")
    assert (pairs(reading), skipped(reading)) == ([("A?", "B")], [("b.csv:3", "It has no question.")])


def test_rows_above_the_head_empty_rows_and_repeated_heads_are_passed_over(folder: Path) -> None:
    text = "Our questions,,\n\n,,\nQuestion,Answer,Tags\nA?,a,\n,,\nquestion,ANSWER,tags\nB?,b,x\n"
    reading = read(folder, "a.csv", text)
    assert (pairs(reading), reading.skipped) == ([("A?", "a"), ("B?", "b")], ())


def test_ragged_rows(folder: Path) -> None:
    reading = read(folder, "a.csv", "question,answer\nA?\nB?,Yes, you can\nC?,c,,\n")
    assert (pairs(reading), skipped(reading)) == (
        [("B?", "Yes, you can"), ("C?", "c")],
        [("a.csv:2", "It has no answer.")],
    )
    reading = read(folder, "a.csv", "answer,question,url\nYes, you can,B?,https://x.example\nc,C?,,\n")
    assert (pairs(reading), skipped(reading)) == (
        [("C?", "c")],
        [("a.csv:2", "It has 4 cells, the head has 3. Put cells that hold the sign `,` into quotation marks.")],
    )


def test_a_quotation_mark_that_is_never_closed_costs_one_row(folder: Path) -> None:
    reading = read(folder, "a.csv", 'question,answer\nA?,"a\n\nstill a"\nB?,"b\nC?,c\nD?,"d ""x"""\n')
    assert pairs(reading) == [("A?", "a\n\nstill a"), ("C?", "c"), ("D?", 'd "x"')]
    assert skipped(reading) == [("a.csv:5", "A quotation mark that opens here is not closed. Close it.")]


def test_html_and_plain_text_keep_their_line_breaks(folder: Path) -> None:
    answers = {
        "<p>One<br>two</p><ol><li>a</li><li>b</li></ol>": "One\ntwo\n\n1. a\n2. b",
        "Line 1\nline 2 with <b>bold</b>": "Line 1\nline 2 with **bold**",
        "Press <Enter>\n\nthen 5 < 6": "Press <Enter>\n\nthen 5 < 6",
        "Fish &amp; chips&nbsp;now": "Fish & chips now",
        "<script>alert(1)</script><p>Safe</p>": "Safe",
    }
    rows = [{"question": f"Q{n}", "answer": answer} for n, answer in enumerate(answers)]
    reading = read(folder, "a.jsonl", "\n".join(map(json.dumps, rows)))
    assert [one.text for one in reading.articles] == list(answers.values())


def test_ids_of_rows(folder: Path) -> None:
    reading = read(
        folder, "f.csv", "question,answer\nA b?,1\nA-B!,2\nA b?,1\n料金は?,3\n???,4\n!!!,5\n" + "long " * 40 + ",6\n"
    )
    ids = [one.article_id for one in reading.articles]
    assert ids[:5] == ["f/a-b", "f/a-b-2", "f/料金は", "f/x", "f/x-2"]
    assert ids[5].startswith("f/long-long") and len(ids[5]) <= 83
    assert skipped(reading) == [("f.csv:4", "It says the same as f.csv:2.")]


def test_a_column_of_ids_names_the_rows(folder: Path) -> None:
    reading = read(folder, "f.csv", "ID,question,answer\n00123,A?,a\n7,B?,b\n00123,C?,c\n")
    assert [one.article_id for one in reading.articles] == ["f/00123", "f/7"]
    assert skipped(reading) == [("f.csv:4", "Its id is `f/00123`, and so is that of f.csv:2.")]


def test_an_id_of_a_row_that_a_file_has_stays_with_the_file(folder: Path) -> None:
    (folder / "f").mkdir()
    (folder / "f/a.md").write_text("# A\n\nText.")
    (folder / "f.csv").write_text("question,answer\nA?,a\nB?,b\n")
    reading = read_folder(folder)
    assert [one.article_id for one in reading.articles] == ["f/b", "f/a"]
    assert skipped(reading) == [("f.csv:2", "Its id is `f/a`, and so is that of f/a.md.")]


def test_drafts_among_rows_stay_out(folder: Path) -> None:
    reading = read(folder, "f.csv", "question,answer,status\nA?,a,Draft\nB?,b,Published\nC?,c,draft\nD?,d,Archived\n")
    assert pairs(reading) == [("B?", "b")]
    assert skipped(reading) == [
        ("f.csv", "2 articles are drafts; `[knowledge] include` adds them."),
        ("f.csv", "1 article is archived or outdated; `[knowledge] include` adds it."),
    ]
    everything = read_folder(folder, include=["drafts", "archived"]).articles
    assert [one.audience for one in everything] == ["internal", "", "internal", "internal", ""]


def test_tickets_are_no_articles(folder: Path) -> None:
    reading = read(folder, "t.csv", "subject,body,answer,priority,queue\na,b,c,high,billing\n")
    assert reading.articles == ()
    assert skipped(reading)[0][1].startswith("It looks like an export of tickets, with `priority`, `queue`: give it to")


def test_many_rows_with_the_same_lack_are_counted(folder: Path) -> None:
    reading = read(folder, "f.csv", "question,answer\n" + "".join(f"Q{n}?,\n" for n in range(1000)) + "A?,a\n")
    assert skipped(reading)[0] == ("f.csv:2", "It has no answer.")
    assert skipped(reading)[20:] == [("f.csv", "980 more: It has no answer.")]


def test_long_cells_and_many_rows(folder: Path) -> None:
    big = "word " * 40_000
    text = f"question,answer\nLong?,{big}\nToo long?,{'word ' * 500_000}\n"
    reading = read(folder, "f.csv", text + "".join(f"Question {n}?,Answer {n}\n" for n in range(100_000)))
    assert len(reading.articles) == 100_001
    assert reading.articles[0].text == big.strip()
    assert skipped(reading) == [
        ("f.csv:3", "It has 2,499,999 characters, which is too long for one article. Split it.")
    ]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=300) | st.text(alphabet="qa\"',;\t\r\n \0é<b>=|", max_size=300).map(str.encode),
    st.sampled_from([b"", b"question,answer\n", b"\xff\xfe", b'id;question;answer\n"']),
    st.sampled_from([".csv", ".tsv", ".json", ".jsonl", ".xlsx"]),
)
def test_any_bytes_give_articles_or_a_reason(tmp_path: Path, data: bytes, head: bytes, suffix: str) -> None:
    path = tmp_path / f"any{suffix}"
    path.write_bytes(head + data)
    try:
        found = read_many(path)
    except Unreadable as reason:
        assert str(reason)
    else:
        assert all(one.title and one.text for one in found.documents)
        assert all(one.reason for one in found.left_out)


# XLSX


def test_a_workbook_with_several_sheets(folder: Path) -> None:
    book = workbook(
        folder / "f.xlsx",
        [["Our FAQ"], [], ["Question", "Answer", "Updated"], ["A?", "a\nb", datetime(2024, 5, 6)], [None], ["B?"]],
        [["Name", "Price"], ["Lamp", 3]],
        [],
        [["Title", "Text"], ["C?", "c"]],
    )  # fmt: skip
    book.worksheets[3].sheet_state = "hidden"
    book.create_sheet("Two").append(["title", "content"])
    book["Two"].append(["D?", "d"])
    book.save(folder / "f.xlsx")
    reading = read(folder, "other.csv", "question,answer\nE?,e\n")
    assert pairs(reading) == [("A?", "a\nb"), ("D?", "d"), ("E?", "e")]
    assert str(reading.articles[0].updated) == "2024-05-06"
    [row, sheet] = skipped(reading)
    assert row == ("f.xlsx:Sheet:6", "It has no answer. If it is a formula, open the file in Excel and save it.")
    assert sheet[0] == "f.xlsx:Sheet1" and "it has `Name`, `Price`" in sheet[1]


def test_numbers_formulas_errors_and_merged_cells(folder: Path) -> None:
    book = Workbook()
    sheet = book.active
    for row in (
        ["id", "question", "answer", "category"],
        [123, "A?", 4.5, "Setup"],
        [124, "B?", 0.25, None],
        [125, "C?", "=1+1", None],
        [126, "D?", "#REF!", "Other"],
        [127, "E?", 3.0, "Other"],
    ):
        sheet.append(row)
    sheet["A2"].number_format = "00000"
    sheet["C3"].number_format = "0%"
    sheet.merge_cells("D2:D4")
    book.save(folder / "f.xlsx")
    reading = read_folder(folder)
    assert [(one.article_id, one.text, one.labels) for one in reading.articles] == [
        ("f/00123", "4.5", ("Setup",)),
        ("f/124", "25%", ("Setup",)),
        ("f/127", "3", ("Other",)),
    ]
    assert [one.path for one in reading.skipped] == ["f.xlsx:Sheet:4", "f.xlsx:Sheet:5"]


def test_workbooks_that_are_refused(folder: Path) -> None:
    (folder / "locked.xlsx").write_bytes(b"\xd0\xcf\x11\xe0" + b"x" * 100)
    (folder / "empty.xlsx").write_bytes(b"")
    with zipfile.ZipFile(folder / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", b"<a>" + b" " * 40_000_000)
    with zipfile.ZipFile(folder / "other.xlsx", "w") as package:
        package.writestr("word/document.xml", "<w/>")
    workbook(folder / "blank.xlsx", [])
    found = dict(skipped(read(folder, "old.xls", b"\xd0\xcf")))
    assert "protected by a password" in found["locked.xlsx"]
    assert "would unpack to 38 MB" in found["bomb.xlsx"]
    assert found["empty.xlsx"] == found["other.xlsx"]
    assert found["other.xlsx"] == "It is broken, or no Excel workbook. Open it in Excel and save it again."
    assert found["blank.xlsx"] == "It holds no text."
    assert found["old.xls"].endswith("Save it as .xlsx.")


def rewritten(path: Path, part: str, change: Any) -> None:
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts[part] = change(parts.get(part, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)


def test_a_workbook_that_claims_to_be_endless_is_survived(folder: Path) -> None:
    workbook(folder / "f.xlsx", [["question", "answer"], ["A?", "a"]])
    endless = b'<row r="99999999"><c r="XFD99999999"><v>1</v></c></row></sheetData>'
    rewritten(folder / "f.xlsx", "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</sheetData>", endless))
    assert pairs(read_folder(folder)) == [("A?", "a")]


def test_entities_and_links_to_other_workbooks_are_not_followed(folder: Path) -> None:
    workbook(folder / "f.xlsx", [["question", "answer"], ["A?", "a"]])
    workbook(folder / "g.xlsx", [["question", "answer"], ["B?", "b"]])
    lol = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "lol"}">' for n in range(10))
    head = f"<!DOCTYPE worksheet [{lol}]><worksheet".encode()
    rewritten(
        folder / "g.xlsx",
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"<worksheet", head, 1).replace(b">b<", b">&a9;<"),
    )
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLink"
    to = b'Id="rId99" TargetMode="External" Target="file:///etc/hostname" Type="%s"' % kind
    link = b"<Relationship %s/></Relationships>" % to
    rewritten(folder / "f.xlsx", "xl/_rels/workbook.xml.rels", lambda xml: xml.replace(b"</Relationships>", link))
    reading = read(folder, "h.csv", "question,answer\nC?,c\n")
    assert pairs(reading) == [("A?", "a"), ("C?", "c")]
    assert [one.path for one in reading.skipped] == ["g.xlsx"]


# JSON


@pytest.mark.parametrize(
    "content",
    [
        '{"Question": "A?", "Answer": "a"}\n\n{"Question": "B?", "Answer": "b"}\n',
        '[{"question": "A?", "answer": "a"}, {"question": "B?", "answer": "b"}]',
        '{"version": 1, "faqs": [{"title": "A?", "text": "a"}, {"title": "B?", "text": ["b"]}]}',
        json.dumps([{"prompt": "A?", "response": "a"}, {"prompt": "B?", "response": "b"}], indent=2),
    ],
)
@pytest.mark.parametrize("suffix", [".json", ".jsonl", ".ndjson"])
def test_json_is_told_by_what_it_is(folder: Path, content: str, suffix: str) -> None:
    assert pairs(read(folder, f"f{suffix}", content)) == [("A?", "a"), ("B?", "b")]


def test_lines_that_are_wrong_do_not_stop_the_others(folder: Path) -> None:
    lines = [
        '{"question": "A?", "answer": "a"}',
        "{oops",
        "[1]",
        '{"question": "B?"}',
        '{"question": "C\\ud800", "answer": {}}',
    ]
    reading = read(
        folder, "f.jsonl", "\n".join([*lines, '{"question": "D?", "answer": "d", "labels": ["x", {"name": "y"}]}'])
    )
    assert pairs(reading) == [("A?", "a"), ("D?", "d")] and reading.articles[1].labels == ("x", "y")
    assert sorted(skipped(reading)) == [
        ("f.jsonl:2", "This line is not JSON."),
        ("f.jsonl:3", "It is no JSON object."),
        ("f.jsonl:4", "It has no answer."),
        ("f.jsonl:5", "It has no answer."),
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{"tickets": [{"id": 1, "subject": "s", "priority": "high", "comments": []}]}', "an export of tickets"),
        ('{"name": "shop", "scripts": {"a": "b"}}', "no column `question` or `answer`; it has `name`, `scripts`"),
        ("[1, 2]", "It holds no articles"),
        ("[1, 2", "It is not JSON: Expecting"),
        ("[" * 100_000, "without end"),
        ("", "It holds no text."),
    ],
)
def test_json_that_holds_no_articles_says_so(folder: Path, content: str, says: str) -> None:
    [(path, reason)] = skipped(read(folder, "f.json", content))
    assert path == "f.json" and says in reason
