"""Text for the page that can only ever be text: no HTML, no images, no links to elsewhere.

Replies hold Markdown from articles, customers and models. The browser's Markdown renderer knows more than a reply needs
(HTML, images, bare addresses that become links), so a reply is parsed here and written again with only what is
harmless; everything else is escaped.
"""

import re
from collections.abc import Collection, Iterable
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

__all__ = ["escape_markdown", "plain_text", "safe_markdown", "web_host"]

# The characters that start something within a line; `@`, `:` and `.` do in bare addresses.
_INLINE = re.compile(r"[\\`*_\[\]<>&~|@]|:(?=//)|(?<=www)\.", re.IGNORECASE)
# What makes a line a heading, a list, a quotation, a rule, a table or a title with a line under it.
_START = re.compile(r"(?m)^([^\S\n]*)([#+\-=:]|\d{1,9}(?=[.)]))")


def web_host(url: str) -> str:
    """The host of an http(s) address in lower case; empty for anything else."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "") if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""


def escape_markdown(text: str) -> str:
    """Markdown that shows `text` as it is, line breaks included: what a customer wrote."""
    # Two spaces at the end keep the line break; leading spaces would make code.
    lines = (_starts_escaped(_escaped(line.strip())) for line in text.split("\n"))
    return "\n".join(line + "  " if line else "" for line in lines).strip()


def safe_markdown(text: str, hosts: Collection[str] = ()) -> str:
    """The Markdown with its structure and emphasis, and nothing that acts.

    Args:
        text: a reply, whole or as far as it has come.
        hosts: links to these hosts stay links; others become their text.
    """
    return _Writer(frozenset(hosts)).blocks(_tree(text).children)


def plain_text(text: str) -> str:
    """The Markdown as bare text; lists keep their numbers, rows of tables their cells."""
    return _Writer(frozenset(), marks=False).blocks(_tree(text).children)


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _tree(text: str) -> "SyntaxTreeNode":
    from markdown_it.tree import SyntaxTreeNode

    return SyntaxTreeNode(_parser().parse(text))


def _escaped(text: str) -> str:
    return _INLINE.sub(lambda match: "\\" + match.group(), text)


def _starts_escaped(text: str) -> str:
    return _START.sub(lambda match: match[1] + (match[2] + "\\" if match[2].isdigit() else "\\" + match[2]), text)


class _Writer:
    """Writes a syntax tree as Markdown; without `marks`, as text."""

    def __init__(self, hosts: frozenset[str], *, marks: bool = True) -> None:
        self.hosts, self.marks = hosts, marks

    def blocks(self, nodes: "Iterable[SyntaxTreeNode]", gap: str = "\n\n") -> str:
        return gap.join(filter(None, map(self.block, nodes)))

    def block(self, node: "SyntaxTreeNode") -> str:
        match node.type:
            case "paragraph":
                return self.lines(node)
            case "heading":
                # A heading inside a reply would look like one of the page.
                text = self.lines(node).replace("**", "")
                return f"**{text}**" if self.marks and text else text
            case "bullet_list" | "ordered_list":
                return self.items(node)
            case "blockquote":
                inner = self.blocks(node.children)
                return "\n".join(f"> {line}" for line in inner.split("\n")) if self.marks else inner
            case "fence" | "code_block":
                return self.fenced(node.content.rstrip("\n"))
            case "table":
                return self.table(node)
            case "hr":
                return "---" if self.marks else ""
            case _:
                return self.blocks(node.children)

    def items(self, node: "SyntaxTreeNode") -> str:
        number = int(node.attrs.get("start", 1))
        found = []
        for place, item in enumerate(node.children):
            mark = f"{number + place}. " if node.type == "ordered_list" else "- " if self.marks else "• "
            # Within a tight list the parser hides the paragraphs, and so nothing stands between them.
            tight = all(child.hidden for child in item.children if child.type == "paragraph")
            inner = self.blocks(item.children, "\n" if tight else "\n\n")
            found.append(mark + inner.replace("\n", "\n" + " " * len(mark)))
        return "\n".join(found)

    def table(self, node: "SyntaxTreeNode") -> str:
        rows = [[self.lines(cell) for cell in row.children] for part in node.children for row in part.children]
        if not self.marks:
            return "\n".join(" | ".join(filter(None, row)) for row in rows)
        # What is text is escaped already; a bare bar can only stand in code.
        cells = [[re.sub(r"(?<!\\)[|]", r"\\|", cell) for cell in row] for row in rows]
        lines = [f"| {' | '.join(row)} |" for row in cells]
        return "\n".join([lines[0], "|" + " --- |" * len(cells[0]), *lines[1:]])

    def fenced(self, code: str) -> str:
        # The language is left out: the browser would load a highlighter for whatever a text names.
        fence = "`" * max(3, _longest_run(code) + 1)
        return f"{fence}\n{code}\n{fence}" if self.marks else code

    def lines(self, node: "SyntaxTreeNode") -> str:
        text = "".join(map(self.inline, node.children))
        # White space of any kind goes first: what the browser drops must not hide what begins the line.
        return _starts_escaped(text.strip()) if self.marks else text.strip()

    def inline(self, node: "SyntaxTreeNode") -> str:
        match node.type:
            case "text":
                return _escaped(node.content) if self.marks else node.content
            case "softbreak":
                return "\n"
            case "hardbreak":
                return "  \n" if self.marks else "\n"
            case "code_inline":
                return self.code(node.content)
            case "em" | "strong":
                inner = "".join(map(self.inline, node.children))
                mark = ("*" if node.type == "em" else "**") if self.marks and inner.strip() else ""
                return f"{mark}{inner}{mark}"
            case "link":
                return self.link(node)
            case _:  # an image is what it stands for in words
                return "".join(map(self.inline, node.children))

    def code(self, code: str) -> str:
        if not self.marks:
            return code
        fence = "`" * (_longest_run(code) + 1)
        pad = " " if code.startswith("`") or code.endswith("`") else ""
        return f"{fence}{pad}{code}{pad}{fence}"

    def link(self, node: "SyntaxTreeNode") -> str:
        inner = "".join(map(self.inline, node.children))
        url = str(node.attrs.get("href", ""))
        known = web_host(url) in self.hosts and not re.search(r"[<>\s\\]", url)
        return f"[{inner}](<{url}>)" if self.marks and known and inner.strip() else inner


def _longest_run(code: str) -> int:
    return max((len(run) for run in re.findall("`+", code)), default=0)
