"""Writes the words of docutils' nodes in one line of Markdown."""

import re
from typing import Any

from docutils import nodes

from kit.text import squash

__all__ = ["is_shown", "words_of"]

_HIDDEN = (
    nodes.Invisible,
    nodes.system_message,
    nodes.raw,
    nodes.transition,
    nodes.generated,
    nodes.decoration,
    nodes.colspec,
)
_SHOWN_TARGET = ("http://", "https://", "mailto:", "tel:")
_ICON = re.compile(r"^(`?)\|(?P<name>[^|\n]+)\|_{0,2}$")


def is_shown(node: Any) -> bool:
    """Whether a node is part of what a reader sees."""
    return not isinstance(node, _HIDDEN) and not (isinstance(node, nodes.target) and not node.children)


def words_of(node: Any, *, plain: bool = False) -> str:
    """The words of a node in one line; with `plain` without marks of weight and code."""
    return squash(_inline(node, plain))


def _inline(node: Any, plain: bool) -> str:
    if isinstance(node, nodes.Text):
        return str(node.astext())
    if isinstance(node, nodes.image):
        return squash(node.get("alt", ""))
    if isinstance(node, nodes.problematic):
        return _mended(node.astext())
    if not is_shown(node):
        return ""
    text = "".join(_inline(child, plain) for child in node.children)
    if isinstance(node, nodes.footnote_reference | nodes.citation_reference):
        return f"[{text}]"
    if plain or not text.strip():
        return text
    if isinstance(node, nodes.literal | nodes.math):
        ticks = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
        return f"{ticks} {text} {ticks}" if text[0] == "`" or text[-1] == "`" else f"{ticks}{text}{ticks}"
    if isinstance(node, nodes.strong):
        return f"**{text.strip()}**" if "**" not in text else text
    target = node.get("refuri", "") if isinstance(node, nodes.reference) else ""
    if target.lower().startswith(_SHOWN_TARGET) and target.removeprefix("mailto:") != text:
        return f"[{text}]({target})"
    return text


def _mended(text: str) -> str:
    """Markup that says nothing to docutils, without its signs; an icon that is defined elsewhere by its name."""
    if found := _ICON.match(text):
        return squash(re.sub(r"[-_]", " ", re.sub(r"[-_]icon(?=[-_]|$)", "", found["name"])))
    return re.sub(r"`([^`<]*?)\s*(?:<[^`<>]*>)?`_{0,2}", r"\1", text).strip("`|")
