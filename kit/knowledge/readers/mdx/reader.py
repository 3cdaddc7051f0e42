"""Reads MDX: Markdown with components, as the page shows it."""

import html
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from pathlib import Path

from kit.knowledge.readers.document import Document, decoded
from kit.knowledge.readers.html.reader import html_to_markdown
from kit.knowledge.readers.markdown import headed, titled
from kit.knowledge.readers.mdx.tree import Component, parsed
from kit.text import squash

__all__ = ["read_mdx"]

# What callouts are called, by the name or the type of the component.
_CALLOUTS = {
    "alert": "Note",
    "admonition": "Note",
    "aside": "Note",
    "callout": "Note",
    "caution": "Caution",
    "check": "Check",
    "danger": "Danger",
    "error": "Error",
    "hint": "Hint",
    "important": "Important",
    "info": "Info",
    "note": "Note",
    "success": "Check",
    "tip": "Tip",
    "warn": "Warning",
    "warning": "Warning",
}
_DROPPED = frozenset("icon iframe video audio object embed canvas script style svg input select textarea nav".split())
_INLINE = frozenset(
    """a abbr b badge br button code del dfn em i image img ins kbd key link mark q s samp small span strong sub sup
    time tooltip u var""".split()
)
_MARKS = {"b": "**", "strong": "**", "code": "`", "kbd": "`", "samp": "`", "key": "`"}
_TABS = frozenset("tab tabitem tabs.tab tabpanel".split())
_OPENED = frozenset("accordion details expandable collapsible disclosure accordionitem faq".split())
_ABSOLUTE = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)
_FENCE = re.compile(r"[ \t]*(?:[-*+>][ \t]+|\d{1,9}[.)][ \t]+)*(`{3,}|~{3,})")
_HEADING = re.compile(r"[ \t]*(#{1,6}) ")
_ITEM = re.compile(r"'((?:\\.|[^'\\])*)'|\"((?:\\.|[^\"\\])*)\"")


def read_mdx(path: Path) -> Document:
    """Read an MDX file: of components stays what a reader sees of them.

    Notes become quotations, steps a numbered list, tabs a line in bold with what stands in them, accordions a heading.
    Imports, exports, comments and expressions that are more than a string are left out; code stays as it is.

    Raises:
        Unreadable: not text, or with a head that is not `key: value` lines.
    """
    facts, source = headed(decoded(path.read_bytes()), path)
    return titled(_Writer().content(parsed(source)), facts)


class _Writer:
    """Writes components as Markdown."""

    def __init__(self) -> None:
        self.level = 1  # of the last heading

    def content(self, component: Component) -> str:
        """What stands in a component, as blocks without the indentation that they share."""
        parts: list[str] = []
        line = ""  # how the last line begins
        for child in component.children:
            if isinstance(child, str):
                part = child
                self.level = next(_levels(child), self.level)
            elif self.is_block(child, line):
                # As deep as the component stands in its list item.
                part = f"\n\n{_indented(self.block(child), line if not line.strip() else '')}\n\n"
            else:
                part = self.inline(child, in_table=line.lstrip().startswith("|"))
            parts.append(part)
            line = (part.rpartition("\n")[2] if "\n" in part else line + part)[:100]
        return _tidy(_dedented("".join(parts)))

    def is_block(self, component: Component, before: str) -> bool:
        """Whether a component is a block: by its name, or, if nobody knows it, because it begins a line."""
        name = component.name.lower()
        if name in _INLINE:
            return False
        known = component.name == name or name in _CALLOUTS or name in _TABS or name in _OPENED
        return known or not before.strip()

    def block(self, component: Component) -> str:
        name = component.name.lower()
        title = self.title(component)
        if name in _DROPPED:
            return ""
        if name in _CALLOUTS or name == ":::":
            kind = component.attributes.get("type", name).lower()
            label = title or _CALLOUTS.get(kind, kind.capitalize())
            return _quoted(_led(f"**{label.rstrip(':')}:**", self.content(component)))
        if name in _OPENED:
            return self.opened(component, title)
        if name == "steps":
            return self.steps(component)
        if name == "tabs":
            return self.tabs(component)
        if name in ("ul", "ol"):
            numbers: Callable[[int], str] = "{}. ".format if name == "ol" else lambda _: "- "
            return _listed((self.content(one) for one in _parts(component, ["li"])), numbers)
        if name == "table":
            return html_to_markdown(_as_html(component))
        if name == "blockquote":
            return _quoted(self.content(component))
        if re.fullmatch("h[1-6]", name):
            self.level = int(name[1])
            anchor = f" {{#{component.attributes['id']}}}" if component.attributes.get("id") else ""
            return f"{'#' * self.level} {squash(self.content(component))}{anchor}"
        if name == "pre":
            return f"```\n{_bare(component)}\n```"
        content = self.content(component)
        if name == "dt":
            return f"**{content}**" if content else ""
        if name == "frame":
            title = component.attributes.get("caption", "")
            return "\n\n".join(one for one in (content, title) if one)
        label = title or (component.attributes.get("name", "") if name.endswith("field") else "")
        shown = label and component.name != name  # elements of HTML show no title
        return f"**{label}**\n\n{content}".strip() if shown or name in _TABS else content

    def title(self, component: Component) -> str:
        names = ("title", "label", "header", "heading", "question", "summary", "value")
        return next((squash(component.attributes[one]) for one in names if component.attributes.get(one)), "")

    def opened(self, component: Component, title: str) -> str:
        """An accordion, as it is when it is open."""
        summary = next(_parts(component, ["summary"]), None)
        rest = [child for child in component.children if child is not summary]
        level = self.level
        title = squash(self.content(summary)) if summary else title
        head = f"{'#' * min(level + 1, 6)} {title}\n\n" if title else ""
        self.level = min(level + 1, 6)
        content = self.content(Component("", {}, rest))
        self.level = level
        return (head + content).strip()

    def steps(self, component: Component) -> str:
        steps = list(_parts(component, ["step"]))
        if not steps:  # the steps are written in Markdown
            return self.content(component)
        made = []
        for step in steps:
            title = self.title(step)
            made.append("\n\n".join(one for one in (f"**{title}**" if title else "", self.content(step)) if one))
        return _listed(made, "{}. ".format)

    def tabs(self, component: Component) -> str:
        """Tabs, whose labels may stand in a list apart from them."""
        items = component.attributes.get("items", "")
        labels = iter([found[1] or found[2] for found in _ITEM.finditer(items)])
        for tab in _parts(component, _TABS):
            if not self.title(tab):
                tab.attributes["title"] = next(labels, "")
        return self.content(component)

    def inline(self, component: Component, *, in_table: bool) -> str:
        name = component.name.lower()
        if name in _DROPPED:
            return ""
        if name == "br":
            return " " if in_table else "\n"
        if name in ("img", "image"):
            return squash(component.attributes.get("alt", ""))
        if name in ("code", "kbd"):
            return f"`{_bare(component)}`" if _bare(component) else ""
        text = self.content(component) if component.children else ""
        if name == "button" and len(text.split()) < 4:  # "Copy", "Sign in"
            return ""
        target = component.attributes.get("href") or component.attributes.get("to", "")
        if name in ("a", "link"):
            if not component.children and (
                anchor := component.attributes.get("id") or component.attributes.get("name")
            ):
                return f'<a id="{anchor}"></a>'
            return f"[{text}]({target})" if text and _ABSOLUTE.match(target) else text
        mark = _MARKS.get(name, "")
        return f"{mark}{text}{mark}" if mark and text and mark not in text else text


def _levels(text: str) -> Iterator[int]:
    """The level of the last heading in a text, if it has one."""
    lines = [line for inside, line in _fenced(text) if not inside]
    yield from (len(found[1]) for line in reversed(lines) if (found := _HEADING.match(line)))


def _fenced(text: str) -> Iterator[tuple[bool, str]]:
    """The lines of a text, and of each whether it belongs to a block of code."""
    fence = ""
    for line in text.split("\n"):
        found = _FENCE.match(line)
        if not fence and found:
            fence = found[1]
            yield False, line  # may stand behind the mark of a list item
        elif fence and line.strip(" \t>").startswith(fence) and not line.strip(" \t>").strip(fence[0]):
            fence = ""
            yield True, line
        else:
            yield bool(fence), line


def _dedented(text: str) -> str:
    """The text without the indentation that its lines share; that of the first counts only if it begins a line."""
    lines = list(_fenced(text))
    shared = min((_margin(line) for inside, line in lines[1:] if line.strip() and not inside), default=0)
    first = lines[0][1].lstrip() if lines else ""
    return "\n".join([first, *(line[min(shared, _margin(line)) :] for _, line in lines[1:])])


def _margin(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _tidy(text: str) -> str:
    """The text with at most one empty line between blocks."""
    kept: list[str] = []
    for inside, line in _fenced(text):
        if inside or line.strip() or (kept and kept[-1].strip()):
            kept.append(line if inside else line.rstrip())
    return "\n".join(kept).strip("\n")


def _indented(text: str, margin: str) -> str:
    return "\n".join(f"{margin}{line}".rstrip() for line in text.split("\n"))


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n")) if text else ""


def _led(label: str, text: str) -> str:
    """A label before a text, in its line if that is running text."""
    if not text:
        return ""
    apart = re.match(r"[-*+|>#] ?|\d+[.)] |`{3}|~{3}", text) and not text.startswith("**")
    return f"{label}\n\n{text}" if apart else f"{label} {text}"


def _listed(items: Iterable[str], mark: Callable[[int], str]) -> str:
    lines: list[str] = []
    number = count(1)
    for item in items:
        if item:
            sign = mark(next(number))
            lines.append(sign + _indented(item, " " * len(sign)).lstrip())
    return "\n".join(lines)


def _parts(component: Component, names: Iterable[str]) -> Iterator[Component]:
    """The components of these names that stand in a component, or in what only groups them."""
    for child in component.children:
        if isinstance(child, Component):
            if child.name.lower() in names:
                yield child
            elif child.name.lower() in ("", "div", "section"):
                yield from _parts(child, names)


def _bare(component: Component) -> str:
    """The text in a component, without any component."""
    parts = (child if isinstance(child, str) else _bare(child) for child in component.children)
    return "".join(parts).strip("\n")


def _as_html(component: Component) -> str:
    """An element and what stands in it as plain HTML."""
    spans = "".join(
        f' {name.lower()}="{html.escape(value)}"'
        for name, value in component.attributes.items()
        if name.lower() in ("colspan", "rowspan", "alt", "href")
    )
    tag = re.sub(r"[^a-z0-9]", "", component.name.lower()) or "span"
    inner = "".join(html.escape(one) if isinstance(one, str) else _as_html(one) for one in component.children)
    return f"<{tag}{spans}>{inner}</{tag}>"
