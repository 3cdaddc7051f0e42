"""Directives of reStructuredText whose content a reader sees, in some form.

None of docutils' own is ever used: theirs open files and addresses, and refuse what they do not know.
"""

import re
from collections.abc import Callable
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.parsers.rst.states import SubstitutionDef

from kit.text import squash

__all__ = [
    "ADMONITIONS",
    "VERSIONS",
    "Admonition",
    "Argued",
    "Block",
    "Bold",
    "Code",
    "CodeTab",
    "Conditional",
    "Dropped",
    "Facts",
    "Image",
    "Labelled",
    "LabelledBlock",
    "Markdown",
    "Math",
    "Meta",
    "Plain",
    "Replace",
    "TitledAdmonition",
    "Unicode",
    "Unknown",
    "Version",
]

ADMONITIONS = {
    "attention": "Attention",
    "caution": "Caution",
    "danger": "Danger",
    "error": "Error",
    "hint": "Hint",
    "important": "Important",
    "note": "Note",
    "seealso": "See also",
    "tip": "Tip",
    "warning": "Warning",
}
VERSIONS = {
    "versionadded": "New in version",
    "version-added": "New in version",
    "versionchanged": "Changed in version",
    "version-changed": "Changed in version",
    "deprecated": "Deprecated since version",
    "version-deprecated": "Deprecated since version",
    "versionremoved": "Removed in version",
    "version-removed": "Removed in version",
}


class Labelled(nodes.General, nodes.Element):  # type: ignore[misc]
    """A block under a label, which is its first child: a tab, an accordion, a box."""


class Markdown(nodes.General, nodes.Element):  # type: ignore[misc]
    """What is Markdown already: its `rawsource`."""


class Facts(nodes.Invisible, nodes.Element):  # type: ignore[misc]
    """What a document states about itself: a field list."""


class _AnyOption(dict[str, Callable[[str], str]]):
    """Every option of a directive is known, and none is shown."""

    def __bool__(self) -> bool:
        return True

    def __missing__(self, name: str) -> Callable[[str | None], str]:
        return lambda text: text or ""


class Block(Directive):  # type: ignore[misc]
    """A directive without an argument; what stands beside its name belongs to the content."""

    has_content = True
    option_spec: ClassVar[Any] = _AnyOption()

    def content_in(self, node: Any) -> Any:
        memo = self.state.memo
        kept = memo.title_styles, memo.section_level
        # Titles within a block have levels of their own.
        memo.title_styles, memo.section_level = [], 0
        try:
            self.state.nested_parse(self.content, self.content_offset, node, match_titles=True)
        finally:
            memo.title_styles, memo.section_level = kept
        return node

    def run(self) -> list[Any]:
        return list(self.content_in(nodes.container()))

    @property
    def is_substitution(self) -> bool:
        """Whether what it gives is put into a line."""
        return isinstance(self.state, SubstitutionDef)

    def words(self, text: str) -> list[Any]:
        """A text with its inline markup."""
        found, messages = self.state.inline_text(squash(text), self.lineno)
        return [*found, *messages]


class Argued(Block):
    """A directive with an argument of any number of words."""

    optional_arguments = 1
    final_argument_whitespace = True

    @property
    def argument(self) -> str:
        return squash(self.arguments[0]) if self.arguments else ""


class Dropped(Argued):
    """Nothing of it is shown."""

    def run(self) -> list[Any]:
        return []


class Admonition(Block):
    """A note, a warning and their like: the name is shown as the title."""

    def run(self) -> list[Any]:
        return [self.content_in(nodes.admonition("", nodes.title("", ADMONITIONS[self.name.lower()])))]


class TitledAdmonition(Argued):
    """A note with a title of its own."""

    def run(self) -> list[Any]:
        return [self.content_in(nodes.admonition("", nodes.title("", "", *self.words(self.argument))))]


class Version(Argued):
    """Since, or until, which version something is so."""

    def run(self) -> list[Any]:
        number, _, rest = self.argument.partition(" ")
        title = nodes.title("", f"{VERSIONS[self.name.lower()]} {number}".strip())
        node = nodes.admonition("", title, *([nodes.paragraph("", "", *self.words(rest))] if rest else []))
        return [self.content_in(node)]


class LabelledBlock(Argued):
    """The argument is shown above the content."""

    def run(self) -> list[Any]:
        label = self.argument or self.options.get("title", "")
        if not label:
            return super().run()
        return [self.content_in(Labelled("", nodes.title("", "", *self.words(label))))]


class CodeTab(Argued):
    """A tab that holds code: the language is the label."""

    def run(self) -> list[Any]:
        language, _, label = self.argument.partition(" ")
        code = nodes.literal_block("", "\n".join(self.content), language=language.lower())
        return [Labelled("", nodes.title("", label or language), code)]


class Unknown(LabelledBlock):
    """A directive nobody has told the kit of: its content stays, and its argument where that is words for readers."""

    def run(self) -> list[Any]:
        if self.content and re.match(r"[A-Z][^/.]*(?: |$)", self.argument):
            return super().run()
        return Block.run(self)


class Conditional(Argued):
    """What is shown in some formats only: it stays if it is shown on pages."""

    def run(self) -> list[Any]:
        shown = not self.argument or re.search(r"\bhtml\b", self.argument) or "not " in self.argument
        return Block.run(self) if shown or "or" in self.argument.split() else []


class Bold(Argued):
    """The argument is a line in bold."""

    def run(self) -> list[Any]:
        line = nodes.paragraph("", "", nodes.strong("", "", *self.words(self.argument)))
        return [line, *Block.run(self)]


class Plain(Argued):
    """The argument is a paragraph."""

    def run(self) -> list[Any]:
        lines = [nodes.paragraph("", "", *self.words(self.argument))] if self.argument else []
        return [*lines, *Block.run(self)]


class Code(Argued):
    """Code, as it is."""

    def run(self) -> list[Any]:
        language = self.argument.split(" ")[0] if self.name.lower() != "parsed-literal" else ""
        caption = self.options.get("caption", "")
        code = nodes.literal_block("", "\n".join(self.content), language=language.lower())
        return [
            *([nodes.paragraph("", "", *self.words(caption))] if caption else []),
            *([code] if self.content else []),
        ]


class Math(Argued):
    """A formula, as it is written."""

    def run(self) -> list[Any]:
        return [nodes.paragraph("", "", nodes.literal("", squash(" ".join([self.argument, *self.content]))))]


class Image(Argued):
    """An image is its description; a figure also its caption."""

    def run(self) -> list[Any]:
        alt = squash(self.options.get("alt", ""))
        image = nodes.image("", uri="", alt=alt)
        # Within a substitution an image stands in a line.
        return [image, *(Block.run(self) if self.content else [])]


class Replace(Block):
    """The words that a substitution puts in."""

    def run(self) -> list[Any]:
        return self.words(" ".join(self.content)) if self.is_substitution else []


class Unicode(Argued):
    """Characters by their numbers, which a substitution puts in."""

    def run(self) -> list[Any]:
        text = ""
        for code in self.argument.split(" .. ")[0].split():
            found = re.fullmatch(r"(?:0x|x|\\x|U\+?|u|\\u)([0-9a-fA-F]{2,6})|&#x([0-9a-fA-F]{2,6});", code)
            number = int(found[1] or found[2], 16) if found else int(code) if code.isdecimal() and len(code) < 8 else -1
            text += chr(number) if 0 <= number < 0x110000 and not 0xD800 <= number < 0xE000 else code
        return [nodes.Text(text)] if self.is_substitution else []


class Meta(Block):
    """Facts about the page."""

    option_spec: ClassVar[Any] = None  # they look like options

    def run(self) -> list[Any]:
        return [self.content_in(Facts())]
