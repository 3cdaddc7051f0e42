"""Files that are damaged, hostile or strange: each is read or named with its reason, and stops no other."""

import struct
import zipfile
from pathlib import Path

import pytest
from docx import Document as new_docx

from kit.knowledge.readers import read_folder
from kit.knowledge.readers.pdf import reader as pdf
from tests.readers.reading import read_one, reasons, write
from tests.test_readers import write_pdf

FONT = b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
PAGES = (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>")
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R%b>>" % FONT


def drawing(folder: Path, content: bytes) -> None:
    stream = b"<</Length %d>>stream\n%b\nendstream" % (len(content), content)
    write_pdf(folder / "a.pdf", *PAGES, PAGE, stream)


def edited_docx(folder: Path, part: str, content: str) -> Path:
    """A Word document in which one part is another."""
    word, path = new_docx(), folder / "a.docx"
    word.add_paragraph("Text.")
    word.save(str(path))
    with zipfile.ZipFile(path) as package:
        parts = {one: package.read(one) for one in package.namelist()}
    assert part in parts
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, content if name == part else data)
    return path


# PDF


def test_a_pdf_that_takes_too_long_is_given_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawing(folder, b"BT /F1 12 Tf " + b"(Hi) Tj 1 0 0 1 9 9 Tm " * 900_000 + b"ET")
    monkeypatch.setattr(pdf, "SECONDS", 2)
    assert reasons(folder) == {"a.pdf": "Reading it takes longer than 2 seconds."}


def test_a_pdf_that_takes_too_much_memory_is_given_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawing(folder, b"BT /F1 12 Tf " + b"(Hi) Tj " * 1_000_000 + b"ET")
    monkeypatch.setattr(pdf, "MEMORY", 200 * 2**20)
    assert reasons(folder) == {"a.pdf": "Reading it takes more memory than the kit allows."}


def test_a_pdf_whose_forms_draw_each_other_is_survived(folder: Path) -> None:
    form = (
        b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 4 0 R>>>>/Length 5>>"
        b"stream\n/X Do\nendstream"
    )
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 5 0 R/Resources<</XObject<</X 4 0 R>>>>>>"
    write_pdf(folder / "a.pdf", *PAGES, page, form, b"<</Length 5>>stream\n/X Do\nendstream")
    assert reasons(folder)["a.pdf"].startswith("It ")


def test_a_pdf_whose_cross_references_go_round_is_survived(folder: Path) -> None:
    drawing(folder, b"BT /F1 12 Tf (Hello there) Tj ET")
    data = (folder / "a.pdf").read_bytes()
    start = int(data.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    (folder / "a.pdf").write_bytes(data.replace(b"trailer<<", b"trailer<</Prev %d" % start))
    write(folder, "good.md", "# Good\n\nText.")
    reading = read_folder(folder)
    assert len(reading.articles) + len(reading.skipped) == 2


# DOCX


def test_entities_of_a_word_document_neither_grow_nor_open_files(folder: Path) -> None:
    secret = write(folder.parent, "secret.txt", "secret words")
    entities = "<!ENTITY a0 'aaaaaaaaaa'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    body = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:body></w:document>'
    for name, declared, entity in (
        ("bomb", entities, "&a9;"),
        ("file", f"<!ENTITY x SYSTEM '{secret.as_uri()}'>", "&x;"),
    ):
        edited_docx(folder, "word/document.xml", f"<!DOCTYPE d [{declared}]>" + body.format(f"Text {entity}")).rename(
            folder / f"{name}.docx"
        )
    write(folder, "good.md", "# Good\n\nText.")
    reading = read_folder(folder)
    assert len(reading.articles) + len(reading.skipped) == 3
    assert all(len(one.text) < 100 and "secret" not in one.text for one in reading.articles)


def test_a_word_document_that_refers_outside_of_itself_opens_nothing(folder: Path) -> None:
    write(folder.parent, "secret.xml", "<secret>secret words</secret>")
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{kind}/image" Target="http://127.0.0.1:9/x.png" TargetMode="External"/>'
        f'<Relationship Id="r2" Type="{kind}/styles" Target="../../../secret.xml"/></Relationships>'
    )
    edited_docx(folder, "word/_rels/document.xml.rels", links)
    write(folder, "good.md", "# Good\n\nText.")
    reading = read_folder(folder)
    assert len(reading.articles) + len(reading.skipped) == 2
    assert all("secret" not in one.text for one in reading.articles)


def test_a_word_document_that_understates_its_size_is_not_unpacked_further(folder: Path) -> None:
    path = edited_docx(folder, "word/document.xml", " " * 5_000_000)
    data = bytearray(path.read_bytes())
    for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.find(signature)
        while at >= 0:
            if struct.unpack_from("<I", data, at + place)[0] == 5_000_000:
                struct.pack_into("<I", data, at + place, 900)
            at = data.find(signature, at + 4)
    path.write_bytes(data)
    assert reasons(folder)["a.docx"].startswith("It is broken")


# Encodings and names


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
@pytest.mark.parametrize("suffix", [".rst", ".mdx"])
def test_encodings(folder: Path, encoding: str, suffix: str) -> None:
    assert read_one(folder, f"a{suffix}", "Café costs 3 €.\r\n".encode(encoding)).text == "Café costs 3 €."


@pytest.mark.parametrize("suffix", [".rst", ".mdx"])
def test_utf_16_without_a_mark_is_named(folder: Path, suffix: str) -> None:
    write(folder, f"a{suffix}", "These are words.".encode("utf-16-le"))
    assert reasons(folder)[f"a{suffix}"].startswith("It is not text, or is UTF-16 without a byte-order mark.")


@pytest.mark.parametrize("suffix", [".rst", ".mdx"])
@pytest.mark.parametrize(
    "content", [b"", b" \n\t\n", bytes(range(256)) * 20, b"%PDF-1.4\nnothing", b"PK\x03\x04nothing"]
)
def test_no_content_stops_the_reading(folder: Path, suffix: str, content: bytes) -> None:
    write(folder, f"a{suffix}", content)
    write(folder, "good.md", "# Good\n\nText.")
    reading = read_folder(folder)
    assert "good" in [one.article_id for one in reading.articles]
    assert len(reading.articles) + len(reading.skipped) == 2


@pytest.mark.parametrize("suffix", [".rst", ".mdx"])
def test_hidden_characters_are_removed(folder: Path, suffix: str) -> None:
    hidden = "\u200b\u200f\u2060\U000e0041\ufe0f\u202e\x1b[31m"
    assert read_one(folder, f"a{suffix}", f"Press{hidden} it.\n").text == "Press it."


def test_names_that_look_like_paths_are_names(folder: Path) -> None:
    for name in ("-rf.md", "%2e%2e%2fa.md", "x\\b.md", "c d.md", "$(e).md", "~f.md"):
        write(folder, name, "# Good\n\nText.")
    found = {one.article_id for one in read_folder(folder).articles}
    assert found == {"$(e)", "%2e%2e%2fa", "-rf", "x\\b", "c d", "~f"}


def test_links_that_go_round_are_named(folder: Path) -> None:
    (folder / "a.md").symlink_to(folder / "b.md")
    (folder / "b.md").symlink_to(folder / "a.md")
    (folder / "c.rst").symlink_to(folder / "c.rst")
    assert set(reasons(folder).values()) == {"It is a link that leads nowhere."}


def test_a_folder_reached_by_a_link_is_read(folder: Path, tmp_path: Path) -> None:
    write(folder, "a.rst", "A\n=\n\n.. include:: part.txt")
    write(folder, "part.txt", "In part.")
    (tmp_path / "link").symlink_to(folder)
    reading = read_folder(tmp_path / "link")
    assert [one.text for one in reading.articles] == ["In part."]
    assert [one.reason for one in reading.skipped] == ["It is part of a.rst, and is read there."]
