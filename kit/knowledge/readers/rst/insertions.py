"""Directives of reStructuredText that put in tables and other files."""

import csv
import re
from pathlib import Path
from typing import Any

import docutils
from docutils import nodes
from docutils.statemachine import StringList, string2lines

from kit.knowledge.readers.document import Document, Unreadable
from kit.knowledge.readers.markdown import titled
from kit.knowledge.readers.rst.blocks import Argued, Block, Markdown
from kit.knowledge.readers.rst.folder import RstFolder

__all__ = ["CsvTable", "Include", "ListTable", "TableBlock"]

MAX_INCLUDED = 100  # files that one document may include, directly or not
MAX_CHARACTERS = 2_000_000


class TableBlock(Argued):
    """A table with a caption."""

    def titled(self, found: list[Any]) -> list[Any]:
        caption = [nodes.paragraph("", "", *self.words(self.argument))] if self.argument else []
        return [*caption, *found]

    def run(self) -> list[Any]:
        return self.titled(Block.run(self))

    def table(self, rows: list[list[list[Any]]], header_rows: int) -> Any:
        made = [nodes.row("", *(nodes.entry("", *cell) for cell in row)) for row in rows]
        head = [nodes.thead("", *made[:header_rows])] if header_rows else []
        return nodes.table("", nodes.tgroup("", *head, nodes.tbody("", *made[header_rows:]), cols=1))

    @property
    def header_rows(self) -> int:
        number = self.options.get("header-rows", "").strip()
        return int(number) if number.isdecimal() and len(number) < 3 else 0


class ListTable(TableBlock):
    """A table written as a list of lists."""

    def run(self) -> list[Any]:
        content = Block.run(self)
        lists = [one for one in content if isinstance(one, nodes.bullet_list)]
        rows = [
            [cell.children for cell in inner.children]
            for one in lists
            for item in one.children
            for inner in item.children
            if isinstance(inner, nodes.bullet_list)
        ]
        return self.titled([self.table(rows, self.header_rows)] if rows else content)


class CsvTable(TableBlock):
    """Only what stands in the document itself: never a file, never an address."""

    def run(self) -> list[Any]:
        mark = {"tab": "\t", "space": " "}.get(self.options.get("delim", ","), self.options.get("delim", ","))[
            :1
        ] or ","
        quote = self.options.get("quote", '"')[:1] or '"'
        head = [self.options["header"]] if self.options.get("header") else []
        try:
            rows = list(
                csv.reader(
                    [f"{line}\n" for line in (*head, *self.content)],
                    delimiter=mark,
                    quotechar=quote,
                    skipinitialspace=True,
                    strict=False,
                )
            )
        except (csv.Error, TypeError, ValueError):
            return self.titled([nodes.literal_block("", "\n".join(self.content))])
        cells = [[self.cell(text) for text in row] for row in rows if row]
        return self.titled([self.table(cells, len(head) + self.header_rows)] if cells else [])

    def cell(self, text: str) -> list[Any]:
        node = nodes.entry()
        self.state.nested_parse(StringList(text.splitlines(), source=""), self.content_offset, node)
        return list(node.children)


class Include(Argued):
    """Only text files within the knowledge folder; a file that is not there leaves nothing."""

    has_content = False

    def run(self) -> list[Any]:
        settings = self.state.document.settings
        folder: RstFolder = settings.kit_folder
        source = Path(self.state.document.current_source or settings.kit_path)
        path = _standard(self.argument) or folder.resolve(self.argument, source)
        text = folder.text_of(path) if path else None
        if path is None or text is None:
            return []
        text = self.clipped(text)
        if {"literal", "code"} & set(self.options) or self.name.lower() == "literalinclude":
            return [nodes.literal_block("", text.strip("\n"), language=self.language)]
        if path.suffix.lower() in (".md", ".markdown", ".mdx"):
            document = titled(text, Document(""))
            return [Markdown(f"## {document.title}\n\n{document.text}" if document.title else document.text)]
        log = self.state.document.include_log
        if not log:
            log.append((str(settings.kit_path), ()))
        if str(path) in [one for one, _ in log]:  # it includes itself
            return []
        settings.kit_included += 1
        settings.kit_characters += len(text)
        if settings.kit_included > MAX_INCLUDED or settings.kit_characters > MAX_CHARACTERS:
            raise Unreadable("It includes too many files, or too much text.")
        log.append((str(path), ()))
        # The last line is how docutils itself says that an included file ends.
        lines = [*string2lines(text, 8, convert_whitespace=True), "", f'.. end of inclusion from "{path}"']
        self.state_machine.insert_input(lines, str(path))
        return []

    @property
    def language(self) -> str:
        return str(self.options.get("code") or self.options.get("language", ""))

    def clipped(self, text: str) -> str:
        """The part of the text that the options name; an option that names what is not there says nothing."""
        first, last = (self.line(self.options.get(name, "")) for name in ("start-line", "end-line"))
        text = "\n".join(text.split("\n")[first:last])
        if (after := self.options.get("start-after", "")) and after in text:
            text = text.partition(after)[2]
        if (before := self.options.get("end-before", "")) and before in text:
            text = text.partition(before)[0]
        return text

    @staticmethod
    def line(text: str) -> int | None:
        return int(text) if re.fullmatch(r"-?\d{1,6}", text.strip()) else None


def _standard(target: str) -> Path | None:
    """One of the files of definitions that docutils brings: `<isonum.txt>`."""
    if not re.fullmatch(r"<[\w-]+\.txt>", target):
        return None
    path = Path(docutils.__file__).parent / "parsers" / "rst" / "include" / target[1:-1]
    return path if path.is_file() else None
