"""Reads Word documents (.docx)."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from zipfile import BadZipFile, ZipFile

from kit.knowledge.readers.document import Document, Unreadable
from kit.text import squash

if TYPE_CHECKING:
    Element = Any

__all__ = ["read_docx"]

MAX_UNPACKED = 200 * 2**20
MAX_PART = 50 * 2**20
MAX_RATIO = 200

_OLE = b"\xd0\xcf\x11\xe0"  # what encrypted documents and the format before 2007 are wrapped in
# The date of python-docx's own template, which stays in documents whose writer set none.
_TEMPLATE_DATE = datetime(2013, 12, 23, 23, 15)
_TEXT = "*[self::w:t or self::w:tab or self::w:br or self::w:cr or self::w:noBreakHyphen]"
# Not what Word does not show as part of the paragraph: text boxes (read by themselves), hidden text, fallbacks.
_SHOWN = "[not(ancestor::w:txbxContent or ancestor::*[local-name()='Fallback'] or ancestor::w:r/w:rPr/w:vanish)]"
_BOX = ".//w:txbxContent[not(ancestor::*[local-name()='Fallback'])]"


def read_docx(path: Path) -> Document:
    """Read a Word document: headings, numbered and bulleted lists, tables and quotations, in order.

    The title is that of the document's properties, else the paragraph styled as title, else a first heading of
    level 1. Deleted and hidden text, notes, heads and feet of pages are left out.

    Raises:
        Unreadable: protected by a password, not a Word document, broken, or packed so that it would fill the memory.
    """
    from docx import Document as open_docx
    from docx.opc.exceptions import PackageNotFoundError

    _check_package(path)
    try:
        word = open_docx(str(path))
    except (PackageNotFoundError, KeyError, ValueError, BadZipFile) as error:
        raise Unreadable("It is broken, or no Word document. Open it in Word and save it again.") from error
    facts = word.core_properties
    writer = _Writer(word)
    blocks = list(writer.blocks(word.element.body))
    title = squash(facts.title or "") or writer.title
    if not title and blocks and blocks[0].startswith("# "):
        title = blocks[0][2:]
    blocks = [one for one in blocks if one.lstrip("# ").casefold() != title.casefold()]
    labels = tuple(label for part in re.split("[,;]", facts.keywords or "") if (label := squash(part)))
    return Document(
        "\n\n".join(blocks),
        title,
        updated=_day(facts.modified),
        language=facts.language or "",
        labels=labels,
        created=_day(facts.created),
    )


def _check_package(path: Path) -> None:
    """Refuse, before anything is unpacked, what is encrypted, broken, or unpacks to far more than it is."""
    with path.open("rb") as file:
        if file.read(4) == _OLE:
            raise Unreadable(
                "It is protected by a password, or in Word's format of before 2007. Save it as plain .docx."
            )
    try:
        with ZipFile(path) as package:
            parts = package.infolist()
    except (BadZipFile, NotImplementedError) as error:
        raise Unreadable("It is broken, or no Word document. Open it in Word and save it again.") from error
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    largest = max((part.file_size for part in parts if part.filename.endswith((".xml", ".rels"))), default=0)
    if unpacked > MAX_UNPACKED or largest > MAX_PART or unpacked > MAX_RATIO * max(packed, 1):
        raise Unreadable(f"It would unpack to {unpacked / 2**20:,.0f} MB, which is more than any article needs.")


def _day(moment: datetime | None) -> date | None:
    return None if moment is None or moment.replace(tzinfo=None) == _TEMPLATE_DATE else moment.date()


class _Writer:
    """Writes the body of a Word document as blocks of Markdown."""

    def __init__(self, word: Any) -> None:
        self.title = ""
        self.styles = {style.style_id: style for style in word.styles}
        self.numbering = _numbering(word)
        self.counts: dict[tuple[str, int], int] = {}

    def blocks(self, body: "Element") -> Iterator[str]:
        """The Markdown blocks of what stands in `body`; list items that follow each other are one block."""
        items: list[str] = []
        for element in _flat(body):
            kind, text = self.paragraph(element) if _name(element) == "p" else ("block", _table(element))
            if kind == "item":
                items.append(text)
            elif text:
                if items:
                    yield "\n".join(items)
                items = []
                yield text
            for box in _find(element, _BOX):
                yield from self.blocks(box)
        if items:
            yield "\n".join(items)

    def paragraph(self, element: "Element") -> tuple[Literal["item", "block"], str]:
        text = _text(element)
        if not text:
            return "block", ""
        style = self.styles.get(_value(element, "w:pPr/w:pStyle") or "")
        name = style.name if style is not None and style.name else ""
        if name == "Title":
            self.title = self.title or squash(text)
        level = _level(element, style)
        if level:
            self.counts.clear()
            return "block", f"{'#' * level} {squash(text)}"
        if "Quote" in name:
            return "block", "\n".join(f"> {line}" for line in text.split("\n"))
        if place := self.place(element, style):
            return "item", self.item(text, *place)
        return "block", text

    def place(self, element: "Element", style: Any) -> tuple[str, int, bool] | None:
        """Of a list item: its list, its depth from 0, and whether it has a number."""
        number, depth = _value(element, "w:pPr/w:numPr/w:numId"), _value(element, "w:pPr/w:numPr/w:ilvl")
        name, one = "", style
        while one is not None:
            name = name or (one.name if (one.name or "").startswith("List ") else "")
            number = number or _value(one.element, "w:pPr/w:numPr/w:numId")
            depth = depth or _value(one.element, "w:pPr/w:numPr/w:ilvl")
            one = one.base_style
        if number == "0":  # the writer took it out of the list
            return None
        found = re.fullmatch(r"List (Number|Bullet)(?: ([2-9]))?", name)
        if found:
            depth = depth or str(int(found[2] or 1) - 1)
        level = int(depth or 0)
        form = self.numbering.get((number or "", level), "") or (found[1].lower() if found else "")
        if not form or form == "none":
            return None
        return number or name, level, form != "bullet"

    def item(self, text: str, of: str, depth: int, numbered: bool) -> str:
        self.counts[of, depth] = number = self.counts.get((of, depth), 0) + 1
        # A new item starts the lists within it anew.
        self.counts = {key: value for key, value in self.counts.items() if key[0] != of or key[1] <= depth}
        mark = f"{number}. " if numbered else "- "
        indent = "   " * depth
        return indent + mark + text.replace("\n", f"\n{indent}{' ' * len(mark)}")


def _numbering(word: Any) -> dict[tuple[str, int], str]:
    """The form of each level of each list: `decimal`, `bullet` and others."""
    try:
        root = word.part.numbering_part.element
    except (KeyError, NotImplementedError):  # a document without lists
        return {}
    abstract = {
        _attribute(one, "abstractNumId"): {
            int(_attribute(level, "ilvl") or 0): _value(level, "w:numFmt") or "decimal" for level in _find(one, "w:lvl")
        }
        for one in _find(root, "w:abstractNum")
    }
    return {
        (_attribute(one, "numId") or "", level): form
        for one in _find(root, "w:num")
        for level, form in abstract.get(_value(one, "w:abstractNumId"), {}).items()
    }


def _flat(body: "Element") -> Iterator["Element"]:
    """The paragraphs and tables of a body, those in content controls and insertions too."""
    for element in body:
        name = _name(element)
        if name in ("p", "tbl"):
            yield element
        elif name in ("sdt", "sdtContent", "ins", "customXml", "smartTag"):
            yield from _flat(element)


def _text(element: "Element") -> str:
    """What a paragraph shows, with its line breaks."""
    signs = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
    shown = _find(element, f".//{_TEXT}{_SHOWN}") if _name(element) == "p" else []
    text = "".join(one.text or "" if _name(one) == "t" else signs[_name(one)] for one in shown)
    return "\n".join(line for one in text.split("\n") if (line := squash(one)))


def _table(element: "Element") -> str:
    """A table as pipes and dashes; one of a single cell is a box around text, so a quotation."""
    rows: list[list[str]] = []
    for row in _find(element, "w:tr | w:sdt/w:sdtContent/w:tr"):
        cells = []
        for cell in _find(row, "w:tc | w:sdt/w:sdtContent/w:tc"):
            words = " ".join(text for one in _find(cell, ".//w:p") if (text := squash(_text(one))))
            width = min(int(_value(cell, "w:tcPr/w:gridSpan") or 1), 20)
            cells += [words.replace("|", "\\|"), *[""] * (width - 1)]
        merged = [_find(cell, "w:tcPr/w:vMerge[not(@w:val='restart')]") for cell in _find(row, "w:tc")]
        if rows and any(merged) and len(merged) == len(cells):
            cells = [rows[-1][i] if merged[i] and i < len(rows[-1]) else text for i, text in enumerate(cells)]
        if any(cells):
            rows.append(cells)
    if not rows:
        return ""
    width = max(len(row) for row in rows)
    if width == 1:
        return "\n".join(f"> {row[0]}" for row in rows)
    lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * width, *lines[1:]])


def _level(element: "Element", style: Any) -> int:
    """The level of a heading, 1 to 6, or 0."""
    outline = _value(element, "w:pPr/w:outlineLvl")
    while style is not None and outline is None:
        if style.name == "Title":
            return 1
        if found := re.fullmatch(r"[Hh]eading ([1-9])", style.name or ""):
            return min(int(found[1]), 6)
        outline = _value(style.element, "w:pPr/w:outlineLvl")
        style = style.base_style
    return min(int(outline) + 1, 6) if outline is not None and outline.isdigit() and int(outline) < 9 else 0


def _name(element: "Element") -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


@cache
def _compiled(path: str) -> Any:
    from lxml import etree

    return etree.XPath(path, namespaces={"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"})


def _find(element: "Element", path: str) -> list[Any]:
    found: list[Any] = _compiled(path)(element)
    return found


def _attribute(element: "Element", name: str) -> str | None:
    found = _find(element, f"@w:{name}")
    return str(found[0]) if found else None


def _value(element: "Element", xpath: str) -> str | None:
    """The `w:val` of the first element that the path finds."""
    found = _find(element, f"{xpath}/@w:val")
    return str(found[0]) if found else None
